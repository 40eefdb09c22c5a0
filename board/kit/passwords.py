"""Passwords as argon2id hashes, computed in a few threads of their own with a bounded queue."""

import asyncio
import contextlib
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from board.kit.config import ConfigError
from board.kit.errors import Unavailable

SHORTEST, LONGEST = 12, 128
_WAITING = 32

T = TypeVar("T")


def check_length(what: str, password: str) -> None:
    """Raise ConfigError, about `what`, for a password that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise ConfigError(f"{what} needs {SHORTEST} to {LONGEST} characters.")


class Passwords:
    """Hash and check; 19 MiB and about 35 ms of a core each.

    m=19456 KiB, t=2, p=1 is OWASP's minimum (Password Storage Cheat Sheet). The library's defaults took 2.1 GB for 40
    people who signed in at once.
    """

    def __init__(self, threads: int = 2) -> None:
        self._hasher = _hasher()
        self._threads = ThreadPoolExecutor(max(threads, 1), thread_name_prefix="password")
        self.waiting = 0  # with those being checked
        self._nobody = _hash_of_nobody()

    async def hash(self, password: str) -> str:
        """The hash to store. Raises Unavailable when too many wait."""
        return await self._run(self._hasher.hash, password)

    async def matches(self, password: str, stored: str | None) -> bool:
        """Whether the password is the stored one; without a stored one it takes the same time to say no."""
        return await self._run(self._verify, password, stored or self._nobody) and bool(stored)

    def needs_rehash(self, stored: str) -> bool:
        """Whether a stored hash is weaker than those made today: who just typed the password gets a new one."""
        try:
            return self._hasher.check_needs_rehash(stored)
        except InvalidHashError:
            return False

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password: str, stored: str) -> bool:
        with contextlib.suppress(VerificationError, InvalidHashError, UnicodeEncodeError):
            return self._hasher.verify(stored, password)
        return False

    async def _run(self, work: Callable[..., T], *arguments: str) -> T:
        if self.waiting >= _WAITING:
            raise Unavailable("Very many people are signing in right now. Try again in a minute.")
        self.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        finally:
            self.waiting -= 1


def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


@functools.cache
def _hash_of_nobody() -> str:
    """What an unknown name is checked against; made once, at the start, so that no sign-in takes longer for it."""
    return _hasher().hash("nobody has this password")
