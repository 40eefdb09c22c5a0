"""What people tell about themselves: a picture or the pattern of their name, and a few words."""

import io
import xml.etree.ElementTree as ElementTree

import pytest
from PIL import Image

from board import images
from board.kit import names
from board.people import pattern
from tests import look, photos
from tests.conftest import Client
from tests.factories import make_thread, row
from tests.routes import form


async def send_picture(client: Client, data: bytes = b"", name: str = "me.jpg", **fields: str):
    """Send the form under Picture; without data, as a browser does when no file was chosen."""
    content, kind = look.multipart(fields, ((name if data else "", data),), "file")
    return await client.post("/account/picture", content=content, headers={"Content-Type": kind})


async def avatar(app, name: str = "alice") -> str | None:
    return (await row(app, "select avatar_key from accounts where name = $1", name))[0]


async def files(app) -> set[str]:
    return {each async for each in app.state.storage.list()}


def portraits(page) -> list[str]:
    """Where the pictures of people on a page come from."""
    return [next(each.iter("img")).get("src", "") for each in look.with_class(look.tree(page), "portrait")]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
async def test_the_middle_of_a_photo_becomes_three_small_squares_without_metadata(app, stranger, alice, kind):
    answer = await send_picture(alice, photos.phone(kind, orientation=6))
    assert answer.headers["location"] == "/account/profile?done=picture"
    assert "This is your picture now." in (await alice.open(answer.headers["location"])).text
    key = await avatar(app)
    assert {each.rpartition("/")[2] for each in await files(app)} == {"48.webp", "96.webp", "192.webp", "192.jpg"}
    for size, name in ((48, "48.webp"), (96, "96.webp"), (192, "192.webp"), (192, "192.jpg")):
        data = (await stranger.open(f"/pictures/{key}/{name}")).content
        image = Image.open(io.BytesIO(data))
        assert image.size == (size, size)
        assert not image.getexif()
        assert b"Exif" not in data
    assert portraits(await stranger.open("/people/alice")) == [f"/pictures/{key}/192.jpg"]
    assert portraits(await alice.open("/account")) == [f"/pictures/{key}/192.jpg"]


async def test_it_is_the_middle_and_upright(app, stranger, alice):
    wide = Image.new("RGB", (900, 300), "red")
    wide.paste("blue", (300, 0, 600, 300))
    await send_picture(alice, photos.encoded(wide, "PNG"))
    data = (await stranger.open(f"/pictures/{await avatar(app)}/96.webp")).content
    square = Image.open(io.BytesIO(data)).convert("RGB")
    for corner in ((3, 3), (92, 3), (3, 92), (92, 92)):
        red, _, blue = square.getpixel(corner)
        assert blue > 200 > 60 > red


async def test_nothing_is_enlarged(app, alice):
    await send_picture(alice, photos.encoded(photos.photo(70, 100), "PNG"))
    assert (await row(app, "select widths, width, height from pictures"))[:] == ([48, 70], 70, 70)


async def test_an_animation_stands_still(app, alice):
    moving = photos.frames(4)
    data = photos.encoded(moving[0], "GIF", save_all=True, append_images=moving[1:])
    assert (await send_picture(alice, data)).status_code == 303
    assert (await row(app, "select animated from pictures"))[0] is False


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Choose a picture first."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is an SVG drawing"),
        (b"MZ not a picture", "is not a picture Board can read"),
        (photos.encoded(photos.photo(), "JPEG")[:300], "is damaged"),
    ],
    ids=["none", "svg", "program", "cut"],
)
async def test_what_is_no_picture_is_refused_and_the_old_one_stays(app, alice, data, sentence):
    await send_picture(alice, photos.encoded(photos.photo(), "PNG"))
    before = await avatar(app)
    answer = await send_picture(alice, data)
    assert answer.status_code == 422
    assert sentence in " ".join(look.errors(answer))
    assert await avatar(app) == before


async def test_the_old_picture_goes_from_the_store_unless_somebody_else_has_it(app, alice, bob):
    for client in (alice, bob):
        await send_picture(client, photos.encoded(photos.photo(), "PNG"))
    shared = await avatar(app)
    assert shared == await avatar(app, "bob")
    state = app.state
    await row(app, "update pictures set touched_at = now() - interval '1 hour'")
    for client, gone in ((alice, False), (bob, True)):
        assert (await send_picture(client, remove="1")).headers["location"] == "/account/profile?done=removed"
        assert (await row(app, "select payload from jobs where kind = 'check_picture' and run_at <= now()"))[0] == {
            "key": shared
        }
        assert await images.check(state.database, state.storage, shared) == gone
        assert bool(await files(app)) != gone
    page = await alice.open("/people/alice")
    assert portraits(page) == [pattern.address("alice")]


async def test_a_picture_that_somebody_wears_is_not_swept(app, alice):
    await send_picture(alice, photos.encoded(photos.photo(), "PNG"))
    await row(app, "update pictures set touched_at = '-infinity'")
    await row(app, "delete from jobs")
    assert await images.sweep(app.state.database) == 0
    assert await images.check(app.state.database, app.state.storage, await avatar(app)) == 0
    assert len(await files(app)) == 4


