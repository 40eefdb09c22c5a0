"""Pictures in messages: sent, described, kept through every refusal, shown."""

import pytest

from tests import look, photos
from tests.factories import row


def png(number: int = 0, width: int = 300, height: int = 200) -> tuple[str, bytes]:
    """A picture that is no other's."""
    return (f"{number}.png", photos.encoded(photos.photo(width + number, height), "PNG"))


async def stored(app) -> list:
    async with app.state.database.connection() as connection:
        return await connection.fetch("select * from pictures order by width")


async def attached(app) -> list[tuple]:
    """Width, alt text and mark of each picture of the message that was written last."""
    sql = (
        "select width, alt, sensitive from message_pictures join pictures on key = picture_key "
        "where message_id = (select max(id) from messages) order by position"
    )
    async with app.state.database.connection() as connection:
        return [tuple(each) for each in await connection.fetch(sql)]


async def files(app) -> set[str]:
    return {name.rpartition("/")[2] async for name in app.state.storage.list()}


def pictures(answer) -> list:
    """The keys of the pictures in the form."""
    keys = look.fields(look.form(answer)).get("picture", [])
    return keys if isinstance(keys, list) else [keys]


async def test_several_pictures_are_stored_in_order_with_alt_texts_and_marks(app, bob, stranger, thread):
    page = await bob.open(thread.path)
    alts = ["A cat\r\non a mat", "", "  <b>\"bold\"</b> & 'co'  "]
    answer = await look.submit(bob, page, png(0), png(1), png(2), text="Look.", new_alt=alts, new_sensitive=["2"])
    assert answer.status_code == 303
    assert await attached(app) == [
        (300, "A cat\non a mat", False),
        (301, "", False),
        (302, "<b>\"bold\"</b> & 'co'", True),
    ]
    message = look.message(
        await stranger.open(answer.headers["location"]), (await row(app, "select max(id) from messages"))[0]
    )
    assert [image.get("alt") for image in message.iter("img")] == ["A cat\non a mat", "", "", "<b>\"bold\"</b> & 'co'"]
    (veil,) = message.iter("details")
    assert veil.get("open") is None
    assert look.words(next(veil.iter("summary"))) == "Sensitive picture: show"


async def test_a_message_of_pictures_alone_is_a_message(app, bob, thread):
    answer = await look.submit(bob, await bob.open(thread.path), png(), text=" \r\n ")
    assert answer.status_code == 303
    assert await attached(app) == [(300, "", False)]


async def test_eight_pictures_are_taken_and_the_ninth_gets_a_sentence(app, bob, thread):
    page = await bob.open(thread.path)
    nine = [png(number, 40, 30) for number in range(9)]
    answer = await look.submit(bob, page, *nine, text="Many.", new_alt=[f"Number {n}" for n in range(9)])
    assert answer.status_code == 422
    assert look.errors(answer) == ["A message has 8 pictures at most: 1 were left out."]
    assert len(pictures(answer)) == 8
    back = look.fields(look.form(answer))
    assert back["alt"] == [f"Number {n}" for n in range(8)]
    assert back["text"] == "Many."
    # The kept ones count.
    again = await look.submit(bob, answer, nine[8])
    assert (again.status_code, len(pictures(again))) == (422, 8)
    swapped = await look.submit(bob, again, nine[8], drop=pictures(again)[3])
    assert swapped.status_code == 303
    assert [width for width, _, _ in await attached(app)] == [40, 41, 42, 44, 45, 46, 47, 48]


async def test_more_kept_pictures_than_allowed_are_cut_with_a_sentence(app, bob, thread):
    await look.submit(bob, await bob.open(thread.path), *[png(n, 40, 30) for n in range(8)], text="First.")
    await look.submit(bob, await bob.open(thread.path), png(8, 40, 30), text="Second.")
    keys = [each["key"] for each in await stored(app)]
    assert len(keys) == 9
    answer = await look.send(bob, f"{thread.path}/messages", text="All.", picture=keys, alt=[""] * 9)
    assert answer.status_code == 422
    assert look.errors(answer) == ["A message has 8 pictures at most: 1 were left out."]
    assert len(pictures(answer)) == 8


