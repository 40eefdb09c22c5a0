"""Edit a message: by its author alone, with a mark and a public history, and no text is lost between two windows."""

import asyncio

import pytest

from tests import look, photos
from tests.factories import fields, make_message, make_thread, row


async def revisions(app, message_id) -> list:
    async with app.state.database.connection() as connection:
        rows = await connection.fetch(
            "select revision, html from revisions where message_id = $1 order by revision", message_id
        )
    return [tuple(each) for each in rows]


async def edit(client, message_id, text, **changes):
    return await look.submit(client, await client.open(f"/messages/{message_id}/edit"), text=text, **changes)


async def test_alice_edits_her_message_and_everybody_sees_that_she_did(alice, stranger, thread):
    assert f"/messages/{thread.opening}/edit" in look.links(look.tree(await alice.open(thread.path)))
    page = await alice.open(f"/messages/{thread.opening}/edit")
    assert look.fields(look.form(page))["text"] == "The opening."
    answer = await look.submit(alice, page, text="The *mended* opening.")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/messages/{thread.opening}")
    shown = look.message(await stranger.open(thread.path), thread.opening)
    assert "The mended opening." in look.words(shown)
    assert "edited" in look.words(shown)
    assert f"/messages/{thread.opening}/history" in look.links(shown)


async def test_the_history_shows_all_that_a_message_said_to_everybody(app, alice, stranger, thread):
    for text in ("Second *text*.", "Third text."):
        await edit(alice, thread.opening, text)
    page = await stranger.open(f"/messages/{thread.opening}/history")
    texts = [look.words(each) for each in look.with_class(look.tree(page), "text")]
    assert texts == ["Third text.", "Second text.", "The opening."]
    assert "<em>text</em>" in page.text
    heads = [look.words(each) for each in look.with_class(look.tree(page), "meta")][1:]
    assert heads[0].endswith("· now")
    assert heads[-1].endswith("· first")
    assert await revisions(app, thread.opening) == [(0, "<p>The opening.</p>"), (1, "<p>Second <em>text</em>.</p>")]


async def test_a_message_that_was_never_edited_bears_no_mark(stranger, thread):
    assert "/history" not in (await stranger.open(thread.path)).text
    page = await stranger.open(f"/messages/{thread.opening}/history")
    assert "The opening." in page.text


async def test_nobody_else_edits_not_even_moderators(app, bob, mod, admin, thread):
    for client in (bob, mod, admin):
        assert f"/messages/{thread.opening}/edit" not in (await client.open(thread.path)).text
        assert (await client.get(f"/messages/{thread.opening}/edit")).status_code == 404
        answer = await look.send(client, f"/messages/{thread.opening}/edit", text="Changed by another.", revision=0)
        assert answer.status_code == 404
        assert look.by_id(look.tree(answer), "kept").text == "Changed by another."
    assert (await row(app, "select text, revision from messages"))[:] == ("The opening.", 0)


async def test_a_stranger_is_asked_to_sign_in_first(stranger, thread):
    answer = await stranger.get(f"/messages/{thread.opening}/edit")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?next=/messages/{thread.opening}/edit"


async def test_who_was_signed_out_meanwhile_gets_the_form_back(app, alice, stranger, thread):
    page = await alice.open(f"/messages/{thread.opening}/edit")
    answer = await look.submit(stranger, page, text="Long words.")
    assert answer.status_code == 403
    assert look.errors(answer) == [
        "You are signed out. Sign in in another tab, come back to this one and send it again."
    ]
    assert look.fields(look.form(answer)) == look.fields(look.form(page)) | {"text": "Long words."}
    assert (await row(app, "select text from messages"))[0] == "The opening."
    assert (await look.submit(alice, answer)).status_code == 303


async def test_a_preview_of_an_edit_changes_nothing_yet(app, alice, thread):
    page = await alice.open(f"/messages/{thread.opening}/edit")
    assert not look.with_class(look.tree(page), "preview")
    preview = await look.submit(alice, page, text="New *text*.", action="preview")
    assert preview.status_code == 200
    (shown,) = look.with_class(look.tree(preview), "preview")
    assert look.words(shown) == "New text."
    assert look.fields(look.form(preview)) == look.fields(look.form(page)) | {"text": "New *text*."}
    assert (await row(app, "select text, revision from messages"))[:] == ("The opening.", 0)
    assert (await look.submit(alice, preview)).status_code == 303
    assert (await row(app, "select text, revision from messages"))[:] == ("New *text*.", 1)


async def test_a_preview_of_pictures_alone_shows_them(alice, thread):
    page = await alice.open(f"/messages/{thread.opening}/edit")
    picture = ("a.png", photos.encoded(photos.photo(300, 200), "PNG"))
    preview = await look.submit(alice, page, picture, text="", action="preview")
    (shown,) = look.with_class(look.tree(preview), "preview")
    assert list(shown.iter("img"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The message is empty."),
        ("x" * 20_001, "The message has 20,001 characters; at most 20,000 are allowed. Shorten it."),
    ],
)
async def test_what_can_not_be_a_message_comes_back_with_a_sentence(app, alice, thread, text, sentence):
    answer = await edit(alice, thread.opening, text)
    assert answer.status_code == 422
    assert look.errors(answer) == [sentence]
    assert look.fields(look.form(answer))["text"] == text
    assert (await row(app, "select text, revision from messages"))[:] == ("The opening.", 0)


