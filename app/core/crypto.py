"""The field key and what it does: encrypt personal fields, recognise equal values without storing them, sign cursors.

AES-256-GCM; every purpose has a key of its own, derived from the one in the key file (HKDF-SHA256).
"""

import base64
import hashlib
import hmac
import os
from pathlib import Path

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


class WrongKey(Exception):
    """The key does not open what was encrypted: another key, or the text was moved or altered."""


class FieldKey:
    def __init__(self, secret: bytes) -> None:
        self._cipher = AESGCM(_derive(secret, b"fields"))
        self._hash_key = _derive(secret, b"hashes")

    def encrypt(self, text: str, *, of: str) -> bytes:
        """`of` names the place of the value (table, column, row): a value copied elsewhere no longer opens."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, text.encode(), of.encode())

    def decrypt(self, sealed: bytes, *, of: str) -> str:
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], of.encode()).decode()
        except InvalidTag:
            raise WrongKey from None

    def hash(self, purpose: str, value: object) -> str:
        """Keyed and canonical: equal values of one purpose have equal hashes, and nothing can be read from them."""
        message = purpose.encode() + b"\0" + orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        return hmac.new(self._hash_key, message, hashlib.sha256).hexdigest()


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"tiaojie " + purpose).derive(secret)


def make_key_file(path: Path) -> None:
    """Writes a new key, readable by its owner alone; never over an existing file."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(os.urandom(32)) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_key_file(path: Path) -> FieldKey:
    secret = base64.b64decode(path.read_bytes(), validate=False)
    if len(secret) != 32:
        raise WrongKey
    return FieldKey(secret)


def token_hash(token: str) -> str:
    """Tokens are 256 random bits, so a plain hash hides them well enough; equal work for known and unknown ones."""
    return hashlib.sha256(token.encode()).hexdigest()
