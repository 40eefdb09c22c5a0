"""Delete a thread, bring it back in time, lock and unlock it."""

import pytest

from tests import look
from tests.factories import make_message, make_thread, row


async def age_deletion(app, thread, minutes: int) -> None:
    """As if it had been deleted so long ago."""
    moved = "update threads set deleted_at = now() - make_interval(mins => $1) where id = $2"
    await row(app, moved, minutes, thread.id)


async def is_gone(client, thread) -> bool:
    """Whether this person finds no trace of it: not at its address, nor its messages', nor in any list."""
    found = await client.get(thread.path)
    assert (found.status_code == 404) == ("A thread" not in found.text)
    lists = ["/", "/?sort=new", "/boards/general", "/people/alice", "/people/alice?show=messages"]
    assert not [path for path in lists if "A thread" in (await client.open(path)).text]
    return found.status_code == 404


async def test_alice_deletes_her_thread_and_is_told_that_she_can_undo_it(alice, bob, stranger, thread):
    await make_message(bob, thread)
    assert f"{thread.path}/delete" in look.actions(look.tree(await alice.open(thread.path)))
    answer = await alice.post(f"{thread.path}/delete")
    assert (answer.status_code, answer.headers["location"]) == (303, thread.path)
    page = await alice.open(thread.path)
    assert "It can be brought back for 10 minutes." in page.text
    assert "The opening." not in page.text
    (undo,) = (form for form in look.tree(page).iter("form") if form.get("action", "").endswith("/restore"))
    assert undo.get("action") == f"{thread.path}/restore"
    assert await is_gone(bob, thread)
    assert await is_gone(stranger, thread)


async def test_nothing_of_a_deleted_thread_is_left_for_others(alice, bob, thread):
    await make_message(alice, thread, "Words of alice.")
    own = await make_message(bob, thread, "Words of bob.")
    other = await make_thread(bob, "Another")
    await alice.post(f"{thread.path}/delete")
    for message_id in (thread.opening, own):
        assert (await bob.get(f"/messages/{message_id}", follow_redirects=True)).status_code == 404
        for part in ("history", "quote", "edit"):
            answer = await bob.get(f"/messages/{message_id}/{part}")
            assert answer.status_code == 404
            assert "The opening." not in answer.text
            assert "Words of" not in answer.text
        for part in ("vote", "delete", "restore"):
            answer = await bob.post(f"/messages/{message_id}/{part}", data={"value": 1})
            assert answer.status_code == 404
    assert (await look.send(bob, f"/messages/{own}/edit", text="New.", revision=0)).status_code == 404
    # An answer elsewhere that claims to answer a message in there must not show that one.
    answer = await look.send(bob, f"{other.path}/messages", htmx=True, text="Hi.", reply_to=thread.opening)
    assert answer.status_code == 200
    assert "The opening." not in answer.text
    assert f"#{thread.opening}" not in answer.text
    assert "The opening." not in (await bob.get(f"{other.path}?reply={thread.opening}")).text


async def test_a_fragment_of_a_deleted_thread_is_not_found(alice, thread):
    await alice.post(f"{thread.path}/delete")
    answer = await alice.fragment("GET", f"{thread.path}?sort=newest")
    assert answer.status_code == 404
    assert "<html" not in answer.text


async def test_htmx_is_sent_to_the_page_with_the_undo(alice, thread):
    answer = await alice.fragment("POST", f"{thread.path}/delete")
    assert (answer.status_code, answer.headers["hx-redirect"]) == (200, thread.path)


async def test_deleting_someone_elses_thread_is_not_found(bob, stranger, thread):
    assert (await bob.post(f"{thread.path}/delete")).status_code == 404
    refused = await stranger.post(f"{thread.path}/delete", headers={"Referer": f"http://testserver{thread.path}"})
    assert (refused.status_code, refused.headers["location"]) == (303, f"/sign-in?next={thread.path}")
    assert "The opening." in (await stranger.open(thread.path)).text


async def test_deleting_what_is_not_there_is_not_found(alice, mod):
    for client in (alice, mod):
        for action in ("delete", "restore", "lock", "unlock"):
            answer = await client.post(f"/threads/999999/{action}")
            assert answer.status_code == (403 if client is alice and "lock" in action else 404)


async def test_a_moderator_deletes_any_thread_and_its_author_can_not_undo_that(alice, mod, stranger, thread):
    assert (await mod.post(f"{thread.path}/delete")).status_code == 303
    assert "brought back" in (await mod.open(thread.path)).text
    assert await is_gone(alice, thread)
    assert await is_gone(stranger, thread)
    assert (await alice.post(f"{thread.path}/restore")).status_code == 404
    assert (await mod.post(f"{thread.path}/restore")).status_code == 303
    assert "The opening." in (await stranger.open(thread.path)).text


async def test_an_admin_may_what_a_moderator_may(admin, stranger, thread):
    for action in ("lock", "unlock", "delete", "restore"):
        assert (await admin.post(f"{thread.path}/{action}")).status_code == 303
    assert "The opening." in (await stranger.open(thread.path)).text


