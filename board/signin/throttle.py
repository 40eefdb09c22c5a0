"""Who guesses passwords waits longer and longer, but can not lock the owner out.

A browser that the owner signed in with before is never held up by what others try; another waits 15 minutes at most.
"""

import hashlib
import math
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from board.kit import clients, names
from board.kit.config import Config
from board.kit.db import many, value
from board.kit.errors import TooMany
from board.kit.templates import amount
from board.signin import devices

_list = many("signin/list_tries")
_take = value("signin/take_try")
_queue = value("signin/queue_try")
_give_back = many("signin/give_back")


@dataclass(frozen=True, slots=True)
class Budget:
    """How many tries need no wait, and the longest wait after them, in seconds."""

    free: int
    cap: int

    @property
    def top(self) -> int:
        """The level at which the wait is the longest: more need not be counted."""
        return self.free + math.ceil(math.log2(self.cap))

    def wait(self, level: float) -> int:
        """The seconds between tries at a level."""
        n = math.ceil(level)
        return min(self.cap, 2 ** (n - self.free)) if n >= self.free else 0


DEVICE = Budget(free=10, cap=900)
HERE = Budget(free=5, cap=900)
NETWORK = Budget(free=30, cap=60)
NAME = Budget(free=50, cap=900)

Counted = dict[bytes, Budget]


class Throttle:
    """Counts tries in PostgreSQL, so that it holds for all replicas, and before they are made, so for many at once too.

    After a try that leaves a budget at a level that rounds up to n, the next one may come after

        0                              while n < free
        min(cap, 2 ** (n - free)) s    then: 1 s, 2 s, 4 s, ... cap

    and one try stops to count in each `cap` seconds. However long it lasts, that is one a cap, 96 a day at 15 minutes.
    Who comes too early is told the seconds, and no password is looked at. A try that was right is given back.

    Budgets: a name as typed, whether or not there is such an account, from one network (HERE); the network by itself,
    of IPv6 the /48 of a site (NETWORK). Where many networks guess at one name, they are counted at the name (NAME):
    past its free tries, a network that is new to the name waits before its first try as well, but by a clock of its
    own, so that those who try all the time can not use up the turn of the owner. A known browser (devices.py) has
    DEVICE alone. Only somebody in the owner's own network can stand in the way of a new browser there; a new password
    set by a link in a mail makes the browser a known one.

    Sources: NIST SP 800-63B, Rate Limiting (Throttling): a wait that grows up to an hour, networks and browsers known
    by earlier sign-ins, success forgives what came from there. OWASP, "Slow Down Online Guessing Attacks with Device
    Cookies". The numbers are ours.
    """

    def __init__(self, config: Config) -> None:
        self._secret = hashlib.sha256(config.keys()[0].encode()).digest()
        self._enforced = config.rate_limits

    async def take(self, request: Request, connection: Any, typed: str, account: Any) -> list[bytes]:
        """Count a try to sign in by a name as typed; `account` is whose it is, or None. Not in a transaction.

        Returns what to give back if it was right. Raises TooMany, in the same words whether or not there is an account.
        """
        device = devices.known(request, account)
        if device:
            return await self._count(connection, {self._key("device", device, account["id"]): DEVICE})
        network, name = clients.sender(request), names.key(typed)
        here, around, there = (
            self._key("here", network, name),
            self._key("network", clients.site(network)),
            self._key("name", name),
        )
        return await self._count(connection, {here: HERE, around: NETWORK}, there)

    async def take_again(self, request: Request, connection: Any) -> list[bytes]:
        """Count a try to confirm the password of who is signed in."""
        session = request.state.viewer["session_id"]
        return await self._count(connection, {self._key("session", session): DEVICE})

    async def give_back(self, connection: Any, keys: list[bytes]) -> None:
        """The try was right."""
        if keys:
            await _give_back(connection, own=keys[0], shared=keys[1:])

    async def _count(self, connection: Any, budgets: Counted, name: bytes | None = None) -> list[bytes]:
        if not self._enforced:
            return []
        counted = budgets | ({name: NAME} if name else {})
        found = await _list(connection, keys=[*counted], leaks=[float(each.cap) for each in counted.values()])
        standing = {row["key"]: row for row in found}
        wait = max((standing[key]["wait"] for key in budgets if key in standing), default=0.0)
        pressure = NAME.wait(standing[name]["level"]) if name in standing else 0
        own = next(iter(budgets))
        if not wait and pressure and own not in standing:
            await _queue(connection, key=own, seconds=pressure)
            wait = pressure
        if wait:
            raise _too_many(wait)
        for key, budget in counted.items():
            taken = await _take(
                connection,
                key=key,
                free=math.inf if key == name else budget.free,  # each try is one more at the name, and none waits there
                cap=budget.cap,
                top=budget.top,
                least=pressure if key == own else 0,
            )
            if taken is None:
                raise _too_many(1)
        return [*counted]

    def _key(self, *what: object) -> bytes:
        return hashlib.blake2b(repr(what).encode(), key=self._secret, digest_size=16).digest()


def in_words(seconds: int) -> str:
    """A wait, such as "8 seconds" or "15 minutes"."""
    return amount(seconds, "second") if seconds < 90 else amount(math.ceil(seconds / 60), "minute")


def _too_many(wait: float) -> TooMany:
    seconds = math.ceil(wait)
    return TooMany(
        f"Too many tries to sign in with this name, or from your network. Wait {in_words(seconds)}, then try again. "
        "On a device that you signed in with before, nobody else’s tries count.",
        seconds=seconds,
    )
