"""The limits of the table through HTTP, cell by cell: so many are taken, one more is told why not and comes back."""

import asyncio
import uuid

import pytest

from board.drafts import PACES
from board.joining.signing_up import ACCOUNTS
from board.kit import ratelimit
from board.kit.quotas import Quota
from board.permissions import LIMITS, ROLES, limit
from tests import look
from tests.conftest import Client
from tests.entrance import sign_up, site
from tests.factories import fields, make_account, make_thread, row, write_thread
from tests.photos import encoded, photo
from tests.routes import cheaply
from tests.test_ratelimit import Clock

WRITERS = [role for role in ROLES if role not in ("stranger", "waiting")]
# Where each limit is tried; a test below fails when one has no row.
TRIED = {
    "posts": "here",
    "posts_a_day": "here",
    "threads_a_day": "here",
    "links": "here",
    "pictures": "here",
    "picture_megabytes": "here",
    "votes": "here",
    "invitations": "here",
    "suspension_days": "test_roles_suspend.py",
}


@pytest.fixture
async def limited(config, database, monkeypatch):
    """The site with limits. The clock of the limits in memory stands still; that of the database within a test does."""
    monkeypatch.setattr(ratelimit, "time", Clock())
    async with site(config, database, rate_limits=True) as app:
        yield app


@pytest.fixture
async def person(limited, join, request):
    """Somebody of a role; who moderates a board does so everywhere there is one."""
    role = request.param
    client = await join("vera", "member" if role == "board_moderator" else role, limited)
    if role == "board_moderator":
        await row(limited, "insert into board_moderators select $1, id from boards", client.account["id"])
    client.account = dict(client.account) | {"boards": [1] if role == "board_moderator" else []}
    return client


async def use_up(person, name: str, left: int) -> None:
    """As if so many were done already that `left` remain."""
    most, quotas = limit(person.account, name), person.app.state.quotas
    async with person.app.state.database.connection() as connection:
        for _ in range(most - left):
            assert await quotas.take(connection, {Quota(name, most, PACES[name][0]): person.account["id"]})


async def write(person, thread, **more):
    return await person.post(f"{thread.path}/messages", data=fields(**more))


def test_every_limit_is_tried_somewhere():
    assert set(TRIED) == set(LIMITS)


@pytest.mark.parametrize("person", WRITERS, indirect=True)
async def test_messages_in_two_minutes(limited, person, join):
    thread = await make_thread(await join("alice", app=limited))
    for _ in range(limit(person.account, "posts")):
        assert (await write(person, thread)).status_code == 303
    answer = await write(person, thread, text="One too many.")
    assert answer.status_code == 429
    assert look.fields(look.form(answer))["text"].strip() == "One too many."
    assert (await row(limited, "select count(*) from messages"))[0] == limit(person.account, "posts") + 1


@pytest.mark.parametrize("person", WRITERS, indirect=True)
async def test_messages_a_day(limited, person, join):
    thread = await make_thread(await join("alice", app=limited))
    most = limit(person.account, "posts_a_day")
    if most is None:
        assert (await write(person, thread)).status_code == 303
        return
    await use_up(person, "posts_a_day", 1)
    assert (await write(person, thread)).status_code == 303
    answer = await write(person, thread, text="One too many.")
    assert answer.status_code == 429
    assert PACES["posts_a_day"][1] in look.errors(answer)
    assert 1 <= int(answer.headers["retry-after"]) <= 86_400 / most + 1
    assert look.fields(look.form(answer))["text"].strip() == "One too many."


@pytest.mark.parametrize("person", WRITERS, indirect=True)
async def test_threads_a_day(limited, person):
    most = limit(person.account, "threads_a_day")
    if most is not None:
        await use_up(person, "threads_a_day", 1)
    sent = {"title": "A title", "board": "general"}
    assert (await person.post("/threads", data=fields(**sent))).status_code == 303
    answer = await person.post("/threads", data=fields(text="One too many.", **sent))
    assert answer.status_code == (303 if most is None else 429)
    if most is not None:
        assert PACES["threads_a_day"][1] in look.errors(answer)
        back = look.fields(look.form(answer))
        assert (back["title"], back["text"].strip()) == ("A title", "One too many.")
        assert (await row(limited, "select count(*) from threads"))[0] == 1, "nothing of it is stored"


