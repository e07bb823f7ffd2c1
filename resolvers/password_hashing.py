"""Hashes passwords with Argon2id, in threads of its own: a hash takes tens of milliseconds and as many megabytes."""

import asyncio
import secrets
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

ARGON2_MEMORY = 19_456
"""KiB that one hash takes; with two passes what OWASP's Password Storage Cheat Sheet asks for at least."""

ARGON2_PASSES = 2

HASHING_THREADS = 4
"""Hashes of one process at a time; the others wait. They take as many times ``ARGON2_MEMORY``."""

_LANES = 1
_SALT_BYTES = 16
_HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class Argon2:
    """What a hash costs. Hashes of before are verified at their own cost, and made anew at the next sign-in."""

    memory: int = ARGON2_MEMORY
    passes: int = ARGON2_PASSES


class PasswordHashing:
    """Makes and verifies hashes without holding up the event loop (argon2 lets go of the interpreter's lock)."""

    def __init__(self, cost: Argon2 | None = None) -> None:
        cost = cost or Argon2()
        self._hasher = PasswordHasher(
            time_cost=cost.passes,
            memory_cost=cost.memory,
            parallelism=_LANES,
            hash_len=_HASH_BYTES,
            salt_len=_SALT_BYTES,
            type=Type.ID,
        )
        salt, nothing = _base64(secrets.token_bytes(_SALT_BYTES)), _base64(secrets.token_bytes(_HASH_BYTES))
        self._nobodys = f"$argon2id$v=19$m={cost.memory},t={cost.passes},p={_LANES}${salt}${nothing}"
        self._threads = ThreadPoolExecutor(HASHING_THREADS, thread_name_prefix="argon2")

    async def hash(self, password: str) -> str:
        """A hash to store, with a salt of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._hasher.hash, _bytes(password))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password is the one that ``stored`` was made of.

        Without a stored hash it is compared with one that no password has, which takes as long.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._is_right, stored or self._nobodys, _bytes(password))

    def is_outdated(self, stored: str) -> bool:
        """Whether a hash was made at another cost than new ones are."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _is_right(self, stored: str, password: bytes) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")


def _base64(raw: bytes) -> str:
    return b64encode(raw).rstrip(b"=").decode()
