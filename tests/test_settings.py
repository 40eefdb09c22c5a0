"""Settings: each choice works for members and for strangers, goes along at the door, and lies open to nobody else."""

import re

import httpx
import pytest

from board.settings import OPTIONS
from tests import look
from tests.conftest import Client
from tests.entrance import site
from tests.factories import fields, make_message, make_thread, row
from tests.photos import phone
from tests.test_people_profile import portraits, send_picture


async def choose(client: Client, **changes: str) -> httpx.Response:
    """Fill in the form on the page, as it stands there, with some changes."""
    (form,) = look.with_class(look.tree(await client.open("/settings")), "choices")
    answer = await client.post("/settings", data=look.fields(form) | changes)
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings?saved=1")
    return answer


@pytest.fixture(params=["member", "stranger"])
async def somebody(request, join, stranger) -> Client:
    """Who chooses: with and without an account."""
    return await join("carol") if request.param == "member" else stranger


async def chosen(client: Client) -> dict[str, str]:
    """What the page shows as chosen."""
    form = next(
        each for each in look.tree(await client.open("/settings")).iter("form") if each.get("class") == "choices"
    )
    return {name: value for name, value in look.fields(form).items() if name in OPTIONS}


DEFAULTS = {name: next(iter(options)) for name, options in OPTIONS.items()}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in OPTIONS for value in OPTIONS[name]])
async def test_every_choice_is_kept_and_shown_again(somebody, name, value):
    assert await chosen(somebody) == DEFAULTS
    await choose(somebody, **{name: value})
    assert await chosen(somebody) == DEFAULTS | {name: value}
    assert "Saved." in (await somebody.open("/settings?saved=1")).text
    await choose(somebody, **DEFAULTS)
    assert await chosen(somebody) == DEFAULTS


async def test_colours_are_chosen_before_the_first_of_them_is_painted(somebody):
    for theme, scheme in (("system", "light dark"), ("dark", "dark"), ("light", "light")):
        await choose(somebody, theme=theme)
        for path in ("/", "/help", "/nowhere"):
            root = look.tree(await somebody.get(path))
            assert root.get("data-theme") == (None if theme == "system" else theme), path
            (told,) = [each.get("content") for each in root.iter("meta") if each.get("name") == "color-scheme"]
            assert told == scheme


async def test_light_and_dark_are_the_same_colours_however_one_came_by_them(app, stranger):
    css = (await stranger.open(app.state.assets.url("board.css"))).text
    colours = [
        sorted(re.findall(r"--[\w-]+:[^;}]+", css.split(selector)[1].split("}")[0]))
        for selector in (':root[data-theme="dark"]', ':root:not([data-theme="light"])')
    ]
    assert colours[0] == colours[1] != []


async def test_threads_come_in_the_order_of_ones_choice(somebody, alice):
    threads = [await make_thread(alice, f"Thread {number}") for number in range(2)]
    await make_message(alice, threads[0])
    ids = [thread.id for thread in threads]
    app = somebody.app
    await row(
        app,
        "update threads set created_at = now() + id * interval '1 s', last_activity_at = now() - id * interval '1 s'",
    )
    assert look.ids(look.tree(await somebody.open("/")), "thread-") == ids
    await choose(somebody, front="new")
    for path in ("/", "/boards/general"):
        page = await somebody.open(path)
        assert look.ids(look.tree(page), "thread-") == ids[::-1]
        root = look.tree(page)
        (current,) = [each for each in root.iter("a") if each.get("aria-current") == "true"]
        assert (look.words(current), current.get("href")) == ("New", path)
        assert f"{path}?sort=activity" in look.links(root), "the others are a tap away"
    assert look.ids(look.tree(await somebody.open("/?sort=activity")), "thread-") == ids
    # An old address of a page further down means what it meant.
    after = "/?after=4102444800000000~999"
    assert (await somebody.open(after)).text == (await somebody.open(f"{after}&sort=activity")).text


async def test_messages_come_in_the_order_of_ones_choice_and_links_to_one_still_lead_there(somebody, alice, thread):
    messages = [await make_message(alice, thread, f"Answer {number}") for number in range(3)]
    await choose(somebody, thread="newest")
    assert look.messages(await somebody.open(thread.path)) == [thread.opening, *messages[::-1]]
    assert f"{thread.path}?sort=oldest" in look.links(look.tree(await somebody.open(thread.path)))
    answer = await somebody.get(f"/messages/{messages[0]}")
    assert answer.headers["location"] == f"{thread.path}?sort=oldest#message-{messages[0]}"
    await choose(somebody, thread="oldest")
    answer = await somebody.get(f"/messages/{messages[0]}")
    assert answer.headers["location"] == f"{thread.path}#message-{messages[0]}"


async def test_a_link_far_down_a_thread_leads_there_in_any_order(config, database, stranger, alice, thread):
    last = [await make_message(alice, thread) for _ in range(5)][-1]
    async with site(config, database, messages_per_page=2) as app, Client(app) as reader:
        await choose(reader, thread="best")
        page = await reader.open(f"/messages/{last}")
        assert last in look.messages(page)


def points(response: httpx.Response, id: int) -> str:
    """What stands between the buttons of a message's vote."""
    return look.words(look.by_id(look.tree(response), f"vote-{id}"))


