"""What is in an export: pages to be read in any browser, offline, the same as JSON, and the pictures.

It is written page by page, so that a person with 100,000 messages takes no more memory than one with 100.
"""

import html
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from urllib.parse import urljoin

from board import images
from board.kit.db import Row
from board.kit.templates import Templates, day, iso
from board.kit.worker import Site
from board.leaving.archive import Archive
from board.leaving.kinds import KINDS, MESSAGES, OTHERS, REVISIONS, THREADS, Counts, Kind

# Rows in a file: of messages, which may be long, and of all else.
PAGE, ROWS = 100, 1000

_HREF = re.compile(r'href="([^"]*)"')

# Told how many messages and pictures are in it.
Note = Callable[[int], Awaitable[None]]


async def write(site: Site, account_id: int, into: Archive, note: Note) -> None:
    """Write everything about an account into an archive. Passes on what `note` raises, and Unavailable of the store."""
    await _Writer(site, account_id, into, note).write()


class _Writer:
    def __init__(self, site: Site, account_id: int, into: Archive, note: Note) -> None:
        self._site, self._account_id, self._into, self._note = site, account_id, into, note
        self._templates = Templates({"config": site.config, "made_at": datetime.now(UTC), "shown": _shown})
        self._counts, self._done = Counts(), 0
        # The pages of messages, with how many there are on each; and where the openings of own threads stand.
        self._pages: list[tuple[str, int, int]] = []
        self._openings: dict[int, str] = {}
        # Whether the file of a picture was there, by key.
        self._pictures: dict[str, bool] = {}

    async def write(self) -> None:
        facts = {}
        for kind in OTHERS:
            facts[kind.name] = await self._write_kind(kind)
        person = facts["account"][0]
        if person["avatar"]:
            await self._copy(person["avatar"])
        await self._write_messages()
        await self._write_threads()
        given = {"person": person, "kinds": KINDS, "counts": self._counts, "pages": self._pages}
        await self._page("index.html", pictures=sum(self._pictures.values()), **given)
        await self._page("facts.html", facts=facts, **given)
        await self._into.add("style.css", self._templates.text("leaving/site/style.css"))
        await self._into.add("json/schema.json", _dumps(_schema(self._counts)))

    async def _write_kind(self, kind: Kind) -> list[Row]:
        """Write all rows of a kind; return those of the first file."""
        first: list[Row] = []
        async for rows in self._rows(kind, ROWS):
            first = first or rows
            await self._json(kind, rows)
        return first

    async def _write_messages(self) -> None:
        """A page for every hundred, and one begun for each year. A page is written when the next is known."""
        waiting: tuple[str, list[dict[str, Any]]] | None = None
        newer = older = ""
        year = number = 0
        async for rows in self._rows(MESSAGES, PAGE):
            for found, group in groupby(rows, key=lambda row: row["created_at"].year):
                year, number = found, number + 1 if found == year else 1
                newer, shown = f"{year}-{number}", await self._prepare(list(group), f"{year}-{number}")
                if waiting:
                    await self._write_page(*waiting, older, newer)
                    older = waiting[0]
                waiting = (newer, shown)
        if waiting:
            await self._write_page(*waiting, older, "")

    async def _prepare(self, rows: list[Row], name: str) -> list[dict[str, Any]]:
        """Write the JSON of a page of messages, their earlier texts and pictures; return what the page shows."""
        await self._json(MESSAGES, rows, name)
        await self._write_revisions([row["id"] for row in rows if row["revision"]])
        for row in rows:
            for picture in row["pictures"]:
                await self._copy(picture)
            self._done += 1 + len(row["pictures"])
            if row["opening"]:
                self._openings[row["id"]] = name
        await self._note(self._done)
        self._pages.append((name, len(rows), int(name.partition("-")[0])))
        return [{**row, "html": self._outward(row["html"], row["id"])} for row in rows]

    async def _write_page(self, name: str, messages: list[dict[str, Any]], older: str, newer: str) -> None:
        await self._page(
            f"messages/{name}.html",
            "messages.html",
            name=name,
            messages=messages,
            older=older,
            newer=newer,
            pictures=self._pictures,
        )

    async def _write_revisions(self, message_ids: list[int]) -> None:
        async for rows in self._rows(REVISIONS, PAGE, message_ids=message_ids):
            await self._json(REVISIONS, rows)

    async def _write_threads(self) -> None:
        number = 0
        async for rows in self._rows(THREADS, ROWS):
            number += 1
            await self._json(THREADS, rows)
            await self._page(
                f"threads/{number}.html",
                "threads.html",
                number=number,
                threads=rows,
                openings=self._openings,
            )

    async def _copy(self, picture: dict[str, Any]) -> None:
        """The picture as large as it is stored, once."""
        if picture["key"] not in self._pictures:
            found = await self._site.storage.open(images.largest(picture))
            self._pictures[picture["key"]] = found is not None
            if found:
                await self._into.copy(f"pictures/{picture['key']}.webp", found.pieces)

    async def _rows(self, kind: Kind, size: int, **of: Any) -> AsyncIterator[list[Row]]:
        """The rows of a kind, so many at a time."""
        of = of or {"account_id": self._account_id}
        after, full = kind.after, True
        while full:
            parameters = {f"after_{name}": value for name, value in after.items()} | ({"size": size} if after else {})
            async with self._site.database.connection() as connection:
                rows = await kind.query(connection, **of, **parameters)
            if rows:
                yield rows
                after = {name: rows[-1][name] for name in after}
            full = bool(after) and len(rows) == size

    async def _json(self, kind: Kind, rows: list[Row], name: str = "") -> None:
        file = f"{kind.name}-{name or len(self._counts.files.get(kind.name, ())) + 1}.json"
        self._counts.add(kind, file, len(rows))
        await self._into.add(f"json/{file}", _dumps([dict(row) for row in rows]))

    async def _page(self, path: str, template: str = "", **context: Any) -> None:
        root = "../" * path.count("/")
        text = self._templates.text(f"leaving/site/{template or path}", root=root, **context)
        await self._into.add(path, text)

    def _outward(self, text: str, message_id: int) -> str:
        """A message whose links lead to the board, wherever the page lies."""
        base = f"{self._site.config.address}/messages/{message_id}"

        def absolute(found: re.Match[str]) -> str:
            try:
                return f'href="{html.escape(urljoin(base, html.unescape(found[1])))}"'
            except ValueError:  # a link that never led anywhere
                return f'href="{base}"'

        return _HREF.sub(absolute, text)


def _schema(counts: Counts) -> dict[str, Any]:
    """What stands in the JSON files, told in the same archive."""
    return {
        "format": "board export 1",
        "times": "UTC, ISO 8601",
        "files": {
            kind.name: {
                "meaning": kind.meaning,
                "fields": kind.fields,
                "rows": counts.rows.get(kind.name, 0),
                "names": counts.files.get(kind.name, []),
            }
            for kind in KINDS
        },
    }


def _dumps(what: Any) -> str:
    return json.dumps(what, ensure_ascii=False, indent=1, default=_plain)


def _shown(value: Any) -> str:
    """A value for people."""
    if isinstance(value, datetime):
        return day(value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {each}" for name, each in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)


def _plain(value: Any) -> str:
    return iso(value) if isinstance(value, datetime) else str(value)
