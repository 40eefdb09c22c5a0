"""Passwords: which may be chosen, and their argon2id hashes, computed in a few threads with a bounded queue."""

import asyncio
import contextlib
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import precis_i18n
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from board.kit import guessable
from board.kit.errors import Unavailable

SHORTEST, LONGEST = 12, 128
# Most that wait, about half a second of work; the last places are for those who are known.
_WAITING, _KNOWN_WAITING = 24, 32

T = TypeVar("T")


_PROFILE = precis_i18n.get_profile("OpaqueString")  # RFC 8265, section 4.2


class BadPassword(ValueError):
    """The password can not be chosen; the sentence says why, and what to do."""


def check(password: str, *about: str) -> None:
    """Whether it may be chosen as a password: at sign-up, as a new one, or for an admin; `about` are names near to it.

    Long rather than odd (NIST SP 800-63B, section 3.1.1.2): 12 to 128 characters, none of them required, and none of
    the first guesses. Raises BadPassword with a sentence.
    """
    if len(password) > LONGEST:
        raise BadPassword(f"The password may have {LONGEST} characters at most.")
    password = same(password)
    if len(password) < SHORTEST:
        raise BadPassword(f"The password needs {SHORTEST} characters or more: a few words will do.")
    if guessable.is_guessable(password, about):
        raise BadPassword(
            "This password is one of the first that others would try: many have it, or it is little more than a name,"
            " a row of keys or a repetition. Take four words that have nothing to do with each other."
        )


def same(password: str) -> str:
    """The one form of a password that can be typed in several, such as é as one character or two.

    One with characters that the profile has no form for, such as some emoji, counts as it was typed.
    """
    try:
        return str(_PROFILE.enforce(password))
    except UnicodeEncodeError:
        return password


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
        return await self._run(self._hasher.hash, same(password))

    async def matches(self, password: str, stored: str | None, *, known: bool = False) -> bool:
        """Whether the password is the stored one; without a stored one it takes the same time to say no.

        Who is `known`, by a session or a device, still gets a place when many strangers wait.
        """
        return await self._run(self._verify, password, stored or self._nobody, known=known) and bool(stored)

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
        # As typed, too: so it was hashed before there was one form. For nearly all passwords both are the same.
        for form in dict.fromkeys((same(password), password)):
            with contextlib.suppress(VerificationError, InvalidHashError, UnicodeEncodeError):
                return self._hasher.verify(stored, form)
        return False

    async def _run(self, work: Callable[..., T], *arguments: str, known: bool = False) -> T:
        if self.waiting >= (_KNOWN_WAITING if known else _WAITING):
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
