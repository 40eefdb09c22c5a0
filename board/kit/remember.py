"""Answers that cost something, for whoever asks: sought once, and remembered for a while."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """An answer at most `seconds` old; nobody waits longer for it than `patience` seconds.

    A question that hangs is the only one: more of them would take from the people what they hang on.
    """

    def __init__(self, ask: Callable[[], Awaitable[T]], *, seconds: float, patience: float) -> None:
        self._ask = ask
        self.seconds, self.patience = seconds, patience
        self._asked = float("-inf")
        self._asking: asyncio.Task[T] | None = None

    async def get(self) -> T | None:
        """The answer; None if it does not come in time. Raises what the question raised."""
        now = time.monotonic()
        if self._asking is None or (self._asking.done() and now - self._asked >= self.seconds):
            self._asked, self._asking = now, asyncio.create_task(self._answer())
        await asyncio.wait((self._asking,), timeout=self.patience)
        return self._asking.result() if self._asking.done() else None

    async def close(self) -> None:
        """Ask no more."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait((self._asking,))

    async def _answer(self) -> T:
        return await self._ask()