async def test_deleting_twice_is_harmless_and_keeps_the_first_time(app, alice, mod, thread):
    await alice.post(f"{thread.path}/delete")
    await age_deletion(app, thread, 9)
    assert (await alice.post(f"{thread.path}/delete")).status_code == 303
    assert (await mod.post(f"{thread.path}/delete")).status_code == 303
    found = await row(app, "select deleted_by, now() - deleted_at as age from threads where id = $1", thread.id)
    assert found["deleted_by"] == alice.account["id"]
    assert found["age"].total_seconds() == 540


async def test_an_undo_in_time_brings_everything_back(app, alice, bob, stranger, thread):
    answer = await make_message(bob, thread, "An answer.")
    before = (await stranger.open(thread.path)).text
    await alice.post(f"{thread.path}/delete")
    await age_deletion(app, thread, 9)
    undone = await alice.post(f"{thread.path}/restore")
    assert (undone.status_code, undone.headers["location"]) == (303, thread.path)
    page = await stranger.open(thread.path)
    assert page.text == before
    assert look.messages(page) == [thread.opening, answer]
    assert look.card(await stranger.open("/"), thread.id) is not None
    assert (await alice.post(f"{thread.path}/restore")).status_code == 303


async def test_an_undo_that_comes_too_late_is_not_found(app, alice, mod, thread):
    await alice.post(f"{thread.path}/delete")
    await age_deletion(app, thread, 11)
    for client in (alice, mod):
        assert (await client.post(f"{thread.path}/restore")).status_code == 404
        assert (await client.get(thread.path)).status_code == 404
    assert "too late" in (await alice.post(f"{thread.path}/restore")).text


async def test_nobody_else_undoes_a_deletion(alice, bob, stranger, thread):
    await alice.post(f"{thread.path}/delete")
    assert (await bob.post(f"{thread.path}/restore")).status_code == 404
    assert (await stranger.post(f"{thread.path}/restore")).status_code == 303
    assert await is_gone(stranger, thread)


async def test_only_moderators_lock_and_unlock(alice, bob, mod, stranger, thread):
    for client in (alice, bob):
        for action in ("lock", "unlock"):
            answer = await client.post(f"{thread.path}/{action}")
            assert answer.status_code == 403
            assert "Only moderators lock threads." in answer.text
    assert (await stranger.post(f"{thread.path}/lock")).headers["location"].startswith("/sign-in")
    assert "locked" not in (await stranger.open(thread.path)).text
    assert f"{thread.path}/lock" in look.actions(look.tree(await mod.open(thread.path)))
    assert (await mod.post(f"{thread.path}/lock")).headers["location"] == thread.path
    assert (await mod.post(f"{thread.path}/lock")).status_code == 303
    assert f"{thread.path}/unlock" in look.actions(look.tree(await mod.open(thread.path)))


async def test_a_locked_thread_says_so_and_offers_no_answer_edit_or_vote(alice, bob, mod, stranger, thread):
    await make_message(bob, thread)
    await mod.post(f"{thread.path}/lock")
    for client in (alice, bob, mod, stranger):
        page = await client.open(thread.path)
        assert "This thread is locked: nobody can answer in it." in page.text
        assert not look.with_class(look.tree(page), "composer")
        assert not [each for each in look.actions(look.tree(page)) if each.endswith("/vote")]
        assert not [each for each in look.links(look.tree(page)) if "reply=" in each or each.endswith("/edit")]
        assert "locked" in look.words(look.card(await client.open("/"), thread.id))
    await mod.post(f"{thread.path}/unlock")
    assert look.with_class(look.tree(await bob.open(thread.path)), "composer")
    assert "locked" not in (await stranger.open(thread.path)).text


async def test_what_is_sent_to_a_locked_thread_is_refused_and_comes_back(app, alice, bob, mod, thread):
    page = await bob.open(thread.path)
    await mod.post(f"{thread.path}/lock")
    answer = await look.submit(bob, page, text="My long answer.")
    assert answer.status_code == 409
    assert look.errors(answer) == [
        "This thread was locked: nobody can answer in it now. Your text is still here, to copy."
    ]
    assert look.fields(look.form(answer))["text"] == "My long answer."
    edit = await look.send(alice, f"/messages/{thread.opening}/edit", text="My edit.", revision=0)
    assert edit.status_code == 409
    assert "My edit." in edit.text
    assert (await alice.get(f"/messages/{thread.opening}/edit")).status_code == 409
    assert (await bob.post(f"/messages/{thread.opening}/vote", data={"value": 1})).status_code == 409
    assert (await row(app, "select message_count, all_ups from threads where id = $1", thread.id))[:] == (1, 0)


@pytest.mark.parametrize("locked", [True, False])
async def test_what_is_deleted_is_not_locked(mod, alice, thread, locked):
    await alice.post(f"{thread.path}/delete")
    assert (await mod.post(f"{thread.path}/{'lock' if locked else 'unlock'}")).status_code == 404


async def test_the_author_may_delete_a_locked_thread(alice, mod, thread):
    await mod.post(f"{thread.path}/lock")
    assert (await alice.post(f"{thread.path}/delete")).status_code == 303
    await alice.post(f"{thread.path}/restore")
    assert "This thread is locked" in (await alice.open(thread.path)).text
