"""Votes that many people cast at once, through several processes, while messages come, go and come back."""

import asyncio
import random

import asyncpg
import pytest

from board import messages
from board.kit import db
from board.kit.db import Database
from board.kit.errors import SignInNeeded
from board.votes import Ballots
from tests import recount
from tests.conftest import Client
from tests.factories import draft, make_account, make_message, make_thread
from tests.test_jobs_together import until_somebody_waits

PEOPLE, THREADS, ANSWERS = 50, 4, 4  # with the openings, 20 messages


@pytest.fixture
async def site(busy_app):
    """Signs people in on the site that has several connections: `carol = await site("carol")`."""
    clients = []

    async def sign_in(name: str, role: str = "member") -> Client:
        async with busy_app.state.database.transaction() as connection:
            account = await make_account(connection, name, role)
            cookie = await busy_app.state.sessions.begin(connection, account["id"])
        clients.append(Client(busy_app, account, cookie))
        return clients[-1]

    yield sign_in
    for client in clients:
        await client.aclose()


@pytest.fixture
async def processes(own_database):
    """Ballots as three processes have them, each with connections of its own."""
    databases = [Database(own_database, pool=4) for _ in range(3)]
    for database in databases:
        await database.connect()
    yield [Ballots(database) for database in databases]
    for database in databases:
        await database.disconnect()


@pytest.fixture
async def look_up(own_database):
    """A connection beside the site's."""
    connection = await asyncpg.connect(own_database)
    yield connection
    await connection.close()


async def make_people(connection, count: int = PEOPLE) -> list[int]:
    rows = await connection.fetch(
        "insert into accounts (name, name_key, password_hash)"
        " select 'person' || n, 'person' || n, '!' from generate_series(1, $1) n returning id",
        count,
    )
    return [row["id"] for row in rows]


async def stored(connection) -> dict[tuple[int, int], int]:
    return {
        (row[0], row[1]): row[2] for row in await connection.fetch("select message_id, account_id, value from votes")
    }


async def together(*doings) -> list:
    """What all of them give; a vote that nobody answers fails instead of holding the tests up."""
    async with asyncio.timeout(60):
        return await asyncio.gather(*doings)


async def test_what_fifty_people_vote_on_at_once_is_counted_right(site, processes, look_up):
    chance = random.Random(18)
    alice, bob, mod = [await site("alice"), await site("bob"), await site("morag", "moderator")]
    threads = [await make_thread(alice, f"Thread {n}") for n in range(THREADS)]
    answers = [await make_message(bob, thread) for thread in threads for _ in range(ANSWERS)]
    voted_on = [*(thread.opening for thread in threads), *answers]
    people = await make_people(look_up)
    cast: dict[tuple[int, int], int] = {}
    refused = 0

    async def vote(person: int) -> None:
        nonlocal refused
        for message in chance.sample(voted_on, len(voted_on)) * 3:
            value = chance.choice((1, 1, -1, 0))
            row = await chance.choice(processes).cast(message, person, value)
            if row is None:
                refused += 1
            else:
                assert row["my_vote"] == value
                cast[message, person] = value

    async def delete_and_restore(client: Client) -> None:
        for _ in range(40):
            message = chance.choice(answers[:8] + answers[-4:])
            for verb in ("delete", "restore"):
                answer = await client.post(f"/messages/{message}/{verb}")
                assert answer.status_code in (303, 404, 409), answer.text

    async def write(client: Client) -> None:
        for n in range(60):
            answer = await make_message(client, chance.choice(threads), f"Answer {n}.")
            answers.append(answer)

    voters = [vote(person) for person in people]
    await together(*voters, delete_and_restore(bob), delete_and_restore(mod), write(alice), write(bob))

    assert await recount.find_wrong(look_up) == []
    assert await stored(look_up) == cast
    assert len(cast) > 900, "nearly everyone voted on nearly everything"
    assert refused, "some came while the message was deleted"
    assert await look_up.fetchval("select sum(message_count) from threads") > 4 * (1 + ANSWERS)


