"""The page where admins see the work beside the pages and decide about what failed; for nobody else."""

import pytest

from board.jobs import page
from board.kit import queue
from tests import look
from tests.factories import row


@pytest.fixture
async def failed(app) -> dict[str, int]:
    """One job of every state."""
    async with app.state.database.connection() as connection:
        ids = {
            name: await queue.enqueue(connection, "check_picture", {"key": name}, key=name)
            for name in ("dead", "running", "waiting", "later")
        }
        await connection.execute("""
            update jobs set dead_at = now(), attempts = 8, error = 'OSError: <disk>' where key = 'dead';
            update jobs set lease = gen_random_uuid(), run_at = now() + interval '20 s', started_at = now(),
            attempts = 1 where key = 'running';
            update jobs set run_at = now() + interval '1 day' where key = 'later';
            insert into jobs (kind, every, run_at, started_at, finished_at, result, error)
            values ('sweep', '60 s', now() + interval '9 s', now() - interval '4 s', now() - interval '3 s', 12, 'bad')
        """)
    return ids


async def state(app, id: int) -> str | None:
    async with app.state.database.connection() as connection:
        return {each["id"]: each["state"] for each in await page.list_jobs(connection, size=50, may=True)}.get(id)


async def test_an_admin_sees_what_waits_runs_and_failed_and_why(admin, failed):
    root = look.tree(await admin.open("/jobs"))
    told = look.words(look.by_id(root, "main"))
    assert "1 job due, 2 later, 1 running, 1 dead." in told
    assert "after 8 attempts OSError: <disk>" in look.words(look.by_id(root, f"job-{failed['dead']}"))
    assert "since now, attempt 1" in look.words(look.by_id(root, f"job-{failed['running']}"))
    assert "due" in look.words(look.by_id(root, f"job-{failed['waiting']}"))
    assert "not before" in look.words(look.by_id(root, f"job-{failed['later']}"))
    assert "sweep every 60 seconds, last now in 1.0 s, did 12 bad Try again" in told


async def test_with_no_work_the_page_says_so(admin):
    told = look.words(look.by_id(look.tree(await admin.open("/jobs")), "main"))
    assert "0 jobs due" in told
    assert "Nothing failed for good." in told


async def test_work_that_nobody_does_is_told(admin, failed, app):
    await row(app, "update jobs set run_at = now() - interval '5 minutes' where key = 'waiting'")
    assert "The oldest has waited for 5 minutes: does a process do jobs?" in (await admin.open("/jobs")).text


async def test_a_dead_job_is_tried_again_as_if_it_had_never_failed(admin, failed, app):
    for _ in range(2):  # twice is once
        answer = await admin.post(f"/jobs/{failed['dead']}/retry")
        assert (answer.status_code, answer.headers["location"]) == (303, "/jobs")
    job = await row(app, "select * from jobs where id = $1", failed["dead"])
    assert (job["dead_at"], job["attempts"], job["payload"]) == (None, 0, {"key": "dead"})


async def test_a_dead_job_gives_way_to_one_that_waits_with_its_key(admin, failed, app):
    async with app.state.database.connection() as connection:
        newer = await queue.enqueue(connection, "check_picture", {"key": "dead"}, key="dead")
    assert (await admin.post(f"/jobs/{failed['dead']}/retry")).status_code == 303
    assert await state(app, failed["dead"]) is None
    assert await state(app, newer) == "waiting"


async def test_a_job_is_dropped_for_good_whatever_it_does(admin, failed, app):
    for id in failed.values():
        for _ in range(2):  # twice is once
            assert (await admin.post(f"/jobs/{id}/drop")).status_code == 303
            assert await state(app, id) is None


async def test_work_that_runs_is_not_begun_a_second_time_and_periodic_work_is_not_dropped(admin, failed, app):
    before = await row(app, "select * from jobs where id = $1", failed["running"])
    assert (await admin.post(f"/jobs/{failed['running']}/retry")).status_code == 303
    assert await row(app, "select * from jobs where id = $1", failed["running"]) == before
    (sweep,) = await row(app, "select id from jobs where kind = 'sweep'")
    assert (await admin.post(f"/jobs/{sweep}/drop")).status_code == 303
    assert (await admin.post(f"/jobs/{sweep}/retry")).status_code == 303
    assert (await row(app, "select run_at <= now(), every is not null, result from jobs where id = $1", sweep))[:] == (
        True,
        True,
        12,
    )


async def test_nobody_else_sees_or_decides_anything(stranger, bob, mod, failed, app):
    for client in (bob, mod):
        assert (await client.get("/jobs")).status_code == 403
        for verb in ("retry", "drop"):
            assert (await client.post(f"/jobs/{failed['dead']}/{verb}")).status_code == 403
    assert (await stranger.get("/jobs")).headers["location"].startswith("/sign-in")
    assert (await stranger.post(f"/jobs/{failed['dead']}/drop")).headers["location"].startswith("/sign-in")
    assert await state(app, failed["dead"]) == "dead"


async def test_the_statements_ask_for_the_right_too(app, failed):
    async with app.state.database.connection() as connection:
        assert await page.list_jobs(connection, size=50, may=False) == []
        assert await page.drop_job(connection, id=failed["dead"], may=False) is None
        assert await page.retry_job(connection, id=failed["dead"], may=False) is None
