"""A disk of few megabytes, which can be filled and freed: a file system in memory, in a mount namespace of its own.

As root the namespace is a plain one; an ordinary user becomes its root. Nothing of it is seen outside but through
/proc, and it is gone with the process that holds it.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

IS_ROOT = os.getuid() == 0


@dataclass(frozen=True)
class SmallDisk:
    holder: int
    folder: Path
    """Where programs started with `entering` find it."""

    @property
    def outside(self) -> Path:
        """The same folder, as this process reaches it."""
        return Path(f"/proc/{self.holder}/root{self.folder}")

    @property
    def entering(self) -> tuple[str, ...]:
        """What to put before a command."""
        enter = ("nsenter", "--mount", f"--target={self.holder}")
        if IS_ROOT:
            return enter
        oneself = (f"--map-user={os.getuid()}", f"--map-group={os.getgid()}")  # PostgreSQL refuses root, even this one
        return (*enter, "--user", "--preserve-credentials", "unshare", "--user", *oneself)

    def fill(self, *, leaving: int = 0) -> None:
        """Leaves so many bytes, and whatever frees itself."""
        free = shutil.disk_usage(self.outside).free
        with (self.outside / "ballast").open("wb") as ballast:
            os.posix_fallocate(ballast.fileno(), 0, free - leaving)

    def free(self) -> None:
        (self.outside / "ballast").unlink()


@contextmanager
def small_disk(size: str) -> Iterator[SmallDisk]:
    """As little as `4m`."""
    if shutil.which("unshare") is None:
        pytest.skip("without unshare there is no small disk")
    folder = Path(tempfile.mkdtemp(prefix="tiaojie-disk-"))
    become_root = () if IS_ROOT else ("--user", "--map-root-user")
    mount = f"mount -t tmpfs -o mode=777,size={size} none '{folder}' && echo mounted && exec cat"
    with subprocess.Popen(
        ["unshare", "--mount", *become_root, "sh", "-c", mount], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdin
        assert holder.stdout
        try:
            if holder.stdout.readline() != b"mounted\n":
                pytest.skip("this machine lets us mount no small disk (unshare --mount)")
            yield SmallDisk(holder.pid, folder)
        finally:
            holder.stdin.close()
            folder.rmdir()
