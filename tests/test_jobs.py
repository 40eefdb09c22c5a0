"""Periodic work: what was deleted goes for good after the time to undo, nothing earlier, nothing else."""

import pytest

from board import images, jobs
from board.kit.pictures import Picture
from board.kit.worker import Worker
from tests import look, photos
from tests.factories import make_message, make_thread, row


def picture(number: int, *, animated: bool = False) -> Picture:
    """Something that can be stored like a picture."""
    names = ["160.webp", "320.webp", "320.jpg"] + (["play.webp"] if animated else [])
    return Picture(f"{number:032x}", 320, 200, animated, (160, 320), 320, {name: name.encode() for name in names})


@pytest.fixture
def site(app, config) -> jobs.Site:
    return jobs.Site(config, app.state.database, app.state.storage)


async def stored(site) -> set[str]:
    return {name async for name in site.storage.list()}


async def sweep(site) -> int:
    """Look at every picture that a job is about, as if its time had come; return how many went."""
    async with site.database.connection() as connection:
        await connection.execute("update jobs set run_at = now() where kind = 'check_picture'")
    return sum([went async for _, went in Worker(site, jobs.KINDS, []).drain()])


async def delete(client, path: str, minutes: int = 11) -> None:
    """Delete a message or a thread so long ago."""
    assert (await client.post(f"{path}/delete")).status_code == 303
    table, id = path.strip("/").split("/")
    await row(
        client.app, f"update {table} set deleted_at = now() - make_interval(mins => $1) where id = $2", minutes, int(id)
    )


async def counts(app, *tables: str) -> list[int]:
    return [(await row(app, f"select count(*) from {table}"))[0] for table in tables]


async def write(client, thread, *files, text="Secret words.") -> int:
    """A message with pictures, edited once, and voted on."""
    sent = await look.submit(client, await client.open(thread.path), *files, text="Earlier words.", new_alt="A secret")
    path = sent.headers["location"]
    await look.submit(client, await client.open(f"{path}/edit"), text=text)
    await row(client.app, "update pictures set touched_at = now() - interval '20 minutes'")
    return int(path.rpartition("/")[2])


async def test_after_the_time_to_undo_a_deleted_message_is_really_gone(app, site, alice, bob, stranger, thread):
    png = photos.encoded(photos.photo(400, 300), "PNG")
    message_id = await write(bob, thread, ("a.png", png))
    await alice.post(f"/messages/{message_id}/vote", data={"value": 1})
    await alice.post(f"/messages/{message_id}/vote", data={"value": -1})
    (key,) = await row(app, "select key from pictures")
    await delete(bob, f"/messages/{message_id}")
    assert await jobs.run_once(site, jobs.remove_deleted) == 1
    found = await row(app, "select * from messages where id = $1", message_id)
    assert (found["text"], found["html"], found["ups"], found["downs"]) == ("", "", 0, 1)
    assert found["purged_at"] is not None
    assert await counts(app, "revisions", "votes", "message_pictures") == [0, 0, 0]
    assert len(await stored(site)) == 4
    assert await sweep(site) == 1
    assert await stored(site) == set()
    assert await counts(app, "pictures") == [0]
    assert (await stranger.get(f"/pictures/{key}/160.webp")).status_code == 404
    tombstone = look.message(await stranger.open(thread.path), message_id)
    assert look.words(tombstone).startswith("Deleted by its author")
    assert (await bob.post(f"/messages/{message_id}/restore")).status_code == 409
    assert "Undo" not in (await bob.open(thread.path)).text
    assert await jobs.run_once(site, jobs.remove_deleted) == 0
    assert await sweep(site) == 0


async def test_nothing_goes_before_the_time_to_undo_is_over(app, site, alice, bob, stranger, thread):
    message_id = await write(bob, thread, ("a.png", photos.encoded(photos.photo(300, 200), "PNG")))
    other = await make_thread(alice, "Another", "Another opening.")
    await delete(bob, f"/messages/{message_id}", 9)
    await delete(alice, other.path, 9)
    keeps = {jobs.count_weeks, jobs.renew_seals}  # nothing goes by these
    assert not any([await jobs.run_once(site, job) for job, *_ in jobs.JOBS if job not in keeps])
    await bob.post(f"/messages/{message_id}/restore")
    await alice.post(f"{other.path}/restore")
    page = await stranger.open(thread.path)
    assert "Secret words." in page.text
    (image,) = look.tree(page).iter("img")
    assert (await stranger.get(image.get("src"))).status_code == 200
    assert "Another opening." in (await stranger.open(other.path)).text


async def test_what_is_not_deleted_is_left_alone(app, site, alice, bob, stranger, thread):
    kept = await write(bob, thread, ("a.png", photos.encoded(photos.photo(300, 200), "PNG")))
    await alice.post(f"/messages/{kept}/vote", data={"value": 1})
    before = look.words(look.message(await stranger.open(thread.path), kept))
    await delete(bob, f"/messages/{await write(bob, thread)}")
    await row(app, "update pictures set touched_at = '-infinity'")
    for job, *_ in jobs.JOBS:
        await jobs.run_once(site, job)
    assert look.words(look.message(await stranger.open(thread.path), kept)) == before
    assert await counts(app, "revisions", "votes", "message_pictures", "pictures") == [1, 1, 1, 1]
    assert len(await stored(site)) == 3


