"""Messages: answer in a thread, edit with a public history, quote, delete with a while to undo it."""

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from board import answers, drafts, images
from board.drafts import Draft
from board.kit import markup
from board.kit.db import many, one, value
from board.kit.errors import BadRequest, Conflict, NotFound, Problem
from board.kit.paging import FIRST_FLOAT, Cursor, Order, Page
from board.kit.sessions import signed_in
from board.kit.templates import answer_reading, page, see_other, wants_fragment
from board.permissions import can_delete, can_reply, insist, reach

create_opening = value("messages/create_opening")
get_by_form_key = one("messages/get_by_form_key")
_get = one("messages/get")
_get_source = one("messages/get_source")
_get_place = one("messages/get_place")
_create = value("messages/create")
_edit = value("messages/edit")
_delete = value("messages/delete")
_restore = value("messages/restore")
_purge = one("messages/purge")
_list_revisions = many("messages/list_revisions")
_get_thread = one("threads/get")
_hold_thread = value("threads/hold")
_settle_thread = value("threads/settle")

GONE = "There is no such message, or it was deleted."

# The orders of a thread: a SQL file each.
ORDERS = {
    "oldest": (Order("", first_id=0), many("messages/list_oldest")),
    "newest": (Order(""), many("messages/list_newest")),
    "best": (Order("wilson", FIRST_FLOAT, 0), many("messages/list_best")),
}


async def list_page(connection: Any, thread: Any, sort: str, cursor: Cursor, viewer: Any, size: int) -> Page:
    """A page of a thread's messages; on the first one, also when walked back to, the opening stands before them."""
    order, listing = ORDERS[sort]
    may_be_first = cursor.first or cursor.back
    key = {"key": cursor.key} if order.column else {}
    rows = await listing(
        connection,
        thread_id=thread["id"],
        opening_id=thread["opening_id"],
        opening=may_be_first,
        viewer_id=viewer["id"] if viewer else 0,
        back=cursor.back,
        id=cursor.id,
        size=size,
        **key,
    )
    opening, rest = (rows[:1], rows[1:]) if may_be_first else ([], rows)
    found = order.cut(rest, size, cursor)
    return Page([*([] if found.newer else opening), *found.rows], found.older, found.newer)


async def show(request: Request) -> Response:
    """GET /messages/{id}: its permanent address leads to its place in its thread."""
    config, message_id = request.app.state.config, request.path_params["id"]
    async with request.app.state.database.connection() as connection:
        place = await _get_place(connection, message_id=message_id, size=config.messages_per_page)
    if place is None:
        raise NotFound(GONE)
    # Its place is that in the usual order, whichever the viewer prefers.
    usual = request.state.settings.thread == "oldest"
    return see_other(request, _address(place["thread_id"], message_id, place["after"], sort="" if usual else "oldest"))


async def create(request: Request) -> Response:
    """POST /threads/{id}/messages: answer in a thread, or preview the answer."""
    viewer, draft = request.state.viewer, await drafts.read(request)
    async with request.app.state.database.connection() as connection:
        thread = await _get_thread(connection, thread_id=request.path_params["id"])
    if thread is None or thread["deleted_at"]:
        raise NotFound("This thread was deleted, or there never was one here.", kept=draft.text)
    message_id = None
    if draft.ready:
        try:
            message_id = await _store(request, thread, draft)
        except Problem as problem:
            draft.refuse(problem)
    if message_id is None:
        return _show_draft(request, thread, draft)
    if draft.elsewhere or not wants_fragment(request):
        return see_other(request, f"/messages/{message_id}")
    async with request.app.state.database.connection() as connection:
        message = await _get(connection, message_id=message_id, viewer_id=viewer["id"])
        # As stored: the form may name a message of another thread, one that was deleted.
        answered = await _get(connection, message_id=message["reply_to"], viewer_id=viewer["id"])
        thread = await _get_thread(connection, thread_id=thread["id"])
    return page(request, "messages/created.html", thread=thread, messages=[message], answered=[answered], draft=Draft())


