"""People with a password who leave, and the work beside the pages that lets them."""

import hashlib
import io
import json
import zipfile
from typing import Any

import httpx

from board import jobs
from board.kit.storage import Storage
from board.leaving import archive, exports
from tests import look, photos
from tests.conftest import Client
from tests.entrance import PASSWORD
from tests.factories import make_message, make_thread, row
from tests.mailbox import send_due
from tests.recount import find_wrong
from tests.routes import cheaply

NAME = "alice_in_chains"


async def grown_up(client: Client, address: str = "") -> Client:
    """The same person, with the password that tests have, and perhaps an address."""
    app = client.app
    cheaply(app)
    hashed = await app.state.passwords.hash(PASSWORD)
    await row(app, "update accounts set password_hash = $1 where id = $2", hashed, client.account["id"])
    if address:
        add = "insert into addresses (account_id, verified, address, address_key) values ($1, true, $2, $2)"
        await row(app, add, client.account["id"], address)
    return client


def site(app: Any) -> jobs.Site:
    """What jobs work on."""
    return jobs.Site(app.state.config, app.state.database, app.state.storage)


async def ask_to_go(client: Client, messages: str = "remove", **fields: str) -> httpx.Response:
    """Send the form that deletes the account."""
    return await client.post("/account/delete", data={"messages": messages, "current_password": PASSWORD, **fields})


async def come_due(app: Any) -> None:
    """A week goes by."""
    await row(app, "update departures set due_at = now() - interval '1 minute'")


async def gone(client: Client, messages: str = "remove") -> str:
    """Somebody leaves, and a week goes by; the address of the receipt."""
    asked = await ask_to_go(await grown_up(client), messages)
    assert asked.status_code == 303, asked.text
    await come_due(client.app)
    await removed(client.app)
    return asked.headers["location"]


async def removed(app: Any) -> None:
    """Those who are due are removed; the one with an address as soon as the mail about it has left."""
    if await jobs.run_once(site(app), jobs.remove_departed) == 0:
        await send_due(site(app))
        assert await jobs.run_once(site(app), jobs.remove_departed) == 1


async def ask_for_export(client: Client, **fields: str) -> httpx.Response:
    """Send the form that has an export made."""
    return await client.post("/account/export", data={"current_password": PASSWORD, **fields})


async def exported(client: Client) -> zipfile.ZipFile:
    """Have an export made and download it as a person does."""
    assert (await ask_for_export(await grown_up(client))).status_code == 303
    await make_exports(client.app)
    return await downloaded(client)


async def make_exports(app: Any) -> list[Any]:
    """Do the jobs that make exports; what they returned or raised."""
    worker = jobs.Worker(site(app), {exports.MAKE: jobs.KINDS[exports.MAKE]}, [])
    return [result async for _, result in worker.drain()]


async def downloaded(client: Client) -> zipfile.ZipFile:
    """The ZIP behind the button on the page."""
    (link,) = [each for each in look.links(look.tree(await client.open("/account/export"))) if "/exports/" in each]
    answer = await client.open(link)
    assert answer.headers["content-type"] == "application/zip"
    found = zipfile.ZipFile(io.BytesIO(answer.content))
    assert found.testzip() is None
    return found


async def left_behind(app: Any, account_id: int) -> None:
    """Export 7 of an account, ready, and somebody's receipt."""
    place = "0" * 32
    await store(app).put(f"{place}/000000", b"zip")
    made = "insert into exports (id, account_id, place, bytes, finished_at) overriding system value"
    await row(app, f"{made} values (7, $1, $2, 3, now())", account_id, place)
    hashed = hashlib.sha256(b"receipt").digest()
    counts = {"messages": 2}
    await row(app, "insert into receipts (token_hash, keeps_messages, counts) values ($1, false, $2)", hashed, counts)


def rows(found: zipfile.ZipFile, kind: str) -> list[dict[str, Any]]:
    """All rows of a kind, in the order of its files as the schema names them."""
    schema = json.loads(found.read("json/schema.json"))
    return [each for name in schema["files"][kind]["names"] for each in json.loads(found.read(f"json/{name}"))]


def store(app: Any) -> Storage:
    """Where exports are."""
    return archive.open_store(app.state.config.pictures_url)


async def stored(app: Any) -> list[str]:
    """The pieces that are there."""
    return sorted([name async for name in store(app).list()])


class World:
    """Alice's threads and messages among those of others, with votes, quotations, edits and pictures."""

    async def make(self, app, join) -> "World":
        self.app = app
        self.alice = await grown_up(await join(NAME, app=app), "alice@example.org")
        self.stranger = Client(app)
        self.bob, self.mod = await join("bob", app=app), await join("morag", "moderator", app=app)
        self.hers = await make_thread(self.alice, "Her title", "Her opening.")
        self.alone = await make_thread(self.alice, "A lonely title", "Nobody answers.")
        self.his = await make_thread(self.bob, "His title", "His opening.")
        shared, own = (photos.encoded(photos.photo(200, width), "PNG") for width in (150, 160))
        sent = await look.submit(
            self.alice, await self.alice.open(self.his.path), ("a.png", shared), ("b.png", own), text="Her first words."
        )
        self.answer = int(sent.headers["location"].rpartition("/")[2])
        await look.submit(self.alice, await self.alice.open(f"/messages/{self.answer}/edit"), text="Her words.")
        # Bob quotes her, changes that, and shows one of her pictures too.
        page = await self.bob.open(f"{self.his.path}?reply={self.answer}")
        text = look.fields(look.form(page))["text"] + "Well said."
        sent = await look.submit(self.bob, page, ("a.png", shared), text=text)
        self.quoting = int(sent.headers["location"].rpartition("/")[2])
        await look.submit(
            self.bob, await self.bob.open(f"/messages/{self.quoting}/edit"), text=text.replace("Well", "Truly")
        )
        self.under = await make_message(self.bob, self.hers, "Below the opening.", reply_to=self.hers.opening)
        self.to_herself = await make_message(self.alice, self.hers, "To herself.")
        self.deleted = await make_message(self.alice, self.his, "Deleted by herself.")
        self.removed = await make_message(self.alice, self.his, "Removed by a moderator.")
        await self.alice.post(f"/messages/{self.deleted}/delete")
        await self.mod.post(f"/messages/{self.removed}/delete")
        for voter, message, value in (
            (self.bob, self.hers.opening, 1),
            (self.bob, self.answer, -1),
            (self.mod, self.to_herself, 1),
            (self.alice, self.his.opening, 1),
            (self.alice, self.under, -1),
            (self.alice, self.quoting, 1),
        ):
            assert (await voter.post(f"/messages/{message}/vote", data={"value": value})).status_code == 303
        await self.alice.post(f"/messages/{self.quoting}/vote", data={"value": 0})
        await row(app, "update pictures set touched_at = now() - interval '20 minutes'")
        return self

    async def wrong(self) -> list[str]:
        """What does not add up."""
        async with self.app.state.database.connection() as connection:
            return await find_wrong(connection)
