"""Somebody's whole history: filtered, searched, paged both ways, by votes; never what was deleted."""

import pytest

from board import images
from board.kit.pictures import Picture
from board.people import history
from tests import look
from tests.conftest import Client
from tests.entrance import site
from tests.factories import draft, make_message, make_thread, row


def texts(page) -> list[str]:
    """What the messages on a page say, in order."""
    return [look.words(each) for each in look.with_class(look.tree(page), "text")]


def link(page, part: str) -> str:
    """The one link with this in its address, or the empty string."""
    found = {each for each in look.links(look.tree(page)) if part in each}
    assert len(found) <= 1, found
    return found.pop() if found else ""


async def show_picture(app, message: int, number: int, **fields) -> str:
    """Give a message a picture; returns its key."""
    picture = Picture(f"{number:032x}", 640, 480, False, (160, 320, 640), 640, {})
    await images.keep(app.state.database, app.state.storage, picture)
    async with app.state.database.transaction() as connection:
        shown = images.row(picture) | {"alt": "", "sensitive": False, **fields}
        await images.attach(connection, message, draft(pictures=[shown]).pictures)
    return picture.key


@pytest.fixture
async def written(app, alice, bob):
    """What alice wrote: an opening in General; in Garden a popular answer, a picture, and something of 2019."""
    await row(app, "insert into boards (slug, name) values ('garden', 'Garden')")
    await make_thread(alice, title="Ferries", text="The Upper deck of the ferry.")
    beds = await make_thread(bob, title="Beds", board="garden")
    popular = await make_message(alice, beds, "100% sure: slugs_eat it.")
    pictured = await make_message(alice, beds, "Look at this.")
    old = await make_message(alice, beds, "象山の水 of old.")
    await show_picture(app, pictured, 1)
    assert (await bob.post(f"/messages/{popular}/vote", data={"value": 1})).status_code == 303
    await row(app, "update messages set created_at = '2019-06-01' where id = $1", old)


EVERYTHING = ["Look at this.", "100% sure: slugs_eat it.", "The Upper deck of the ferry.", "象山の水 of old."]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [0, 1, 2, 3]),
        ("board=garden", [0, 1, 3]),
        ("board=nowhere", []),
        ("year=2019", [3]),
        ("year=2018", []),
        ("kind=opening", [2]),
        ("kind=answer", [0, 1, 3]),
        ("pictures=1", [0]),
        ("least=1", [1]),
        ("least=-5", [0, 1, 2, 3]),
        ("words=upper", [2]),
        ("words=FERRY+upper", [2]),
        ("words=upper+slugs", []),
        ("words=0%25+s", [1]),
        ("words=%25", [1]),
        ("words=s_e", [1]),
        ("words=%5C", []),
        ("words=山の", [3]),
        ("words=of+old&year=2019&board=garden&kind=answer", [3]),
        ("words=&board=&year=&kind=&least=", [0, 1, 2, 3]),
    ],
)
async def test_a_filter_lets_through_what_it_says(stranger, written, query, numbers):
    page = await stranger.open(f"/people/alice?show=messages&{query}")
    assert texts(page) == [EVERYTHING[number] for number in numbers]
    assert ("Nothing like this." in page.text) == (numbers == [])
    fragment = await stranger.fragment("GET", f"/people/alice?show=messages&{query}")
    assert texts(fragment) == texts(page)
    assert not fragment.text.startswith("<!DOCTYPE")


async def test_the_form_keeps_what_was_typed(stranger, written):
    sent = {"words": 'of "old"', "board": "garden", "kind": "answer", "year": "2019", "least": "-1", "pictures": "1"}
    page = await stranger.open("/people/alice", params={"show": "messages", **sent})
    form = next(each for each in look.tree(page).iter("form") if each.get("action") == "/people/alice")
    assert look.fields(form) == {"show": "messages", **sent}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("year=26", "A year has four digits"),
        ("year=３０００", "A year has four digits"),
        ("year=9999", "A year has four digits"),
        ("least=many", "The points are a number"),
        ("least=99999999999", "The points are a number"),
        ("kind=all", "“kind” must be one of: opening, answer."),
        ("words=" + "x" * 101, "A search has 100 characters at most."),
    ],
)
async def test_a_filter_that_makes_no_sense_is_a_sentence(stranger, written, query, sentence):
    answer = await stranger.get(f"/people/alice?show=messages&{query}")
    assert answer.status_code == 400
    assert sentence in answer.text


async def test_a_tab_that_there_is_not_is_a_sentence(stranger, alice):
    answer = await stranger.get("/people/alice?show=secrets")
    assert answer.status_code == 400
    assert "must be one of: threads, messages, pictures, received, given." in answer.text


async def test_the_filter_stays_on_the_pages_before_and_after(config, database, alice):
    thread = await make_thread(alice, text="Not this.")
    for number in range(7):
        await make_message(alice, thread, f"Number {number}")
    async with site(config, database, messages_per_page=3) as app, Client(app) as stranger:
        path, pages = "/people/alice?show=messages&words=number&kind=answer", []
        while path:
            pages.append(await stranger.open(path))
            path = link(pages[-1], "after=")
        assert [texts(page) for page in pages] == [
            [f"Number {n}" for n in numbers] for numbers in ((6, 5, 4), (3, 2, 1), (0,))
        ]
        back = await stranger.open(link(pages[2], "before="))
        assert texts(back) == texts(pages[1])
        assert texts(await stranger.open(link(back, "before="))) == texts(pages[0])


