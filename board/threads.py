"""Threads: list them in an order, open one, start one, delete or lock it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board import boards, drafts, images, messages
from board.drafts import Draft
from board.kit.db import Query, many, one, value
from board.kit.errors import BadRequest, NotFound, Problem
from board.kit.paging import FIRST_FLOAT, FIRST_INT, FIRST_TIME, Order
from board.kit.sessions import signed_in
from board.kit.templates import answer_reading, see_other, wants_fragment
from board.permissions import can_reply, can_restore, insist, reach

is_empty = value("threads/is_empty")
purge = many("threads/purge")
_get = one("threads/get")
_create = value("threads/create")
_open = value("threads/open")
_delete = value("threads/delete")
_restore = value("threads/restore")
_set_lock = value("threads/set_lock")

GONE = "There is no such thread, or it was deleted."

# The orders of threads: what each sorts by, and its SQL files, for the whole site and for one board.
ORDERS: dict[str, tuple[Order, Query, Query]] = {
    name: (order, many(f"threads/list_{name}"), many(f"threads/list_{name}_in_board"))
    for name, order in {
        "activity": Order("last_activity_at", FIRST_TIME),
        "hot": Order("hot", FIRST_FLOAT),
        "top": Order("score", FIRST_INT),
        "new": Order("created_at", FIRST_TIME),
        "controversial": Order("controversy", FIRST_FLOAT),
    }.items()
}
PERIODS = {"day": 1, "week": 7, "month": 30, "year": 365, "all": 36_500}


async def index(request: Request) -> Response:
    """GET / and GET /boards/{slug}: a page of threads in the order that ?sort= names."""
    sort = _chosen(request, "sort", ORDERS, _usual(request, "activity", request.state.settings.front))
    period = _chosen(request, "period", PERIODS, "week")
    cursor = ORDERS[sort][0].read(request.query_params)

    async def make(connection: Any) -> str:
        every = await boards.list_boards(connection)
        board = _find_board(request, every)
        rows = await _list(connection, request, sort, period, board, cursor)
        found = ORDERS[sort][0].cut(rows, request.app.state.config.threads_per_page, cursor)
        name = "threads/index.html"
        if wants_fragment(request):
            name = "threads/_list.html" if cursor.first else "threads/_threads.html"
        return request.app.state.templates.render(
            request, name, boards=every, board=board, page=found, sort=sort, period=period, first=cursor.first
        )

    return await answer_reading(request, make)


async def show(request: Request) -> Response:
    """GET /threads/{id}: a page of its messages in the order that ?sort= names; ?reply= begins an answer."""
    sort = _chosen(request, "sort", messages.ORDERS, _usual(request, "oldest", request.state.settings.thread))
    cursor = messages.ORDERS[sort][0].read(request.query_params)
    viewer, size = request.state.viewer, request.app.state.config.messages_per_page

    async def make(connection: Any) -> str:
        thread = await _find(request, connection)
        if thread["deleted_at"] and wants_fragment(request):
            raise NotFound(GONE)
        if thread["deleted_at"]:
            return request.app.state.templates.render(request, "threads/deleted.html", thread=thread)
        found = await messages.list_page(connection, thread, sort, cursor, viewer, size)
        draft = await _answer_to(request, connection, thread)
        name = "threads/show.html"
        if wants_fragment(request):
            name = "threads/_conversation.html" if cursor.first else "messages/_messages.html"
        return request.app.state.templates.render(
            request, name, thread=thread, page=found, messages=found.rows, sort=sort, draft=draft, first=cursor.first
        )

    return await answer_reading(request, make)


@signed_in
async def new(request: Request) -> Response:
    """GET /threads/new"""
    insist(request.state.viewer, "start")
    return await _show_draft(request, Draft(board=request.query_params.get("board", "")))


async def create(request: Request) -> Response:
    """POST /threads: start a thread, or preview its opening message."""
    draft = await drafts.read(request, with_title=True)
    if draft.ready:
        try:
            return see_other(request, f"/threads/{await _store(request, draft)}")
        except Problem as problem:
            draft.refuse(problem)
    return await _show_draft(request, draft)


@signed_in
async def delete(request: Request) -> Response:
    """POST /threads/{id}/delete: with everything in it."""
    viewer, thread_id = request.state.viewer, request.path_params["id"]
    async with request.app.state.database.connection() as connection:
        if await _delete(connection, thread_id=thread_id, viewer_id=viewer["id"], **reach(viewer, "delete")) is None:
            raise NotFound(GONE)
    return see_other(request, f"/threads/{thread_id}")


@signed_in
async def restore(request: Request) -> Response:
    """POST /threads/{id}/restore: undo a deletion in time."""
    viewer, thread_id = request.state.viewer, request.path_params["id"]
    minutes = request.app.state.config.undo_minutes
    async with request.app.state.database.connection() as connection:
        await _restore(
            connection, thread_id=thread_id, viewer_id=viewer["id"], minutes=minutes, **reach(viewer, "restore")
        )
        thread = await _get(connection, thread_id=thread_id)
    if thread is None or thread["deleted_at"]:
        raise NotFound("There is no such thread, or it is too late to bring it back.")
    return see_other(request, f"/threads/{thread_id}")


@signed_in
async def lock(request: Request) -> Response:
    """POST /threads/{id}/lock: no more answers, votes and edits."""
    return await _lock(request, locked=True)


@signed_in
async def unlock(request: Request) -> Response:
    """POST /threads/{id}/unlock"""
    return await _lock(request, locked=False)


async def start(connection: Any, board_id: int, author_id: int, draft: Draft) -> tuple[int, int] | None:
    """Write a thread with its opening message in the caller's transaction; return both ids.

    None if this form made a thread before: then the caller's transaction must be rolled back.
    """
    thread_id = await _create(connection, board_id=board_id, author_id=author_id, title=draft.title)
    message_id = await messages.create_opening(
        connection,
        thread_id=thread_id,
        author_id=author_id,
        text=draft.text,
        html=draft.html,
        form_key=draft.form_key,
    )
    if message_id is None:
        return None
    await _open(connection, thread_id=thread_id, message_id=message_id)
    await images.attach(connection, message_id, draft.pictures)
    return thread_id, message_id


class _SentBefore(Exception):
    """Rolls back the second of two equal forms."""


async def _store(request: Request, draft: Draft) -> int:
    viewer, database = request.state.viewer, request.app.state.database
    try:
        async with database.transaction() as connection:
            board = await boards.get_board(connection, slug=draft.board)
            if board is None:
                raise BadRequest("There is no such board any more. Choose another.")
            ids = await start(connection, board["id"], viewer["id"], draft)
            if ids is None:
                raise _SentBefore
            await drafts.count(request, connection, thread=True)
            return ids[0]
    except _SentBefore:
        async with database.connection() as connection:
            earlier = await messages.get_by_form_key(connection, author_id=viewer["id"], form_key=draft.form_key)
        draft.check_sent(earlier)
        return int(earlier["thread_id"])


async def _list(connection: Any, request: Request, sort: str, period: str, board: Any, cursor: Any) -> Any:
    _, everywhere, in_board = ORDERS[sort]
    viewer = request.state.viewer
    parameters = {
        "viewer_id": viewer["id"] if viewer else 0,
        "back": cursor.back,
        "key": cursor.key,
        "id": cursor.id,
        "size": request.app.state.config.threads_per_page,
    }
    if sort == "top":
        parameters["since"] = datetime.now(UTC) - timedelta(days=PERIODS[period])
    if board is None:
        return await everywhere(connection, **parameters)
    return await in_board(connection, board_id=board["id"], **parameters)


def _find_board(request: Request, every: list[Any]) -> Any:
    slug = request.path_params.get("slug")
    board = next((each for each in every if each["slug"] == slug), None)
    if slug and board is None:
        raise NotFound("There is no such board.")
    return board


def _chosen(request: Request, name: str, allowed: dict[str, Any], default: str) -> str:
    chosen = request.query_params.get(name, default)
    if chosen not in allowed:
        raise BadRequest(f"“{name}” in the address must be one of: {', '.join(allowed)}.")
    return chosen


def _usual(request: Request, plain: str, preferred: str) -> str:
    """The order where the address names none: as preferred, but for an old address of a place in the plain one."""
    return plain if {"before", "after"} & request.query_params.keys() else preferred


async def _find(request: Request, connection: Any) -> Any:
    """The thread, or a deleted one for those who may bring it back. Raises NotFound."""
    thread = await _get(connection, thread_id=request.path_params["id"])
    minutes = request.app.state.config.undo_minutes
    if thread is None or (thread["deleted_at"] and not can_restore(request.state.viewer, thread, minutes)):
        raise NotFound(GONE)
    return thread


async def _answer_to(request: Request, connection: Any, thread: Any) -> Draft:
    """An empty draft, or with ?reply= one that quotes the message it answers."""
    answered = request.query_params.get("reply", "")
    if not (
        answered.isascii() and answered.isdigit() and len(answered) < 19 and can_reply(request.state.viewer, thread)
    ):
        return Draft()
    return Draft(text=await messages.quotation(connection, int(answered)), reply_to=int(answered))


async def _lock(request: Request, *, locked: bool) -> Response:
    viewer, thread_id = request.state.viewer, request.path_params["id"]
    async with request.app.state.database.connection() as connection:
        if await _set_lock(connection, thread_id=thread_id, locked=locked, **reach(viewer, "lock")) is None:
            thread = await _get(connection, thread_id=thread_id)
            insist(viewer, "lock", board=thread and thread["board_id"])
            raise NotFound(GONE)
    return see_other(request, f"/threads/{thread_id}")


async def _show_draft(request: Request, draft: Draft) -> Response:
    async with request.app.state.database.connection() as connection:
        every = await boards.list_boards(connection)
    return drafts.show(request, "threads/new.html", draft, boards=every)
