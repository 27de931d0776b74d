"""The keys of the sealed fields: they encrypt personal text, recognise equal values without storing them, sign cursors.

The first line of the key file is the current key, which seals and hashes; the older ones still open and recognise what
they made. A key is of one suite, AES-256-GCM with HMAC-SHA256 or SM4-GCM with HMAC-SM3; every purpose has a key of its
own, derived from the secret of the line (HKDF).
"""

import base64
import hashlib
import os
from hmac import compare_digest
from pathlib import Path
from typing import Literal, Protocol

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SHA256, SM3, HashAlgorithm
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

Suite = Literal["aes", "sm"]
_NONCE, _TAG, _SECRET = 12, 16, 32
_HEADER = (
    "# 第一行为现用密钥；旧行请勿删除，备份时一并保存。 The first key is current; keep the older ones, back all up.\n"
)


class WrongKey(Exception):
    """The key does not open what was encrypted: another key, or the text was moved or altered."""


class SealingCipher(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...
    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...


class SM4GCM:
    """GB/T 32907 in GCM (RFC 8998), in the shape of `AESGCM`."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        sealing = Cipher(self._algorithm, GCM(nonce)).encryptor()
        sealing.authenticate_additional_data(associated_data)
        return sealing.update(data) + sealing.finalize() + sealing.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        opening = Cipher(self._algorithm, GCM(nonce, data[-_TAG:])).decryptor()
        opening.authenticate_additional_data(associated_data)
        return opening.update(data[:-_TAG]) + opening.finalize()


class Key:
    """One line of the key file. Number 0 is a file of old: a bare secret, whose values do not name their key."""

    def __init__(self, secret: bytes, number: int = 0, suite: Suite = "aes") -> None:
        self.secret, self.number, self.suite = secret, number, suite
        algorithm: HashAlgorithm = SM3() if suite == "sm" else SHA256()
        self.head = bytes([number]) if number else b""
        sealing_key = _derive(secret, algorithm, b"fields", 16 if suite == "sm" else 32)
        self._cipher: SealingCipher = SM4GCM(sealing_key) if suite == "sm" else AESGCM(sealing_key)
        self._mac = HMAC(_derive(secret, algorithm, b"hashes", 32), algorithm)

    def seal(self, text: bytes, of: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return self.head + nonce + self._cipher.encrypt(nonce, text, of)

    def open(self, sealed: bytes, of: bytes) -> bytes | None:
        """None where it was sealed by another key, or for another place."""
        if not sealed.startswith(self.head):
            return None
        body = sealed[len(self.head) :]
        try:
            return self._cipher.decrypt(body[:_NONCE], body[_NONCE:], of)
        except (InvalidTag, ValueError):
            return None

    def hash(self, message: bytes) -> str:
        mac = self._mac.copy()
        mac.update(message)
        return mac.finalize().hex()

    @property
    def line(self) -> str:
        secret = base64.b64encode(self.secret).decode()
        return f"{self.number} {self.suite} {secret}" if self.number else secret


class FieldKey:
    """The keys of a file, the current one first."""

    def __init__(self, current: Key | bytes, *older: Key) -> None:
        self.current = Key(current) if isinstance(current, bytes) else current
        self.keys = (self.current, *older)
        # A value of old may begin with any byte: that key is tried last.
        self._openers = sorted(self.keys, key=lambda key: key.number == 0)

    def encrypt(self, text: str, *, of: str) -> bytes:
        """`of` names the place of the value ("table.column id"): a value copied elsewhere no longer opens."""
        return self.current.seal(text.encode(), of.encode())

    def decrypt(self, sealed: bytes, *, of: str) -> str:
        return self.opened(sealed, of=of)[0]

    def opened(self, sealed: bytes, *, of: str) -> tuple[str, Key]:
        """The text, and the key that sealed it."""
        place = of.encode()
        for key in self._openers:
            if (text := key.open(sealed, place)) is not None:
                return text.decode(), key
        raise WrongKey

    def hash(self, purpose: str, value: object) -> str:
        """Keyed and canonical: equal values of one purpose have equal hashes, and nothing can be read from them."""
        return self.current.hash(_message(purpose, value))

    def hashes(self, purpose: str, value: object) -> list[str]:
        """Under every key: a look-up finds also what an older key hashed."""
        message = _message(purpose, value)
        return [key.hash(message) for key in self.keys]

    def matches(self, known: str | None, purpose: str, value: object) -> bool:
        """Whether it is the value's hash, under whichever key: some hashes are of values that were not kept."""
        if known is None:
            return False
        message = _message(purpose, value)
        return any(compare_digest(known, key.hash(message)) for key in self.keys)

    def with_new(self, suite: Suite) -> "FieldKey":
        """A new key before all others."""
        return FieldKey(Key(os.urandom(_SECRET), max(key.number for key in self.keys) + 1, suite), *self.keys)


def _message(purpose: str, value: object) -> bytes:
    return purpose.encode() + b"\0" + orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _derive(secret: bytes, algorithm: HashAlgorithm, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=algorithm, length=length, salt=None, info=b"tiaojie " + purpose).derive(secret)


def make_key_file(path: Path, suite: Suite = "aes") -> None:
    """Writes a new key, readable by its owner alone; never over an existing file."""
    _write(path, FieldKey(Key(os.urandom(_SECRET), 1, suite)))


def replace_key_file(path: Path, key: FieldKey) -> None:
    """Whole or not at all: the file of before stands until the new one has reached the disk."""
    aside = path.with_name(path.name + ".new")
    aside.unlink(missing_ok=True)
    _write(aside, key)
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write(path: Path, key: FieldKey) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(_HEADER + "".join(f"{one.line}\n" for one in key.keys))
        file.flush()
        os.fsync(file.fileno())


def read_key_file(path: Path) -> FieldKey:
    lines = [line for line in path.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]
    keys = [_read_line(line.split()) for line in lines]
    if not keys or len({key.number for key in keys}) != len(keys):
        raise WrongKey
    return FieldKey(*keys)


def _read_line(parts: list[str]) -> Key:
    secret = base64.b64decode(parts[-1], validate=True)
    if len(secret) != _SECRET:
        raise WrongKey
    match parts:
        case [_]:
            return Key(secret)
        case [number, "aes" | "sm" as suite, _] if number.isascii() and number.isdigit() and 0 < int(number[:4]) < 256:
            return Key(secret, int(number), suite)
    raise WrongKey


def token_hash(token: str) -> str:
    """Tokens are 256 random bits, so a plain hash hides them well enough; equal work for known and unknown ones."""
    return hashlib.sha256(token.encode()).hexdigest()
