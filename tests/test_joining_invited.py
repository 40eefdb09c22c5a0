"""Invitations: a link for one person, made within limits, and the tree that grows from them."""

import asyncio
import re
import uuid
from urllib.parse import urlsplit

import pytest

from board.kit import names
from tests import look
from tests.conftest import Client
from tests.entrance import sign_up, site, who
from tests.factories import row
from tests.routes import cheaply

TROUBLES = {
    "used": "This invitation was used already: each is for one person. Ask for another.",
    "revoked": "This invitation was taken back. Ask for another.",
    "expired": "The time of this invitation is over. Ask for another.",
}
BROKEN = "This is no invitation of this board, or part of its link is missing. Open the whole link, or ask for another."


@pytest.fixture
async def by_invitation(config, database):
    """The site that is joined by invitation alone."""
    async with site(config, database, sign_up="invitation") as app:
        cheaply(app)
        yield app


@pytest.fixture
async def host(by_invitation, join):
    """A member of that site."""
    return await join("alice", app=by_invitation)


async def invite(client, note: str = "For Dave") -> str:
    """Make an invitation with the form on the page; return what its link says after `invitation=`."""
    page = await client.open("/account/invitations")
    form = next(each for each in look.tree(page).iter("form") if each.get("action") == "/account/invitations")
    answer = await client.post("/account/invitations", data=look.fields(form) | {"note": note})
    assert answer.status_code == 303, look.errors(answer)
    return tokens(await client.open("/account/invitations"))[0]


def tokens(page) -> list[str]:
    """What the links on the page say after `invitation=`, the newest first."""
    return re.findall(r"invitation=([\w.-]+)", page.text)


async def come(app, token: str, name: str = "dave") -> tuple[Client, object]:
    """Follow the link and send the form that is there."""
    client = Client(app)
    page = await client.open(f"/sign-up?invitation={token}")
    form = next(each for each in look.tree(page).iter("form") if each.get("action") == "/sign-up")
    sent = look.fields(form) | {"name": name, "password": "four words and more"}
    return client, await client.post("/sign-up", data=sent)


async def test_who_follows_the_link_comes_in_and_stands_below_the_host(by_invitation, host):
    token = await invite(host)
    dave, answer = await come(by_invitation, token)
    assert (answer.status_code, await who(dave)) == (303, "dave")
    mine = await host.open("/account/invitations")
    assert "/people/dave" in look.links(look.tree(mine))
    assert tokens(mine) == []
    tree = look.words(next(look.tree(await host.open("/invitations")).iter("ul")))
    assert tree == "alice dave"
    assert (await row(by_invitation, "select role from accounts where name = 'dave'"))[0] == "new"


async def test_without_an_invitation_the_page_says_how_to_get_one_and_nobody_comes_in(by_invitation, host):
    async with Client(by_invitation) as stranger:
        page = await stranger.open("/sign-up")
        assert "joined by invitation" in look.words(next(look.tree(page).iter("h1")))
        assert (await sign_up(stranger)).status_code == 403
        assert await who(stranger) == ""
    assert (await row(by_invitation, "select count(*) from accounts"))[0] == 1


async def test_the_whole_link_can_be_put_into_the_page(by_invitation, host):
    token = await invite(host)
    async with Client(by_invitation) as stranger:
        pasted = f" http://testserver/sign-up?invitation={token} "
        page = await stranger.get("/sign-up", params={"invitation": pasted})
        assert "alice invites you." in page.text
        assert page.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("state", TROUBLES)
async def test_an_invitation_that_is_over_says_why_and_lets_nobody_in(by_invitation, host, state):
    token = await invite(host)
    change = {"used": "used_at = now()", "revoked": "revoked_at = now()", "expired": "expires_at = now()"}[state]
    await row(by_invitation, f"update invitations set {change}")
    async with Client(by_invitation) as stranger:
        assert look.errors(await stranger.open(f"/sign-up?invitation={token}")) == [TROUBLES[state]]
        answer = await sign_up(stranger, invitation=token)
        assert (answer.status_code, look.errors(answer)) == (403, [TROUBLES[state]])