async def test_a_preview_keeps_pictures_alt_texts_and_marks(app, bob, thread):
    page = await bob.open(thread.path)
    preview = await look.submit(
        bob, page, png(0), png(1), text="Look.", new_alt=["One\r\ntwo", "Three"], new_sensitive=["1"], action="preview"
    )
    assert preview.status_code == 200
    (shown,) = look.with_class(look.tree(preview), "preview")
    assert [image.get("alt") for image in shown.iter("img")] == ["One\ntwo", "", "Three"]
    keys = pictures(preview)
    back = look.fields(look.form(preview))
    assert back["alt"] == ["One\ntwo", "Three"]
    assert back["sensitive"] == keys[1]
    again = await look.submit(bob, preview, png(2), new_alt="Four", alt=["Uno", "Tres"], action="preview")
    assert pictures(again)[:2] == keys
    assert (await look.submit(bob, again)).status_code == 303
    assert await attached(app) == [(300, "Uno", False), (301, "Tres", True), (302, "Four", False)]
    assert len(await stored(app)) == 3


async def test_the_form_describes_each_picture_with_its_own_labels(bob, thread):
    page = await bob.open(thread.path)
    preview = await look.submit(bob, page, png(0), png(0), png(1), text="Look.", action="preview")
    form = look.form(preview)
    marked = [each.get("id") for each in form.iter() if each.get("id")]
    assert len(marked) == len(set(marked))
    assert len(pictures(preview)) == 2


async def test_edit_changes_alt_texts_and_marks_drops_and_adds(app, bob, thread):
    sent = await look.submit(
        bob, await bob.open(thread.path), png(0), png(1), png(2), text="Look.", new_alt=["One", "Two", "Three"]
    )
    page = await bob.open(sent.headers["location"].replace("#", "?") + "/edit")
    keys = pictures(page)
    assert look.fields(look.form(page))["alt"] == ["One", "Two", "Three"]
    changes = {"alt": ["One\r\nand a half", "Two", "Three"], "sensitive": [keys[2]], "drop": [keys[1]]}
    assert (await look.submit(bob, page, png(3), new_alt="Four", **changes)).status_code == 303
    assert await attached(app) == [(300, "One\nand a half", False), (302, "Three", True), (303, "Four", False)]
    page = await bob.open(sent.headers["location"] + "/edit")
    assert look.fields(look.form(page))["sensitive"] == keys[2]
    assert (await look.submit(bob, page, sensitive=[], drop=[keys[0], pictures(page)[2]], text="")).status_code == 303
    assert await attached(app) == [(302, "Three", False)]
    page = await bob.open(sent.headers["location"] + "/edit")
    bare = await look.submit(bob, page, drop=[keys[2]])
    assert (bare.status_code, look.errors(bare)) == (422, ["The message is empty."])


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "“a.svg” is an SVG drawing; send it as PNG or JPEG."),
        ("a.jpg", b"\xff\xd8\xff\xe0 no picture at all", "“a.jpg” is damaged."),
        ("a.txt", b"Hello", "“a.txt” is not a picture Board can read"),
        ("a.png", b"", "“a.png” is empty."),
        ("", b"Hello", "A picture is not a picture Board can read"),
        ('a"b<i>.png', b"Hello", "“a%22b<i>.png” is not a picture"),
        ("\u202egnp.exe", b"Hello", "“gnp.exe” is not a picture"),
        ("a\r\nSet-Cookie: b=c.png", b"Hello", "“a%0D%0ASet-Cookie: b=c.png” is not a picture"),
        ("x" * 4096, b"Hello", "“" + "x" * 60 + "” is not a picture"),
        ("../../etc/passwd", b"Hello", "“../../etc/passwd” is not a picture"),
        ("Ä 写真.jpg", b"Hello", "“Ä 写真.jpg” is not a picture"),
    ],
)
async def test_a_file_that_is_no_picture_gets_a_sentence_and_the_rest_comes_back(
    app, bob, thread, name, data, sentence
):
    page = await bob.open(thread.path)
    answer = await look.submit(bob, page, (name, data), png(), text="My words.", new_alt=["", "A cat"])
    assert answer.status_code == 422
    (error,) = look.errors(answer)
    assert error.startswith(sentence)
    back = look.fields(look.form(answer))
    assert (back["text"], back["alt"]) == ("My words.", "A cat")
    assert (await row(app, "select count(*) from messages"))[0] == 1
    assert (await look.submit(bob, answer)).status_code == 303
    assert await attached(app) == [(300, "A cat", False)]


async def test_each_bad_file_has_its_sentence(bob, thread):
    answer = await look.submit(bob, await bob.open(thread.path), ("a.txt", b"a"), ("b.txt", b"b"), png(), text="")
    (error,) = look.errors(answer)
    assert "“a.txt” is not" in error
    assert "“b.txt” is not" in error
    assert len(pictures(answer)) == 1