async def test_one_person_on_many_devices_has_one_vote(site, processes, look_up):
    thread = await make_thread(await site("alice"))
    [bob] = await make_people(look_up, 1)
    values = [1, -1, 0] * 40
    await together(*(processes[n % 3].cast(thread.opening, bob, value) for n, value in enumerate(values)))
    assert len(await stored(look_up)) == 1
    assert await recount.find_wrong(look_up) == []


async def test_everyone_on_the_same_message_from_every_process(site, processes, look_up):
    thread = await make_thread(await site("alice"))
    people = await make_people(look_up)
    rows = await together(*(processes[n % 3].cast(thread.opening, each, 1) for n, each in enumerate(people)))
    assert max(row["score"] for row in rows) == PEOPLE
    await together(*(processes[n % 2].cast(thread.opening, each, -1) for n, each in enumerate(people)))
    assert await look_up.fetchval("select score from threads") == -PEOPLE
    assert await recount.find_wrong(look_up) == []


async def test_a_deletion_waits_for_an_answer_that_is_being_stored(site, look_up):
    alice, bob = await site("alice"), await site("bob")
    thread = await make_thread(alice)
    last = await make_message(bob, thread)
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    async with alice.app.state.database.transaction() as connection:
        await messages.write(connection, thread.id, alice.account["id"], draft("Not committed yet."))
        deletion = asyncio.create_task(bob.post(f"/messages/{last}/delete"))
        async with asyncio.timeout(20):
            while not await look_up.fetchval(waiting):
                await asyncio.sleep(0.01)
    assert (await deletion).status_code == 303
    assert await recount.find_wrong(look_up) == [], "its time of activity above all"


async def test_votes_that_come_together_are_one_statement(site, processes, look_up):
    thread = await make_thread(await site("alice"))
    people = await make_people(look_up)
    counted = db.queries.set([])
    await together(*(processes[0].cast(thread.opening, each, 1) for each in people))
    assert db.queries.get() == ["votes/cast"]
    db.queries.reset(counted)


async def test_of_two_votes_in_one_batch_the_last_counts_and_both_hear_it(site, processes, look_up):
    thread = await make_thread(await site("alice"))
    [bob] = await make_people(look_up, 1)
    up, down = await together(*(processes[0].cast(thread.opening, bob, value) for value in (1, -1)))
    assert (up["my_vote"], up["score"]) == (down["my_vote"], down["score"]) == (-1, -1)
    assert await stored(look_up) == {(thread.opening, bob): -1}


async def test_a_vote_of_an_account_that_vanished_does_not_take_the_others_with_it(site, processes, look_up):
    thread = await make_thread(await site("alice"))
    answer = await make_message(await site("bob"), thread)
    people = await make_people(look_up, 10)
    gone = people[4]
    await look_up.execute("delete from accounts where id = $1", gone)
    counted = db.queries.set([])
    keys = [(message, person) for person in people for message in (thread.opening, answer)]
    results = await asyncio.gather(*(processes[0].cast(*key, 1) for key in keys), return_exceptions=True)
    assert db.queries.get() == ["votes/cast"] * 21, "all at once, then each alone"
    db.queries.reset(counted)
    for (_, person), result in zip(keys, results, strict=True):
        assert isinstance(result, SignInNeeded) == (person == gone)
    assert await stored(look_up) == {key: 1 for key in keys if key[1] != gone}
    assert await recount.find_wrong(look_up) == []
    assert (await processes[0].cast(thread.opening, people[0], -1))["score"] == 7, "and it goes on"


