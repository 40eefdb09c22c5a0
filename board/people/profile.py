"""What a person tells about themselves: a picture, a few words, a name, and who sees which part of their page."""

import dataclasses
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board import images
from board.kit import forms, markup
from board.kit.db import one, value
from board.kit.errors import Problem
from board.kit.sessions import signed_in
from board.kit.templates import page, see_other
from board.people import pattern
from board.people.audience import AUDIENCES, PARTS

_get_profile = one("people/get_profile")
_set_profile = value("people/set_profile")
_set_avatar = value("people/set_avatar")

LONGEST_ABOUT = 500
# Days from one change of the name to the next.
RENAME_DAYS = 30

_HOME = "/account/profile"


@dataclasses.dataclass(frozen=True, slots=True)
class Entries:
    """What was typed into one of the page's forms, to be given back, and what is wrong with it."""

    about: str | None = None
    chosen: dict[str, str] = dataclasses.field(default_factory=dict)
    name: str | None = None
    errors: dict[str, str] = dataclasses.field(default_factory=dict)


@signed_in
async def edit(request: Request) -> Response:
    """GET /account/profile"""
    return await show(request)


@signed_in
async def update(request: Request) -> Response:
    """POST /account/profile: a few words about oneself, and who sees what."""
    async with forms.read(request) as form:
        about = form.text("about", "The text about you", most=LONGEST_ABOUT, least=0)
        chosen = {part: form.choice(f"show_{part}", list(AUDIENCES)) for part in PARTS}
    if form.errors:
        return await show(request, 422, Entries(about=about, chosen=chosen, errors=form.errors))
    html = markup.render(about)
    async with request.app.state.database.connection() as connection:
        await _set_profile(connection, account_id=request.state.viewer["id"], about=about, about_html=html, **chosen)
    return see_other(request, f"{_HOME}?done=saved")


@signed_in
async def set_picture(request: Request) -> Response:
    """POST /account/picture: take the middle of an upload as avatar, or with `remove` none."""
    config, errors, key = request.app.state.config, {}, None
    async with forms.read(request, files=1, most_bytes=config.max_picture_bytes + forms.TEXT_BYTES) as form:
        files = form.files("file")
        if form.has("remove"):
            pass
        elif files:
            request.app.state.limits.take("portrait", request.state.viewer["id"])
            try:
                key = await images.keep_square(request, files[0])
            except Problem as problem:
                errors["file"] = problem.sentence
        else:
            errors["file"] = "Choose a picture first."
    if errors:
        return await show(request, 422, Entries(errors=errors))
    async with request.app.state.database.transaction() as connection:
        before = await _set_avatar(connection, account_id=request.state.viewer["id"], key=key)
        if before is not None:
            await images.check_later(connection, [before])
    return see_other(request, f"{_HOME}?done={'picture' if key else 'removed'}")


async def show(request: Request, status: int = 200, entries: Entries | None = None) -> Response:
    """The page with the forms: as stored, or with what was typed into one of them."""
    async with request.app.state.database.connection() as connection:
        person: Any = await _get_profile(connection, account_id=request.state.viewer["id"], days=RENAME_DAYS)
    entries = entries or Entries()
    return page(
        request,
        "people/profile.html",
        status,
        person=person,
        pattern=pattern.address(person["name"]),
        about=person["about"] if entries.about is None else entries.about,
        chosen={part: person[f"show_{part}"] for part in PARTS} | entries.chosen,
        name=person["name"] if entries.name is None else entries.name,
        errors=entries.errors,
        parts=PARTS,
        audiences=AUDIENCES,
        longest=LONGEST_ABOUT,
        days=RENAME_DAYS,
        done=request.query_params.get("done", ""),
    )
