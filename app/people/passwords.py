"""Passwords: Argon2id at 19 MiB and two passes (OWASP's floor), in a few threads, never inside a transaction."""

import asyncio
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

from pwdlib.hashers.argon2 import Argon2Hasher

_HASHER = Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_THREADS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="argon2")
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that looks like another
_GROUPS, _GROUP = 4, 4


@dataclass(frozen=True)
class FreshPassword:
    text: str
    hash: str


async def fresh_password() -> FreshPassword:
    """A password to be told once, of 79 random bits."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    text = "-".join(groups)
    return FreshPassword(text, await hash_password(text))


async def hash_password(password: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _HASHER.hash, _one_spelling(password))


async def is_password(password: str, hashed: str | None) -> bool:
    """The same work where there is nobody (`hashed` is null), so that time does not tell who has an account."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _verify, _one_spelling(password), hashed)


def _verify(password: str, hashed: str | None) -> bool:
    return _HASHER.verify(password, hashed or _nobody()) and hashed is not None


@cache
def _nobody() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))


def _one_spelling(password: str) -> str:
    """Keyboards spell one character in several ways (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)
