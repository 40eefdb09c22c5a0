"""Delete a message: a tombstone without a trace, an undo in time, and who may do what."""

import pytest

from tests import look, photos
from tests.factories import Made, make_message, row

SECRET = "zebra"


@pytest.fixture
async def secret(alice, bob, thread) -> int:
    """A message of bob with text, a picture, an earlier text, votes and an answer."""
    picture = (f"{SECRET}.png", photos.encoded(photos.photo(300, 200), "PNG"))
    page = await bob.open(thread.path)
    sent = await look.submit(bob, page, picture, text=f"An earlier {SECRET}.", new_alt=f"A {SECRET} grazing")
    message_id = int(sent.headers["location"].rpartition("/")[2])
    await look.submit(bob, await bob.open(f"/messages/{message_id}/edit"), text=f"A {SECRET} of bob.")
    await alice.post(f"/messages/{message_id}/vote", data={"value": 1})
    await look.submit(alice, await alice.open(thread.path), text="Well said.", reply_to=message_id)
    return message_id


async def age_deletion(app, message_id: int, minutes: int) -> None:
    moved = "update messages set deleted_at = now() - make_interval(mins => $1) where id = $2"
    await row(app, moved, minutes, message_id)


async def sums(app, thread: Made) -> tuple:
    columns = "message_count, all_ups, all_downs, others_points, last_activity_at"
    return tuple(await row(app, f"select {columns} from threads where id = $1", thread.id))


async def everything(client, thread: Made, message_id: int) -> dict[str, str]:
    """All that this person can read of the thread and the message, by address."""
    paths = [thread.path, f"{thread.path}?sort=newest", f"{thread.path}?sort=best", f"{thread.path}?reply={message_id}"]
    paths += [f"/messages/{message_id}{part}" for part in ("", "/history", "/edit", "/quote")]
    paths += ["/", "/boards/general", "/people/bob", "/people/bob?show=messages"]
    found = {path: (await client.get(path, follow_redirects=True)).text for path in paths}
    return found | {f"htmx {path}": (await client.fragment("GET", path)).text for path in paths}


async def test_bob_deletes_his_message_without_javascript(bob, stranger, thread):
    message_id = await make_message(bob, thread, "Regret.")
    assert f"/messages/{message_id}/delete" in look.actions(look.message(await bob.open(thread.path), message_id))
    answer = await bob.post(f"/messages/{message_id}/delete")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/messages/{message_id}")
    page = await bob.open(answer.headers["location"])
    tombstone = look.message(page, message_id)
    assert look.words(tombstone) == "Deleted by its author · now Undo"
    assert look.actions(tombstone) == [f"/messages/{message_id}/restore"]
    assert "1 message" in page.text
    tombstone = look.message(await stranger.open(thread.path), message_id)
    assert look.words(tombstone) == "Deleted by its author · now"


async def test_htmx_gets_the_tombstone_and_after_the_undo_the_message(bob, thread):
    message_id = await make_message(bob, thread, "Regret.")
    before = look.words(look.message(await bob.open(thread.path), message_id))
    answer = await bob.fragment("POST", f"/messages/{message_id}/delete")
    assert answer.status_code == 200
    assert "<html" not in answer.text
    parts = {part.get("hx-target"): part for part in look.tree(answer).iter("hx-partial")}
    assert look.words(parts[f"#message-{message_id}"]) == "Deleted by its author · now Undo"
    undone = await bob.fragment("POST", f"/messages/{message_id}/restore")
    parts = {part.get("hx-target"): part for part in look.tree(undone).iter("hx-partial")}
    assert look.words(parts[f"#message-{message_id}"]) == before


async def test_no_trace_of_a_deleted_message_is_left_for_anybody(app, alice, bob, mod, stranger, thread, secret):
    key = (await row(app, "select key from pictures"))[0]
    seen = await everything(stranger, thread, secret)
    assert SECRET in seen[thread.path]
    assert SECRET in seen["/people/bob?show=messages"]
    assert f"An earlier {SECRET}" in seen[f"/messages/{secret}/history"]
    deleted = await bob.fragment("POST", f"/messages/{secret}/delete")
    for client in (alice, bob, mod, stranger):
        for path, text in {"the answer": deleted.text, **await everything(client, thread, secret)}.items():
            assert SECRET not in text, path
            assert key not in text, path
            assert f"/messages/{secret}/vote" not in text, path
            assert f"vote-{secret}" not in text, path
            assert f"/messages/{secret}/edit" not in text or path.endswith("/edit"), path
            assert f"/messages/{secret}/history" not in text, path
    assert f"/messages/{secret}" not in (await stranger.open("/people/bob?show=messages")).text
    for part in ("history", "quote", "edit"):
        assert (await bob.get(f"/messages/{secret}/{part}")).status_code == 404
    assert (await alice.post(f"/messages/{secret}/vote", data={"value": 1})).status_code == 404
    # The answer to it stays, and leads to the tombstone.
    assert f"answers #{secret}" in (await stranger.open(thread.path)).text


async def test_an_answer_that_was_deleted_is_no_link_back(bob, alice, stranger, thread):
    answer = await make_message(bob, thread, "Me too.", reply_to=thread.opening)
    assert f"answered by #{answer}" in look.words(look.message(await stranger.open(thread.path), thread.opening))
    await bob.post(f"/messages/{answer}/delete")
    assert "answered by" not in (await stranger.open(thread.path)).text