async def test_points_stay_hidden_until_one_has_voted(alice, bob, thread):
    answer = await make_message(alice, thread)
    await choose(bob, scores="voted")
    for path, id in ((thread.path, answer), ("/", thread.opening)):
        assert points(await bob.open(path), id) == "▲· points hidden▼"
    assert "in all" not in look.words(look.by_id(look.tree(await bob.open(thread.path)), "counts"))
    voted = await bob.fragment("POST", f"/messages/{answer}/vote", data={"value": "1"})
    assert "1<span" in voted.text
    assert points(await bob.open(thread.path), answer) == "▲1 points▼"
    taken = await bob.fragment("POST", f"/messages/{answer}/vote", data={"value": "0"})
    assert "points hidden" in taken.text
    # Nobody can vote on what they wrote: there it is shown.
    await choose(alice, scores="voted")
    assert points(await alice.open(thread.path), answer) == "0 points"


async def test_a_stranger_can_not_vote_and_so_sees_no_points(stranger, thread):
    await choose(stranger, scores="voted")
    for path in (thread.path, "/"):
        assert look.with_class(look.tree(await stranger.open(path)), "vote") == []


async def test_points_are_never_shown_to_who_wants_none(somebody, bob, alice, thread):
    await bob.post(f"/messages/{thread.opening}/vote", data={"value": "1"})
    await make_message(alice, thread)
    assert "1 point" in points(await somebody.open(thread.path), thread.opening)
    await choose(somebody, scores="never")
    for path in (thread.path, "/", "/boards/general", "/?sort=top"):
        text = look.words(look.by_id(look.tree(await somebody.open(path)), "main"))
        assert "1 point" not in text, path
        assert "up, " not in (await somebody.open(path)).text, path


@pytest.fixture
async def picture(alice, thread) -> int:
    """A message with a picture that is described."""
    page = await alice.open(thread.path)
    first = await look.submit(alice, page, ("a.jpg", phone("JPEG")), text="Look.")
    assert first.status_code == 303
    id = int(first.headers["location"].rpartition("/")[2])
    await row(alice.app, "update message_pictures set alt = 'A cat' where message_id = $1", id)
    return id


async def test_lists_have_a_word_in_place_of_pictures_that_wait(somebody, alice):
    await alice.post("/threads", data=fields(title="A", board="general"), files={"files": ("a.jpg", phone("JPEG"))})
    assert [each.tag for each in look.with_class(look.tree(await somebody.open("/")), "thumb")[0]] == ["picture"]
    await choose(somebody, pictures="tapped")
    front = look.tree(await somebody.open("/"))
    assert [look.words(each) for each in look.with_class(front, "thumb")] == ["Picture"]
    assert list(front.iter("img")) == []


async def test_in_place_of_faces_that_wait_there_is_the_pattern(somebody, alice):
    drawn = portraits(await somebody.open("/people/alice"))
    await send_picture(alice, phone("JPEG"))
    assert portraits(await somebody.open("/people/alice")) != drawn
    await choose(somebody, pictures="tapped")
    assert portraits(await somebody.open("/people/alice")) == drawn


def sources(response: httpx.Response, id: int) -> list[str]:
    """The widths of pictures that a browser may load for a message."""
    found = look.message(response, id)
    return [part.split()[-1] for each in found.iter("source") for part in each.get("srcset").split(", ")]


async def test_small_pictures_are_small(somebody, picture, thread):
    assert sources(await somebody.open(thread.path), picture)[-1] == "900w"
    await choose(somebody, pictures="small")
    page = await somebody.open(thread.path)
    assert sources(page, picture) == ["160w", "320w"]
    links = look.links(look.message(page, picture))
    assert any(link.endswith("/900.webp") for link in links), "the whole one is a tap away"


async def test_a_browser_that_saves_data_gets_small_ones_unless_told_otherwise(somebody, picture, thread):
    saves = {"Save-Data": "on"}
    assert sources(await somebody.open(thread.path, headers=saves), picture) == ["160w", "320w"]
    assert sources(await somebody.open(thread.path, headers={"Save-Data": "off"}), picture)[-1] == "900w"
    assert "Save-Data" in (await somebody.open(thread.path)).headers["vary"]
    await choose(somebody, pictures="all")
    assert sources(await somebody.open(thread.path, headers=saves), picture)[-1] == "900w"


async def test_pictures_that_wait_for_a_tap_say_what_they_show(somebody, picture, thread):
    await choose(somebody, pictures="tapped")
    message = look.message(await somebody.open(thread.path), picture)
    (held,) = look.with_class(message, "held")
    assert look.words(held) == "Picture: A cat"
    assert held.get("href").endswith("/900.webp"), "without scripts the link leads to it"
    (inert,) = message.iter("template")
    images = list(message.iter("img"))
    assert images == list(inert.iter("img")) != [], "of a template nothing is loaded"


async def test_drafts_shown_again_know_the_settings_too(bob):
    await choose(bob, theme="dark")
    answer = await bob.post(
        "/threads", data={"title": "", "board": "general", "text": "", "form_key": "", "action": "send"}
    )
    assert answer.status_code in (400, 422)
    assert look.tree(answer).get("data-theme") == "dark"
