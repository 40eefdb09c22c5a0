"""Pictures on a page and at their own addresses."""

import pytest

from board.kit.db import queries
from tests import look, photos
from tests.factories import row
from tests.test_images import png, stored

NAMES = """
0160.webp 161.webp 160.WEBP 160.jpg 160.png play.webp ٣٢٠.webp 160.webp%00 160.webp%0A .webp 99999.webp -1.webp
%2e%2e ..%2f160.webp %2e%2e%2f%2e%2e%2fsecret-key
"""
KEYS = "A .. %2e%2e incoming %2e%2e%2f%2e%2e%2f"


async def test_a_picture_is_shown_in_every_width_without_a_jump(app, bob, stranger, thread):
    await look.submit(bob, await bob.open(thread.path), png(0, 1500, 1000), text="Wide.")
    (found,) = await stored(app)
    page = await stranger.open(thread.path)
    (picture,) = look.tree(page).iter("picture")
    source, image = next(picture.iter("source")), next(picture.iter("img"))
    place = f"/pictures/{found['key']}"
    assert found["widths"] == [160, 320, 640, 1280]
    assert source.get("type") == "image/webp"
    assert source.get("srcset") == ", ".join(f"{place}/{width}.webp {width}w" for width in found["widths"])
    assert source.get("sizes")
    assert image.get("src") == f"{place}/{found['fallback']}.jpg"
    assert (image.get("width"), image.get("height"), image.get("loading")) == ("1280", "853", "lazy")
    assert f"{place}/1280.webp" in look.links(look.tree(page))
    for address in [image.get("src"), *(each.split()[0] for each in source.get("srcset").split(", "))]:
        answer = await stranger.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == ("image/jpeg" if address.endswith("jpg") else "image/webp")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in answer.headers
        assert answer.content[:4] in (b"RIFF", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xdb")


async def test_an_animated_picture_stands_still_until_it_is_tapped(app, bob, stranger, thread):
    first, *rest = photos.frames(4)
    moving = photos.encoded(first, "GIF", save_all=True, append_images=rest, duration=80, loop=0)
    await look.submit(bob, await bob.open(thread.path), ("a.gif", moving), text="", new_alt="A disc")
    (found,) = await stored(app)
    assert found["animated"]
    page = await stranger.open(thread.path)
    (link,) = [each for each in look.tree(page).iter("a") if each.get("data-play") is not None]
    assert link.get("href") == f"/pictures/{found['key']}/play.webp"
    assert look.words(link) == "▶ Play"
    assert "play.webp" not in next(link.iter("source")).get("srcset")
    assert next(link.iter("img")).get("alt") == "A disc"
    assert (await stranger.get(link.get("href"))).headers["content-type"] == "image/webp"


async def test_there_is_nothing_under_any_other_name(app, bob, stranger, thread):
    await look.submit(bob, await bob.open(thread.path), png(), text="")
    key = (await stored(app))[0]["key"]
    assert (await stranger.get(f"/pictures/{key}/160.webp")).status_code == 200
    for name in [*NAMES.split(), "a" * 5000]:
        answer = await stranger.get(f"/pictures/{key}/{name}")
        assert answer.status_code == (400 if "%00" in name else 404), name
        assert "immutable" not in answer.headers["cache-control"]


@pytest.mark.parametrize("key", ["0" * 32, "A" * 32, "0" * 31, "0" * 33, "٠" * 32, *KEYS.split()])
async def test_there_is_nothing_under_any_other_key(stranger, key):
    assert (await stranger.get(f"/pictures/{key}/160.webp")).status_code == 404


async def test_what_everybody_may_cache_comes_without_a_cookie_and_without_asking_who(app, bob, thread):
    await look.submit(bob, await bob.open(thread.path), png(), text="")
    await row(app, "update sessions set touched_at = now() - interval '2 days'")
    for path in (f"/pictures/{(await stored(app))[0]['key']}/160.webp", app.state.assets.url("board.css")):
        token = queries.set([])
        answer = await bob.get(path)
        assert queries.get() == []
        queries.reset(token)
        assert answer.headers["cache-control"].startswith("public")
        assert "set-cookie" not in answer.headers
    assert "set-cookie" in (await bob.get("/")).headers
