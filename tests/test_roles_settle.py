"""Who is new no more, who has earned trust, and who lost it: looked at once a day, beside the pages."""

import pytest

from board import jobs
from board.kit.storage import Storage
from board.kit.worker import Site
from board.permissions import NEW_DAYS, TRUST_CLEAN_DAYS, TRUST_DAYS, TRUST_POINTS, TRUST_VOTERS
from tests.addressed import give
from tests.factories import make_account, make_message, make_thread, row


@pytest.fixture
def site(app, config) -> Site:
    return Site(config, app.state.database, Storage(config.pictures_url))


async def joined(client, days: float, role: str = "member", trust: str = "earned") -> None:
    """As if they had joined so long ago, and had not been looked at since."""
    await row(
        client.app,
        "update accounts set created_at = now() - make_interval(secs => $2 * 86400), role_settled_at = '-infinity', "
        "role = $3, trust = $4 where id = $1",
        client.account["id"],
        float(days),
        role,
        trust,
    )


async def settled(site, client) -> str:
    """Their role after the next run."""
    await row(client.app, "update accounts set role_settled_at = '-infinity' where id = $1", client.account["id"])
    await jobs.settle_roles(site)
    return (await row(client.app, "select role from accounts where id = $1", client.account["id"]))[0]


@pytest.fixture
async def liked(app, alice, thread) -> list[int]:
    """alice, with all that earns trust, and not a point too many; the ids of her messages."""
    ids = [await make_message(alice, thread) for _ in range(4)]
    async with app.state.database.connection() as connection:
        voters = [(await make_account(connection, f"voter-{number}"))["id"] for number in range(TRUST_VOTERS)]
    for voter in voters:
        for message in ids:
            await app.state.ballots.cast(message, voter, 1)
    assert (await row(app, "select sum(score) from messages"))[0] == TRUST_POINTS
    await joined(alice, TRUST_DAYS + 0.1)
    return ids


async def test_who_has_all_that_it_takes_is_trusted_and_told(app, site, alice, liked):
    assert await settled(site, alice) == "trusted"
    event = await row(app, "select kind, details from account_events where account_id = $1", alice.account["id"])
    assert tuple(event) == ("role changed", {"old": "member", "new": "trusted"})
    assert await settled(site, alice) == "trusted"
    assert (await row(app, "select count(*) from account_events"))[0] == 1


async def test_who_has_an_address_is_told_there(mailbox, app, site, alice, liked):
    await give(app, alice.account, "alice@example.org")
    await settled(site, alice)
    assert "The role was changed from member to trusted." in (await mailbox.one(app)).text


async def test_a_day_too_early_nobody_is_trusted(site, alice, liked):
    await joined(alice, TRUST_DAYS - 0.1)
    assert await settled(site, alice) == "member"


async def test_a_point_too_few_and_nobody_is_trusted(app, site, alice, liked):
    await app.state.ballots.cast(liked[0], (await row(app, "select id from accounts where name = 'voter-0'"))[0], 0)
    assert await settled(site, alice) == "member"


async def test_points_of_one_admirer_fewer_are_not_enough(app, site, alice, liked, thread):
    first, second = [(await row(app, "select id from accounts where name = $1", f"voter-{n}"))[0] for n in (0, 1)]
    for message in liked:
        await app.state.ballots.cast(message, first, 0)
    for _ in range(4):
        await app.state.ballots.cast(await make_message(alice, thread), second, 1)
    assert (await row(app, "select sum(score) from messages"))[0] == TRUST_POINTS
    assert await settled(site, alice) == "member"


@pytest.mark.parametrize("role", ["new", "waiting"])
async def test_votes_of_people_who_are_new_do_not_count(app, site, alice, liked, role):
    await row(app, "update accounts set role = $1 where name = 'voter-0'", role)
    assert await settled(site, alice) == "member"


async def test_a_removal_by_a_moderator_takes_trust_for_a_while(app, site, alice, mod, liked, thread):
    assert await settled(site, alice) == "trusted"
    bad = await make_message(alice, thread)
    await mod.post(f"/messages/{bad}/delete")
    assert await settled(site, alice) == "member"
    await row(
        app, "update messages set deleted_at = now() - make_interval(days => $1) where id = $2", TRUST_CLEAN_DAYS, bad
    )
    assert await settled(site, alice) == "trusted"


async def test_a_thread_that_a_moderator_removed_counts_like_a_message(site, alice, mod, liked):
    bad = await make_thread(alice)
    await mod.post(f"{bad.path}/delete")
    assert await settled(site, alice) == "member"


async def test_what_one_removes_oneself_or_falls_with_a_thread_of_others_does_no_harm(
    app, site, alice, bob, liked, thread
):
    await alice.post(f"/messages/{await make_message(alice, thread)}/delete")
    theirs = await make_thread(bob)
    await make_message(alice, theirs)
    await bob.post(f"{theirs.path}/delete")
    await row(app, "update threads set deleted_at = now() - interval '1 day' where id = $1", theirs.id)
    assert await jobs.remove_deleted(site) > 0
    assert await settled(site, alice) == "trusted"


async def test_points_of_what_is_deleted_are_gone(site, alice, liked):
    await alice.post(f"/messages/{liked[0]}/delete")
    assert await settled(site, alice) == "member"


@pytest.mark.parametrize(("days", "role"), [(NEW_DAYS - 0.1, "new"), (NEW_DAYS + 0.1, "member")])
async def test_who_is_new_is_a_member_after_some_days(site, alice, days, role):
    await joined(alice, days, "new")
    assert await settled(site, alice) == role


async def test_trust_that_is_given_or_withheld_stays(site, alice, bob, liked):
    await joined(bob, 0.1, "new", "given")
    await joined(alice, TRUST_DAYS + 1, "trusted", "withheld")
    assert await settled(site, bob) == "trusted"
    assert await settled(site, alice) == "member"


@pytest.mark.parametrize("role", ["waiting", "moderator", "admin"])
async def test_who_waits_or_was_appointed_is_left_alone(site, alice, liked, role):
    await joined(alice, 400, role)
    assert await settled(site, alice) == role


async def test_everybody_is_looked_at_once_a_day_in_batches(app, site):
    from board import roles

    async with app.state.database.connection() as connection:
        for number in range(7):
            await make_account(connection, f"person-{number}", "new")
    await row(app, "update accounts set created_at = now() - interval '10 days', role_settled_at = '-infinity'")
    assert await roles.settle(site, batch=3) == 7
    await row(app, "update accounts set role = 'new'")
    assert await roles.settle(site, batch=3) == 0
    await row(app, "update accounts set role_settled_at = now() - interval '25 hours' where name = 'person-3'")
    assert await roles.settle(site, batch=3) == 1
