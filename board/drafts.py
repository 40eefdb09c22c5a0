"""What somebody is writing: it comes from a form, and goes back into it with nothing lost when something is wrong."""

import math
import uuid
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board import images
from board.kit import forms, markup
from board.kit.errors import Conflict, Forbidden, Problem, TooLarge, TooMany
from board.kit.quotas import Quota
from board.kit.templates import page
from board.permissions import insist, limit

# What is counted by its row of permissions.LIMITS: in how many seconds, and what those read who are over it.
PACES = {
    "posts": (120, "You are writing faster than others can read. Wait a minute, then send it again."),
    "posts_a_day": (86_400, "This is very much for a day. Your text is still here: send it again later."),
    "threads_a_day": (86_400, "These are enough new threads for a day. Your text is still here: send it again later."),
}

SIGNED_OUT = "You are signed out. Sign in in another tab, come back to this one and send it again."


@dataclass(slots=True, kw_only=True)
class Draft:
    """Text and pictures on their way into a message."""

    text: str = ""
    pictures: list[images.Attachment] = field(default_factory=list)
    form_key: uuid.UUID = field(default_factory=uuid.uuid4)
    reply_to: int | None = None
    # Whether the page it is written on does not end with the last message, so that it will not belong there.
    elsewhere: bool = False
    revision: int = 0
    title: str = ""
    board: str = ""
    # The text as HTML, once it is to be shown or stored.
    html: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    previewed: bool = False
    status: int = 200
    # Seconds until it may be sent again.
    wait: int = 0

    @property
    def ready(self) -> bool:
        """Whether it can be stored as it is."""
        return not self.errors and not self.previewed

    def refuse(self, problem: Problem) -> None:
        """Note why it could not be stored."""
        self.errors["form"] = problem.sentence
        self.status = problem.status
        self.wait = problem.seconds if isinstance(problem, TooMany) else 0

    def check_sent(self, earlier: Any) -> None:
        """Compare with what the same form made before: the same is a second tap, other words must not vanish."""
        if (earlier["text"], self.title and earlier["title"]) != (self.text, self.title):
            self.form_key = uuid.uuid4()
            raise Conflict(
                "You sent this form before, with other words, and those are stored. Send it again to add these."
            )


async def read(request: Request, *, with_title: bool = False) -> Draft:
    """The draft in a form: text within the limits, or an empty one beside a picture; pictures that could be read.

    Raises BadRequest for a form that lacks a field, TooLarge for more than all pictures at their limit.
    """
    viewer, config = request.state.viewer, request.app.state.config
    # No pictures of a stranger: the text is for giving it back.
    most_bytes = config.message_body_bytes if viewer else 1_000_000
    try:
        # Files beyond the limit are taken, to be left out with a sentence; not any number.
        async with forms.read(request, files=config.max_pictures * 6, most_bytes=most_bytes) as form:
            return await _read(request, form, with_title)
    except TooLarge as error:
        if viewer is None:
            raise Forbidden(SIGNED_OUT, kept=error.kept) from error
        raise


def show(request: Request, template: str, draft: Draft, /, **context: Any) -> Response:
    """The form with the draft in it."""
    response = page(request, template, draft.status, draft=draft, **context)
    if draft.wait:
        response.headers["Retry-After"] = str(draft.wait)
    return response


async def _read(request: Request, form: forms.Form, with_title: bool) -> Draft:
    viewer, config = request.state.viewer, request.app.state.config
    draft = Draft(form_key=form.key(), reply_to=form.number("reply_to"), revision=form.number("revision") or 0)
    draft.elsewhere = form.has("elsewhere")
    if with_title:
        draft.title = form.line("title", "The title", most=120)
        draft.board = form.line("board", "The board", most=40)
    has_pictures = bool(form.files("files") or form.texts("picture"))
    draft.text = form.text("text", "The message", most=config.max_text, least=0 if has_pictures else 1)
    draft.previewed = form.raw("action") == "preview"
    draft.errors = form.errors
    if draft.errors:
        draft.status = 422
    draft.html = markup.render(draft.text) if "text" not in draft.errors else ""
    _check_links(request, draft)
    draft.pictures, problems = await images.returned(request, form)
    try:
        if viewer is None:
            raise Forbidden(SIGNED_OUT)
        insist(viewer, "start" if with_title else "reply")
        request.app.state.limits.take("post", viewer["id"], most=limit(viewer, "posts"))
        problems += await images.receive(request, form, draft.pictures)
        _complain(draft, problems)
    except Problem as problem:
        draft.refuse(problem)
    return draft


async def count(request: Request, connection: Any, *, thread: bool = False) -> None:
    """Count what was just written, in its transaction, for all replicas together. Raises TooMany, which undoes it."""
    viewer, quotas = request.state.viewer, request.app.state.quotas
    rows = PACES if thread else {name: row for name, row in PACES.items() if name != "threads_a_day"}
    most = {name: limit(viewer, name) for name in rows}
    asked = {Quota(name, number, rows[name][0]): viewer["id"] for name, number in most.items() if number is not None}
    if await quotas.take(connection, asked):
        return
    for quota in asked:
        # Counted already where there was room, so that it is asked again which had none; all of it is undone.
        if not await quotas.take(connection, {quota: viewer["id"]}):
            raise TooMany(rows[quota.name][1], seconds=math.ceil(quota.seconds / quota.burst))


def of_message(message: Any, pictures: list[images.Attachment]) -> Draft:
    """The draft to edit a message with."""
    return Draft(text=message["text"], pictures=pictures, revision=message["revision"])


def _check_links(request: Request, draft: Draft) -> None:
    links, most = draft.html.count("<a "), limit(request.state.viewer, "links")
    if request.state.viewer and request.app.state.limits.enforced and most is not None and links > most:
        sentence = f"In your first days a message may hold {most} links; this one has {links}. Take some out."
        draft.errors["text"], draft.status = sentence, 422


def _complain(draft: Draft, problems: list[Problem]) -> None:
    if problems:
        draft.errors["files"] = " ".join(problem.sentence for problem in problems)
        draft.status = problems[0].status if len({problem.status for problem in problems}) == 1 else 422
    elif not draft.html and not draft.pictures and "text" not in draft.errors:
        draft.errors["text"], draft.status = "The message is empty.", 422
