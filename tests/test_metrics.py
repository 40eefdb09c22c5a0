"""Numbers for Prometheus: they are right, they are few, and they come even if the database does not."""

import asyncio
import dataclasses
import time

import asyncpg
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from board.app import create_app
from board.routes import ROUTES
from tests.conftest import ORIGIN, Client
from tests.factories import fields, make_message, make_thread
from tests.photos import phone
from tests.test_health import outside, probe  # fixtures  # noqa: F401
from tests.test_peers import at

TOKEN = "a token of many letters"


class Numbers(dict[tuple[str, frozenset], float]):
    """What /metrics said: by name, and by labels."""

    def __call__(self, name: str, **labels: str) -> float:
        return self.get((f"board_{name}", frozenset(labels.items())), 0.0)

    def names(self) -> set[str]:
        return {name for name, _ in self}


async def scrape(client: httpx.AsyncClient, **headers: str) -> Numbers:
    client.app.state.vitals.facts.seconds = 0
    answer = await client.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert answer.headers["cache-control"] == "no-store"
    families = text_string_to_metric_families(answer.text)
    samples = [sample for family in families for sample in family.samples]
    numbers = Numbers({(each.name, frozenset(each.labels.items())): each.value for each in samples})
    assert len(numbers) == len(samples), "a series is there twice"
    return numbers


async def test_requests_are_counted_by_route_method_and_status(alice, stranger, thread):
    before = await scrape(stranger)
    for _ in range(3):
        await stranger.get(thread.path)
    await alice.post(f"{thread.path}/messages", data=fields(text=""))
    got = await stranger.get("/threads/999")
    after = await scrape(stranger)
    route = "/threads/{id:id}"

    def more(name: str, **labels: str) -> float:
        return after(name, **labels) - before(name, **labels)

    assert more("requests_total", route=route, method="GET", status="2xx") == 3
    assert more("requests_total", route=route, method="GET", status="4xx") == 1
    assert more("requests_total", route=f"{route}/messages", method="POST", status="4xx") == 1
    assert more("request_seconds_count", route=route) == 4
    assert more("request_seconds_bucket", route=route, le="+Inf") == 4
    assert 0 < more("request_seconds_sum", route=route) < 60
    assert more("response_bytes_total", route=route) > 3 * got.num_bytes_downloaded
    assert after("requests_in_flight") == 1


async def test_nobody_can_make_series_by_what_they_ask_for(stranger):
    before = await scrape(stranger)
    for number in range(50):
        await stranger.request(f"METHOD{number}", f"/nothing/{number}?{number}")
    after = await scrape(stranger)
    assert after("requests_total", route="none", method="other", status="4xx") == 50
    assert len(set(after) - set(before)) < 40
    routes = {dict(labels).get("route") for _, labels in after}
    assert routes <= {route.path for route in ROUTES} | {None, "none", "/static/{file}", "/favicon.ico"}


async def test_two_sites_in_one_process_count_for_themselves(config, database, app, stranger):
    other = create_app(config, database, with_jobs=False)
    async with other.router.lifespan_context(other), Client(other) as client:
        await client.get("/help")
        await client.get("/help")
        assert (await scrape(client))("requests_total", route="/help", method="GET", status="2xx") == 2
    await stranger.get("/help")
    assert (await scrape(stranger))("requests_total", route="/help", method="GET", status="2xx") == 1


async def test_statements_are_counted_by_file(alice, stranger, thread):
    before = await scrape(stranger)
    await stranger.get(thread.path)
    after = await scrape(stranger)
    assert after("statements_total", statement="threads/get") - before("statements_total", statement="threads/get") == 1
    assert after("statement_seconds_total", statement="threads/get") > 0


async def test_votes_that_go_together_are_one_batch(busy_app, join):
    people = [await join(name, app=busy_app) for name in ("alice", "bob", "carol", "dora")]
    thread = await make_thread(people[0])
    async with Client(busy_app) as stranger:
        await asyncio.gather(
            *(each.post(f"/messages/{thread.opening}/vote", data={"value": "1"}) for each in people[1:])
        )
        numbers = await scrape(stranger)
    assert numbers("vote_batch_size_sum") == 3
    assert 1 <= numbers("vote_batch_size_count") <= 3


async def test_the_page_cache_tells_what_it_saved(config, database):
    app = create_app(dataclasses.replace(config, page_cache_seconds=60.0), database, with_jobs=False)
    async with app.router.lifespan_context(app), Client(app) as stranger:
        for _ in range(4):
            await stranger.get("/help")
        numbers = await scrape(stranger)
    assert numbers("page_cache_requests_total", result="miss") == 1
    assert numbers("page_cache_requests_total", result="hit") == 3
    assert numbers("page_cache_bytes") > 1000


async def test_pictures_are_timed_and_refusals_counted(alice, stranger):
    torn = {"files": ("a.png", b"\x89PNG\r\n\x1a\n" + b"x" * 99)}
    whole = {"files": ("a.jpg", phone("JPEG"))}
    for picture in (torn, whole):
        await alice.post("/threads", data=fields(title="A title", board="general"), files=picture)
    numbers = await scrape(stranger)
    assert numbers("picture_seconds_count", result="read") == 1
    assert numbers("picture_seconds_count", result="refused") == 1
    assert (numbers("pictures_busy"), numbers("pictures_waiting")) == (0, 0)


