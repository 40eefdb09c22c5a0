"""Those who ask to be let in: their answer, the moderators who read it, and what they wait for meanwhile."""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board.joining import keeping
from board.kit import forms
from board.kit.db import many, one, value
from board.kit.errors import Conflict, NotFound
from board.kit.paging import FIRST_TIME, Order
from board.kit.sessions import signed_in
from board.kit.templates import page, see_other
from board.permissions import can_admit, insist

apply = value("joining/apply")
_get_waiting = one("joining/get_waiting")
_list_waiting = many("joining/list_waiting")
_list_decided = many("joining/list_decided")
_decide = one("joining/decide")
_get = one("joining/get_application")

LONGEST = 1_000
_LONGEST_SENTENCE = 300
_PAGE = 25
_OLDEST_FIRST = Order("", first_id=0)
_LATEST_FIRST = Order("decided_at", FIRST_TIME)


@signed_in
async def waiting(request: Request) -> Response:
    """GET /account/waiting: what one waits for, or why one is not let in."""
    async with request.app.state.database.connection() as connection:
        account = await _get_waiting(connection, account_id=request.state.viewer["id"])
    if request.state.viewer["role"] != "waiting":
        return see_other(request, "/account")
    until = account["created_at"] + timedelta(days=keeping.UNVERIFIED_DAYS)
    if account["decided_at"]:
        until = account["decided_at"] + timedelta(days=keeping.REFUSED_DAYS)
    return page(request, "joining/waiting.html", account=account, until=until)


@signed_in
async def index(request: Request) -> Response:
    """GET /admin/applications: those that wait, or with ?show=decided what became of the others."""
    return await _show(request)


@signed_in
async def decide(request: Request) -> Response:
    """POST /admin/applications/{id} with decision=accept|refuse and a sentence for them. The first decision counts."""
    viewer, account_id = request.state.viewer, request.path_params["id"]
    insist(viewer, "admit")
    async with forms.read(request) as form:
        accepted = form.choice("decision", ("accept", "refuse")) == "accept"
        sentence = form.line("sentence", "The sentence", most=_LONGEST_SENTENCE, least=0)
    if not accepted and not sentence:
        form.errors.setdefault("sentence", "Say in a sentence why: they read it.")
    if form.errors:
        return await _show(request, 422, form, about=account_id)
    async with request.app.state.database.transaction() as connection:
        decided = await _decide(
            connection,
            account_id=account_id,
            accepted=accepted,
            judge_id=viewer["id"],
            sentence=sentence,
            may=can_admit(viewer),
        )
        if decided:
            await _tell(request, connection, decided, accepted, sentence)
        earlier = None if decided else await _get(connection, account_id=account_id)
    if decided is None:
        _tell_earlier(earlier, viewer["name"], accepted)
    return see_other(request, "/admin/applications")


async def _show(
    request: Request, status: int = 200, form: forms.Form | None = None, *, about: int | None = None
) -> Response:
    insist(request.state.viewer, "admit")
    decided = request.query_params.get("show") == "decided"
    order, listing = (_LATEST_FIRST, _list_decided) if decided else (_OLDEST_FIRST, _list_waiting)
    cursor = order.read(request.query_params)
    key = {"key": cursor.key} if decided else {}
    async with request.app.state.database.connection() as connection:
        rows = await listing(connection, back=cursor.back, id=cursor.id, size=_PAGE, **key)
    return page(
        request,
        "joining/applications.html",
        status,
        page=order.cut(rows, _PAGE, cursor),
        decided=decided,
        about=about,
        sentence=form.raw("sentence") if form else "",
        errors=form.errors if form else {},
    )


async def _tell(request: Request, connection: Any, decided: Any, accepted: bool, sentence: str) -> None:
    """Mail the applicant, if they have an address that is theirs."""
    if decided["address"]:
        await request.app.state.mailer.send(
            connection,
            decided["address"],
            "joining/decided.txt",
            account_id=decided["id"],
            useful_minutes=7 * 24 * 60,
            name=decided["name"],
            accepted=accepted,
            sentence=sentence,
        )


def _tell_earlier(earlier: Any, name: str, accepted: bool) -> None:
    """Say who was faster. The same decision again by the same person is a second tap. Raises Conflict, NotFound."""
    if earlier is None:
        raise NotFound("There is no such application.")
    if (earlier["judge"], earlier["accepted"]) != (name, accepted):
        done = "accepted" if earlier["accepted"] else "refused"
        raise Conflict(f"{earlier['judge'] or 'Somebody'} has {done} {earlier['name']} meanwhile: that counts.")