async def test_an_undo_in_time_brings_everything_back(app, bob, stranger, thread, secret):
    before, counted = await everything(stranger, thread, secret), await sums(app, thread)
    await bob.post(f"/messages/{secret}/delete")
    assert await sums(app, thread) != counted
    await age_deletion(app, secret, 9)
    answer = await bob.post(f"/messages/{secret}/restore")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/messages/{secret}")
    assert await everything(stranger, thread, secret) == before
    assert await sums(app, thread) == counted


async def test_deleting_and_undoing_twice_counts_once(app, bob, thread, secret):
    counted = await sums(app, thread)
    for _ in range(2):
        assert (await bob.post(f"/messages/{secret}/delete")).status_code == 303
    assert (await sums(app, thread))[0] == counted[0] - 1
    for _ in range(2):
        assert (await bob.post(f"/messages/{secret}/restore")).status_code == 303
    assert await sums(app, thread) == counted


async def test_a_second_deletion_does_not_move_the_end_of_the_undo(app, bob, mod, thread, secret):
    await bob.post(f"/messages/{secret}/delete")
    await age_deletion(app, secret, 9)
    await bob.post(f"/messages/{secret}/delete")
    await mod.post(f"/messages/{secret}/delete")
    found = await row(app, "select deleted_by, now() - deleted_at as age from messages where id = $1", secret)
    assert (found["deleted_by"], found["age"].total_seconds()) == (bob.account["id"], 540)


async def test_an_undo_that_comes_too_late_is_refused_and_not_offered(app, bob, mod, thread, secret):
    await bob.post(f"/messages/{secret}/delete")
    await age_deletion(app, secret, 11)
    for client in (bob, mod):
        assert "Undo" not in (await client.open(thread.path)).text
        for answer in (
            await client.post(f"/messages/{secret}/restore"),
            await client.fragment("POST", f"/messages/{secret}/restore"),
        ):
            assert answer.status_code == 409
            assert "It is too late to undo this" in answer.text
    assert SECRET not in (await bob.open(thread.path)).text


async def test_a_moderator_deletes_any_message_and_its_author_can_not_undo_that(bob, mod, stranger, thread, secret):
    assert f"/messages/{secret}/delete" in look.actions(look.tree(await mod.open(thread.path)))
    assert (await mod.post(f"/messages/{secret}/delete")).status_code == 303
    assert look.words(look.message(await stranger.open(thread.path), secret)).startswith("Removed by a moderator")
    assert "Undo" not in (await bob.open(thread.path)).text
    assert (await bob.post(f"/messages/{secret}/restore")).status_code == 409
    assert SECRET not in (await bob.open(thread.path)).text
    assert "Undo" in (await mod.open(thread.path)).text
    assert (await mod.post(f"/messages/{secret}/restore")).status_code == 303
    assert SECRET in (await stranger.open(thread.path)).text


async def test_deleting_someone_elses_message_is_not_found(app, alice, stranger, thread, secret):
    for action in ("delete", "restore"):
        answer = await alice.post(f"/messages/{secret}/{action}")
        assert answer.status_code == 404
        assert "There is no such message, or it was deleted." in answer.text
        assert (await stranger.post(f"/messages/{secret}/{action}")).headers["location"].startswith("/sign-in")
        assert (await alice.post(f"/messages/999999/{action}")).status_code == 404
    assert f"/messages/{secret}/delete" not in (await alice.open(thread.path)).text
    assert SECRET in (await stranger.open(thread.path)).text


async def test_the_opening_goes_with_its_thread_alone(alice, mod, thread):
    for client in (alice, mod):
        answer = await client.post(f"/messages/{thread.opening}/delete")
        assert answer.status_code == 400
        assert "This message opens its thread: delete the thread." in answer.text
        assert f"/messages/{thread.opening}/delete" not in (await client.open(thread.path)).text
    assert "The opening." in (await alice.open(thread.path)).text


async def test_the_last_activity_is_that_of_the_messages_that_are_left(app, alice, bob, thread):
    first, second = [await make_message(bob, thread, f"Number {n}.") for n in (1, 2)]
    await row(app, "update messages set created_at = now() - interval '3 hours' where id = $1", thread.opening)
    await row(app, "update messages set created_at = now() - interval '2 hours' where id = $1", first)
    await bob.post(f"/messages/{second}/delete")
    assert "active 2 h" in look.words(look.card(await alice.open("/"), thread.id))
    await bob.post(f"/messages/{first}/delete")
    assert "active 3 h" in look.words(look.card(await alice.open("/"), thread.id))
    assert "1 message" in look.words(look.card(await alice.open("/"), thread.id))
    await bob.post(f"/messages/{second}/restore")
    assert "active now" in look.words(look.card(await alice.open("/"), thread.id))


async def test_a_message_in_a_locked_thread_may_still_be_deleted(bob, mod, thread, secret):
    await mod.post(f"{thread.path}/lock")
    assert (await bob.post(f"/messages/{secret}/delete")).status_code == 303
    assert SECRET not in (await bob.open(thread.path)).text
    assert (await bob.post(f"/messages/{secret}/restore")).status_code == 303