async def test_a_vote_of_an_account_that_vanishes_meanwhile_leads_to_signing_in(site, own_database, look_up):
    thread, bob = await make_thread(await site("alice")), await site("bob")
    other = await asyncpg.connect(own_database)
    going = other.transaction()
    await going.start()
    await other.execute("delete from accounts where id = $1", bob.account["id"])
    vote = asyncio.create_task(bob.post(f"/messages/{thread.opening}/vote", data={"value": 1}))
    await until_somebody_waits(look_up)
    await going.commit()
    answer = await vote
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/")
    await other.close()


async def test_who_leaves_has_voted_and_takes_the_answer_from_nobody(site, processes, look_up):
    thread = await make_thread(await site("alice"))
    bob, carol = await make_people(look_up, 2)
    leaving, again, other = (
        asyncio.create_task(processes[0].cast(thread.opening, person, 1)) for person in (bob, bob, carol)
    )
    await asyncio.sleep(0)
    leaving.cancel()
    assert [row["score"] for row in await together(again, other)] == [2, 2]
    assert leaving.cancelled()


async def test_closing_commits_what_waits(site, processes, look_up):
    thread = await make_thread(await site("alice"))
    people = await make_people(look_up)
    first = asyncio.create_task(processes[0].cast(thread.opening, people[0], 1))
    while not first.done() and not processes[0]._committing:
        await asyncio.sleep(0)
    waiting = [asyncio.create_task(processes[0].cast(thread.opening, each, 1)) for each in people[1:]]
    await asyncio.sleep(0)
    assert not any(task.done() for task in waiting)
    await processes[0].close()
    assert len(await stored(look_up)) == PEOPLE
    assert (await together(*waiting))[-1]["score"] == PEOPLE
    await processes[0].close()


async def test_a_database_that_is_gone_is_told_to_all_who_wait(site, own_database, look_up):
    thread = await make_thread(await site("alice"))
    people = await make_people(look_up, 3)
    database = Database(own_database, pool=1)
    await database.connect()
    ballots = Ballots(database)
    assert (await ballots.cast(thread.opening, people[0], 1))["score"] == 1
    others = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    for _ in range(12):  # the driver notices in several ways, now or at the next query
        await look_up.execute(f"select pg_terminate_backend(pid) {others}")
        outcomes = []
        for _ in range(3):
            casts = (ballots.cast(thread.opening, each, 1) for each in people)
            results = await asyncio.gather(*casts, return_exceptions=True)
            outcomes.append({type(result).__name__ for result in results})
        assert all(each in ({"Unavailable"}, {"Record"}) for each in outcomes), outcomes
        assert outcomes[-1] == {"Record"}, "on a new connection"
    await database.disconnect()


@pytest.mark.parametrize(
    "damage",
    [
        "update messages set ups = ups + 1 where id = (select max(id) from messages)",
        "update messages set downs = downs - 1 where id = (select min(id) from messages)",
        "update threads set ups = ups + 1",
        "update threads set downs = downs + 1",
        "update threads set all_ups = all_ups - 1",
        "update threads set all_downs = all_downs + 1",
        "update threads set others_points = others_points + 1",
        "update threads set message_count = message_count - 1",
        "update threads set last_activity_at = last_activity_at + interval '1 ms'",
        "update threads set last_activity_at = last_activity_at - interval '1 s'",
        "update votes set value = 0 where value = 1",
        "delete from votes",
        "update messages set deleted_at = now() where id = (select max(id) from messages)",
    ],
)
async def test_the_recount_would_notice(site, processes, look_up, damage):
    alice, bob = await site("alice"), await site("bob")
    thread = await make_thread(alice)
    answer = await make_message(bob, thread)
    for person in await make_people(look_up, 3):
        await processes[0].cast(thread.opening, person, 1)
        await processes[1].cast(answer, person, 1)
    await processes[1].cast(answer, alice.account["id"], -1)
    await processes[1].cast(thread.opening, bob.account["id"], -1)
    assert await recount.find_wrong(look_up) == []
    await look_up.execute(damage)
    assert await recount.find_wrong(look_up) != []
