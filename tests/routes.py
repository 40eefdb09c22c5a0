"""Every address of the site, from its own table of routes, and a form that each of them takes."""

import re
import uuid
from typing import Any
from urllib.parse import urlsplit

import httpx
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.routing import Route

from board.routes import ROUTES
from tests.conftest import Client
from tests.factories import Made, row

READS = [route.path for route in ROUTES if "GET" in (route.methods or ())]
WRITES = [route.path for route in ROUTES if "POST" in (route.methods or ())]

# The forms that the addresses read, each as its page would send it.
FORMS: dict[str, dict[str, str]] = {
    "/threads": {"title": "A title", "board": "general", "text": "Some words.", "form_key": ""},
    "/threads/{id:id}/messages": {"text": "Some words.", "reply_to": "", "form_key": ""},
    "/messages/{id:id}/edit": {"text": "Some words.", "revision": "0", "form_key": ""},
    "/messages/{id:id}/vote": {"value": "1"},
    "/sign-up": {"name": "carol", "password": "four words and more", "next": "/", "form_key": ""},
    "/sign-in": {"name": "carol", "password": "four words and more", "next": "/"},
    "/account/profile": {"about": "Likes ferries."}
    | {f"show_{part}": "members" for part in ("history", "pictures", "votes", "given", "statistics", "joined")},
    "/account/picture": {"remove": "1"},
    "/account/name": {"name": "adele", "current_password": "four words and more"},
    "/account/sessions/end": {"which": "others"},
    "/account/invitations": {"note": "For Dave.", "form_key": ""},
    "/admin/applications/{id:id}": {"decision": "refuse", "sentence": "Not now."},
    "/account/address": {"address": "carol@example.org", "current_password": "four words and more"},
    "/account/address/remove": {"current_password": "four words and more"},
    "/address/confirm": {"token": "x"},
    "/address/undo": {"token": "x"},
    "/account/password": {"current_password": "four words and more", "new_password": "four other words too"},
    "/forgot": {"who": "carol"},
    "/reset": {"token": "x", "new_password": "four other words too"},
    "/admin/people/{name}/new-password": {"current_password": "four words and more"},
    "/account/export": {"current_password": "four words and more"},
    "/account/delete": {"messages": "keep", "current_password": "four words and more"},
    "/boards": {"slug": "news", "name": "The news", "description": "What is new."},
    "/settings": {
        "theme": "dark",
        "front": "hot",
        "thread": "best",
        "scores": "shown",
        "pictures": "auto",
        "answer_mail": "never",
    },
    "/account/push": {"subscription": "{}"},
    "/mail/test": {"address": "carol@example.org"},
    "/boards/{slug}/moderators": {"name": "bob"},
    "/admin/people/{id:id}/role": {"role": "moderator", "reason": "Helps."},
    "/admin/people/{id:id}/trust": {"trust": "given", "reason": "Helps."},
    "/admin/people/{id:id}/suspend": {"days": "7", "reason": "Spam."},
    "/sign-in/second-step": {"code": "123456"},
    "/sign-in/second-step/passkey": {"credential": "{}"},
    "/sign-in/passkey": {"credential": "{}", "next": "/"},
    "/account/two-step": {"current_password": "four words and more"},
    "/account/two-step/set-up": {"code": "123456"},
    "/account/two-step/codes": {"current_password": "four words and more"},
    "/account/two-step/disable": {"current_password": "four words and more"},
    "/account/passkeys": {"name": "Phone", "credential": "{}"},
    "/account/passkeys/new": {"name": "Phone", "current_password": "four words and more"},
    "/account/passkeys/{id:id}/rename": {"name": "Phone"},
    "/account/passkeys/{id:id}/remove": {"current_password": "four words and more"},
    "/admin/people/{name}/factors/remove": {"current_password": "four words and more"},
    "/boards/{slug}/edit": {"name": "The news", "description": "What is new."},
}
# Whoever has the link may use it; a link that is none of ours is over.
BY_LINK = [path for path, fields in FORMS.items() if "token" in fields]
# The ways in and out, which strangers use.
ENTRANCES = [path for path in WRITES if path.startswith(("/sign-up", "/sign-in", "/sign-out"))]
# What these carry has to be somebody's own: here it is nobody's.
PROOFS = [path for path, fields in FORMS.items() if {"current_password", "code", "credential"} & set(fields)]
# These take no field at all: the address says everything.
BARE = [path for path in WRITES if path not in FORMS]


def fill(path: str, thread: Made, **values: str) -> str:
    """An address with things that are there: the thread, its opening, a board, a person."""
    ids = {"/messages": thread.opening, "/admin/people": thread.author}
    given = {
        "id": str(next((id_ for beginning, id_ in ids.items() if path.startswith(beginning)), thread.id)),
        "slug": "general",
        "name": "alice",
        "key": "0" * 32,
        "token": "A" * 32,
        "file": "160.webp",
    } | values
    for name, value in given.items():
        path = path.replace(f"{{{name}:id}}", value).replace(f"{{{name}}}", value)
    return path


def form(path: str, **changes: Any) -> dict[str, Any]:
    """The form for an address with a key of its own; a field that is changed to None is left out."""
    sent = dict(FORMS.get(path, {}))
    if "form_key" in sent:
        sent["form_key"] = str(uuid.uuid4())
    return {name: value for name, value in (sent | changes).items() if value is not None}


def holes(path: str) -> list[str]:
    """The names of what is variable in an address."""
    return list(Route(path, lambda: None).param_convertors)


def ended(answer: httpx.Response, *statuses: int) -> None:
    """The answer has one of these statuses; a problem is told in a sentence, on a page or in a notice."""
    assert answer.status_code in statuses, (answer.status_code, answer.url, answer.text)
    assert "<script>alert" not in answer.text
    assert not urlsplit(answer.headers.get("location", "")).netloc
    if answer.status_code >= 400 and answer.request.method != "HEAD":
        assert re.search(r"<p( class=\"error\"[^>]*)?>[A-Z“][^<]*\.\)?</p>", answer.text), answer.text


def quickly(client: Client) -> Client:
    """The same person, for thousands of requests: the pages are not read, but none may be a crash."""
    client.event_hooks = {"response": [_no_crash]}
    return client


async def _no_crash(answer: httpx.Response) -> None:
    await answer.aread()
    assert answer.status_code != 500, answer.text
    assert "content-security-policy" in answer.headers


def cheaply(app: Starlette) -> None:
    """Hash passwords at next to no cost: for tests that send many and are about something else."""
    app.state.passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    app.state.passwords._nobody = app.state.passwords._hasher.hash("nobody has this password")


async def everything(app: Any) -> dict[str, str]:
    """All that the database holds, by table: the same before and after means that nothing was changed."""
    names = await row(app, "select array_agg(tablename order by tablename) from pg_tables where schemaname = 'public'")
    return {
        name: (await row(app, f"select string_agg(t::text, ',' order by t::text) from {name} t"))[0]
        for name in names[0]
    }
