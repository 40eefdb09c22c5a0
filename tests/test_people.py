"""A person's page: what they started and wrote, without what was deleted."""

import pytest

from tests import look
from tests.conftest import Client
from tests.entrance import site
from tests.factories import make_message, make_thread, row


def titles(page) -> list[str]:
    """The headings of the threads on a page, in order."""
    return [look.words(each) for each in look.tree(page).iter("h2")]


def texts(page) -> list[str]:
    """What the messages on a page say, in order."""
    return [look.words(each) for each in look.with_class(look.tree(page), "text")]


async def test_a_stranger_sees_who_alice_is_and_what_she_started_newest_first(stranger, alice, bob, thread):
    await make_thread(alice, title="A later one")
    await make_thread(bob, title="Of bob")
    page = await stranger.open("/people/alice")
    assert look.words(next(look.tree(page).iter("h1"))) == "alice"
    assert titles(page) == ["A later one", "A thread"]
    assert thread.path in look.links(look.tree(page))
    assert "joined now" in look.words(look.by_id(look.tree(page), "main"))


async def test_the_messages_of_alice_newest_first_with_the_threads_they_are_in(stranger, alice, bob, thread):
    other = await make_thread(bob, title="Of bob", text="Words of bob.")
    answer = await make_message(alice, other, "An answer *of alice*.")
    await make_message(bob, thread, "Words of bob.")
    page = await stranger.open("/people/alice?show=messages")
    assert texts(page) == ["An answer of alice.", "The opening."]
    assert f"/messages/{answer}" in look.links(look.tree(page))
    assert "Of bob" in page.text
    assert "Words of bob." not in page.text


@pytest.mark.parametrize("who", ["stranger", "alice", "bob", "mod"])
async def test_what_was_deleted_is_on_neither_page_for_anybody(stranger, alice, bob, mod, who):
    viewer = {"stranger": stranger, "alice": alice, "bob": bob, "mod": mod}[who]
    gone = await make_thread(alice, title="A title that is gone", text="An opening that is gone.")
    stays = await make_thread(bob, title="Of bob")
    in_gone = await make_thread(bob, title="Of bob and gone")
    await make_message(alice, in_gone, "An answer in what is gone.")
    await make_message(alice, stays, "Stays.")
    own, moderated = await make_message(alice, stays, "Deleted one."), await make_message(alice, stays, "Deleted two.")
    for client, path in (
        (alice, f"/threads/{gone.id}"),
        (mod, f"/threads/{in_gone.id}"),
        (alice, f"/messages/{own}"),
        (mod, f"/messages/{moderated}"),
    ):
        assert (await client.post(f"{path}/delete")).status_code == 303
    threads, messages = await viewer.open("/people/alice"), await viewer.open("/people/alice?show=messages")
    assert "Nothing yet." in threads.text
    assert texts(messages) == ["Stays."]
    for page in (threads, messages):
        assert "gone" not in page.text
        assert "Deleted" not in page.text


async def test_a_person_who_did_nothing_yet(stranger, alice):
    for path in ("/people/alice", "/people/alice?show=messages"):
        assert "Nothing yet." in (await stranger.open(path)).text


async def test_a_moderator_is_marked_and_a_member_is_not(stranger, alice, mod):
    assert look.with_class(look.tree(await stranger.open("/people/morag")), "role")
    assert not look.with_class(look.tree(await stranger.open("/people/alice")), "role")


async def test_the_page_says_nothing_that_only_alice_should_know(app, stranger, alice):
    await row(app, "update accounts set password_hash = 'a-hash', form_key = '00000000-0000-0000-0000-00000000abcd'")
    for viewer in (stranger, alice):
        page = await viewer.open("/people/alice")
        assert "a-hash" not in page.text
        assert "abcd" not in page.text


@pytest.mark.parametrize("show", ["threads", "messages"])
async def test_older_and_newer_pages_hold_each_thing_once(config, database, alice, show):
    for number in range(7):
        await make_thread(alice, title=f"Number {number}", text=f"Number {number}")
    async with site(config, database, threads_per_page=3, messages_per_page=3) as app, Client(app) as stranger:
        read = titles if show == "threads" else texts
        path, pages = f"/people/alice?show={show}", []
        for _ in range(3):
            page = await stranger.open(path)
            pages.append(read(page))
            path = next((link for link in look.links(look.tree(page)) if "after=" in link), "")
        assert pages == [[f"Number {n}" for n in numbers] for numbers in ((6, 5, 4), (3, 2, 1), (0,))]
        assert path == ""
        back = next(link for link in look.links(look.tree(page)) if "before=" in link)
        assert read(await stranger.open(back)) == pages[1]


@pytest.mark.parametrize("name", ["alice", "ALICE", "Alice", "a1ice", "%D0%B0lice", "%EF%BD%81lice", "%20alice%20"])
async def test_any_spelling_of_the_name_leads_to_the_one_person(stranger, alice, name):
    page = await stranger.open(f"/people/{name}")
    assert look.words(next(look.tree(page).iter("h1"))) == "alice"


@pytest.mark.parametrize("name", ["Ωmega", "象山", "Łukasz", "O.K-1_2", "עברית", "हिन्दी"])
async def test_links_to_a_person_lead_to_the_person_whatever_the_alphabet(stranger, join, name):
    person = await join(name)
    thread = await make_thread(person)
    links = look.links(look.tree(await stranger.open(thread.path)))
    (link,) = {each for each in links if each.startswith("/people/")}
    page = await stranger.open(link)
    assert look.words(next(look.tree(page).iter("h1"))) == name
    assert titles(page) == ["A thread"]


@pytest.mark.parametrize(
    "name",
    [
        "nobody-here",
        "...",
        "%2e%2e",
        "%ED%A0%80",
        "%FF%FE",
        "%C3",
        "%",
        "%zz",
        "%25",
        "%0a",
        "%0d%0aSet-Cookie:x",
        "<script>alert(1)",
        "'--",
        "alice%0aalice",
        "al%09ice",
        "alice%E2%80%8B",
        "alice%E2%80%AE",
        "%F0%9F%90%98",
        "%EF%B7%BA" * 500,
        "x" * 20_000,
        "%F0%A0%80%80" * 5_000,
        "%cc%81" * 5_000,
    ],
    ids=lambda name: name[:20],
)
async def test_a_name_that_nobody_has_is_not_found_however_odd(stranger, alice, name):
    answer = await stranger.get(f"/people/{name}")
    assert answer.status_code == 404
    assert "There is nobody with this name." in answer.text
    assert "<script>alert" not in answer.text


async def test_a_name_with_a_nul_is_a_sentence(stranger):
    answer = await stranger.get("/people/ali%00ce")
    assert answer.status_code == 400
    assert "The address holds a character that no address can hold. Go to the front page." in answer.text


@pytest.mark.parametrize("query", ["after=x", "after=-1", "before=", "after=1~2", "after=9" + "9" * 30, "after=%00"])
async def test_a_broken_place_in_the_list_is_a_sentence(stranger, alice, query):
    answer = await stranger.get(f"/people/alice?{query}")
    assert answer.status_code == 400
    assert "is broken. Go to the first page." in answer.text


async def test_everybody_has_a_page_of_their_own_account(alice, stranger):
    page = await alice.open("/account")
    assert look.words(next(look.tree(page).iter("h1"))) == "alice"
    assert "/account" in look.links(look.tree(await alice.open("/")))
    assert (await stranger.get("/account")).headers["location"] == "/sign-in?next=/account"
    assert "/account" not in look.links(look.tree(await stranger.open("/")))