async def test_a_search_looks_so_far_at_once_and_goes_on_from_there(config, database, alice, monkeypatch):
    monkeypatch.setattr(history, "REACH", 4)
    thread = await make_thread(alice, text="The needle.")
    for number in range(9):
        await make_message(alice, thread, f"Hay {number}")
    async with site(config, database) as app, Client(app) as stranger:
        path, steps = "/people/alice?show=messages&words=needle", []
        while path:
            page = await stranger.open(path)
            steps.append((texts(page), "Look further" in page.text))
            path = link(page, "after=")
        assert steps == [([], True), ([], True), (["The needle."], False)]
        found = await stranger.open("/people/alice?show=messages&words=hay&kind=answer")
        assert len(texts(found)) == 4
        assert "Look further" in found.text
        # On the way back as well.
        cursor = link(await stranger.open(link(found, "after=")), "before=")
        assert len(texts(await stranger.open(cursor))) == 4


@pytest.mark.parametrize("show", ["threads", "messages", "pictures", "received", "given"])
@pytest.mark.parametrize("who", ["stranger", "alice", "bob", "mod"])
async def test_what_was_deleted_is_in_no_tab_for_anybody(app, stranger, alice, bob, mod, show, who):
    viewer = {"stranger": stranger, "alice": alice, "bob": bob, "mod": mod}[who]
    await row(app, "update accounts set show_given = 'everyone'")
    whole = await make_thread(alice, title="Gone title", text="Gone opening.")
    stays = await make_thread(bob, title="Of bob")
    answer = await make_message(alice, stays, "Gone answer.")
    voted = await make_message(bob, stays, "Gone of bob.")
    keys = [await show_picture(app, message, number) for number, message in enumerate((whole.opening, answer), 1)]
    for message in (whole.opening, answer):
        await bob.post(f"/messages/{message}/vote", data={"value": 1})
    await alice.post(f"/messages/{voted}/vote", data={"value": 1})
    before = (await viewer.open(f"/people/alice?show={show}")).text
    assert "Gone" in before or keys[0] in before
    for path in (f"/threads/{whole.id}", f"/messages/{answer}", f"/messages/{voted}"):
        assert (await mod.post(f"{path}/delete")).status_code == 303
    page = await viewer.open(f"/people/alice?show={show}")
    assert "Nothing yet." in page.text
    assert "Gone" not in page.text
    assert not any(key in page.text for key in keys)


async def test_pictures_are_a_grid_that_leads_to_the_messages(config, database, app, alice, bob):
    thread = await make_thread(alice)
    await make_message(alice, thread, "No picture.")
    shown = [await make_message(alice, thread, f"Number {number}") for number in range(5)]
    keys = [await show_picture(app, message, number, sensitive=number == 4) for number, message in enumerate(shown)]
    await show_picture(app, await make_message(bob, thread), 77)
    async with site(config, database, threads_per_page=3) as small, Client(small) as stranger:
        first = await stranger.open("/people/alice?show=pictures")
        tiles = [each for each in look.tree(first).iter("a") if each.find("picture") is not None]
        assert [each.get("href") for each in tiles] == [f"/messages/{shown[n]}" for n in (4, 3, 2)]
        assert ["veiled" in (each.get("class") or "") for each in tiles] == [True, False, False]
        second = await stranger.open(link(first, "after="))
        assert all(key in second.text for key in keys[:2])
        assert f"{77:032x}" not in first.text + second.text
        assert link(second, "before=")


async def test_votes_received_are_told_without_who_gave_them(stranger, alice, bob, mod):
    thread = await make_thread(alice)
    liked, disputed = [await make_message(alice, thread, text) for text in ("Liked.", "Disputed.")]
    for client, message, vote in ((bob, liked, 1), (mod, liked, 1), (bob, disputed, 1), (mod, disputed, -1)):
        await client.post(f"/messages/{message}/vote", data={"value": vote})
    page = await stranger.open("/people/alice?show=received")
    assert texts(page) == ["Liked.", "Disputed.", "The opening."]
    told = [look.words(each) for each in look.with_class(look.tree(page), "meta")]
    assert any("2 points (2 up, 0 down)" in each for each in told)
    assert any("0 points (1 up, 1 down)" in each for each in told)
    assert "bob" not in page.text
    assert "morag" not in page.text


async def test_votes_given_are_ones_own_unless_one_shows_them(app, stranger, alice, bob, mod):
    thread = await make_thread(bob, text="Up with it.")
    down, taken_back = [await make_message(bob, thread, text) for text in ("Down with it.", "Never mind.")]
    for message, votes in ((thread.opening, [1]), (down, [-1]), (taken_back, [1, 0])):
        for vote in votes:
            await alice.post(f"/messages/{message}/vote", data={"value": vote})
    own = await alice.open("/people/alice?show=given")
    assert texts(own) == ["Down with it.", "Up with it."]
    assert [look.words(each)[:5] for each in look.with_class(look.tree(own), "meta") if "bob" in look.words(each)] == [
        "▼ bob",
        "▲ bob",
    ]
    for viewer in (stranger, bob, mod):
        page = await viewer.open("/people/alice?show=given")
        assert texts(page) == []
        assert "does not show this" in page.text
        assert "show=given" not in " ".join(look.links(look.tree(page)))
    await row(app, "update accounts set show_given = 'everyone' where name = 'alice'")
    assert texts(await stranger.open("/people/alice?show=given")) == texts(own)


async def test_who_searches_without_end_waits(config, database, alice):
    async with site(config, database, rate_limits=True) as app, Client(app) as stranger:
        for _ in range(300):
            answer = await stranger.get("/people/alice?show=messages&words=x")
            if answer.status_code != 200:
                break
        assert answer.status_code == 429
        assert "You are searching very fast." in answer.text
        assert (await stranger.get("/people/alice?show=messages")).status_code == 200
