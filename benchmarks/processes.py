"""The three servers as processes of ours, one worker each, and what they and PostgreSQL cost, read from /proc."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
ROOT = Path(__file__).parent.parent
PROGRAMS, PEER_PROGRAMS = ROOT / ".venv/bin", ROOT / ".venv-bench/bin"


@dataclass
class Server:
    name: str
    port: int
    process: subprocess.Popen[bytes]

    @property
    def cpu(self) -> float:
        """Seconds of processor time so far, of all its processes."""
        return sum(cpu_of(pid) for pid in family(self.process.pid))

    @property
    def memory(self) -> float:
        """Resident MB of its worker: the largest of its processes."""
        return max(_resident(pid) for pid in family(self.process.pid))


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    return [pid, *(descendant for child in _children(pid) for descendant in family(child))]


def _children(pid: int) -> list[int]:
    """None of a process that has ended meanwhile, as those of PostgreSQL may at any time."""
    try:
        tasks = [task / "children" for task in Path(f"/proc/{pid}/task").iterdir()]
        return [int(child) for task in tasks for child in task.read_text().split()]
    except OSError:
        return []


def cpu_of(pid: int, *, with_ended_children: bool = False) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(field) for field in fields[11 : 15 if with_ended_children else 13]) / TICK


def cpu_of_postgres(pid: int) -> float:
    """The server, its backends and those that have ended."""
    return cpu_of(pid, with_ended_children=True) + sum(cpu_of(child) for child in family(pid)[1:])


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def serving(name: str, command: list[str], environment: dict[str, str], port: int, log: Path) -> Iterator[Server]:
    with log.open("wb") as output:
        # A session of its own: Ctrl-C is for us, who then end it in order.
        process = subprocess.Popen(
            command,
            env=os.environ | environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait_for(name, process, port, log)
        yield Server(name, port, process)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(name: str, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"{name} did not start:\n{log.read_text()[-2000:]}")
