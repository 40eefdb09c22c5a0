"""Pictures while their store is away, slow or short of words: who writes loses nothing, who reads gets a sentence."""

import dataclasses

import pytest

from board import images
from board.app import create_app
from board.kit import storage as stores
from board.kit.errors import Unavailable
from board.kit.pictures import Picture
from board.kit.storage import Storage
from tests import look
from tests.factories import row
from tests.test_images import pictures, png, stored


def large(number: int = 1) -> Picture:
    """A picture whose animation comes in several pieces."""
    play = bytes(range(256)) * (5 * stores.PIECE // 2 // 256) + b"end"
    return Picture(f"{number:032x}", 160, 90, True, (160,), 160, {"160.webp": b"w", "160.jpg": b"j", "play.webp": play})


async def test_who_looks_at_a_picture_while_the_store_is_away_is_told_so(
    app, bob, stranger, thread, store_away, caplog
):
    await look.submit(bob, await bob.open(thread.path), png(), text="Look.")
    path = f"/pictures/{(await stored(app))[0]['key']}/160.webp"
    with store_away():
        answer = await stranger.get(path)
        assert "<picture" in (await stranger.open(thread.path)).text
        await look.submit(bob, await bob.open(thread.path), text="Words alone.")
    assert answer.status_code == 503
    assert "The pictures can not be reached right now. Try again in a minute." in answer.text
    assert "immutable" not in answer.headers["cache-control"]
    assert any(app.state.storage.url in each for each in caplog.messages)
    assert (await row(app, "select text from messages order by id desc"))[0] == "Words alone."
    assert (await stranger.get(path)).status_code == 200


async def test_a_picture_that_is_not_there_is_no_trouble(stranger, caplog):
    assert (await stranger.get(f"/pictures/{'0' * 32}/160.webp")).status_code == 404
    assert caplog.messages == []


async def test_pictures_that_came_back_with_a_form_are_kept_while_the_store_is_away(app, bob, thread, store_away):
    preview = await look.submit(bob, await bob.open(thread.path), png(0), text="Look.", action="preview")
    with store_away():
        answer = await look.submit(bob, preview, png(1), png(2), new_alt=["One", "Two"])
    assert answer.status_code == 503
    (error,) = look.errors(answer)
    assert "“1.png” could not be stored." in error
    assert "“2.png” could not be stored." in error
    assert pictures(answer) == pictures(preview)
    assert (await look.submit(bob, answer, png(1))).status_code == 303
    assert (await row(app, "select count(*) from message_pictures"))[0] == 2


async def test_what_a_store_got_of_a_picture_before_it_failed_is_swept(app, config):
    class Failing(Storage):
        async def put(self, name: str, data: bytes) -> None:
            if name.endswith("play.webp"):
                raise Unavailable("No space left.")
            await super().put(name, data)

    storage = Failing(config.pictures_url)
    with pytest.raises(Unavailable):
        await images.keep(app.state.database, storage, large())
    assert len([name async for name in storage.list()]) == 2
    assert await images.check(app.state.database, storage, large().key) == 0
    await row(app, "update pictures set touched_at = now() - interval '25 hours'")
    assert await images.check(app.state.database, storage, large().key) == 1
    assert [name async for name in storage.list()] == []


async def test_a_large_picture_is_read_in_pieces_and_arrives_whole(app, stranger):
    picture = large()
    await images.keep(app.state.database, app.state.storage, picture)
    answer = await stranger.get(f"/pictures/{picture.key}/play.webp")
    assert answer.content == picture.files["play.webp"]
    assert answer.headers["content-length"] == str(len(answer.content))
    found = await app.state.storage.open(f"{picture.key[:2]}/{picture.key}/play.webp")
    assert [len(piece) async for piece in found.pieces] == [stores.PIECE, stores.PIECE, stores.PIECE // 2 + 3]


async def test_a_start_without_the_store_says_so_and_serves_the_rest(app, config, store_away, caplog):
    other = create_app(config, app.state.database, with_jobs=False)
    async with other.router.lifespan_context(other):
        assert caplog.messages == []
    with store_away():
        async with other.router.lifespan_context(other):
            (said,) = caplog.messages
    assert said.startswith(f"pictures can neither be stored nor shown: {config.storage_url}: ")


@pytest.mark.parametrize("url", ["ftp://x/y", "s3://", "pictures", "file:///proc/nowhere", "file:///dev/null/x"])
def test_a_place_that_can_not_be_is_refused_with_a_sentence(config, url):
    with pytest.raises(Unavailable, match=f"STORAGE_URL={url} can not be used: .*[.]"):
        create_app(dataclasses.replace(config, storage_url=url))
