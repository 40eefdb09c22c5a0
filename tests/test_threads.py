"""Threads: the list of cards, its orders, pages and fragments, and a thread that is opened."""

import pytest

from tests import look, photos
from tests.factories import Made, make_message, make_thread, row

ORDERS = ("activity", "hot", "top", "new", "controversial")


async def start_with_pictures(client, *pictures, **fields) -> Made:
    """A thread with pictures, through the form."""
    page = await client.open("/threads/new")
    answer = await look.submit(client, page, *pictures, title="With pictures", text="Look.", **fields)
    assert answer.status_code == 303, look.errors(answer)
    thread_id = int(answer.headers["location"].rpartition("/")[2])
    return Made(thread_id, look.messages(await client.open(f"/threads/{thread_id}"))[0], client.account["id"])


async def make_board(app, slug="garden", name="The garden", description="Beds & bees.") -> None:
    await row(app, "insert into boards (slug, name, description) values ($1, $2, $3)", slug, name, description)


async def vote(client, message_id, value=1) -> None:
    assert (await client.post(f"/messages/{message_id}/vote", data={"value": value})).status_code == 303


async def test_a_stranger_reads_the_front_page(stranger, thread):
    page = await stranger.open("/")
    assert "A thread" in page.text
    assert f'href="{thread.path}"' in page.text
    assert "1 message" in page.text


async def test_a_stranger_reads_a_thread(stranger, bob, thread):
    await make_message(bob, thread, "Hello *there*.")
    page = await stranger.open(thread.path)
    assert "The opening." in page.text
    assert "Hello <em>there</em>." in page.text


async def test_a_card_shows_title_author_age_messages_scores_and_last_activity(app, stranger, alice, bob, mod, thread):
    answer = await make_message(bob, thread)
    await vote(bob, thread.opening)
    await vote(alice, answer)
    await vote(mod, answer)
    await row(
        app,
        "update threads set created_at = now() - interval '3 hours', last_activity_at = now() - interval '5 minutes'",
    )
    card = look.card(await stranger.open("/"), thread.id)
    assert look.words(card).split(" ▲")[0] == "A thread General · alice · 3 h 1 points 2 messages 3 in all active 5 min"
    assert look.links(card) == [thread.path, "/boards/general", "/people/alice"]
    assert [each.get("datetime") is not None for each in card.iter("time")] == [True, True]


async def test_a_card_shows_the_first_picture_small(stranger, alice):
    first, second = (photos.encoded(photos.photo(400 + n, 300), "PNG") for n in (0, 1))
    thread = await start_with_pictures(alice, ("first.png", first), ("second.png", second))
    keys = [
        img.get("src").split("/")[2]
        for img in look.message(await stranger.open(thread.path), thread.opening).iter("img")
    ]
    assert len(set(keys)) == 2
    card = look.card(await stranger.open("/"), thread.id)
    (image,) = card.iter("img")
    assert image.get("src").split("/")[2] == keys[0]
    assert (image.get("alt"), image.get("loading"), image.get("width")) == ("", "lazy", "72")
    assert next(card.iter("source")).get("srcset").startswith(f"/pictures/{keys[0]}/160.webp")
    assert not look.with_class(card, "veiled")


async def test_the_thumbnail_of_a_sensitive_picture_is_veiled(stranger, alice):
    picture = ("a.png", photos.encoded(photos.photo(300, 200), "PNG"))
    thread = await start_with_pictures(alice, picture, new_sensitive="0", new_alt="")
    assert look.with_class(look.card(await stranger.open("/"), thread.id), "veiled")


async def test_a_title_is_text_and_never_markup(stranger, alice):
    thread = await make_thread(alice, title="<script>alert(1)</script> & \"quotes\" 'too' *stars*")
    card = look.card(await stranger.open("/"), thread.id)
    assert look.words(next(card.iter("h2"))) == "<script>alert(1)</script> & \"quotes\" 'too' *stars*"
    page = await stranger.open(thread.path)
    assert not [each for each in look.tree(page).iter("script") if each.get("src") is None]
    assert look.words(next(look.tree(page).iter("h1"))).startswith("<script>alert(1)")


async def test_a_board_lists_its_own_threads_only(app, stranger, alice, thread):
    await make_board(app)
    planted = await make_thread(alice, "Tulips", board="garden")
    page = await stranger.open("/boards/garden")
    assert look.ids(look.tree(page), "thread-") == [planted.id]
    assert "Beds &amp; bees." in page.text
    assert "/boards/garden" not in look.links(look.card(page, planted.id))
    assert "/boards/garden" in look.links(look.card(await stranger.open("/"), planted.id))
    (here,) = (each for each in look.tree(page).iter("a") if each.get("aria-current") == "page")
    assert look.words(here) == "The garden"
    assert set(look.ids(look.tree(await stranger.open("/")), "thread-")) == {thread.id, planted.id}
    assert "/threads/new?board=garden" in look.links(look.tree(page))


async def test_the_list_of_boards_says_what_belongs_where(app, stranger):
    await make_board(app)
    page = await stranger.open("/boards")
    assert "Beds &amp; bees." in page.text
    assert "/boards/garden" in look.links(look.tree(page))


@pytest.mark.parametrize("path", ["/boards/attic", "/boards/%00", "/boards/GENERAL", "/boards/" + "a" * 3000])
async def test_there_is_nothing_at_the_address_of_no_board(stranger, path):
    answer = await stranger.get(path)
    assert answer.status_code in (400, 404)
    assert len(look.words(next(look.tree(answer).iter("main")))) > 20


