"""The pages of passkeys as a browser uses them, on a site that can have some."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from tests import look
from tests.authenticator import ORIGIN, Authenticator
from tests.conftest import Client
from tests.entrance import PASSWORD, sign_up, site
from tests.factories import row
from tests.routes import cheaply

PASSKEYS = "/account/passkeys"
WRONG = "This passkey could not be checked. Try again, or choose another way."
GONE = "This passkey is not known here. Perhaps it was removed: sign in another way, then add it again."


@pytest.fixture(name="app")
async def site_with_passkeys(config, database) -> AsyncIterator[Starlette]:
    """The site at an address that can have passkeys."""
    async with site(config, database, public_origin=ORIGIN) as app:
        cheaply(app)
        yield app


def browser(app: Starlette) -> Client:
    client = Client(app)
    client.headers["Origin"] = ORIGIN
    return client


@pytest.fixture(name="carol")
async def somebody(app):
    """Joined, and has no passkey yet."""
    async with browser(app) as client:
        await sign_up(client)
        yield client


@pytest.fixture(name="dave")
async def somebody_else(app):
    """Somebody else."""
    async with browser(app) as client:
        await sign_up(client, "dave")
        yield client


def asked(page: httpx.Response) -> str:
    """What the form for a passkey asks the browser for, as JSON."""
    assert "passkeys-" in page.text, "the script"
    (form,) = [each for each in look.tree(page).iter("form") if each.get("data-passkey")]
    return form.get("data-passkey", "")


async def prepare(client: Client, name: str = "My phone") -> str:
    """The options to make a passkey."""
    answer = await client.post(f"{PASSKEYS}/new", data={"name": name, "current_password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return asked(answer)


async def add(client: Client, device: Authenticator, name: str = "My phone") -> httpx.Response:
    """Add a passkey with the forms of the pages."""
    return await client.post(PASSKEYS, data={"name": name, "credential": device.make(await prepare(client, name))})


async def enter(client: Client, credential: str, **fields: Any) -> httpx.Response:
    """Send what a passkey answered."""
    return await client.post("/sign-in/passkey", data={"credential": credential, "next": "/", **fields})


async def leave(client: Client) -> str:
    """Sign out; return what the page to sign in asks passkeys for."""
    await client.post("/sign-out")
    return asked(await client.get("/sign-in"))


def named(page: httpx.Response) -> list[str]:
    return [look.words(each) for each in look.tree(page).iter("h2") if each.find("a") is not None]


async def any_passkey(app: Starlette, account_id: int) -> int:
    """The id of a passkey that is there, and signs nothing."""
    made = await row(
        app,
        "insert into passkeys (account_id, credential_id, public_key, sign_count, name) "
        "values ($1, '', '', 0, '<Key>') returning id",
        account_id,
    )
    return made["id"]