@pytest.mark.parametrize("damage", ["cut", "changed", "another's key", "no signature", "words", "long"])
async def test_a_link_that_somebody_worked_on_opens_nothing(by_invitation, host, damage):
    token = await invite(host)
    key, _, signature = token.partition(".")
    wrong = {
        "cut": token[:-3],
        "changed": f"{key[:-1]}{'0' if key[-1] != '0' else '1'}.{signature}",
        "another's key": f"{uuid.uuid4().hex}.{signature}",
        "no signature": key,
        "words": "let me in",
        "long": token * 200,
    }[damage]
    async with Client(by_invitation) as stranger:
        assert look.errors(await stranger.get("/sign-up", params={"invitation": wrong})) == [BROKEN]
        assert (await sign_up(stranger, invitation=wrong)).status_code == 403
    assert (await row(by_invitation, "select count(*) from accounts"))[0] == 1


async def test_of_eight_who_use_one_invitation_at_once_one_comes_in(busy_app, join):
    host = await join("alice", app=busy_app)
    token = await invite(host)
    clients = [Client(busy_app) for _ in range(8)]
    answers = await asyncio.gather(
        *(sign_up(each, f"friend-{number}", invitation=token) for number, each in enumerate(clients))
    )
    assert sorted(each.status_code for each in answers) == [303] + [422] * 7
    late = next(each for each in answers if each.status_code == 422)
    assert look.errors(late) == ["Somebody used this invitation a moment ago. Ask for another."]
    assert await row(busy_app, "select count(*), count(invited_by) from accounts") == (2, 1)


async def test_an_invitation_sent_twice_is_one_and_the_guest_comes_in_with_both(by_invitation, host):
    token, key = await invite(host), str(uuid.uuid4())
    async with Client(by_invitation) as guest:
        assert (await sign_up(guest, "dave", invitation=token, form_key=key)).status_code == 303
        assert await who(guest) == "dave"
    sent = {"note": "", "form_key": key}
    assert (await host.post("/account/invitations", data=sent)).status_code == 303
    assert (await host.post("/account/invitations", data=sent)).status_code == 303
    assert (await row(by_invitation, "select count(*) from invitations"))[0] == 2


