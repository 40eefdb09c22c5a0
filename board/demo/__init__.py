"""A demo worth looking at: a small community with pictures drawn by the program, for a board that has nothing yet."""

import asyncio
import uuid
from typing import Any

from board import accounts, boards, images, messages, threads, votes
from board.demo import drawings, story
from board.drafts import Draft
from board.kit import markup, names
from board.kit.config import Config
from board.kit.db import Database, one, value
from board.kit.pictures import PictureWorkers
from board.kit.storage import Storage

_backdate_message = value("demo/backdate_message")
_backdate_thread = one("demo/backdate_thread")

# No password hashes to this: nobody signs in as a person of the demo.
_LOCKED = "!"


async def fill(config: Config, database: Database) -> bool:
    """Write the demo, all of it or nothing; False if the board has a thread already."""
    async with database.connection() as connection:
        if not await threads.is_empty(connection):
            return False
    pictures = await _develop(config, database)
    async with database.transaction() as connection:
        people = {name: await _make_person(connection, name) for name in story.PEOPLE}
        places = {board.slug: await _make_board(connection, board) for board in story.BOARDS}
        ballots: dict[tuple[int, int], int] = {}
        for thread in sorted(story.THREADS, key=lambda each: -each.minutes_ago):
            await _tell(connection, thread, people, places, pictures, ballots)
        keys = sorted(ballots)
        await votes.set_votes(
            connection,
            message_ids=[message_id for message_id, _ in keys],
            account_ids=[account_id for _, account_id in keys],
            values=[ballots[key] for key in keys],
        )
    return True


async def _develop(config: Config, database: Database) -> dict[str, images.Attachment]:
    """Draw each picture and put it through the way of every upload."""
    workers, storage = PictureWorkers(config.picture_processes), Storage(config.pictures_url)

    async def one_picture(name: str) -> images.Attachment:
        picture = await workers.develop(await asyncio.to_thread(drawings.draw, name))
        await images.keep(database, storage, picture)
        return images.row(picture)

    try:
        return dict(zip(drawings.NAMES, await asyncio.gather(*map(one_picture, drawings.NAMES)), strict=True))
    finally:
        await workers.close()


async def _make_person(connection: Any, name: str) -> int:
    key = names.key(name)
    account = await accounts.create_account(
        connection, name=name, name_key=key, password_hash=_LOCKED, role="member", form_key=None
    ) or await accounts.get_account(connection, name_key=key)
    return int(account["id"])


async def _make_board(connection: Any, board: story.Board) -> int:
    await boards.create_board(connection, slug=board.slug, name=board.name, description=board.description)
    return int((await boards.get_board(connection, slug=board.slug))["id"])


async def _tell(
    connection: Any,
    thread: story.Thread,
    people: dict[str, int],
    places: dict[str, int],
    pictures: dict[str, images.Attachment],
    ballots: dict[tuple[int, int], int],
) -> None:
    """Write a thread as its people would have, then move it to its time."""
    author = people[thread.author]
    started = await threads.start(
        connection, places[thread.board], author, _draft(thread, pictures, title=thread.title)
    )
    if started is None:
        raise RuntimeError("The demo was written before.")
    thread_id, opening_id = started
    ids = [opening_id]
    for message in thread.messages:
        answered = None if message.reply_to is None else ids[message.reply_to + 1]
        draft = _draft(message, pictures, reply_to=answered)
        written = await messages.write(connection, thread_id, people[message.author], draft)
        ids.append(written or 0)
    for told, message_id in zip((thread, *thread.messages), ids, strict=True):
        await _backdate_message(
            connection,
            message_id=message_id,
            minutes=told.minutes_ago,
            edited_from=None if told.edited_from is None else markup.render(told.edited_from),
        )
        others = [account_id for account_id in people.values() if account_id != people[told.author]]
        chosen = others[message_id % len(others) :] + others[: message_id % len(others)]
        for number, account_id in enumerate(chosen[: told.up + told.down]):
            ballots[message_id, account_id] = 1 if number < told.up else -1
    await _backdate_thread(connection, thread_id=thread_id)


def _draft(told: story.Thread | story.Message, pictures: dict[str, images.Attachment], **more: Any) -> Draft:
    shown = [pictures[photo.drawing] | {"alt": photo.alt, "sensitive": photo.sensitive} for photo in told.pictures]
    return Draft(text=told.text, html=markup.render(told.text), pictures=shown, form_key=uuid.uuid4(), **more)
