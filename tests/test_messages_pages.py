"""Messages in pages: permanent addresses, older and newer, the orders of a thread."""

import pytest

from tests import look
from tests.factories import Made, make_message, make_thread, row


@pytest.fixture
async def long_thread(alice, bob) -> tuple[Made, list[int]]:
    """A thread of 130 messages, and their ids."""
    thread = await make_thread(alice, "A long thread")
    return thread, [thread.opening] + [await make_message(bob, thread, f"Number {n}.") for n in range(2, 131)]


@pytest.mark.parametrize("number", [1, 2, 3, 50, 51, 52, 53, 101, 120, 130])
async def test_the_permanent_address_of_a_message_leads_to_a_page_that_holds_it(stranger, long_thread, number):
    _, ids = long_thread
    answer = await stranger.get(f"/messages/{ids[number - 1]}")
    assert answer.status_code == 303
    place, _, fragment = answer.headers["location"].partition("#")
    assert fragment == f"message-{ids[number - 1]}"
    assert ("?" in place) == (number > 51), "the first page holds the opening and 50 more"
    shown = look.messages(await stranger.open(place))
    assert ids[number - 1] in shown
    # Whoever follows a link should see what was said just before.
    assert number == 1 or ids[number - 2] in shown


async def test_permanent_addresses_hold_however_few_messages_a_page_has(app, stranger, long_thread):
    _, ids = long_thread
    for size in (1, 2, 3, 5):
        object.__setattr__(app.state.config, "messages_per_page", size)
        for message_id in ids[:12]:
            assert message_id in look.messages(await stranger.open(f"/messages/{message_id}")), size


async def test_a_permanent_address_holds_after_messages_before_it_were_deleted(bob, stranger, long_thread):
    _, ids = long_thread
    for message_id in ids[60:119]:
        await bob.post(f"/messages/{message_id}/delete")
    assert ids[119] in look.messages(await stranger.open(f"/messages/{ids[119]}"))


@pytest.mark.parametrize("id", ["0", "999999", "9" * 18, "9" * 5000, "x"])
async def test_there_is_nothing_at_the_address_of_no_message(stranger, id):
    for path in (f"/messages/{id}", f"/messages/{id}/history", f"/messages/{id}/quote", f"/messages/{id}/edit"):
        answer = await stranger.get(path)
        # Who edits must be signed in before anything else is looked up.
        assert answer.status_code == (303 if path.endswith("edit") and id.isdigit() and len(id) < 19 else 404)


@pytest.mark.parametrize("sort", ["oldest", "newest", "best"])
async def test_every_order_shows_each_message_once_by_load_more(stranger, long_thread, sort):
    thread, ids = long_thread
    path, seen = f"{thread.path}?sort={sort}", []
    while path:
        page = await stranger.open(path)
        shown = look.messages(page)
        fragment = await stranger.fragment("GET", path)
        assert look.messages(fragment) == shown
        assert fragment.text.strip() in page.text
        seen.append(shown)
        path = next((each.get("href") for each in look.tree(page).iter("a") if each.get("rel") == "next"), None)
    assert [len(shown) for shown in seen] == [51, 50, 29]
    flat = [each for shown in seen for each in shown]
    assert flat[0] == thread.opening
    assert flat[1:] == (ids[:0:-1] if sort == "newest" else ids[1:])


@pytest.mark.parametrize("sort", ["oldest", "newest", "best"])
async def test_back_leads_to_the_page_before(stranger, long_thread, sort):
    thread, _ = long_thread
    pages = [await stranger.open(f"{thread.path}?sort={sort}")]
    for _ in range(2):
        pages.append(await stranger.open(_by_rel(pages[-1], "next")))
    assert _by_rel(pages[-1], "next") is None
    middle = await stranger.open(_by_rel(pages[2], "prev"))
    assert look.messages(middle) == look.messages(pages[1])
    first = await stranger.open(_by_rel(middle, "prev"))
    assert look.messages(first) == look.messages(pages[0])
    assert _by_rel(pages[0], "prev") is None
    assert _by_rel(first, "prev") is None


