"""Sign up, in and out as a person does, and see who one is. Also: the same site under other settings."""

import dataclasses
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.applications import Starlette

from board.app import create_app
from board.kit.config import Config
from board.kit.db import Database
from tests import look
from tests.conftest import Client

PASSWORD = "four words and more"


async def sign_up(client: httpx.AsyncClient, name: str = "carol", **fields: Any) -> httpx.Response:
    """Send the form under Join."""
    fields = {"password": PASSWORD, "form_key": str(uuid.uuid4()), "next": "/", **fields}
    return await client.post("/sign-up", data={"name": name, **fields})


async def sign_in(client: httpx.AsyncClient, name: str = "carol", **fields: Any) -> httpx.Response:
    """Send the form under Sign in."""
    fields = {"password": PASSWORD, "next": "/", "remember": "on", **fields}
    return await client.post("/sign-in", data={"name": name, **fields})


async def who(client: httpx.AsyncClient, **options: Any) -> str:
    """The name at the top of the page; the empty string for a stranger."""
    answer = await client.get("/help", **options)
    assert answer.status_code == 200, answer.text
    names = [each for each in look.tree(answer).iter("a") if each.get("href", "").startswith("/people/")]
    assert len(names) == ("Sign out" in answer.text)
    return look.words(names[0]) if names else ""


def at(app: Starlette, address: str) -> Client:
    """A stranger's browser that comes from this address."""
    client = Client(app)
    client._transport = httpx.ASGITransport(app=app, client=(address, 1))
    return client


def set_cookies(answer: httpx.Response, *, device: bool = False) -> list[tuple[str, str, set[str]]]:
    """What an answer sets: name, value and attributes of each cookie; the one that knows the browser by itself."""
    found = []
    for line in answer.headers.get_list("set-cookie"):
        pair, *attributes = line.split("; ")
        name, _, content = pair.partition("=")
        if name.endswith("device") == device:
            found.append((name, content, set(attributes)))
    return found


@asynccontextmanager
async def site(config: Config, database: Database, **changes: Any) -> AsyncIterator[Starlette]:
    """The site under other settings, on the same connection."""
    app = create_app(dataclasses.replace(config, **changes), database, with_jobs=False)
    async with app.router.lifespan_context(app):
        yield app
