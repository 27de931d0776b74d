"""Where the bytes of files are: outside the database, sealed, under the SHA-256 of what they hold. In a folder, or in
an S3-compatible store (`object_files`).

Bytes reach the disk before the row that names them commits: a row without its file cannot come to be, a file without a
row is harmless and swept away later.
"""

import asyncio
import os
import re
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from app.core.crypto import FieldKey, WrongKey
from app.core.logs import log
from app.core.problems import FileMissing, Unavailable
from app.core.sealed_files import Sealer, opened

MIB = 1024 * 1024
DEFAULT_MAX_MIB = 20
SWEPT_AFTER = timedelta(days=1)
"""A file that no row names may belong to a request under way: it is left alone for a day."""
_NAME = re.compile("[0-9a-f]{64}")


class Store(Protocol):
    spool: Path
    """Where files are gathered while they arrive."""

    async def keep(self, path: Path, name: str) -> None:
        """Durably, whole or not at all."""

    def read(self, name: str) -> AsyncIterator[bytes]:
        """Raises FileNotFoundError before the first bytes."""

    def names(self) -> AsyncIterator[tuple[str, datetime]]:
        """With the time of the last `keep` of each."""

    async def remove(self, name: str) -> None: ...


class Folder:
    """One file each, in subfolders by the first two digits of its name."""

    def __init__(self, root: Path) -> None:
        self.root, self.spool = root, root / "incoming"

    async def keep(self, path: Path, name: str) -> None:
        await asyncio.to_thread(self._keep, path, name)

    def _keep(self, path: Path, name: str) -> None:
        target = self._path(name)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            path.replace(target)
        except FileNotFoundError:
            # The whole use case runs again after a deadlock: by then the file has been kept.
            if not target.exists():
                raise
        for folder in (target.parent, self.root):
            _sync(folder)

    async def read(self, name: str) -> AsyncIterator[bytes]:
        file = await asyncio.to_thread(self._path(name).open, "rb")
        with file:
            while part := await asyncio.to_thread(file.read, MIB):
                yield part

    async def names(self) -> AsyncIterator[tuple[str, datetime]]:
        for path in self.root.glob("??/*"):
            if _NAME.fullmatch(path.name):
                yield path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)

    async def remove(self, name: str) -> None:
        await asyncio.to_thread(self._path(name).unlink, missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.root / name[:2] / name


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass(frozen=True)
class Files:
    store: Store
    max_bytes: int = DEFAULT_MAX_MIB * MIB

    @contextmanager
    def arriving(self, key: FieldKey) -> Iterator[Sealer]:
        """A place for a file that is being sent; gone at the end, unless it was kept."""
        try:
            self.store.spool.mkdir(mode=0o700, parents=True, exist_ok=True)
            sealer = Sealer(self.store.spool / f"{uuid4()}.part", key)
        except OSError:
            raise no_room() from None
        try:
            yield sealer
        finally:
            sealer.discard()

    async def keep(self, path: Path, sha256: str) -> None:
        try:
            await self.store.keep(path, sha256)
        except OSError as error:
            log.error("file_not_kept", kind=type(error).__name__)
            raise no_room() from None

    async def open(self, sha256: str, key: FieldKey) -> AsyncIterator[bytes]:
        """Once this returns, the file is there and its beginning opens; what is wrong further on breaks the stream."""
        pieces = opened(self.store.read(sha256), key, sha256)
        try:
            first = await anext(pieces)
        except (OSError, WrongKey) as error:
            log.error("file_missing", kind=type(error).__name__)
            raise FileMissing(headers={"Retry-After": "60"}) from None
        return _with_first(first, pieces)

    async def kept_before(self, before: datetime) -> AsyncIterator[str]:
        """Whoever sweeps asks the register which of them no row names."""
        async for name, kept_at in self.store.names():
            if kept_at < before:
                yield name

    def drop_old_arrivals(self, before: datetime) -> None:
        """What a process that was killed left in the spool."""
        for path in self.store.spool.glob("*.part"):
            if path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)


async def _with_first(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


def no_room() -> Unavailable:
    return Unavailable(headers={"Retry-After": "60"})


def temporary_spool() -> Path:
    """For stores that are elsewhere."""
    return Path(tempfile.gettempdir()) / f"tiaojie-{os.getuid()}"
