"""Periodic work: shared by all processes, caught up once, and never stopped by what fails."""

from board.kit import queue
from board.kit.worker import Periodic, Site, Worker
from tests.work import at_work, rows, until


class Rounds:
    """Periodic work that counts how often it was done."""

    def __init__(self, fails: bool = False) -> None:
        self.count, self.fails = 0, fails

    def work(self, name: str = "rounds"):
        async def rounds(_: Site) -> int:
            self.count += 1
            if self.fails:
                raise RuntimeError("no luck")
            return self.count

        rounds.__name__ = name
        return rounds


async def test_periodic_work_is_shared_by_processes_and_outlives_them(own_site):
    rounds = Rounds()

    def process() -> Worker:
        return Worker(own_site, {}, [Periodic(rounds.work(), 3600)])

    async def told() -> bool:
        return bool(await rows(own_site, "select from jobs where result is not null"))

    async with at_work(process(), process()):
        await until(told)
    # They start anew: it is not due again.
    assert [each async for each in process().drain()] == []
    assert rounds.count == 1
    # Ten times were missed: it is caught up once.
    await rows(
        own_site, "update jobs set run_at = now() - interval '10 hours', started_at = now() - interval '11 hours'"
    )
    async with at_work(process(), process()):
        await until(lambda: _did(own_site, 2))
    assert [each async for each in process().drain()] == []
    (job,) = await rows(own_site, "select *, run_at - started_at as pause from jobs")
    assert (rounds.count, job["pause"].total_seconds(), job["error"], job["attempts"]) == (2, 3600.0, None, 0)
    # All the same, somebody may have it done now.
    assert [each async for each in process().drain(now=True)] == [("rounds", 3)]


async def _did(site: Site, result: int) -> bool:
    return [job["result"] for job in await rows(site)] == [result]


async def test_a_new_period_holds_from_now_and_other_work_keeps_its_time(own_site):
    rounds = Rounds()
    for every in (86_400, 60, 86_400):
        (each,) = [Worker(own_site, {}, [Periodic(rounds.work(), every)])]
        await each.schedule()
        async for _ in each.drain():
            pass
    assert rounds.count == 1
    (job,) = await rows(own_site, "select *, run_at <= now() + interval '1 minute' as soon from jobs")
    assert (job["soon"], job["every"].total_seconds()) == (True, 86_400.0)


async def test_periodic_work_that_fails_is_told_tried_again_and_does_not_stop_others(own_site, caplog):
    bad, good = Rounds(fails=True), Rounds()
    work = [Periodic(bad.work("bad"), 8), Periodic(good.work("good"), 3600)]
    one = Worker(own_site, {}, work)
    for attempt in range(1, 11):
        assert "bad" in [name async for name, _ in one.drain()]
        (job,) = await rows(
            own_site, "select *, extract(epoch from run_at - finished_at)::float8 as pause from jobs where kind = 'bad'"
        )
        assert (job["attempts"], job["error"], job["dead_at"]) == (attempt, "RuntimeError: no luck", None)
        assert job["pause"] <= 8, "not later than it would have come anyhow"
        await rows(own_site, "update jobs set run_at = now() where kind = 'bad'")
    assert good.count == 1
    async with own_site.database.connection() as connection:
        assert (await queue.summary(connection)).failing == 1
    bad.fails = False
    assert [each async for each in one.drain()] == [("bad", 11)]
    async with own_site.database.connection() as connection:
        assert (await queue.summary(connection)).failing == 0
    assert "bad failed" in caplog.text
