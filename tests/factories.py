"""Threads and messages for tests, written by the board's own functions."""

import uuid
from dataclasses import dataclass
from typing import Any

from board import accounts, boards, messages, threads
from board.drafts import Draft
from board.kit import markup, names


@dataclass
class Made:
    """A thread: its id, the id of its opening message, and who started it."""

    id: int
    opening: int
    author: int

    @property
    def path(self) -> str:
        return f"/threads/{self.id}"


async def make_account(connection: Any, name: str, role: str = "member") -> Any:
    """An account without a password."""
    return await accounts.create_account(
        connection, name=name, name_key=names.key(name), password_hash="!", role=role, form_key=None
    )


def draft(text: str = "Hello.", **fields: Any) -> Draft:
    """A draft that is ready to be stored."""
    return Draft(text=text, html=markup.render(text), **fields)


async def make_thread(author: Any, title: str = "A thread", text: str = "The opening.", board: str = "general") -> Made:
    """A thread that `author`, a client of conftest, started."""
    async with author.app.state.database.transaction() as connection:
        return await write_thread(connection, author.account["id"], title, text, board)


async def write_thread(
    connection: Any, author_id: int, title: str = "A thread", text: str = "The opening.", board: str = "general"
) -> Made:
    """A thread that an account started."""
    place = await boards.get_board(connection, slug=board)
    return Made(*await threads.start(connection, place["id"], author_id, draft(text, title=title)), author_id)


async def make_message(author: Any, thread: Made, text: str = "An answer.", reply_to: int | None = None) -> int:
    """An answer; returns its id."""
    async with author.app.state.database.transaction() as connection:
        return await messages.write(connection, thread.id, author.account["id"], draft(text, reply_to=reply_to))


def fields(**more: Any) -> dict[str, Any]:
    """The fields that every form with text has."""
    return {"form_key": str(uuid.uuid4()), "text": "Some words.", **more}


async def row(app: Any, sql: str, *arguments: Any) -> Any:
    """Look into the database."""
    async with app.state.database.connection() as connection:
        return await connection.fetchrow(sql, *arguments)
