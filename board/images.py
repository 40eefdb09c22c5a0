"""Pictures: take what came with a form, keep what Board made of it, show it."""

import asyncio
import logging
import math
import re
from collections.abc import Iterable
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from board.kit.db import Database, many, one, value
from board.kit.errors import Invalid, NotFound, Problem, TooLarge, Unavailable
from board.kit.forms import Form
from board.kit.pictures import Busy, Picture, PictureWorkers, Unreadable
from board.kit.queue import enqueue, enqueue_each
from board.kit.storage import Storage
from board.permissions import limit

log = logging.getLogger("board.images")

Attachment = dict[str, Any]

_create = value("images/create")
_attach = many("images/attach")
_touch_by_keys = many("images/touch_by_keys")
_list_by_message = many("images/list_by_message")
_list_unused = one("images/list_unused")
_get_rest = value("images/get_rest")
_delete_unused = one("images/delete_unused")
_may_sweep = value("images/may_sweep")

_KEY = re.compile("[0-9a-f]{32}")
_NAME = re.compile(r"(?:[1-9][0-9]{0,3}\.(?:webp|jpg)|play\.webp)")
_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}
_FOREVER = "public, max-age=31536000, immutable"
_LONGEST_ALT = 1000

# The kind of job that removes a picture which nobody uses: board/jobs.
CHECK = "check_picture"

# An upload that no message took, of a form that was never sent again, is kept for a day.
UNUSED_MINUTES = 24 * 60


async def look_at(storage: Storage) -> None:
    """Say in the log what is wrong with the store, if anything is: a board without pictures is better than none."""
    try:
        await storage.check()
    except Unavailable as error:
        log.error("pictures can neither be stored nor shown: %s", error.__cause__)


async def show(request: Request) -> Response:
    """GET /pictures/{key}/{file}"""
    key, name = request.path_params["key"], request.path_params["file"]
    found = None
    if _KEY.fullmatch(key) and _NAME.fullmatch(name):
        found = await request.app.state.storage.open(_place(key, name))
    if found is None:
        raise NotFound("There is no such picture, or it was deleted.")
    kind = _TYPES[name.rpartition(".")[2]]
    headers = {"Cache-Control": _FOREVER, "Content-Length": str(found.size)}
    if found.whole is not None:
        return Response(found.whole, media_type=kind, headers=headers)  # at two thirds of what a stream costs
    return StreamingResponse(found.pieces, media_type=kind, headers=headers)


async def returned(request: Request, form: Form) -> tuple[list[Attachment], list[Problem]]:
    """The pictures that were uploaded before and came back with a form, in order, and what is wrong with them.

    Fields `picture` and `alt`, and the checkboxes `sensitive` and `drop`, which name keys.
    """
    dropped, hidden, alts = form.texts("drop"), form.texts("sensitive"), form.texts("alt")
    described = {
        key: alts[number] if number < len(alts) else ""
        for number, key in enumerate(form.texts("picture"))
        if key not in dropped
    }
    if not described:
        return [], []
    keys = [key for key in described if _KEY.fullmatch(key)]
    async with request.app.state.database.connection() as connection:
        rows = {row["key"]: dict(row) for row in await _touch_by_keys(connection, keys=keys)}
    pictures = [
        rows[key] | {"alt": _alt(alt), "sensitive": key in hidden} for key, alt in described.items() if key in rows
    ]
    complaints: list[Problem] = []
    if len(rows) < len(described):
        complaints.append(Invalid("A picture that was sent before is no longer stored. Choose it again."))
    most = most_pictures(request)
    return pictures[:most], complaints + _left_out(len(pictures) - most, most)


async def receive(request: Request, form: Form, pictures: list[Attachment]) -> list[Problem]:
    """Add the new files of a form to its pictures; return a problem for each that could not be taken.

    Fields `files`, and `new_alt` and `new_sensitive` by number. The same picture twice counts once.
    """
    config, files, most = request.app.state.config, form.files("files"), most_pictures(request)
    room = max(most - len(pictures), 0)
    complaints = _left_out(len(files) - room, most)
    # As many at once as there are workers: the others would only wait in memory.
    slots = asyncio.Semaphore(max(config.picture_processes, 1))
    away = False
    results = await asyncio.gather(*(_develop(request, each, slots) for each in files[:room]), return_exceptions=True)
    alts, hidden = form.texts("new_alt"), form.texts("new_sensitive")
    for number, result in enumerate(results):
        if isinstance(result, Problem):
            complaints.append(result)
        elif isinstance(result, BaseException):
            raise result
        elif all(each["key"] != result.key for each in pictures):
            # One after the other, until the store lets one wait in vain.
            away = away or not await _kept(request, result)
            if away:
                sentence = "could not be stored. Send it again in a minute, or tell who runs the board."
                complaints.append(Unavailable(f"{_shown(files[number].filename)} {sentence}"))
                continue
            alt = _alt(alts[number] if number < len(alts) else "")
            pictures.append(row(result) | {"alt": alt, "sensitive": str(number) in hidden})
    return complaints


async def keep_square(request: Request, file: UploadFile) -> str:
    """Store the middle of an upload in the small sizes of an avatar; return its key. Raises Problems."""
    picture = await _develop(request, file, asyncio.Semaphore(1), square=True)
    if not await _kept(request, picture):
        raise Unavailable("The picture could not be stored. Send it again in a minute, or tell who runs the board.")
    return picture.key


async def list_attached(connection: Any, message_id: int) -> list[Attachment]:
    """The pictures that a message has."""
    return [dict(row) for row in await _list_by_message(connection, message_id=message_id)]


def same(some: list[Attachment], others: list[Attachment]) -> bool:
    """Whether these are the same pictures, described and marked alike, in the same order."""
    return all([each[name] for each in some] == [each[name] for each in others] for name in ("key", "alt", "sensitive"))


