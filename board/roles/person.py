"""One person, for moderators and admins: give a role or trust, suspend, and see what was done to them before."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board import notices
from board.kit import forms
from board.kit.db import one, value
from board.kit.errors import Conflict, Forbidden, NotFound
from board.kit.sessions import signed_in
from board.kit.templates import page, see_other
from board.permissions import ROLES, can_see_addresses, can_suspend, insist, limit, roles_below
from board.roles.log import SIZE, list_deeds, told

_get_person = one("roles/get_person")
_give = one("roles/give")
_set_trust = one("roles/set_trust")
_suspend = one("roles/suspend")
_unsuspend = value("roles/unsuspend")

GIVEN = {role: ROLES[role] for role in ("member", "moderator", "admin")}
TRUST = {"earned": "to be earned", "given": "given", "withheld": "withheld"}
DAYS = {"1": "1 day", "3": "3 days", "7": "7 days", "30": "30 days", "365": "a year", "ever": "ever"}
_CHANGED = "This changed meanwhile, or is not yours to change. Look at the page again."


@signed_in
async def show(request: Request) -> Response:
    """GET /admin/people/{id}"""
    return await _show(request)


@signed_in
async def give(request: Request) -> Response:
    """POST /admin/people/{id}/role: a role, with the reason; again changes nothing."""
    viewer, account_id = request.state.viewer, request.path_params["id"]
    insist(viewer, "give_roles")
    async with forms.read(request) as form:
        role, reason = form.choice("role", list(GIVEN)), _reason(form)
    if account_id == viewer["id"]:
        raise Forbidden("Nobody changes their own role. Another admin can.")
    if form.errors:
        return await _show(request, form)
    async with request.app.state.database.transaction() as connection:
        changed = await _give(connection, account_id=account_id, actor_id=viewer["id"], role=role, reason=reason)
        if changed:
            await _tell_role(request, connection, account_id, changed)
        elif _as_member((await _find(request, connection))["role"]) != role:
            raise Conflict(_CHANGED)
    return see_other(request, f"/admin/people/{account_id}")


@signed_in
async def trust(request: Request) -> Response:
    """POST /admin/people/{id}/trust: given, withheld, or to be earned."""
    viewer, account_id = request.state.viewer, request.path_params["id"]
    insist(viewer, "give_roles")
    async with forms.read(request) as form:
        trust, reason = form.choice("trust", list(TRUST)), _reason(form)
    if account_id == viewer["id"]:
        raise Forbidden("Nobody trusts themselves. Another admin can.")
    if form.errors:
        return await _show(request, form)
    async with request.app.state.database.transaction() as connection:
        changed = await _set_trust(connection, account_id=account_id, actor_id=viewer["id"], trust=trust, reason=reason)
        if changed and changed["old_role"] != changed["new_role"]:
            await _tell_role(request, connection, account_id, changed)
        if not changed and (await _find(request, connection))["trust"] != trust:
            raise Conflict(_CHANGED)
    return see_other(request, f"/admin/people/{account_id}")


@signed_in
async def suspend(request: Request) -> Response:
    """POST /admin/people/{id}/suspend: for some days or for ever; all sessions end at once."""
    viewer = request.state.viewer
    insist(viewer, "suspend")
    async with forms.read(request) as form:
        chosen, reason = form.choice("days", list(DAYS)), _reason(form, least=3)
    days, most = None if chosen == "ever" else int(chosen), limit(viewer, "suspension_days")
    if most is not None and (days is None or days > most):
        form.errors["days"] = f"Moderators suspend for {most} days at most. For longer, ask an admin."
    async with request.app.state.database.transaction() as connection:
        person = await _find(request, connection)
        if not can_suspend(viewer, person):
            raise Forbidden("One suspends people of a lower role only. An admin can take the role first.")
        if not form.errors:
            done = await _suspend(connection, **_ids(viewer, person), days=days, reason=reason)
            if done is None:
                raise Conflict(_CHANGED)
            await notices.tell(
                request, connection, person["id"], "suspended", time=f"for {DAYS[chosen]}", reason=reason
            )
    return await _show(request, form) if form.errors else see_other(request, f"/admin/people/{person['id']}")


@signed_in
async def unsuspend(request: Request) -> Response:
    """POST /admin/people/{id}/unsuspend: before the time; again changes nothing."""
    viewer = request.state.viewer
    insist(viewer, "suspend")
    async with request.app.state.database.transaction() as connection:
        person = await _find(request, connection)
        if not can_suspend(viewer, person):
            raise Forbidden("Only people of a higher role end this suspension.")
        if await _unsuspend(connection, **_ids(viewer, person), reason=""):
            await notices.tell(request, connection, person["id"], "suspension ended")
    return see_other(request, f"/admin/people/{person['id']}")


async def _show(request: Request, form: forms.Form | None = None) -> Response:
    viewer = request.state.viewer
    insist(viewer, "see_people")
    async with request.app.state.database.connection() as connection:
        person = await _find(request, connection)
        deeds = await list_deeds(connection, account_id=person["id"], back=False, id=2**63 - 1, size=SIZE)
    most = limit(viewer, "suspension_days")
    return page(
        request,
        "roles/person.html",
        422 if form else 200,
        person=person,
        deeds=[told(row) for row in deeds],
        given=GIVEN,
        trust=TRUST,
        days={key: words for key, words in DAYS.items() if most is None or (key != "ever" and int(key) <= most)},
        sent=request.url.path.rpartition("/")[2] if form else "",
        typed={name: form.raw(name) if form else "" for name in ("role", "trust", "days", "reason")},
        errors=form.errors if form else {},
    )


async def _find(request: Request, connection: Any) -> Any:
    sees_address = can_see_addresses(request.state.viewer)
    person = await _get_person(connection, account_id=request.path_params["id"], sees_address=sees_address)
    if person is None:
        raise NotFound("There is nobody with this number.")
    return person


async def _tell_role(request: Request, connection: Any, account_id: int, changed: Any) -> None:
    old, new = (ROLES[changed[name]].lower() for name in ("old_role", "new_role"))
    await notices.tell(request, connection, account_id, "role changed", old=old, new=new)


def _reason(form: forms.Form, least: int = 0) -> str:
    return form.line("reason", "The reason", most=300, least=least)


def _as_member(role: str) -> str:
    """New and trusted people are members who have it in their own way."""
    return "member" if role in ("new", "trusted") else role


def _ids(viewer: Any, person: Any) -> dict[str, Any]:
    """For a statement that checks once more whom the viewer may suspend."""
    role, below = viewer["role"], roles_below(viewer)
    return {"account_id": person["id"], "actor_id": viewer["id"], "actor_role": role, "roles": below}
