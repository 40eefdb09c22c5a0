"""What a page costs on a slow line, in bytes."""

import hashlib
import random

import pytest

from board import images
from board.kit.pictures import Picture
from tests.conftest import ORIGIN
from tests.factories import draft, make_message, make_thread, row

WORDS = """morning harbour bicycle repair which lens for birds in winter light our kitchen table again who keeps bees
near the river questions about sourdough my first marathon photo of the week old radio found in the attic""".split()


@pytest.fixture
async def busy_board(app, join) -> None:
    """Twenty-five threads of twelve people, each with a picture, answers and votes."""
    chance = random.Random(7)
    for slug in ("photos", "garden", "meta", "music"):
        await row(app, "insert into boards (slug, name) values ($1, $2)", slug, slug.title())
    people = [await join(f"{chance.choice(WORDS)}{number}") for number in range(12)]
    for number in range(25):
        picture = Picture(hashlib.md5(b"%d" % number).hexdigest(), 1280, 960, False, (160, 320, 640, 1280), 320, {})
        await images.keep(app.state.database, app.state.storage, picture)
        title = " ".join(chance.choices(WORDS, k=chance.randint(4, 12))).capitalize()
        board = chance.choice(["general", "photos", "garden", "meta", "music"])
        thread = await make_thread(chance.choice(people), title[:120], board=board)
        async with app.state.database.transaction() as connection:
            shown = images.row(picture) | {"alt": "", "sensitive": False}
            await images.attach(connection, thread.opening, draft(pictures=[shown]).pictures)
        for _ in range(chance.randint(0, 3)):
            await make_message(chance.choice(people), thread)
        for voter in chance.sample(people, 3):
            await voter.post(f"/messages/{thread.opening}/vote", data={"value": chance.choice([1, 1, -1])})
        await row(
            app,
            "update threads set created_at = now() - make_interval(mins => $1), last_activity_at = now() - "
            "make_interval(mins => $2) where id = $3",
            chance.randint(600, 90_000),
            chance.randint(1, 600),
            thread.id,
        )


async def size(client, path: str, encoding: str) -> int:
    """Bytes of an answer as they go over the line."""
    request = client.build_request("GET", f"{ORIGIN}{path}", headers={"Accept-Encoding": encoding})
    answer = await client.send(request)
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == encoding
    return int(answer.headers["content-length"])


@pytest.mark.parametrize("encoding", ["zstd", "br"])
async def test_a_front_page_of_25_threads_is_small(busy_board, stranger, join, encoding):
    member = await join("newcomer")
    for client in (stranger, member):
        page = await client.open("/")
        assert page.text.count('<li class="card"') == 25
        assert page.text.count("<img") == 25
        assert await size(client, "/", encoding) <= 8_000


@pytest.mark.parametrize("encoding", ["zstd", "br"])
@pytest.mark.parametrize(("name", "most"), [("board.css", 6_000), ("board.js", 3_000)])
async def test_styles_and_scripts_are_small(app, stranger, name, most, encoding):
    assert await size(stranger, app.state.assets.url(name), encoding) <= most