async def test_the_tabs_offer_the_orders_of_a_conversation(stranger, alice, bob, mod, thread):
    first, second, third = [await make_message(bob, thread, f"Number {n}.") for n in (1, 2, 3)]
    for client in (alice, mod):
        await client.post(f"/messages/{second}/vote", data={"value": 1})
    await mod.post(f"/messages/{first}/vote", data={"value": -1})
    expected = {
        "Oldest": [first, second, third],
        "Newest": [third, second, first],
        "Best": [second, first, third],
    }
    page = await stranger.open(thread.path)
    for label, order in expected.items():
        (tab,) = [each for each in _tabs(page) if look.words(each) == label]
        sorted_page = await stranger.open(tab.get("href"))
        assert look.messages(sorted_page) == [thread.opening, *order]
        assert [look.words(each) for each in _tabs(sorted_page) if each.get("aria-current")] == [label]
        assert tab.get("data-hx-get") == tab.get("href")
        fragment = await stranger.fragment("GET", tab.get("href"))
        assert look.messages(fragment) == [thread.opening, *order]
        assert "<h1" not in fragment.text
        assert "HX-Request" in fragment.headers["vary"]


async def test_two_messages_need_no_tabs(stranger, bob, thread):
    await make_message(bob, thread)
    assert not _tabs(await stranger.open(thread.path))


@pytest.mark.parametrize("query", ["sort=hot", "sort=", "after=x", "before=-1", "sort=best&after=1", f"after={9**40}"])
async def test_an_address_with_a_broken_order_or_place_gets_a_sentence(stranger, thread, query):
    answer = await stranger.get(f"{thread.path}?{query}")
    assert answer.status_code == 400
    assert len(look.words(next(look.tree(answer).iter("main")))) > 40


async def test_a_place_behind_the_last_message_is_no_error(stranger, thread):
    await stranger.open(f"{thread.path}?after=999999")
    await stranger.open(f"{thread.path}?before=1")


async def test_an_answer_on_a_page_that_is_not_the_last_leads_to_its_place(bob, stranger, long_thread):
    # Put at the end of what is shown it would stand before older messages, and twice after "load more".
    thread, ids = long_thread
    answer = await look.submit(bob, await bob.open(thread.path), htmx=True, text="New.")
    new = int(answer.headers["hx-redirect"].rpartition("/")[2])
    assert new > ids[-1]
    assert look.messages(await stranger.open(f"/messages/{new}"))[-1] == new
    for path in (f"{thread.path}?sort=newest", f"{thread.path}?sort=best&after=0.0~{ids[-20]}"):
        page = await bob.open(path)
        preview = await look.submit(bob, page, htmx=True, text="Newer.", action="preview")
        assert (await look.submit(bob, preview, htmx=True)).headers["hx-redirect"].startswith("/messages/")
    last = await bob.open(_by_rel(await bob.open(_by_rel(await bob.open(thread.path), "next")), "next"))
    assert "hx-redirect" not in (await look.submit(bob, last, htmx=True, text="Last.")).headers


async def test_a_users_messages_come_in_pages(app, stranger, bob, long_thread):
    _, ids = long_thread
    page = await stranger.open("/people/bob?show=messages")
    shown = [each for each in look.links(look.tree(page)) if each.startswith("/messages/")]
    assert shown == [f"/messages/{each}" for each in ids[:-51:-1]]
    older = await stranger.open(_by_rel(page, "next"))
    assert f"/messages/{ids[-51]}" in look.links(look.tree(older))
    await row(app, "update threads set deleted_at = now()")
    assert "Number" not in (await stranger.open("/people/bob?show=messages")).text


def _tabs(page) -> list:
    navigation = look.with_class(look.tree(page), "tabs")
    return [link for each in navigation for link in each.iter("a")]


def _by_rel(page, rel: str) -> str | None:
    return next((each.get("href") for each in look.tree(page).iter("a") if each.get("rel") == rel), None)