@signed_in
async def edit(request: Request) -> Response:
    """GET /messages/{id}/edit"""
    async with request.app.state.database.connection() as connection:
        message = await _own(request, connection)
        draft = drafts.of_message(message, await images.list_attached(connection, message["id"]))
    return page(request, "messages/edit.html", message=message, draft=draft)


async def update(request: Request) -> Response:
    """POST /messages/{id}/edit: store the change, and keep what it said before."""
    viewer, draft = request.state.viewer, await drafts.read(request)
    async with request.app.state.database.connection() as connection:
        message = await _own(request, connection, kept=draft.text)
    if draft.ready:
        try:
            async with request.app.state.database.transaction() as connection:
                await _change(connection, viewer, message, draft)
            return see_other(request, f"/messages/{message['id']}")
        except Problem as problem:
            draft.refuse(problem)
    return drafts.show(request, "messages/edit.html", draft, message=message)


async def history(request: Request) -> Response:
    """GET /messages/{id}/history: what it says and said, for everybody."""

    async def make(connection: Any) -> str:
        message = await _get_source(connection, message_id=request.path_params["id"])
        revisions = await _list_revisions(connection, message_id=request.path_params["id"])
        if message is None:
            raise NotFound(GONE)
        return request.app.state.templates.render(
            request, "messages/history.html", message=message, revisions=revisions
        )

    return await answer_reading(request, make)


async def quote(request: Request) -> Response:
    """GET /messages/{id}/quote: as text, for the script that puts it into an answer that was begun."""
    async with request.app.state.database.connection() as connection:
        return PlainTextResponse(await quotation(connection, request.path_params["id"]))


async def quotation(connection: Any, message_id: int) -> str:
    """A message quoted, to begin an answer with. Raises NotFound."""
    message = await _get_source(connection, message_id=message_id)
    if message is None:
        raise NotFound(GONE)
    return markup.quote(message["text"], message["author_name"])


@signed_in
async def delete(request: Request) -> Response:
    """POST /messages/{id}/delete"""
    viewer, message_id = request.state.viewer, request.path_params["id"]
    async with request.app.state.database.transaction() as connection:
        thread_id = await _delete(connection, message_id=message_id, viewer_id=viewer["id"], **reach(viewer, "delete"))
        if thread_id is not None:
            await _settle(connection, message_id, thread_id, sign=-1)
        message = _theirs(viewer, await _get(connection, message_id=message_id, viewer_id=viewer["id"]))
        if message["opening"]:
            raise BadRequest("This message opens its thread: delete the thread.")
    return _show_changed(request, message)


@signed_in
async def restore(request: Request) -> Response:
    """POST /messages/{id}/restore: undo a deletion in time."""
    viewer, minutes = request.state.viewer, request.app.state.config.undo_minutes
    ids = {"message_id": request.path_params["id"], "viewer_id": viewer["id"]}
    async with request.app.state.database.transaction() as connection:
        thread_id = await _restore(connection, **ids, minutes=minutes, **reach(viewer, "restore"))
        if thread_id is not None:
            await _settle(connection, ids["message_id"], thread_id, sign=1)
        message = _theirs(viewer, await _get(connection, **ids))
    if message["deleted_at"]:
        raise Conflict("It is too late to undo this, or a moderator deleted it.")
    return _show_changed(request, message)


async def write(connection: Any, thread_id: int, author_id: int, draft: Draft) -> int | None:
    """Write an answer in the caller's transaction; None if it is locked or gone, or the form was sent before."""
    message_id: int | None = await _create(
        connection,
        thread_id=thread_id,
        author_id=author_id,
        reply_to=draft.reply_to,
        text=draft.text,
        html=draft.html,
        form_key=draft.form_key,
    )
    if message_id is not None:
        await images.attach(connection, message_id, draft.pictures)
        await answers.note(connection, message_id)
    return message_id


async def purge(connection: Any, minutes: int, batch: int) -> int:
    """Remove what at most `batch` messages said that were deleted so long ago; return how many there were."""
    purged = await _purge(connection, minutes=minutes, batch=batch)
    await images.check_later(connection, purged["pictures"])
    return int(purged["removed"])


