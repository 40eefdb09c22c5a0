"""A board with something of everything, and who looks at it."""

from dataclasses import dataclass

import pytest

from board import images, messages, push
from tests import look
from tests.conftest import Client
from tests.factories import Made, draft, make_message, make_thread, row
from tests.leaving import left_behind
from tests.passkeys import any_passkey
from tests.test_jobs import picture

ROLES = ["stranger", "member", "moderator", "admin"]


@dataclass
class World:
    """What there is, and the client of somebody in a role."""

    client: Client
    role: str
    thread: Made
    own: Made
    message: int
    key: str
    person: int
    passkey: int


@pytest.fixture(name="world")
async def whole_world(app, join, request) -> World:
    """Threads with pictures, answers, votes, edits, deletions and a lock, on several pages."""
    role = request.param
    object.__setattr__(app.state.config, "threads_per_page", 4)
    object.__setattr__(app.state.config, "messages_per_page", 3)
    object.__setattr__(app.state.config, "traffic_public", True)
    alice, bob, keeper = await join("alice"), await join("bob"), await join("keith")
    mod, admin = await join("morag", "moderator"), await join("ada", "admin")
    await row(app, "insert into boards (slug, name, description) values ('garden', 'The garden', 'Beds & bees')")
    await row(app, "insert into board_moderators select $1, id from boards", keeper.account["id"])
    still, moving, shy = picture(1), picture(2, animated=True), picture(3)
    for each in (still, moving, shy):
        await images.keep(app.state.database, app.state.storage, each)
    shown = [
        images.row(still) | {"alt": "A \"cat\" & 'co'", "sensitive": False},
        images.row(moving) | {"alt": "", "sensitive": False},
        images.row(shy) | {"alt": "", "sensitive": True},
    ]
    threads = [await make_thread(each, f"Thread of {each.account['name']}") for each in (alice, bob, mod, admin) * 2]
    locked = await make_thread(alice, "A <locked> thread & more", board="garden")
    thread = threads[-8]
    writers = {"stranger": bob, "member": bob, "moderator": mod, "admin": admin}
    for number in range(5):
        answer = await make_message(alice, thread, f"Answer {number} to **all**.", thread.opening)
    own = await _write(writers[role], thread, "My own.", shown, answer)
    page = await writers[role].open(f"/messages/{own}/edit")
    assert (await look.submit(writers[role], page, text="My own, mended.")).status_code == 303
    deleted = [await make_message(each, thread, "Regret.") for each in (alice, writers[role])]
    for message_id, client in zip(deleted, (mod, writers[role]), strict=True):
        assert (await client.post(f"/messages/{message_id}/delete")).status_code == 303
    await make_message(bob, locked, "The last word.")
    await mod.post(f"/messages/{thread.opening}/vote", data={"value": 1})
    await mod.post(f"{locked.path}/lock")
    await alice.post(f"{threads[4].path}/delete")
    await row(app, "insert into jobs (kind, error, dead_at) values ('check_picture', 'No <luck>', now())")
    await push.prepare(app.state.database, app.state.seals)
    await left_behind(app, writers[role].account["id"])
    client = Client(app) if role == "stranger" else writers[role]
    begun = threads[ROLES.index(role)]
    passkey = await any_passkey(app, writers[role].account["id"])
    return World(client, role, thread, begun, own, still.key, alice.account["id"], passkey)


async def _write(client, thread, text, pictures, reply_to) -> int:
    async with client.app.state.database.transaction() as connection:
        prepared = draft(text, pictures=pictures, reply_to=reply_to)
        return await messages.write(connection, thread.id, client.account["id"], prepared)
