"""Invitations: a link for one person, that a member makes and can take back."""

import hashlib
import uuid

from itsdangerous import BadSignature, Signer
from starlette.requests import Request
from starlette.responses import Response

from board.kit import forms
from board.kit.config import Config
from board.kit.db import many, one, value
from board.kit.errors import NotFound
from board.kit.paging import Order
from board.kit.sessions import signed_in
from board.kit.templates import page, see_other
from board.permissions import insist, limit

get_invitation = one("joining/get_invitation")
use_invitation = value("joining/use_invitation")
_list = many("joining/list_invitations")
_count = value("joining/count_invitations")
_hold_host = value("joining/hold_host")
_invite = value("joining/invite")
_revoke = value("joining/revoke")

DAYS = 14
LONGEST_NOTE = 100
_PAGE = 25
_BY_ID = Order("")


class Invitations:
    """Makes and reads the links. A link is the invitation's key, signed: the table alone does not open the door."""

    def __init__(self, config: Config) -> None:
        keys = [*reversed(config.keys())]
        self._signer = Signer(keys, salt="board.invitation", key_derivation="hmac", digest_method=hashlib.sha256)
        self._origin = config.address

    def link(self, key: uuid.UUID) -> str:
        """The address to hand on."""
        return f"{self._origin}/sign-up?invitation={self._signer.sign(key.hex).decode()}"

    def key(self, token: str) -> uuid.UUID | None:
        """What a link names, or None if it is none of ours."""
        try:
            return uuid.UUID(self._signer.unsign(token).decode())
        except (BadSignature, ValueError):
            return None


@signed_in
async def index(request: Request) -> Response:
    """GET /account/invitations: those one made, and how many more there may be."""
    return await _show(request)


@signed_in
async def create(request: Request) -> Response:
    """POST /account/invitations: one more."""
    viewer, config = request.state.viewer, request.app.state.config
    insist(viewer, "invite")
    async with forms.read(request) as form:
        key, note = form.key(), form.line("note", "The note", most=LONGEST_NOTE, least=0)
    if form.errors:
        return await _show(request, 422, form)
    async with request.app.state.database.transaction() as connection:
        await _hold_host(connection, account_id=viewer["id"])
        most = limit(viewer, "invitations", config.invitations)
        made = await _invite(connection, account_id=viewer["id"], key=key, note=note, days=DAYS, most=most)
        if made is None and not await get_invitation(connection, key=key):
            form.errors["note"] = "You have as many invitations out as you may. Take one back, or wait some days."
    if form.errors:
        return await _show(request, 422, form)
    return see_other(request, "/account/invitations")


@signed_in
async def revoke(request: Request) -> Response:
    """POST /account/invitations/{id}/revoke: it opens nothing any more. One that was used stays, as the list shows."""
    viewer = request.state.viewer
    async with request.app.state.database.connection() as connection:
        await _revoke(connection, id=request.path_params["id"], account_id=viewer["id"])
    return see_other(request, "/account/invitations")


async def _show(request: Request, status: int = 200, form: forms.Form | None = None) -> Response:
    viewer, state = request.state.viewer, request.app.state
    if state.config.sign_up == "closed":
        raise NotFound("Nobody can join this board now, so there are no invitations.")
    insist(viewer, "invite")
    cursor = _BY_ID.read(request.query_params)
    async with state.database.connection() as connection:
        rows = await _list(connection, account_id=viewer["id"], back=cursor.back, id=cursor.id, size=_PAGE)
        out = await _count(connection, account_id=viewer["id"])
    most = limit(viewer, "invitations", state.config.invitations)
    return page(
        request,
        "joining/invitations.html",
        status,
        page=_BY_ID.cut(rows, _PAGE, cursor),
        link=state.invitations.link,
        left=None if most is None else max(most - out, 0),
        days=DAYS,
        note=form.raw("note") if form else "",
        form_key=uuid.uuid4(),
        errors=form.errors if form else {},
    )