async def _store(request: Request, thread: Any, draft: Draft) -> int:
    """Write the answer; a form that was sent before gives the message it made then. Raises Conflict, TooMany."""
    viewer = request.state.viewer
    async with request.app.state.database.transaction() as connection:
        message_id = await write(connection, thread["id"], viewer["id"], draft)
        if message_id is not None:
            await drafts.count(request, connection)
            return message_id
        earlier = await get_by_form_key(connection, author_id=viewer["id"], form_key=draft.form_key)
        if earlier is not None:
            draft.check_sent(earlier)
            return int(earlier["id"])
        now = await _get_thread(connection, thread_id=thread["id"])
    if not can_reply(viewer, now):
        raise Conflict("This thread was locked: nobody can answer in it now. Your text is still here, to copy.")
    raise Conflict("This answer could not be stored. Send it again.")


def _show_draft(request: Request, thread: Any, draft: Draft) -> Response:
    template = "messages/_composer.html" if wants_fragment(request) else "messages/compose.html"
    return drafts.show(request, template, draft, thread=thread)


def _show_changed(request: Request, message: Any) -> Response:
    if wants_fragment(request):
        return page(request, "messages/changed.html", messages=[message])
    return see_other(request, f"/messages/{message['id']}")


async def _settle(connection: Any, message_id: int, thread_id: int, sign: int) -> None:
    """Move the thread's sums. The row is held by a statement of its own: one sees only what was there when it began."""
    await _hold_thread(connection, thread_id=thread_id)
    await _settle_thread(connection, message_id=message_id, sign=sign)


async def _own(request: Request, connection: Any, kept: str = "") -> Any:
    """The message, for its author; and for a stranger, whose draft is refused already and comes back in the form."""
    viewer = request.state.viewer
    message = await _get_source(connection, message_id=request.path_params["id"])
    if message is None or (viewer is not None and viewer["id"] != message["author_id"]):
        raise NotFound(GONE, kept=kept)
    if viewer is not None:
        insist(viewer, "edit", owner=message["author_id"], kept=kept)
    if message["locked"] and viewer is not None:
        raise Conflict("This thread is locked: what was said in it stays.", kept=kept)
    return message


async def _change(connection: Any, viewer: Any, message: Any, draft: Draft) -> None:
    """Store an edit, unless the message says so already. Raises Conflict if it was edited in between, and NotFound."""
    if await _says_already(connection, message, draft):
        return
    revision = await _edit(
        connection,
        message_id=message["id"],
        viewer_id=viewer["id"],
        revision=draft.revision,
        text=draft.text,
        html=draft.html,
    )
    if revision is not None:
        await images.attach(connection, message["id"], draft.pictures)
        return
    # Sent twice at once, this one came second.
    now = await _get_source(connection, message_id=message["id"])
    if now is None:
        raise NotFound("The message was deleted meanwhile. Your text is still here, to copy.")
    if not await _says_already(connection, now, draft):
        draft.revision = now["revision"]
        raise Conflict(
            "You changed this message in another window meanwhile. Save again to put this text in its place."
        )


async def _says_already(connection: Any, message: Any, draft: Draft) -> bool:
    """Whether an edit changes nothing: sent twice, or saved without a change."""
    pictures = await images.list_attached(connection, message["id"])
    return message["text"] == draft.text and images.same(pictures, draft.pictures)


def _theirs(viewer: Any, message: Any) -> Any:
    """The message, if the viewer may delete and restore it. Raises NotFound, which undoes the transaction around it."""
    if message is None or message["thread_deleted"] or not can_delete(viewer, message):
        raise NotFound(GONE)
    return message


def _address(thread_id: int, message_id: int, after: int | None, *, sort: str) -> str:
    query = urlencode({name: value for name, value in (("sort", sort), ("after", after)) if value})
    return f"/threads/{thread_id}{f'?{query}' if query else ''}#message-{message_id}"
