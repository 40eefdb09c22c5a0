"""Votes over HTTP against the bare statement, and whether every vote that was answered is in the database."""

import asyncio
from collections.abc import Sequence
from functools import partial
from random import Random

from bench import bare, client, data, report
from bench.boards import HOST, Server
from bench.client import Reader
from bench.report import Line
from bench.scene import Board, Results, Scene, Task, sign_in

LEAST = 0.3
MANY, ONE = "on 1,000 messages", "on one message"
_TAKEN = (1, -1, 0)

# The value of each vote, by message and account.
Counted = dict[tuple[int, int], int]


class Voter(Reader):
    """Votes now as this and now as that of its own accounts, and notes each vote that was answered."""

    good = (200, 303)

    def __init__(
        self, number: int, requests: dict[tuple[int, int], bytes], messages: Sequence[int], counted: Counted
    ) -> None:
        self._random, self._messages, self._counted = Random(number), messages, counted
        self._requests = [*requests.items()]

    def next(self) -> bytes:
        (account, value), rest = self._random.choice(self._requests)
        message = self._random.choice(self._messages)
        self._sent = message, account, value
        return b"POST /messages/%d/vote%b" % (message, rest)

    def answered(self, status: int) -> None:
        if status in self.good:
            message, account, value = self._sent
            self._counted[message, account] = value


def votes(scene: Scene) -> list[Line]:
    """64 people at once on 1,000 messages and on one, and afterwards the counting."""
    big, counted = scene.big, Counted()
    half = len(big.readers) // 2
    crowd = sign_in(big, big.readers[:half])
    places = {MANY: big.fresh, ONE: [big.hot]}
    tasks: dict[str, Task] = {}
    for place, messages in places.items():
        people = _people(scene.app, crowd, messages, counted)
        tasks[place] = partial(client.drive, scene.app, people, scene.seconds)
        tasks[f"bare {place}"] = partial(bare.cast, big.url, scene.folder, messages, big.readers[half:], scene.seconds)
    people = _people(scene.app, crowd, big.fresh, counted, "HX-Request: true\r\n")
    tasks["fragment"] = partial(client.drive, scene.app, people, scene.seconds)
    found = scene.measure(tasks)
    return [
        *(Line(f"{bare.DRIVER}, vote {place}", "1", detail=report.told(found[f"bare {place}"])) for place in places),
        _line(found, f"votes over HTTP {MANY} / {bare.DRIVER}", MANY, MANY, LEAST),
        _line(found, f"votes over HTTP {ONE} / {bare.DRIVER}", ONE, ONE, LEAST),
        _line(found, f"votes over HTTP {MANY}, answered with the fragment", "fragment", MANY, None),
        *asyncio.run(_count(big, counted, sum(found[name].failed for name in tasks))),
    ]


def _people(
    server: Server, cookies: dict[int, str], messages: Sequence[int], counted: Counted, more: str = ""
) -> list[Reader]:
    """Each has accounts of its own, so that the last answer it got for a vote is the last one there was."""
    requests = {
        (account, value): (
            f" HTTP/1.1\r\nHost: {HOST}:{server.port}\r\nOrigin: {server.origin}\r\nCookie: {cookie}\r\n{more}"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(f'value={value}')}\r\n\r\nvalue={value}"
        ).encode()
        for account, cookie in cookies.items()
        for value in _TAKEN
    }
    shares: list[dict[tuple[int, int], bytes]] = [{} for _ in range(bare.CLIENTS)]
    for key, request in requests.items():
        shares[key[0] % bare.CLIENTS][key] = request
    return [Voter(number, share, messages, counted) for number, share in enumerate(shares)]


def _line(found: Results, what: str, name: str, to: str, bar: float | None) -> Line:
    detail = f"{report.told(found[name])}; client {found[name].client_share:.0%} of a core"
    return report.at_least(what, found.ratio(name, f"bare {to}"), bar, detail)


async def _count(board: Board, counted: Counted, failed: int) -> list[Line]:
    """Every vote that was answered must be there, and every sum must be that of the votes."""
    async with data.connected(board.url) as connection:
        rows = await connection.fetch(
            "select message_id, account_id, value from votes where account_id between $1 and $2",
            *(board.readers[0], board.readers[-1]),
        )
        messages, threads = await data.count_wrong(connection)
    stored = {(row["message_id"], row["account_id"]): row["value"] for row in rows}
    lost = sum(stored.get(key) != value for key, value in counted.items())
    return [
        Line("votes that were answered and are not in the table", f"{lost:,}", "0", not lost, f"of {len(counted):,}"),
        Line("votes that got no good answer", f"{failed:,}", "0", not failed),
        Line("messages and threads with wrong sums", f"{messages + threads:,}", "0", not messages + threads),
    ]
