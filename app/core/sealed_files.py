"""How the bytes of a file are sealed: piece by piece with the field key, so that none of a stolen folder can be read.

Each piece is sealed for its number in one file, and the last says that it is: pieces cut off, exchanged or put in
another order do not open. A file keeps the key that sealed it; keys stay in the key file (see docs/keys.md).
"""

import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from app.core.crypto import FieldKey, Key, WrongKey

PIECE = 256 * 1024
_ID, _SEALED = 16, 12 + 16
"""Length of the id that a file begins with, and what sealing adds to a piece beside the number of its key."""


class Sealer:
    """Writes a new file, hashing what it seals; `end` returns once the disk has it."""

    def __init__(self, path: Path, key: FieldKey) -> None:
        self.path, self._key = path, key.current
        self._file: BinaryIO = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._id = os.urandom(_ID)
        self._file.write(self._id + bytes([self._key.number]))
        self._pending, self._count, self._hash = bytearray(), 0, hashlib.sha256()
        self.size, self.head = 0, b""

    def write(self, data: bytes) -> None:
        self.head += data[: 64 - len(self.head)]
        self.size += len(data)
        self._hash.update(data)
        self._pending += data
        while len(self._pending) > PIECE:
            self._seal(bytes(self._pending[:PIECE]), is_last=False)
            del self._pending[:PIECE]

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        self._file.write(self._key.seal(piece, _place(self._id, self._count, is_last)))
        self._count += 1

    def end(self) -> None:
        self._seal(bytes(self._pending), is_last=True)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def discard(self) -> None:
        """What was not kept elsewhere meanwhile is gone."""
        self._file.close()
        self.path.unlink(missing_ok=True)


async def opened(sealed: AsyncIterator[bytes], key: FieldKey, sha256: str) -> AsyncIterator[bytes]:
    """The bytes of a file, piece by piece; the last is given only if all of them are those that were hashed."""
    buffer, number, digest = bytearray(), 0, hashlib.sha256()
    head: tuple[bytes, Key] | None = None
    async for part in sealed:
        buffer += part
        if head is None and len(buffer) > _ID:
            head = bytes(buffer[:_ID]), _key_of(key, buffer[_ID])
            del buffer[: _ID + 1]
        while head is not None and len(buffer) > _length(head[1]):
            piece = _open(head, number, bytes(buffer[: _length(head[1])]), is_last=False)
            del buffer[: _length(head[1])]
            number += 1
            digest.update(piece)
            yield piece
    if head is None:
        raise WrongKey
    piece = _open(head, number, bytes(buffer), is_last=True)
    digest.update(piece)
    if digest.hexdigest() != sha256:
        raise WrongKey
    yield piece


def _key_of(key: FieldKey, number: int) -> Key:
    for one in key.keys:
        if one.number == number:
            return one
    raise WrongKey


def _length(key: Key) -> int:
    return PIECE + _SEALED + len(key.head)


def _open(head: tuple[bytes, Key], number: int, sealed: bytes, *, is_last: bool) -> bytes:
    id, key = head
    piece = key.open(sealed, _place(id, number, is_last))
    if piece is None:
        raise WrongKey
    return piece


def _place(id: bytes, number: int, is_last: bool) -> bytes:
    return f"file {id.hex()} {number}{' end' if is_last else ''}".encode()
