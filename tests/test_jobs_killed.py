"""Workers in processes of their own: what one leaves behind, however it ends, another takes up."""

import signal

import pytest

from tests.work import empty, leave, process, rows, until


@pytest.fixture(autouse=True)
async def told(own_site) -> None:
    """Where the processes tell what they did."""
    await rows(own_site, "create table told (id bigint, pid integer)")


async def counted(site, sql: str) -> int:
    return (await rows(site, f"select count(*) from {sql}"))[0][0]


async def test_two_processes_do_200_jobs_once_each(own_site):
    with process(own_site) as one, process(own_site) as other:
        # Both are there before the jobs are.
        for _ in range(2):
            await leave(own_site, {"id": 0}, kind="nap")
            await leave(own_site, {"id": 0}, kind="nap")
        await until(lambda: _pids(own_site, 2))
        await leave(own_site, *({"id": number} for number in range(1, 201)), kind="tell")
        await until(lambda: _none(own_site, "jobs where kind = 'tell'"))
        done = await rows(own_site, "select id, pid from told where id > 0 order by id")
        assert [row["id"] for row in done] == list(range(1, 201))
        assert {row["pid"] for row in done} == {one.pid, other.pid}


async def _pids(site, count: int) -> bool:
    return (await rows(site, "select count(distinct pid) from told"))[0][0] == count


async def _none(site, sql: str) -> bool:
    return await counted(site, sql) == 0


async def test_the_job_of_a_process_that_was_killed_is_done_again_by_another(own_site):
    async def renewed() -> bool:
        return await counted(own_site, "jobs where run_at > started_at + interval '2 s' and error is null") == 1

    async def begun_again() -> bool:
        # Not to wait for the pause that comes after a death.
        await rows(own_site, "update jobs set run_at = now() where lease is null")
        return await counted(own_site, "told") == 2

    job = await leave(own_site, {"id": 7}, kind="nap")
    with process(own_site, lease=1) as first:
        # While it lives it goes on having it, for longer than a lease.
        await until(renewed)
        with process(own_site, lease=1) as second:
            assert await counted(own_site, "told") == 1
            first.kill()
            await until(begun_again)
            assert [row["pid"] for row in await rows(own_site, "select pid from told")] == [first.pid, second.pid]
            (found,) = await rows(own_site)
            assert (found["id"], found["attempts"]) == (job, 2)
            assert found["error"] == "The process that worked on it died."
            second.send_signal(signal.SIGTERM)
            assert second.wait(10) == 0
    (found,) = await rows(own_site)
    assert (found["lease"], found["attempts"]) == (None, 1), "to be asked to end is no failure"


async def test_a_job_that_kills_its_process_every_time_is_dead_in_the_end(own_site):
    await leave(own_site, {"id": 7}, kind="nap")
    await rows(own_site, "update jobs set attempts = 8, lease = gen_random_uuid(), run_at = now() - interval '1 s'")
    with process(own_site):
        await until(lambda: _none(own_site, "jobs where dead_at is null"))
    assert await counted(own_site, "told") == 0
    assert not await empty(own_site)()
