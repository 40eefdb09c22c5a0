"""Workers: each job is done, once if nobody dies; what fails is tried again; what nobody knows is left alone."""

import asyncio
from typing import Any

import asyncpg

from board.kit import queue
from board.kit.errors import Unavailable
from board.kit.worker import Kind, Site, Worker
from tests.work import at_work, empty, leave, rows, until


async def test_no_more_than_its_kind_allows_run_at_the_same_time(own_site):
    now, most = {"tell": 0, "mail": 0}, {"tell": 0, "mail": 0}

    def counted(name: str):
        async def work(_: Site, payload: dict[str, Any]) -> None:
            now[name] += 1
            most[name] = max(most[name], now[name])
            await asyncio.sleep(0.01)
            now[name] -= 1

        return work

    for kind in now:
        await leave(own_site, *({"id": number} for number in range(12)), kind=kind)
    kinds = {"tell": Kind(counted("tell"), concurrency=3), "mail": Kind(counted("mail"), concurrency=1)}
    async with at_work(Worker(own_site, kinds, [])):
        await until(empty(own_site))
    assert most == {"tell": 3, "mail": 1}


async def test_a_kind_that_only_a_newer_release_knows_is_left_alone(own_site):
    unknown = await leave(own_site, {"id": 1}, kind="teleport")

    async def tell(_: Site, payload: dict[str, Any]) -> None:
        pass

    await leave(own_site)
    async with at_work(Worker(own_site, {"tell": Kind(tell)}, [])):
        await until(lambda: _only(own_site, unknown))
    (job,) = await rows(own_site)
    assert (job["attempts"], job["lease"], job["error"], job["dead_at"]) == (0, None, None, None)


async def _only(site: Site, id: int) -> bool:
    return [job["id"] for job in await rows(site)] == [id]


async def test_what_fails_comes_back_later_and_later_and_in_the_end_waits_for_a_person(own_site):
    async def tell(_: Site, payload: dict[str, Any]) -> None:
        raise RuntimeError("no luck\0")

    one = Worker(own_site, {"tell": Kind(tell, attempts=13)}, [])
    job_id = await leave(own_site, {"id": 1}, key="a")
    for attempt in range(1, 14):
        assert [name async for name, _ in one.drain()] == ["tell"], "once, and then it is not due"
        (job,) = await rows(own_site, "select *, extract(epoch from run_at - finished_at)::float8 as pause from jobs")
        most = min(5 * 2 ** (attempt - 1), 3600)
        assert most / 2 <= job["pause"] <= most
        assert (job["id"], job["payload"], job["key"]) == (job_id, {"id": 1}, "a")
        assert (job["attempts"], job["error"]) == (attempt, "RuntimeError: no luck")
        assert (job["dead_at"] is not None) == (attempt == 13)
        await rows(own_site, "update jobs set run_at = now()")
    assert [each async for each in one.drain()] == []
    async with own_site.database.connection() as connection:
        assert (await queue.summary(connection)).dead == 1


async def test_the_pauses_differ_so_that_not_all_come_back_together(own_site):
    async def tell(_: Site, payload: dict[str, Any]) -> None:
        raise Unavailable("The mail server does not answer.")

    await leave(own_site, *({"id": number} for number in range(20)))
    async with at_work(Worker(own_site, {"tell": Kind(tell)}, [])):
        await until(lambda: _failed(own_site, 20))
    pauses = await rows(own_site, "select distinct round(extract(epoch from run_at - finished_at), 1) from jobs")
    assert len(pauses) > 8


async def _failed(site: Site, count: int) -> bool:
    return len(await rows(site, "select from jobs where error = 'The mail server does not answer.'")) == count


async def test_what_takes_too_long_is_ended_and_has_failed(own_site):
    ended = []

    async def tell(_: Site, payload: dict[str, Any]) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(payload)

    await leave(own_site)
    assert [name async for name, _ in Worker(own_site, {"tell": Kind(tell, timeout=0.05)}, []).drain()] == ["tell"]
    (job,) = await rows(own_site)
    assert job["error"] == "It took longer than 0.05 seconds."
    assert ended == [{}]


async def test_a_failed_job_gives_way_to_one_with_its_key_that_came_meanwhile(own_site):
    async def tell(_: Site, payload: dict[str, Any]) -> None:
        if payload["id"] == 1:
            await leave(own_site, {"id": 2}, key="a")
            raise RuntimeError("no luck")

    await leave(own_site, {"id": 1}, key="a")
    one = Worker(own_site, {"tell": Kind(tell)}, [])
    assert [type(result) async for _, result in one.drain()] == [RuntimeError, type(None)]
    assert await rows(own_site) == []


async def test_at_the_end_what_runs_may_finish_and_what_does_not_is_given_back(own_site):
    finished, begun, cut_off = [], asyncio.Semaphore(0), asyncio.Event()

    async def tell(_: Site, payload: dict[str, Any]) -> None:
        begun.release()
        try:
            await (asyncio.sleep(0.05) if payload["id"] == 1 else asyncio.Event().wait())
        except asyncio.CancelledError:
            cut_off.set()
            raise
        finished.append(payload["id"])

    await leave(own_site, {"id": 1}, {"id": 2})
    first = Worker(own_site, {"tell": Kind(tell)}, [])
    first.start()
    for _ in range(2):
        await begun.acquire()
    await leave(own_site, {"id": 3})
    await first.stop()
    assert finished == [1]
    assert cut_off.is_set()
    left = await rows(own_site, "select *, run_at <= now() as due from jobs order by id")
    assert [(job["payload"]["id"], job["due"], job["lease"]) for job in left] == [(2, True, None), (3, True, None)]
    assert [(job["attempts"], job["error"]) for job in left] == [(0, None), (0, None)], "that was no failure"


async def test_a_job_that_is_dropped_while_it_runs_is_ended_at_its_next_renewal(own_site):
    begun, ended = asyncio.Event(), asyncio.Event()

    async def tell(_: Site, payload: dict[str, Any]) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    await leave(own_site)
    async with at_work(Worker(own_site, {"tell": Kind(tell)}, [], lease=0.1)):
        await begun.wait()
        await rows(own_site, "delete from jobs")
        await ended.wait()
    assert await rows(own_site) == []


async def test_a_lease_is_renewed_and_one_that_was_lost_decides_nothing(own_site):
    begun, taken = asyncio.Event(), asyncio.Event()

    async def tell(_: Site, payload: dict[str, Any]) -> str:
        begun.set()
        await taken.wait()
        return "done"

    await leave(own_site)
    async with at_work(Worker(own_site, {"tell": Kind(tell)}, [], lease=30)):
        await begun.wait()
        # As another does that takes it over.
        (mine,) = await rows(own_site, "update jobs set lease = gen_random_uuid(), attempts = 2 returning lease")
        taken.set()
    (job,) = await rows(own_site)
    assert (job["lease"], job["attempts"]) == (mine["lease"], 2)


async def test_a_worker_goes_on_when_the_database_was_away(own_site, own_database):
    done = asyncio.Event()

    async def tell(_: Site, payload: dict[str, Any]) -> None:
        done.set()

    async with at_work(Worker(own_site, {"tell": Kind(tell)}, [])):
        other = await asyncpg.connect(own_database)
        away = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() "
        for _ in range(3):
            await other.execute(away + "and pid <> pg_backend_pid()")
            await asyncio.sleep(0.05)
        await other.execute("insert into jobs (kind) values ('tell')")
        await done.wait()
        await other.close()
