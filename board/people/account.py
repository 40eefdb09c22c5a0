"""One's own account: everything that Board keeps about a person, in plain words, with where to see and change it."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board.kit import names
from board.kit.db import one, together
from board.kit.sessions import signed_in
from board.kit.templates import page
from board.people import pattern

_get = one("people/get")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of what is kept: its statement, where to see it, and how long it stays.

    The statement takes :account_id and gives rows of `what` (words, or one for a count: "thread"), `amount` (of a
    count), `told` (the very thing) and `at` (a moment). Settings and {name}, the person, are filled in.
    """

    title: str
    statement: str
    path: str
    words: str
    stays: str


# A feature that keeps something about a person adds its line, and the file with its statement.
SECTIONS = (
    Section("You", "people/list_kept", "/account/profile", "Your profile", "as long as the account"),
    Section(
        "What you wrote",
        "messages/list_kept",
        "/people/{name}?show=messages",
        "All of it, with search",
        "until you delete it; {undo_minutes} minutes after that it is gone, with its pictures",
    ),
    Section(
        "Votes",
        "votes/list_kept",
        "/people/{name}?show=given",
        "The votes that you gave",
        "as long as the message that you voted on; one that you took back stays as such",
    ),
    Section(
        "E-mail address",
        "addresses/list_kept",
        "/account/address",
        "Your address",
        "until you remove it, and in the mails below",
    ),
    Section(
        "Codes and passkeys",
        "factors/list_kept",
        "/account/two-step",
        "Your second step",
        "until you turn them off; of a backup code and a passkey nothing that would open the account",
    ),
    Section(
        "Where you are signed in",
        "sessions/list_kept",
        "/account/sessions",
        "Your devices",
        "until you sign out, or stay away for {session_days} days; kept are the kind of device and the first part of "
        "its network address",
    ),
    Section(
        "Push messages",
        "push/list_kept",
        "/account/push",
        "Where you are told of answers",
        "until you remove the browser or sign out in it; kept is what its push service needs",
    ),
    Section(
        "What happened to your account",
        "notices/list_kept",
        "/account/security",
        "The list",
        "{event_days} days",
    ),
    Section(
        "Mails to you",
        "mail/list_kept",
        "",
        "",
        "7 days after they were sent, their text not even so long, and the links in them for as long as they work",
    ),
    Section(
        "Copies to take along",
        "leaving/list_kept",
        "/account/export",
        "Ask for one",
        "7 days",
    ),
    Section(
        "Invitations",
        "joining/list_kept",
        "",
        "",
        "as long as the account",
    ),
)

_list_kept = together([section.statement for section in SECTIONS])


@signed_in
async def show(request: Request) -> Response:
    """GET /account"""
    viewer, config = request.state.viewer, request.app.state.config
    async with request.app.state.database.connection() as connection:
        person = await _get(connection, name_key=names.key(viewer["name"]))
        rows = await _list_kept(connection, account_id=viewer["id"])
    kept: list[tuple[Section, list[Any], str, str]] = []
    for place, section in enumerate(SECTIONS):
        mine = [row for row in rows if row["place"] == place]
        stays = section.stays.format(
            undo_minutes=config.undo_minutes, event_days=config.event_days, session_days=config.session_days
        )
        kept.append((section, mine, section.path, stays))
    return page(request, "people/account.html", person=person, pattern=pattern.address(person["name"]), kept=kept)
