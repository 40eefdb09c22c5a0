"""Suspensions: out at once, told why and until when, back when the time is over; by whom, and whom not."""

import uuid

import pytest

from board.kit.db import one
from tests import look
from tests.entrance import PASSWORD, sign_in, sign_up, who
from tests.factories import row
from tests.routes import cheaply, everything
from tests.test_roles_people import form, names, of


async def test_who_is_suspended_is_out_at_once_and_reads_why_and_until_when(app, stranger, admin, mod):
    cheaply(app)
    await sign_up(stranger, "carol")
    account = await row(app, "select id from accounts where name = 'carol'")
    path = f"/admin/people/{account['id']}"
    assert (await mod.post(f"{path}/suspend", data={"days": "7", "reason": "Spam & <worse>."})).status_code == 303
    assert await who(stranger) == ""
    answer = await stranger.post(
        "/threads", data={"form_key": str(uuid.uuid4()), "title": "T", "board": "general", "text": "My words."}
    )
    assert answer.status_code == 403
    assert look.fields(look.form(answer))["text"].strip() == "My words."
    answer = await sign_in(stranger, "carol")
    assert answer.status_code == 403
    until = await row(
        app,
        "select to_char(suspended_until at time zone 'utc', 'FMDD Mon YYYY') from accounts where id = $1",
        account["id"],
    )
    said = look.words(next(look.tree(answer).iter("main")))
    assert f"This account is suspended until {until[0]}" in said
    assert "The reason: Spam & <worse>." in said
    assert (await row(app, "select count(*) from sessions where account_id = $1", account["id"]))[0] == 0
    assert (await sign_in(stranger, "carol", password="a wrong password")).status_code == 422, "told to nobody else"
    assert "suspended" in names_and_meta(await admin.open("/admin/people"))["carol"]
    assert (await mod.post(f"{path}/unsuspend")).status_code == 303
    assert (await sign_in(stranger, "carol", password=PASSWORD)).status_code == 303
    assert await who(stranger) == "carol"


def names_and_meta(answer) -> dict[str, str]:
    cards = [each for each in look.tree(answer).iter("li") if (each.get("id") or "").startswith("person-")]
    return {look.words(next(each.iter("h3"))): look.words(each) for each in cards}


async def test_a_session_that_slips_through_is_nobodys(app, bob, admin):
    await admin.post(f"{of(bob)}/suspend", data={"days": "ever", "reason": "Spam."})
    async with app.state.database.connection() as connection:
        # Signed in at the same moment as the suspension ended all sessions.
        await connection.execute(
            "insert into sessions (token_hash, account_id, expires_at) values ($1, $2, now() + interval '1 day')",
            b"x",
            bob.account["id"],
        )
        text = await connection.fetchrow(
            "select suspended_until = 'infinity' as e from accounts where id = $1", bob.account["id"]
        )
        assert text["e"]
    async with app.state.database.connection() as connection:
        assert await one("sessions/get")(connection, token_hash=b"x") is None


async def test_a_suspension_ends_by_itself(app, bob, admin):
    await admin.post(f"{of(bob)}/suspend", data={"days": "1", "reason": "Spam."})
    assert names(await admin.open("/admin/people?show=suspended")) == ["bob"]
    await row(app, "update accounts set suspended_until = now() - interval '1 second' where id = $1", bob.account["id"])
    assert names(await admin.open("/admin/people?show=suspended")) == []
    assert "Suspended" not in (await admin.open(of(bob))).text.split("</h1>")[1].split("<form")[0]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"days": "7", "reason": ""}, "reason"),
        ({"days": "7", "reason": "x" * 301}, "reason"),
        ({"days": "365", "reason": "Spam."}, "days"),
        ({"days": "ever", "reason": "Spam."}, "days"),
    ],
)
async def test_a_suspension_without_a_reason_or_too_long_for_a_moderator_is_refused(app, mod, bob, sent, field):
    before = await everything(app)
    answer = await mod.post(f"{of(bob)}/suspend", data=sent)
    assert answer.status_code == 422
    assert look.with_class(look.tree(answer), "error")[0].get("id") == f"error-{field}"
    assert look.fields(form(answer, "/suspend"))["reason"] == sent["reason"]
    assert await everything(app) == before


async def test_moderators_and_admins_are_not_suspended_by_their_equals(app, mod, admin, join):
    other, second = await join("mona", "moderator"), await join("adam", "admin")
    before = await everything(app)
    for client, person in ((mod, other), (mod, admin), (admin, second), (mod, mod)):
        for path in ("suspend", "unsuspend"):
            answer = await client.post(f"{of(person)}/{path}", data={"days": "7", "reason": "Spam."})
            assert answer.status_code == 403
        assert "/suspend" not in (await client.open(of(person))).text
    assert await everything(app) == before
    assert (await admin.post(f"{of(other)}/suspend", data={"days": "365", "reason": "Spam."})).status_code == 303
