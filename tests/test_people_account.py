"""The page for oneself alone: everything that Board keeps about a person, in plain words."""

import asyncpg
import pytest

from board.people.account import SECTIONS
from tests import look
from tests.factories import make_message, make_thread, row


def sections(page) -> dict[str, str]:
    """What each section says, by its heading."""
    return {look.words(next(each.iter("h2"))): look.words(each) for each in look.with_class(look.tree(page), "kept")}


async def test_everything_that_is_kept_stands_there_with_its_number(app, alice, bob):
    thread = await make_thread(alice)
    other = await make_thread(bob)
    answer = await make_message(alice, other)
    await alice.post(f"/messages/{other.opening}/vote", data={"value": 1})
    await alice.post(f"/messages/{answer}/delete")
    ids = (alice.account["id"], bob.account["id"])
    await row(app, "update accounts set invited_by = $2 where id = $1", *ids)
    await row(app, "update accounts set invited_by = $1 where id = $2", *ids)
    await row(app, "insert into former_names (account_id, name, name_key) values ($1, 'ally', 'a11y')", ids[0])
    address = "insert into addresses (account_id, verified, address, address_key) values ($1, $2, $3, $3)"
    await row(app, address, ids[0], True, "alice@example.org")
    await row(app, address, ids[0], False, "new@example.org")
    told = sections(await alice.open("/account"))
    for title, words in (
        ("You", ["Name: alice", "Invited by: bob", "1 former name", "Password: not itself"]),
        ("What you wrote", ["1 thread", "1 message", "0 pictures", "0 earlier texts"]),
        ("Votes", ["1 vote"]),
        ("E-mail address", ["Address: alice@example.org", "Not verified yet: new@example.org"]),
        ("Where you are signed in", ["1 device"]),
        ("What happened to your account", ["0 events"]),
        ("Mails to you", ["0 mails"]),
        ("Invitations", ["0 invitations", "1 guest"]),
    ):
        assert all(each in told[title] for each in words), (title, told[title])
    assert thread.id
    assert "What is not kept" in told


async def test_every_section_says_how_long_and_leads_somewhere(alice):
    page = await alice.open("/account")
    told = sections(page)
    assert all("kept " in told[section.title] for section in SECTIONS)
    assert "{" not in page.text
    for link in {each for each in look.links(look.by_id(look.tree(page), "main")) if each.startswith("/")}:
        await alice.open(link)


async def test_nobody_elses_is_counted(app, alice, bob):
    thread = await make_thread(bob)
    await make_message(bob, thread)
    told = sections(await alice.open("/account"))
    assert "0 threads" in told["What you wrote"]
    assert "0 messages" in told["What you wrote"]
    assert "0 votes" in told["Votes"]


async def test_a_stranger_is_asked_to_sign_in(stranger):
    for path in ("/account", "/account/profile"):
        assert (await stranger.get(path)).headers["location"] == f"/sign-in?next={path}"


# What a person has that is told in another section, or that no statement could tell: said in words instead.
TOLD_ELSEWHERE = {
    "accounts": "You",
    "former_names": "You",
    "threads": "What you wrote",
    "messages": "What you wrote",
    "votes": "Votes",
    "sessions": "Where you are signed in",
    "addresses": "E-mail address",
    "account_events": "What happened to your account",
    "mails": "Mails to you",
    "invitations": "Invitations",
    "applications": "Invitations",
    "board_moderators": "You",
    "statistics_people": "You",
    "links": "Mails to you",
    "authenticators": "Codes and passkeys",
    "backup_codes": "Codes and passkeys",
    "passkeys": "Codes and passkeys",
    # The name by which passkeys know the account.
    "passkey_owners": "Codes and passkeys",
    "deeds": "What happened to your account",
    "answers_to_mail": "Mails to you",
    "push_subscriptions": "Push messages",
    "exports": "Copies to take along",
    "departures": "Copies to take along",
    # For minutes, between the password and the code.
    "half_sign_ins": "Where you are signed in",
}


async def test_each_table_about_a_person_is_in_a_section(template):
    """A feature that keeps something new about people has to tell them: board/people/account.py."""
    connection = await asyncpg.connect(template)
    tables = await connection.fetch("""
        select distinct conrelid::regclass::text as name
        from pg_constraint
        where confrelid = 'accounts'::regclass and contype = 'f'
    """)
    await connection.close()
    titles = {section.title for section in SECTIONS}
    missing = {each["name"] for each in tables} - set(TOLD_ELSEWHERE)
    assert not missing, f"{missing}: in no section of the account's page"
    assert set(TOLD_ELSEWHERE.values()) <= titles


@pytest.mark.parametrize("name", ["alice", "象山"])
async def test_it_is_titled_by_the_name(join, name):
    person = await join(name)
    assert look.words(next(look.tree(await person.open("/account")).iter("h1"))) == name