async def test_an_edit_sent_twice_counts_once(app, alice, thread):
    page = await alice.open(f"/messages/{thread.opening}/edit")
    for _ in range(2):
        assert (await look.submit(alice, page, text="New.")).status_code == 303
    assert (await row(app, "select text, revision from messages"))[:] == ("New.", 1)
    assert len(await revisions(app, thread.opening)) == 1


async def test_an_edit_sent_five_times_at_once_counts_once(busy_app, join):
    alice = await join("alice", app=busy_app)
    thread = await make_thread(alice)
    sent = [look.send(alice, f"/messages/{thread.opening}/edit", text="New.", revision=0) for _ in range(5)]
    assert [answer.status_code for answer in await asyncio.gather(*sent)] == [303] * 5
    assert len(await revisions(busy_app, thread.opening)) == 1


async def test_two_windows_do_not_overwrite_each_other_unseen(app, alice, thread):
    first, second = [await alice.open(f"/messages/{thread.opening}/edit") for _ in range(2)]
    await look.submit(alice, first, text="From the first window.")
    answer = await look.submit(alice, second, text="From the second window.")
    assert answer.status_code == 409
    assert look.errors(answer) == [
        "You changed this message in another window meanwhile. Save again to put this text in its place."
    ]
    assert look.fields(look.form(answer))["text"] == "From the second window."
    assert (await row(app, "select text from messages"))[0] == "From the first window."
    assert (await look.submit(alice, answer)).status_code == 303
    assert (await row(app, "select text, revision from messages"))[:] == ("From the second window.", 2)


async def test_two_windows_do_not_overwrite_each_others_pictures_unseen(app, alice, thread):
    # Here the texts are equal, so that only the pictures tell one edit from the other.
    picture = ("a.png", photos.encoded(photos.photo(300, 200), "PNG"))
    page = await alice.open(f"/messages/{thread.opening}/edit")
    assert (await look.submit(alice, page, picture)).status_code == 303
    first, second = [await alice.open(f"/messages/{thread.opening}/edit") for _ in range(2)]
    assert (await look.submit(alice, first, alt="A cat")).status_code == 303
    answer = await look.submit(alice, second, alt="A dog")
    assert answer.status_code == 409
    assert look.fields(look.form(answer))["alt"] == "A dog"
    assert (await row(app, "select alt from message_pictures"))[0] == "A cat"
    assert (await look.submit(alice, answer)).status_code == 303
    assert (await row(app, "select alt from message_pictures"))[0] == "A dog"
    assert (await look.submit(alice, answer)).status_code == 303


async def test_an_edit_of_a_message_that_is_gone_comes_back(app, alice, bob, thread):
    message_id = await make_message(bob, thread, "Bob was here.")
    page = await bob.open(f"/messages/{message_id}/edit")
    await bob.post(f"/messages/{message_id}/delete")
    answer = await look.submit(bob, page, text="My long edit.")
    assert answer.status_code == 404
    assert look.by_id(look.tree(answer), "kept").text == "My long edit."
    assert "Bob was here." not in answer.text
    assert (await look.send(bob, "/messages/999999/edit", text="My words.", revision=0)).status_code == 404
    assert (await row(app, "select text, revision from messages where id = $1", message_id))[:] == ("Bob was here.", 0)


@pytest.mark.parametrize("revision", ["5", str(2**31), str(2**63 - 1)])
async def test_a_revision_that_never_was_is_no_crash(app, alice, thread, revision):
    answer = await edit(alice, thread.opening, "New.", revision=revision)
    assert answer.status_code in (400, 409)
    assert look.fields(look.form(answer))["text"] == "New."
    assert (await row(app, "select text, revision from messages"))[:] == ("The opening.", 0)


async def test_editing_does_not_move_the_thread_or_its_votes(app, alice, bob, thread):
    await bob.post(f"/messages/{thread.opening}/vote", data={"value": 1})
    columns = "score, all_score, message_count, last_activity_at, hot"
    before = await row(app, f"select {columns} from threads")
    await edit(alice, thread.opening, "New.")
    assert await row(app, f"select {columns} from threads") == before


async def test_an_edit_without_a_field_is_refused(app, alice, thread):
    sent = fields(text="My words.")
    del sent["form_key"]
    answer = await alice.post(f"/messages/{thread.opening}/edit", data=sent)
    assert answer.status_code == 400
    assert "My words." in answer.text
    assert (await row(app, "select revision from messages"))[0] == 0


async def test_saving_without_a_change_leaves_no_mark(app, alice, thread):
    answer = await edit(alice, thread.opening, "The opening.")
    assert answer.status_code == 303
    assert (await row(app, "select revision, edited_at from messages"))[:] == (0, None)
    assert (await row(app, "select count(*) from revisions"))[0] == 0