async def test_of_a_deleted_thread_the_whole_conversation_goes_and_the_title(app, site, alice, bob, stranger, thread):
    message_id = await write(bob, thread, ("a.png", photos.encoded(photos.photo(300, 200), "PNG")))
    await bob.post(f"/messages/{thread.opening}/vote", data={"value": 1})
    await bob.post(f"/messages/{await make_message(alice, thread)}/delete")
    await delete(alice, thread.path)
    assert await jobs.run_once(site, jobs.remove_deleted) == 4
    found = await row(app, "select title, purged_at, ups from threads where id = $1", thread.id)
    assert (found["title"], found["purged_at"] is not None, found["ups"]) == ("", True, 1)
    assert (await row(app, "select count(*) from messages where text <> '' or html <> ''"))[0] == 0
    assert await counts(app, "revisions", "votes", "message_pictures") == [0, 0, 0]
    assert await sweep(site) == 1
    assert await stored(site) == set()
    for path in (thread.path, f"/messages/{message_id}/history"):
        assert (await alice.get(path)).status_code == 404
    assert (await alice.post(f"{thread.path}/restore")).status_code == 404
    assert await jobs.run_once(site, jobs.remove_deleted) == 0


async def test_a_picture_that_another_message_has_stays(app, site, alice, bob, stranger, thread):
    both = ("a.png", photos.encoded(photos.photo(300, 200), "PNG"))
    gone, kept = [await write(client, thread, both) for client in (alice, bob)]
    await delete(alice, f"/messages/{gone}")
    await jobs.run_once(site, jobs.remove_deleted)
    await row(app, "update pictures set touched_at = '-infinity'")
    assert await sweep(site) == 0
    (image,) = look.message(await stranger.open(thread.path), kept).iter("img")
    assert (await stranger.get(image.get("src"))).status_code == 200
    await delete(bob, f"/messages/{kept}")
    await jobs.run_once(site, jobs.remove_deleted)
    assert await sweep(site) == 1
    assert await stored(site) == set()


async def test_a_picture_that_was_just_sent_again_is_not_swept_with_the_deleted_message(app, site, alice, bob, thread):
    png = ("a.png", photos.encoded(photos.photo(300, 200), "PNG"))
    message_id = await write(alice, thread, png)
    preview = await look.submit(bob, await bob.open(thread.path), png, text="Look.", action="preview")
    await delete(alice, f"/messages/{message_id}")
    await jobs.run_once(site, jobs.remove_deleted)
    await sweep(site)
    assert (await look.submit(bob, preview)).status_code == 303


async def test_a_picture_that_is_taken_out_of_a_message_goes_after_a_day(app, site, bob, thread):
    message_id = await write(bob, thread, ("a.png", photos.encoded(photos.photo(300, 200), "PNG")))
    assert await sweep(site) == 0, "a day after it came it was looked at, and is in use"
    assert await counts(app, "jobs") == [0]
    page = await bob.open(f"/messages/{message_id}/edit")
    await look.submit(bob, page, drop=look.fields(look.form(page))["picture"])
    assert await sweep(site) == 0
    await row(app, "update pictures set touched_at = now() - interval '25 hours'")
    assert await sweep(site) == 1
    assert await stored(site) == set()


async def test_uploads_that_nobody_used_go_after_a_day_and_every_size_of_them(app, site):
    for number in (1, 2):
        await images.keep(site.database, site.storage, picture(number, animated=True))
    await row(app, "update pictures set touched_at = now() - interval '23 hours'")
    assert await sweep(site) == 0
    await row(app, "update pictures set touched_at = now() - interval '25 hours' where key like '%1'")
    assert await sweep(site) == 1
    left = await stored(site)
    assert len(left) == 4
    assert all(f"{2:032x}" in name for name in left)


async def test_a_sweep_that_finds_the_files_gone_already_goes_on(app, site):
    await images.keep(site.database, site.storage, picture(1))
    await site.storage.delete(await stored(site))
    await row(app, "update pictures set touched_at = '-infinity'")
    assert await sweep(site) == 1


async def test_a_picture_that_slipped_through_is_found_by_the_sweep_of_all(app, site, bob, thread):
    """Its job was dropped, say; one that died is left for a person."""
    await write(bob, thread, ("a.png", photos.encoded(photos.photo(300, 200), "PNG")))
    for number in range(1, 8):
        await images.keep(site.database, site.storage, picture(number))
    await row(app, "delete from jobs where kind = 'check_picture' and key not like '%7'")
    await row(app, "update jobs set dead_at = now() where key like '%7'")
    await row(app, "update pictures set touched_at = now() - interval '25 hours' where key not like '%6'")
    assert await images.sweep(site.database, batch=3) == 5
    assert await sweep(site) == 5
    assert await counts(app, "pictures") == [3], "one is used, one was just sent, one is dead"
    assert await jobs.run_once(site, jobs.sweep_pictures) == 0


async def test_a_picture_that_was_looked_at_too_early_is_looked_at_again(app, site):
    await images.keep(site.database, site.storage, picture(1))
    await row(app, "update pictures set touched_at = now() - interval '23 hours'")
    assert await sweep(site) == 0
    left = await row(app, "select kind, key, extract(epoch from run_at - now()) as seconds from jobs")
    assert (left["kind"], left["key"], round(left["seconds"])) == ("check_picture", f"{1:032x}", 3600)
    await row(app, "update pictures set touched_at = now() - interval '25 hours'")
    assert await sweep(site) == 1
    assert await counts(app, "jobs") == [0]


async def test_sessions_that_are_over_are_forgotten_and_others_stay(app, site, alice, bob):
    await row(
        app, "update sessions set expires_at = now() - interval '1 second' where account_id = $1", alice.account["id"]
    )
    assert await jobs.run_once(site, jobs.forget_sessions) == 1
    assert await counts(app, "sessions") == [1]
    assert "Sign out" in (await bob.open("/")).text
    assert "Sign in" in (await alice.open("/")).text
