"""People with a password and an address, and the forms that links in mails lead to."""

import functools
import re
from typing import Any

import httpx
from argon2 import PasswordHasher

from board import jobs
from board.addresses import new_password
from board.kit.worker import Site, Worker
from tests import look
from tests.conftest import Client
from tests.entrance import PASSWORD
from tests.factories import row
from tests.mailbox import Arrived, Mailbox


@functools.cache
def _hashed() -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


async def settled(client: Client, address: str = "") -> Client:
    """Give somebody that `join` made the usual password, and a confirmed address if there is one."""
    await row(client.app, "update accounts set password_hash = $2 where id = $1", client.account["id"], _hashed())
    if address:
        await give(client.app, client.account, address)
    return client


async def give(app: Any, account: Any, address: str) -> None:
    """As if a link to it had come back."""
    await row(
        app,
        "insert into addresses (account_id, verified, address, address_key) values ($1, true, $2, lower($2))",
        account["id"],
        address,
    )


async def address_of(app: Any, account: Any) -> str | None:
    """The confirmed one."""
    found = await row(app, "select address from addresses where account_id = $1 and verified", account["id"])
    return found and found[0]


async def ask_for(client: Client, address: str, password: str = PASSWORD) -> httpx.Response:
    """Send the form on /account/address."""
    return await client.post("/account/address", data={"address": address, "current_password": password})


async def press(client: httpx.AsyncClient, link: str, **fields: str) -> httpx.Response:
    """Open a link of a mail, and send the form that is on the page."""
    opened = await client.get(link)
    assert opened.status_code == 200, opened.text
    action = link.partition("?")[0]
    form = next(each for each in look.tree(opened).iter("form") if each.get("action") == action)
    return await client.post(action, data=look.fields(form) | fields)


def token_of(link: str) -> str:
    """What makes a link work."""
    found = re.fullmatch(r"/[a-z/]+\?token=([\w-]{32}\.[\w-]{27})", link)
    assert found, link
    return found[1]


async def forget(client: httpx.AsyncClient, who: str, **options: Any) -> httpx.Response:
    """Send the form on /forgot."""
    return await client.post("/forgot", data={"who": who}, **options)


async def letters(mailbox: Mailbox, app: Any) -> list[Arrived]:
    """Do the jobs that look who asked for a new password, and take what is mailed."""
    worker = Worker(
        Site(app.state.config, app.state.database, app.state.storage),
        {new_password.MAIL_LINK: jobs.KINDS[new_password.MAIL_LINK]},
        [],
    )
    done = [result async for _, result in worker.drain()]
    assert not [each for each in done if isinstance(each, Exception)]
    return await mailbox.letters(app)