async def test_a_pool_that_is_used_up_is_seen(busy_app, monkeypatch):
    monkeypatch.setattr("board.kit.db.ACQUIRE_SECONDS", 0.2)
    busy_app.state.vitals.facts.patience = busy_app.state.vitals.lacks.patience = 0.1
    database = busy_app.state.database
    async with Client(busy_app) as stranger:
        assert (await scrape(stranger))("database_up") == 1
        busy_app.state.vitals.lacks.seconds = 0
        held = [database.connection() for _ in range(database.pool.most)]
        await asyncio.gather(*(asyncio.create_task(each.__aenter__()) for each in held))
        assert (await stranger.get("/")).status_code == 503
        numbers = await scrape(stranger)
        assert numbers("pool_connections_used", pool="primary") == numbers("pool_connections_max", pool="primary") == 10
        assert numbers("pool_timeouts_total", pool="primary") >= 1
        assert (numbers("ready"), numbers("database_up")) == (0, 0)
        for each in held:
            await each.__aexit__(None, None, None)


async def test_the_queue_and_the_backups_are_told(app, stranger):
    async with app.state.database.connection() as connection:
        await connection.execute(
            "insert into jobs (kind, run_at, dead_at) values"
            " ('sweep', now() - interval '90 s', null), ('sweep', now(), now()), ('mail', now() + interval '1 h', null)"
        )
        await connection.execute(
            "insert into backups (kind, name, started_at, finished_at, problem, bytes) values"
            " ('backup', 'a', now(), '2026-01-01 03:00Z', null, 500), ('drill', 'a', now(), now(), 'It is torn.', 0)"
        )
    numbers = await scrape(stranger)
    assert numbers("jobs", kind="sweep", state="waiting") == 1
    assert numbers("jobs", kind="sweep", state="dead") == 1
    assert numbers("jobs", kind="mail", state="later") == 1
    assert 90 <= numbers("jobs_oldest_seconds") < 120
    assert numbers("backup_success_timestamp_seconds", kind="backup") == 1_767_236_400
    assert numbers("backup_failed", kind="backup") == 0
    assert numbers("backup_failed", kind="drill") == 1
    assert "board_backup_success_timestamp_seconds" in numbers.names()
    assert ("board_backup_success_timestamp_seconds", frozenset({("kind", "drill")})) not in numbers


async def test_what_runs_and_on_what_is_told(config, database):
    app = create_app(dataclasses.replace(config, release="7ab3f"), database, with_jobs=False)
    async with app.router.lifespan_context(app), Client(app) as stranger:
        numbers = await scrape(stranger)
    labels = next(dict(labels) for name, labels in numbers if name == "board_info")
    assert labels["release"] == "7ab3f"
    assert labels["version"]
    assert numbers("database_bytes") > 1_000_000
    assert 0 < numbers("disk_free_bytes", place="data") < numbers("disk_bytes", place="data")
    assert numbers["process_resident_memory_bytes", frozenset()] > 10_000_000


async def test_a_loop_that_was_held_up_is_seen(app, stranger, monkeypatch):
    monkeypatch.setattr("board.kit.metrics.LOOK_SECONDS", 0.01)
    watching = asyncio.create_task(app.state.metrics.watch_loop())
    await asyncio.sleep(0.005)
    time.sleep(0.3)
    await asyncio.sleep(0.02)
    watching.cancel()
    numbers = await scrape(stranger)
    assert numbers("loop_lag_seconds_bucket", le="+Inf") > numbers("loop_lag_seconds_bucket", le="0.25")


async def test_others_are_refused_in_a_sentence(app):
    async with at(app, "203.0.113.9") as away:
        answer = await away.get("/metrics")
        assert answer.status_code == 403
        assert "METRICS_TOKEN" in answer.text
        assert "board_requests" not in answer.text


async def test_a_token_opens_them(config, database):
    app = create_app(dataclasses.replace(config, metrics_token=TOKEN), database, with_jobs=False)
    async with app.router.lifespan_context(app), at(app, "203.0.113.9") as away:
        assert (await away.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})).status_code == 200
        assert (await away.get("/metrics", headers={"Authorization": "Bearer another token"})).status_code == 403


async def test_with_the_database_away_the_rest_is_told(busy_app, probe, server, own_database):  # noqa: F811
    probe.app = busy_app
    beside = await asyncpg.connect(server)
    name = own_database.partition("?")[0].rpartition("/")[2]
    await beside.execute(f"alter database {name} allow_connections false")
    await beside.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
    numbers = await scrape(probe)
    assert (numbers("ready"), numbers("database_up")) == (0, 0)
    assert "board_database_bytes" not in numbers.names()
    assert "board_pool_waiting" in numbers.names()
    await beside.execute(f"alter database {name} allow_connections true")
    await beside.close()
    numbers = await scrape(probe)
    assert (numbers("ready"), numbers("database_up")) == (1, 1)


async def test_with_a_database_that_hangs_they_come_in_time(busy_app, probe, outside):  # noqa: F811
    probe.app, vitals = busy_app, busy_app.state.vitals
    vitals.lacks.patience = vitals.facts.patience = 0.2
    async with outside.transaction():
        await outside.execute("lock table migrations, jobs in access exclusive mode")
        async with asyncio.timeout(5):
            numbers = await scrape(probe)
        assert (numbers("ready"), numbers("database_up")) == (0, 0)


async def test_no_name_and_no_text_is_in_the_numbers(alice, stranger):
    thread = await make_thread(alice, title="aubergine", text="aubergine")
    await make_message(alice, thread, "aubergine")
    await alice.get("/people/aubergine?aubergine")
    answer = await stranger.get("/metrics")
    assert "aubergine" not in answer.text
    assert "alice" not in answer.text
    assert ORIGIN not in answer.text


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "identity"])
async def test_they_may_be_compressed(stranger, encoding):
    assert (await scrape(stranger, **{"Accept-Encoding": encoding}))("ready") == 1