async def attach(connection: Any, message_id: int, pictures: list[Attachment]) -> None:
    """Make these the pictures of a message, inside the transaction that writes it."""
    dropped = await _attach(
        connection,
        message_id=message_id,
        keys=[picture["key"] for picture in pictures],
        alts=[picture["alt"] for picture in pictures],
        sensitive=[picture["sensitive"] for picture in pictures],
    )
    await check_later(connection, [row["picture_key"] for row in dropped], UNUSED_MINUTES)


async def keep(database: Database, storage: Storage, picture: Picture) -> None:
    """Store a picture's files and its row.

    The row first: a sweep of the same picture leaves it alone from then on, and takes what a store that fails midway
    got of it another day. No connection is held meanwhile: a slow store must not take them all.
    """
    async with database.transaction() as connection:
        await _create(
            connection,
            key=picture.key,
            width=picture.width,
            height=picture.height,
            widths=list(picture.widths),
            fallback=picture.fallback,
            animated=picture.animated,
            bytes=sum(map(len, picture.files.values())),
        )
        await check_later(connection, [picture.key], UNUSED_MINUTES)
    for name, data in picture.files.items():
        await storage.put(_place(picture.key, name), data)


async def check_later(connection: Any, keys: Iterable[str], minutes: int = 0) -> None:
    """Leave it to a job to remove these pictures, if no message and no person has them then."""
    await enqueue_each(connection, CHECK, {key: {"key": key} for key in keys}, delay=minutes * 60)


async def check(database: Database, storage: Storage, key: str, minutes: int = UNUSED_MINUTES) -> int:
    """Remove a picture that no message and no person has, every size of it; return whether it went.

    One that was sent lately is looked at again when its time is over; in a minute during a backup, which copies the
    files of all pictures that were there when it began. While the files go the row is held: who sends the same picture
    meanwhile waits, and stores it anew.
    """
    async with database.transaction() as connection:
        if not await _may_sweep(connection):
            await check_later(connection, [key], minutes=1)
            return 0
        row = await _delete_unused(connection, key=key, minutes=minutes)
        if row is not None:
            await storage.delete(places(row))
            return 1
        rest = await _get_rest(connection, key=key, minutes=minutes)
        if rest is not None:
            await enqueue(connection, CHECK, {"key": key}, key=key, delay=max(rest, 1))
        return 0


async def sweep(database: Database, minutes: int = UNUSED_MINUTES, batch: int = 1000) -> int:
    """Look through all pictures for those that nobody uses and nobody checks; return how many there were.

    Whoever drops a picture leaves a job for it. This finds what slipped through: by a job that was dropped, say, or by
    the release before.
    """
    found, last = 0, ""
    while last is not None:
        async with database.transaction() as connection:
            row = await _list_unused(connection, after=last, minutes=minutes, batch=batch)
            await check_later(connection, row["unused"])
        found, last = found + len(row["unused"]), row["last"]
    return found


def places(picture: Any) -> list[str]:
    """The names of a picture's files in the store, from its row."""
    names = [f"{width}.webp" for width in picture["widths"]] + [f"{picture['fallback']}.jpg"]
    return [_place(picture["key"], name) for name in (*names, *(["play.webp"] if picture["animated"] else []))]


def largest(picture: Any) -> str:
    """The name of the file that shows most of a picture: the one that moves, or the widest."""
    return _place(picture["key"], "play.webp" if picture["animated"] else f"{picture['widths'][-1]}.webp")


def most_pictures(request: Request) -> int:
    """How many pictures the viewer may put into a message. Who may write none gets back what they sent."""
    setting: int = request.app.state.config.max_pictures
    return limit(request.state.viewer, "pictures", setting) or setting


async def _develop(request: Request, file: UploadFile, slots: asyncio.Semaphore, *, square: bool = False) -> Picture:
    """Read one file. Raises TooLarge, Invalid or Unavailable."""
    setting = request.app.state.config.max_picture_bytes
    megabytes = limit(request.state.viewer, "picture_megabytes")
    most = min(megabytes * 1_000_000, setting) if megabytes else setting
    if (file.size or 0) > most:
        size = math.ceil((file.size or 0) / 100_000) / 10
        raise TooLarge(f"{_shown(file.filename)} has {size} MB; the limit is {most / 1_000_000:.3g} MB.")
    workers: PictureWorkers = request.app.state.workers
    try:
        async with slots:
            return await workers.develop(await file.read(), square=square)
    except Unreadable as error:
        raise Invalid(f"{_shown(file.filename)} {error}.") from error
    except Busy as error:
        raise Unavailable("Very many pictures are being read right now. Send it again in a minute.") from error


async def _kept(request: Request, picture: Picture) -> bool:
    """Whether a picture could be stored."""
    try:
        await keep(request.app.state.database, request.app.state.storage, picture)
    except Unavailable as error:
        log.error("a picture could not be stored: %s", error.__cause__ or error)
        return False
    return True


def _left_out(count: int, most: int) -> list[Problem]:
    return [Invalid(f"A message has {most} pictures at most: {count} were left out.")] if count > 0 else []


def row(picture: Picture) -> Attachment:
    """What the database says of a picture, of one that was just made."""
    names = ("key", "width", "height", "fallback", "animated")
    return {name: getattr(picture, name) for name in names} | {"widths": list(picture.widths)}


def _alt(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\0", "").strip()[:_LONGEST_ALT]


def _shown(name: str | None) -> str:
    plain = "".join(character for character in name or "" if character.isprintable()).strip()
    return f"“{plain[:60]}”" if plain else "A picture"


def _place(key: str, name: str) -> str:
    return f"{key[:2]}/{key}/{name}"
