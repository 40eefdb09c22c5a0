"""What a person did, in lists: threads, messages with filters and search, pictures, votes. Keyset pages, both ways."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from board.kit.db import many
from board.kit.errors import BadRequest
from board.kit.paging import FIRST_INT, FIRST_TIME, Cursor, Order, Page

_list_threads = many("threads/list_by_author")
_list_messages = many("messages/list_by_author")
_list_messages_back = many("messages/list_by_author_back")
_list_received = many("messages/list_received")
_list_given = many("messages/list_given")

# So many messages a filter looks at before it asks whether to look further: 50 ms for a search in them.
REACH = 5_000
LONGEST_SEARCH = 100

_EVER = datetime(1, 1, 2, tzinfo=UTC)
_BY_ID = Order("")
_BY_TIME = Order("created_at", FIRST_TIME)
_BY_SCORE = Order("score", FIRST_INT)

# The tabs: what each is called, the part of audience.PARTS that it belongs to, and its order.
TABS: dict[str, tuple[str, str, Order]] = {
    "threads": ("Threads", "history", _BY_ID),
    "messages": ("Messages", "history", _BY_TIME),
    "pictures": ("Pictures", "pictures", _BY_TIME),
    "received": ("Votes received", "votes", _BY_SCORE),
    "given": ("Votes given", "given", _BY_ID),
}
KINDS = {"": "All", "opening": "Openings", "answer": "Answers"}


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the messages is shown; a field that is empty lets everything through."""

    words: str = ""
    board: str = ""
    year: str = ""
    kind: str = ""
    pictures: bool = False
    least: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Filter":
        """The fields of the form above the list. Raises BadRequest with a sentence."""
        words, year, least = (" ".join(query.get(name, "").split()) for name in ("words", "year", "least"))
        if len(words) > LONGEST_SEARCH:
            raise BadRequest(f"A search has {LONGEST_SEARCH} characters at most. Shorten it.")
        if year and not re.fullmatch("[12][0-9]{3}", year, re.ASCII):
            raise BadRequest("A year has four digits, as in 2026. Leave it empty for all.")
        if least and not re.fullmatch("-?[0-9]{1,6}", least, re.ASCII):
            raise BadRequest("The points are a number, as in 5. Leave it empty for all.")
        if query.get("kind", "") not in KINDS:
            raise BadRequest(f"“kind” must be one of: {', '.join(filter(None, KINDS))}.")
        board, kind = query.get("board", ""), query.get("kind", "")
        return cls(words, board, year, kind, bool(query.get("pictures")), least)

    def query(self) -> str:
        """The fields that are set, as they stand in an address, each with an & behind it."""
        fields = {name: getattr(self, name) for name in ("words", "board", "year", "kind", "least")}
        fields["pictures"] = "1" if self.pictures else ""
        return "".join(urlencode({name: text}) + "&" for name, text in fields.items() if text)

    def parameters(self) -> dict[str, Any]:
        """The same for messages/list_by_author."""
        return {
            "board": self.board,
            "kind": self.kind,
            "pictures": self.pictures,
            "least": int(self.least) if self.least else -FIRST_INT,
            "since": datetime(int(self.year), 1, 1, tzinfo=UTC) if self.year else _EVER,
            "until": datetime(int(self.year) + 1, 1, 1, tzinfo=UTC) if self.year else FIRST_TIME,
            # Each word somewhere in the text, in any order.
            "patterns": [_pattern(word) for word in self.words.split()],
        }


def _pattern(word: str) -> str:
    """The word anywhere, for LIKE, whose signs mean themselves."""
    return "%" + re.sub(r"([%_\\])", r"\\\1", word.lower()) + "%"


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a tab; `reached` is how far back the filter looked where it did not fill the page yet."""

    page: Page
    reached: datetime | None = None


async def find(connection: Any, tab: str, person: Any, viewer: Any, cursor: Cursor, size: int, given: Filter) -> Found:
    """A page of one of TABS."""
    order, viewer_id = TABS[tab][2], viewer["id"] if viewer else 0
    place = {"viewer_id": viewer_id, "id": cursor.id, "size": size}
    if tab in ("messages", "pictures"):
        return await _find_messages(connection, person, cursor, given, place)
    if tab == "threads":
        rows = await _list_threads(connection, author_id=person["id"], back=cursor.back, **place)
    elif tab == "received":
        rows = await _list_received(connection, author_id=person["id"], key=cursor.key, back=cursor.back, **place)
    else:
        rows = await _list_given(connection, account_id=person["id"], back=cursor.back, **place)
    return Found(order.cut(rows, size, cursor))


async def _find_messages(connection: Any, person: Any, cursor: Cursor, given: Filter, place: dict[str, int]) -> Found:
    listing = _list_messages_back if cursor.back else _list_messages
    rows = await listing(connection, author_id=person["id"], key=cursor.key, reach=REACH, **place, **given.parameters())
    messages = [row for row in rows if row["id"] is not None]
    page = _BY_TIME.cut(messages, place["size"], cursor)
    if not rows or rows[0]["reached_id"] is None:
        return Found(page)
    # The list goes on where the reach ended, not where the last message on the page is.
    far = _BY_TIME.cursor({"created_at": rows[0]["reached_at"], "id": rows[0]["reached_id"]})
    if cursor.back:
        return Found(Page(page.rows, page.older, far), rows[0]["reached_at"])
    return Found(Page(page.rows, far, page.newer), rows[0]["reached_at"])
