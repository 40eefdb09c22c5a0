"""The second step as a person takes it: an app with a secret, codes on paper, and the form after the password."""

import time
from typing import Any

import httpx
import pyotp

from tests import look
from tests.entrance import PASSWORD, sign_in

TWO_STEP = "/account/two-step"
STEP = "/sign-in/second-step"


def code(secret: str, ahead: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    return pyotp.TOTP(secret).at(int(time.time()) + 30 * ahead)


async def begin(client: httpx.AsyncClient) -> str:
    """Ask for a second step; return the secret that the page shows."""
    answer = await client.post(TWO_STEP, data={"current_password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{TWO_STEP}/set-up")
    return shown(await client.get(f"{TWO_STEP}/set-up"))


def shown(page: httpx.Response) -> str:
    """The secret on the page to set it up."""
    assert page.status_code in (200, 422), page.text
    return look.words(look.with_class(look.tree(page), "key")[0]).replace(" ", "")


async def set_up(client: httpx.AsyncClient) -> tuple[str, list[str]]:
    """A second step that is on: its secret, and the backup codes."""
    secret = await begin(client)
    answer = await client.post(f"{TWO_STEP}/set-up", data={"code": code(secret)})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{TWO_STEP}/codes")
    return secret, backup_codes(await client.get(f"{TWO_STEP}/codes"))


def backup_codes(page: httpx.Response) -> list[str]:
    """The codes on the page that shows them."""
    (shelf,) = look.with_class(look.tree(page), "codes")
    return [look.words(each) for each in shelf.iter("li")]


async def go_half_way(client: httpx.AsyncClient, name: str = "carol", **fields: Any) -> None:
    """Sign out, then name and password again: the second step is owed."""
    await client.post("/sign-out")
    answer = await sign_in(client, name, **fields)
    assert (answer.status_code, answer.headers["location"]) == (303, STEP), answer.text


async def take(client: httpx.AsyncClient, typed: str, **fields: Any) -> httpx.Response:
    """Send the form of the second step."""
    return await client.post(STEP, data={"code": typed, **fields})


async def events(app: Any) -> list[str]:
    """What people were told, in order."""
    return [each["kind"] for each in await rows(app, "select kind from account_events order by id")]


async def rows(app: Any, sql: str) -> list:
    """Look into the database."""
    async with app.state.database.connection() as connection:
        return await connection.fetch(sql)