async def test_there_are_only_so_many_and_those_taken_back_do_not_count(by_invitation, host):
    for number in range(5):
        await invite(host, f"Guest {number}")
    page = await host.open("/account/invitations")
    assert "as many in the last four weeks as you may" in page.text
    answer = await host.post("/account/invitations", data={"note": "One more", "form_key": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert look.errors(answer) == ["You have as many invitations out as you may. Take one back, or wait some days."]
    revoke = next(f.get("action") for f in look.tree(page).iter("form") if f.get("action", "").endswith("/revoke"))
    assert (await host.post(revoke)).status_code == 303
    await invite(host)


async def test_nine_made_at_once_are_no_more_than_the_limit(busy_app, join):
    host = await join("alice", app=busy_app)
    answers = await asyncio.gather(
        *(host.post("/account/invitations", data={"note": "", "form_key": str(uuid.uuid4())}) for _ in range(9))
    )
    assert sorted(each.status_code for each in answers) == [303] * 5 + [422] * 4
    assert (await row(busy_app, "select count(*) from invitations"))[0] == 5


async def test_a_note_that_is_too_long_comes_back_with_a_sentence(host):
    answer = await host.post("/account/invitations", data={"note": "x" * 101, "form_key": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert look.errors(answer) == ["The note has 101 characters; at most 100 are allowed. Shorten it."]
    assert "x" * 101 in answer.text


async def test_nobody_takes_back_or_sees_those_of_others(by_invitation, host, join):
    await invite(host, "For Dave alone")
    bob = await join("bob", app=by_invitation)
    (id_,) = await row(by_invitation, "select id from invitations")
    await bob.post(f"/account/invitations/{id_}/revoke")
    assert (await row(by_invitation, "select revoked_at from invitations"))[0] is None
    assert "For Dave" not in (await bob.open("/account/invitations")).text


@pytest.mark.parametrize("role", ["new", "waiting"])
async def test_who_is_not_a_member_yet_invites_nobody(by_invitation, join, role):
    new = await join("newcomer", role, app=by_invitation)
    assert (await new.get("/account/invitations")).status_code == 403
    sent = {"note": "", "form_key": str(uuid.uuid4())}
    assert (await new.post("/account/invitations", data=sent)).status_code == 403
    assert "/account/invitations" not in look.links(look.tree(await new.open("/account")))


async def test_a_stranger_sees_no_invitations_and_no_tree(by_invitation):
    async with Client(by_invitation) as stranger:
        for path in ("/account/invitations", "/invitations"):
            answer = await stranger.get(path)
            assert urlsplit(answer.headers["location"]).path == "/sign-in"


async def test_when_a_host_is_suspended_the_invitations_open_nothing(by_invitation, host):
    token = await invite(host)
    await row(by_invitation, "update accounts set suspended_until = 'infinity'")
    async with Client(by_invitation) as stranger:
        assert look.errors(await stranger.open(f"/sign-up?invitation={token}")) == [TROUBLES["revoked"]]


async def test_an_invitation_takes_the_place_of_approval_and_of_the_challenge(config, database, join):
    changes = {"sign_up": "approval", "challenge": "question", "challenge_questions": "What barks? a dog"}
    async with site(config, database, **changes) as app:
        cheaply(app)
        token = await invite(await join("alice", app=app))
        assert (await come(app, token))[1].status_code == 303
        assert (await row(app, "select role from accounts where name = 'dave'"))[0] == "new"


async def test_where_anybody_joins_a_broken_invitation_is_no_hindrance(app, stranger):
    page = await stranger.open("/sign-up?invitation=let-me-in")
    assert look.errors(page) == [f"{BROKEN} You can join without it."]
    assert (await sign_up(stranger, invitation="let-me-in")).status_code == 303


async def grow(app, tree: dict[str, int | None]) -> None:
    """Make accounts with these hosts, by number."""
    for number, (name, host) in enumerate(tree.items(), 1):
        await row(
            app,
            "insert into accounts (id, name, name_key, password_hash, invited_by) overriding system value"
            " values ($1, $2, $3, '!', $4)",
            1000 + number,
            name,
            names.key(name),
            host and 1000 + host,
        )
    await row(app, "update accounts a set has_invited = exists (select from accounts where invited_by = a.id)")


async def test_the_tree_is_shown_in_pages_and_deep_or_broad_ones_branch_off(app, alice):
    chain = {"root": None} | {f"level-{n}": n for n in range(1, 8)}
    await grow(app, chain | {f"guest-{n:02}": 2 for n in range(40)})
    page = await alice.open("/invitations")
    shown = [link for link in look.links(look.tree(page)) if link.startswith("/people/")]
    assert "/people/level-2" in shown
    assert "/people/level-3" not in shown
    assert sum(link.startswith("/people/guest") for link in shown) == 4
    assert "/invitations?of=level-1" in look.links(look.tree(page))
    branch = await alice.open("/invitations?of=level-1")
    assert sum(link.startswith("/people/guest") for link in look.links(look.tree(branch))) == 24
    older = next(link for link in look.links(look.tree(branch)) if "after=" in link)
    rest = await alice.open(older)
    assert sum(link.startswith("/people/guest") for link in look.links(look.tree(rest))) == 16
    deep = await alice.open("/invitations?of=level-7")
    assert look.words(look.with_class(look.tree(deep), "meta")[0]).startswith("All › root › level-1 › level-2")
    assert (await alice.get("/invitations?of=nobody-here")).status_code == 404


async def test_when_a_host_goes_the_guests_stay_as_roots(app, alice):
    await grow(app, {"root": None, "host": 1, "guest": 2})
    await row(app, "delete from accounts where name = 'host'")
    assert (await row(app, "select invited_by from accounts where name = 'guest'"))[0] is None
    page = await alice.open("/invitations")
    assert "/people/root" in look.links(look.tree(page))