async def test_an_empty_board_says_so_and_invites(stranger, alice):
    assert "start the first thread" in (await stranger.open("/")).text
    assert "/threads/new" in look.links(look.by_id(look.tree(await alice.open("/boards/general")), "list"))


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.parametrize(("place", "pages"), [("/", 3), ("/boards/garden", 2)])
async def test_every_order_shows_each_thread_once_by_load_more(app, stranger, alice, sort, place, pages):
    await make_board(app)
    made = [(await make_thread(alice, f"Thread {n}", board=("general", "garden")[n % 2])).id for n in range(60)]
    seen, path, walked = [], f"{place}?sort={sort}&period=all", 0
    while path:
        page = await stranger.open(path)
        found = look.ids(look.tree(page), "thread-")
        fragment = await stranger.fragment("GET", path)
        assert look.ids(look.tree(fragment), "thread-") == found
        seen, walked = seen + found, walked + 1
        path = _by_rel(page, "next")
    assert walked == pages
    assert sorted(seen) == (made if place == "/" else made[1::2])
    # Back from the last page, by the same way.
    while _by_rel(page, "prev"):
        page = await stranger.open(_by_rel(page, "prev"))
    assert look.ids(look.tree(page), "thread-") == seen[:25]


@pytest.mark.parametrize("sort", ORDERS)
async def test_page_and_fragment_show_the_same_cards(alice, bob, thread, sort):
    await make_thread(bob, "Another")
    path = f"/?sort={sort}"
    page, fragment = await alice.open(path), await alice.fragment("GET", path)
    assert fragment.status_code == 200
    assert "HX-Request" in fragment.headers["vary"]
    assert "<html" not in fragment.text
    assert "<h1" not in fragment.text
    assert fragment.text.strip() in page.text
    assert len(look.ids(look.tree(fragment), "thread-")) == 2


async def test_a_fragment_of_further_threads_is_cards_alone(stranger, alice):
    for number in range(26):
        await make_thread(alice, f"Thread {number}")
    fragment = await stranger.fragment("GET", _by_rel(await stranger.open("/"), "next"))
    assert fragment.text.strip().startswith("<li")
    assert [each.tag for each in look.tree(fragment)] == ["li"]


async def test_htmx_gets_the_whole_page_when_it_goes_back(stranger, thread):
    # htmx 4 fetches the page anew for the Back button, and swaps the whole body.
    for path in ("/", "/?sort=new", thread.path):
        headers = {"HX-Request": "true", "HX-Request-Type": "full", "HX-History-Restore-Request": "true"}
        page = await stranger.get(path, headers=headers)
        assert page.text.startswith("<!DOCTYPE html>")
        assert "HX-Request-Type" in page.headers["vary"]
        part = await stranger.get(path, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
        assert "<html" not in part.text


@pytest.mark.parametrize(
    "query",
    [
        "sort=oldest",
        "sort=",
        "sort=top&period=decade",
        "after=x",
        "after=~",
        "before=1~2~x",
        "after=" + "9" * 70,
        "after=nan~1&sort=top",
        "after=nan~1&sort=hot",
        "after=1~99999999999999999999",
        "after=-99999999999999999999~1",
        "after=%00~1",
        "after=1",
    ],
)
async def test_an_address_with_a_broken_order_or_place_gets_a_sentence(stranger, thread, query):
    answer = await stranger.get(f"/?{query}")
    assert answer.status_code == 400
    assert look.words(next(look.tree(answer).iter("h1"))) == "That did not work"


@pytest.mark.parametrize("query", ["sort=hot&after=inf~1", "sort=hot&before=-inf~1", "after=0~0"])
async def test_an_odd_place_in_a_list_is_no_error(stranger, thread, query):
    await stranger.open(f"/?{query}")


async def test_the_permanent_address_of_a_thread_is_short(stranger, thread):
    assert thread.path == f"/threads/{thread.id}"
    assert (await stranger.get(thread.path)).status_code == 200


@pytest.mark.parametrize("id", ["0", "999999", "9" * 18, "9" * 19, "9" * 5000, "-1", "1.0", "one", "٣"])
async def test_there_is_nothing_at_the_address_of_no_thread(stranger, thread, id):
    answer = await stranger.get(f"/threads/{id}")
    assert answer.status_code == 404
    assert look.words(next(look.tree(answer).iter("h1"))) == "Not found"


async def test_a_stranger_is_asked_to_sign_in_and_offered_nothing_else(stranger, thread):
    page = await stranger.open(thread.path)
    assert f"/sign-in?next={thread.path}" in look.links(look.tree(page))
    assert not list(look.tree(page).iter("form"))
    assert not list(look.tree(page).iter("button"))


async def test_alice_is_offered_to_delete_but_not_to_vote_or_lock(alice, bob, mod, thread):
    def offered(page):
        return {each.rpartition("/")[2] for each in look.actions(look.tree(page))}

    assert offered(await alice.open(thread.path)) == {"delete"}
    assert offered(await bob.open(thread.path)) == {"vote"}
    assert offered(await mod.open(thread.path)) == {"vote", "lock", "delete"}


def _by_rel(page, rel: str) -> str | None:
    return next((each.get("href") for each in look.tree(page).iter("a") if each.get("rel") == rel), None)