async def test_a_file_of_21_mb_is_too_large_and_the_rest_comes_back(bob, thread):
    huge = ("huge.jpg", b"\xff\xd8\xff" + bytes(20_999_997))
    answer = await look.submit(bob, await bob.open(thread.path), huge, png(), text="My words.")
    assert answer.status_code == 413
    assert look.errors(answer) == ["“huge.jpg” has 21.0 MB; the limit is 20 MB."]
    assert look.fields(look.form(answer))["text"] == "My words."
    assert len(pictures(answer)) == 1


async def test_the_same_picture_is_stored_once(app, alice, bob, thread):
    for client in (alice, bob):
        await look.submit(client, await client.open(thread.path), png(), ("other name.png", png()[1]), text="Look.")
    (found,) = await stored(app)
    assert await files(app) == {"160.webp", "300.webp", f"{found['fallback']}.jpg"}
    assert (await row(app, "select count(*) from message_pictures"))[0] == 2


async def test_a_stranger_can_not_store_a_picture(app, stranger, thread):
    for action in ("send", "preview"):
        for path in (f"{thread.path}/messages", "/threads", f"/messages/{thread.opening}/edit"):
            sent = {"text": "Hello.", "title": "A title", "board": "general", "action": action}
            answer = await look.send(stranger, path, png(), **sent)
            assert answer.status_code == 403
            assert not pictures(answer)
    assert not await stored(app)
    assert not await files(app)


async def test_a_stranger_can_not_make_the_server_take_in_a_large_body(stranger, thread):
    body, kind = look.multipart({"text": "My words."}, [("a.png", bytes(20_000_000))])
    taken = 0

    async def trickle():
        nonlocal taken
        for start in range(0, len(body), 65_536):
            taken += 65_536
            yield body[start : start + 65_536]

    answer = await stranger.post(f"{thread.path}/messages", content=trickle(), headers={"Content-Type": kind})
    assert answer.status_code == 403
    assert "You are signed out." in answer.text
    assert look.by_id(look.tree(answer), "kept").text == "My words."
    assert taken < 2_000_000


async def test_a_store_that_is_broken_is_said_and_the_text_comes_back(app, bob, thread, store_away):
    page = await bob.open(thread.path)
    with store_away():
        answer = await look.submit(bob, page, png(), ("a.txt", b"no picture"), text="My words.")
        alone = await look.submit(bob, page, png(), text="My words.")
    assert answer.status_code == 422
    assert (
        "“0.png” could not be stored. Send it again in a minute, or tell who runs the board." in look.errors(answer)[0]
    )
    assert "“a.txt” is not a picture" in look.errors(answer)[0]
    assert alone.status_code == 503
    for form in (answer, alone):
        assert look.fields(look.form(form))["text"] == "My words."
    assert not await attached(app)
    assert (await look.submit(bob, alone, png())).status_code == 303


async def test_who_was_signed_out_meanwhile_keeps_the_pictures(app, bob, stranger, thread):
    preview = await look.submit(
        bob, await bob.open(thread.path), png(), text="Look.", new_alt="A cat", action="preview"
    )
    refused = await look.submit(stranger, preview)
    assert refused.status_code == 403
    assert look.fields(look.form(refused)) == look.fields(look.form(preview))
    assert (await look.submit(bob, refused)).status_code == 303
    assert await attached(app) == [(300, "A cat", False)]


@pytest.mark.parametrize("key", ["0" * 32, "", "x", "a\0", "A" * 32, "0" * 5000])
async def test_a_picture_that_is_no_longer_stored_gets_a_sentence(app, bob, thread, key):
    page = await bob.open(thread.path)
    preview = await look.submit(bob, page, png(), text="Look.", action="preview")
    kept = pictures(preview)[0]
    answer = await look.submit(bob, preview, picture=[key, kept], alt=["Lost", "A cat"])
    assert answer.status_code == 422
    assert look.errors(answer) == ["A picture that was sent before is no longer stored. Choose it again."]
    assert (pictures(answer), look.fields(look.form(answer))["alt"]) == ([kept], "A cat")
    assert (await row(app, "select count(*) from messages"))[0] == 1


async def test_an_alt_text_that_is_too_long_is_cut_and_holds_no_nul(app, bob, thread):
    await look.submit(bob, await bob.open(thread.path), png(), text="", new_alt="a\0" + "é" * 2000)
    assert await attached(app) == [(300, "a" + "é" * 999, False)]