async def test_a_removal_counts_though_a_file_was_chosen_too(app, alice):
    await send_picture(alice, photos.encoded(photos.photo(), "PNG"))
    await send_picture(alice, photos.encoded(photos.photo(800), "PNG"), remove="1")
    assert await avatar(app) is None


@pytest.mark.parametrize("path", ["/account/picture", "/account/profile"])
async def test_strangers_are_asked_to_sign_in(stranger, path):
    assert (await stranger.post(path, data=form(path))).headers["location"].startswith("/sign-in")


async def test_no_portrait_stands_beside_messages(app, alice, bob):
    await send_picture(alice, photos.encoded(photos.photo(), "PNG"))
    thread = await make_thread(alice)
    page = await bob.open(thread.path)
    assert portraits(page) == []
    assert await avatar(app) not in page.text


async def test_the_pattern_of_a_name_is_small_symmetrical_and_kept_for_ever(stranger, alice):
    (address,) = portraits(await stranger.open("/people/alice"))
    answer = await stranger.open(address)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "set-cookie" not in answer.headers
    ElementTree.fromstring(answer.text)
    assert "style" not in answer.text
    assert address == pattern.address("ALICE") == pattern.address("a1ice")
    assert address != pattern.address("bob")


def test_every_pattern_is_small_mirrored_and_neither_empty_nor_the_same():
    drawn = {pattern.draw(f"{bits * 4099 % 2**24:06x}") for bits in range(3000)}
    assert len(drawn) > 2500
    for svg in drawn:
        assert len(svg) < 600
        blocks = {tuple(map(int, each.split("h")[0].split())) for each in svg.split('d="M')[2].split("M")}
        assert blocks
        assert blocks == {(6 - x, y) for x, y in blocks}
        assert all(1 <= x <= 5 and 1 <= y <= 5 for x, y in blocks)
    assert max(len(pattern.draw(f"{bits:06x}")) for bits in (0, 0x7FFFF, 0xFFFFFF)) < 600


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(some: str, other: str) -> float:
    darker, lighter = sorted((luminance(some), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colour", pattern.COLOURS)
def test_patterns_stand_out_from_themselves_and_from_light_and_dark_pages(colour):
    assert contrast(colour, "#ffffff") >= 4.5
    assert contrast(colour, "#fbfaf7") >= 4.5
    assert contrast(colour, "#15181a") >= 3


@pytest.mark.parametrize("seed", ["", "x", "12345", "1234567", "ABCDEF", "../etc", "12345g", "%31%32"])
async def test_a_pattern_that_there_is_not_is_not_found(stranger, seed):
    assert (await stranger.get(f"/patterns/{seed}.svg")).status_code == 404


async def test_a_few_words_are_shown_to_everybody_as_messages_are(app, stranger, alice):
    answer = await alice.post("/account/profile", data=form("/account/profile", about="Likes *ferries*.\n<b>&"))
    assert answer.headers["location"] == "/account/profile?done=saved"
    assert "Saved." in (await alice.open(answer.headers["location"])).text
    page = await stranger.open("/people/alice")
    (text,) = look.with_class(look.tree(page), "text")
    assert look.words(text) == "Likes ferries. <b>&"
    assert look.words(next(text.iter("em"))) == "ferries"
    edited = look.by_id(look.tree(await alice.open("/account/profile")), "about")
    assert (edited.text or "").strip() == "Likes *ferries*.\n<b>&"
    await alice.post("/account/profile", data=form("/account/profile", about=""))
    assert not look.with_class(look.tree(await stranger.open("/people/alice")), "text")


@pytest.mark.parametrize(("about", "sentence"), [("x" * 501, "at most 500 are allowed"), ("a\0b", "can not be stored")])
async def test_words_that_can_not_be_are_refused_and_come_back(app, alice, about, sentence):
    answer = await alice.post("/account/profile", data=form("/account/profile", about=about, show_given="everyone"))
    assert answer.status_code == 422
    assert sentence in " ".join(look.errors(answer))
    assert (look.by_id(look.tree(answer), "about").text or "").strip() == about.replace("\0", "")
    chosen = look.fields(
        next(each for each in look.tree(answer).iter("form") if each.get("action") == "/account/profile")
    )
    assert chosen["show_given"] == "everyone"
    assert (await row(app, "select about, show_given from accounts"))[:] == ("", "nobody")


async def test_links_in_a_text_about_somebody_are_no_advertisement(stranger, alice):
    about = "[me](https://example.org) [x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    await alice.post("/account/profile", data=form("/account/profile", about=about))
    page = await stranger.open("/people/alice")
    (link,) = [each for each in look.tree(page).iter("a") if each.get("href") == "https://example.org"]
    assert link.get("rel") == "nofollow ugc noopener"
    assert "javascript:alert" not in " ".join(look.links(look.tree(page)))
    assert names.key("alice") not in page.text
