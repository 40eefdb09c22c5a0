"""The page where everybody gets a copy of everything about them, the job that makes it, and the download."""

import logging
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from board import mail, notices, signin
from board.kit import forms, queue
from board.kit.db import many, one, value
from board.kit.errors import NotFound
from board.kit.sessions import signed_in
from board.kit.templates import day, page, see_other, wants_fragment
from board.kit.worker import Site
from board.leaving import archive, contents

log = logging.getLogger("board.leaving")

_create = value("leaving/create_export")
_get = one("leaving/get_export")
_get_finished = one("leaving/get_finished_export")
_begin = one("leaving/begin_export")
_note_progress = value("leaving/note_progress")
_finish = one("leaving/finish_export")
_list_old = many("leaving/list_old_exports")
_list_places = many("leaving/list_places")
_delete = value("leaving/delete_export")

# The kind of the job, which is given the id of an export.
MAKE = "make_export"
# For so long an export is offered.
DAYS = 7

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Lost(Exception):
    """Another process makes it by now, or its account is gone."""


@signed_in
async def show(request: Request) -> Response:
    """GET /account/export: the latest export, and how far it is; to htmx that part alone."""
    return await _show(request)


@signed_in
async def ask(request: Request) -> Response:
    """POST /account/export: have one made, if the password is right, once a day."""
    async with forms.read(request) as form:
        confirmed = await signin.confirmed(request, form)
    if not confirmed:
        return await _show(request, form, 422)
    async with request.app.state.database.transaction() as connection:
        export = await _create(connection, account_id=request.state.viewer["id"])
        if export is not None:
            await queue.enqueue(connection, MAKE, {"export": export}, key=str(export))
    return see_other(request, "/account/export")


@signed_in
async def download(request: Request) -> Response:
    """GET /account/exports/{id}: the ZIP, or with a Range header a part of it, for whom it is about."""
    viewer = request.state.viewer
    async with request.app.state.database.connection() as connection:
        export = await _get_finished(connection, id=request.path_params["id"], account_id=viewer["id"], days=DAYS)
    if export is None:
        raise NotFound("There is no such export, or its time is over. Ask for another.")
    store, place, size = archive.open_store(request.app.state.config.pictures_url), export["place"].hex, export["bytes"]
    if not await archive.is_there(store, place):
        raise NotFound("The files of this export are lost. Ask for another.")
    tag = f'"{place}"'
    start, end, status = _part(request, tag, size)
    headers = {
        "Content-Disposition": f'attachment; filename="board-{export["finished_at"]:%Y-%m-%d}.zip"',
        "Cache-Control": "private, no-store",
        "Accept-Ranges": "bytes",
        "ETag": tag,
        "Content-Length": str(end - start),
    }
    if status == 416:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}", "Content-Length": "0"})
    if status == 206:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    pieces = archive.read(store, place, start, end)
    return StreamingResponse(pieces, status, headers, media_type="application/zip")


async def make(site: Site, payload: dict[str, Any]) -> int:
    """Make an export, from its beginning if a process died at it; return its bytes."""
    async with site.database.connection() as connection:
        export = await _begin(connection, id=payload["export"])
    if export is None:
        return 0
    store = archive.open_store(site.config.pictures_url)
    if export["earlier_place"]:
        await archive.remove(store, export["earlier_place"].hex)
    into = archive.Archive(store, export["place"].hex)

    async def note(done: int) -> None:
        async with site.database.connection() as connection:
            if await _note_progress(connection, id=export["id"], place=export["place"], done=done) is None:
                raise Lost

    mailer = mail.Mailer(site.config)
    try:
        await contents.write(site, export["account_id"], into, note)
        size = await into.close()
        async with site.database.transaction() as connection:
            row = await _finish(connection, id=export["id"], place=export["place"], bytes=size, days=DAYS)
            if row is None:
                raise Lost
            await notices.tell_later(mailer, connection, row["account_id"], "export made", day=day(row["ends_at"]))
    except Lost:
        await archive.remove(store, export["place"].hex)
        return 0
    return size


async def remove_old(site: Site) -> int:
    """Exports whose time is over: first the files, then the row that tells where they are."""
    async with site.database.connection() as connection:
        rows = await _list_old(connection, days=DAYS)
    await _forget(site, rows)
    return len(rows)


async def forget_all(site: Site, account_id: int) -> None:
    """All exports of an account that goes."""
    async with site.database.connection() as connection:
        rows = await _list_places(connection, account_id=account_id)
    await _forget(site, rows)


async def _forget(site: Site, rows: list[Any]) -> None:
    store = archive.open_store(site.config.pictures_url)
    for row in rows:
        if row["place"]:
            await archive.remove(store, row["place"].hex)
        async with site.database.connection() as connection:
            await _delete(connection, id=row["id"])


async def _show(request: Request, form: forms.Form | None = None, status: int = 200) -> Response:
    async with request.app.state.database.connection() as connection:
        export = await _get(connection, account_id=request.state.viewer["id"], days=DAYS)
    name = "leaving/_export.html" if wants_fragment(request) and form is None else "leaving/export.html"
    return page(request, name, status, export=export, errors=form.errors if form else {}, days=DAYS)


def _part(request: Request, tag: str, size: int) -> tuple[int, int, int]:
    """What of it to send: start, end and status. Several ranges at once, and odd ones, get it all (RFC 9110, 14.2)."""
    wanted = _RANGE.fullmatch(request.headers.get("range", ""))
    if wanted is None or wanted[0] == "bytes=-" or request.headers.get("if-range", tag) != tag:
        return 0, size, 200
    first, last = wanted[1], wanted[2]
    if not first:  # the last so many bytes
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
    if start >= size or start >= end:
        return 0, 0, 416
    return start, end, 206