@pytest.mark.parametrize("person", WRITERS, indirect=True)
async def test_links_in_a_message(limited, person, join):
    thread = await make_thread(await join("alice", app=limited))
    most, three = limit(person.account, "links"), "See https://a.example, https://b.example, https://c.example."
    assert (await write(person, thread, text="See https://a.example, [b](https://b.example).")).status_code == 303
    answer = await write(person, thread, text=three)
    assert answer.status_code == (303 if most is None else 422)
    if most is not None:
        assert "a message may hold 2 links; this one has 3" in look.errors(answer)[0]
        assert look.fields(look.form(answer))["text"].strip() == three


@pytest.mark.parametrize("person", WRITERS, indirect=True)
async def test_votes_in_a_minute(limited, person, join):
    thread = await make_thread(await join("alice", app=limited))
    path = f"/messages/{thread.opening}/vote"
    for number in range(limit(person.account, "votes")):
        assert (await person.post(path, data={"value": str(number % 2)})).status_code == 303
    assert (await person.post(path, data={"value": "1"})).status_code == 429


@pytest.mark.parametrize("person", [role for role in WRITERS if role != "new"], indirect=True)
async def test_invitations(limited, person):
    most = limit(person.account, "invitations", limited.state.config.invitations)
    assert most
    for left in range(most, -1, -1):
        answer = await person.post("/account/invitations", data={"form_key": str(uuid.uuid4()), "note": ""})
        assert answer.status_code == (303 if left else 422)


@pytest.mark.parametrize("person", ["new", "member"], indirect=True)
async def test_pictures_in_a_message_and_how_large(limited, person, join, folder):
    thread = await make_thread(await join("alice", app=limited))
    setting = limited.state.config.max_pictures
    most = limit(person.account, "pictures", setting)
    assert f"up to {most};" in (await person.open(thread.path)).text
    files = [(f"{number}.jpg", encoded(photo(8 + number, 8), "JPEG")) for number in range(most + 1)]
    answer = await look.send(person, f"{thread.path}/messages", *files, text="Look.")
    assert answer.status_code == 422
    assert f"A message has {most} pictures at most: 1 were left out." in look.errors(answer)
    megabytes = limit(person.account, "picture_megabytes", 20)
    answer = await look.send(
        person, f"{thread.path}/messages", ("big.jpg", b"x" * (megabytes * 1_000_000 + 1)), text="Look."
    )
    assert answer.status_code == 413
    assert f"the limit is {megabytes} MB" in look.errors(answer)[0]


async def test_two_replicas_count_together(busy_app, config, own_database):
    database = busy_app.state.database
    async with site(config, database, rate_limits=True) as one, site(config, database, rate_limits=True) as two:
        async with one.state.database.connection() as connection:
            alice = await make_account(connection, "alice")
            cookie = await one.state.sessions.begin(connection, alice["id"])
            thread = await write_thread(connection, alice["id"])
        clients = [Client(each, alice, cookie) for each in (one, two)]
        answers = await asyncio.gather(*(write(clients[number % 2], thread) for number in range(36)))
        assert sorted({answer.status_code for answer in answers}) == [303, 429]
        assert sum(answer.status_code == 303 for answer in answers) == 20
        assert (await row(one, "select count(*) from messages"))[0] == 21
        assert (await row(one, "select message_count from threads"))[0] == 21


async def test_replicas_count_together_who_joins_from_one_address(config, database, limited):
    """Nothing is left in the memory of the second replica, and yet it lets nobody in."""
    cheaply(limited)
    async with site(config, database, rate_limits=True) as second, Client(limited) as one, Client(second) as two:
        cheaply(second)
        for number in range(ACCOUNTS.burst):
            assert (await sign_up(one, f"carol-{number}")).status_code == 303
            one.cookies.clear()
        answer = await sign_up(two, "one-too-many")
        assert answer.status_code == 429
        assert look.by_id(look.tree(answer), "kept").text == "one-too-many"
        assert (await row(limited, "select count(*) from accounts"))[0] == ACCOUNTS.burst


async def test_a_form_sent_twice_counts_once(limited, join):
    bob = await join("bob", app=limited)
    thread = await make_thread(await join("alice", app=limited))
    sent = fields()
    for _ in range(5):
        assert (await bob.post(f"{thread.path}/messages", data=sent)).status_code == 303
    async with limited.state.database.connection() as connection:
        quota = Quota("posts", 20, 120)
        took = [await limited.state.quotas.take(connection, {quota: bob.account["id"]}) for _ in range(20)]
    assert took == [True] * 19 + [False]
