"""People who read, vote and write without a pause worth the name, and remember what they were told was done."""

import asyncio
import itertools
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx

from board.kit.config import Config
from board.kit.db import Database
from board.kit.sessions import Sessions
from tests import factories

ORIGIN = "http://testserver"
PAUSE = 0.01
PATIENCE = 30.0  # the machine may be slow; a request that is lost is told sooner


class Crowd:
    """Two of each kind. After it, `failures` says what went wrong and `requests` how many were sent."""

    def __init__(self, address: str, config: Config) -> None:
        self.address, self.config = address, config
        self.requests = 0
        self.failures: list[str] = []
        self.texts: list[str] = []
        self.votes: dict[tuple[int, int], int] = {}

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator["Crowd"]:
        """Let them begin, and let each finish what it does at the end."""
        await self._settle()
        self._over = False
        work = [self._read("/"), self._read(f"/threads/{self.thread}"), self._read("/", together=False)]
        work += [self._vote(person) for person in self.people] + [self._write(person) for person in self.people]
        tasks = [asyncio.create_task(each) for each in work]
        try:
            yield self
        finally:
            self._over = True
            await asyncio.gather(*tasks)

    async def assert_nothing_is_lost(self) -> None:
        """Every answer was a good one, and what was acknowledged is there."""
        assert self.failures == []
        connection = await asyncpg.connect(self.config.database_url)
        texts = [row["text"] for row in await connection.fetch("select text from messages")]
        votes = await connection.fetch("select message_id, account_id, value from votes")
        await connection.close()
        assert sorted(self.texts) == sorted(text for text in texts if text.startswith("Answer "))
        stored = {(row["message_id"], row["account_id"]): row["value"] for row in votes}
        assert {key: stored.get(key) for key in self.votes} == self.votes

    async def _settle(self) -> None:
        """An author with a thread, and two people who are signed in."""
        database = Database.of(self.config)
        await database.connect()
        async with database.transaction() as connection:
            author, *people = [await factories.make_account(connection, name) for name in ("alice", "bob", "carol")]
            ids = [await factories.write_thread(connection, author["id"]) for _ in range(2)]
            self.thread, self.messages = ids[0].id, [each.opening for each in ids]
            sessions = Sessions(self.config)
            self.people = [(each["id"], await sessions.begin(connection, each["id"])) for each in people]
            self.cookie = sessions.cookie
        await database.disconnect()

    async def _read(self, path: str, *, together: bool = True) -> None:
        """A stranger; or with together=False one after the other, each on a connection of their own."""
        while not self._over:
            async with httpx.AsyncClient(base_url=self.address, timeout=PATIENCE) as client:
                await self._send(client, "GET", path)
                while together and not self._over:
                    await self._send(client, "GET", path)

    async def _vote(self, person: tuple[int, str]) -> None:
        async with self._browser(person) as client:
            for message, value in itertools.cycle(itertools.product(self.messages, (1, -1, 0))):
                if self._over:
                    return
                if await self._send(client, "POST", f"/messages/{message}/vote", {"value": str(value)}):
                    self.votes[message, person[0]] = value

    async def _write(self, person: tuple[int, str]) -> None:
        async with self._browser(person) as client:
            for number in itertools.count():
                if self._over:
                    return
                text = f"Answer {number} by {person[0]}"
                form = {"text": text, "form_key": str(uuid.uuid4())}
                if await self._send(client, "POST", f"/threads/{self.thread}/messages", form):
                    self.texts.append(text)

    def _browser(self, person: tuple[int, str]) -> httpx.AsyncClient:
        headers = {"Origin": ORIGIN, "Cookie": f"{self.cookie}={person[1]}"}
        return httpx.AsyncClient(base_url=self.address, headers=headers, timeout=PATIENCE)

    async def _send(self, client: httpx.AsyncClient, method: str, path: str, form: Any = None) -> bool:
        """Whether it was answered well; what was not is noted, and never sent again."""
        self.requests += 1
        try:
            answer = await client.request(method, path, data=form)
            good = answer.status_code in (200, 303)
            if not good:
                self.failures.append(f"{method} {path}: {answer.status_code}")
        except httpx.HTTPError as error:
            good = False
            self.failures.append(f"{method} {path}: {error!r}")
        await asyncio.sleep(PAUSE)
        return good
