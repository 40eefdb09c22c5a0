"""Numbers for Prometheus: what was counted, and how the parts do at the moment they are asked for."""

import asyncio
import platform
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response

from board import __version__
from board.health.probes import what_is_lacking
from board.health.vitals import Facts, Space
from board.kit.errors import Forbidden

VOTES = (1, 2, 5, 10, 20, 50, 100, 200, 500)
_CGROUP = Path("/sys/fs/cgroup")


async def show(request: Request) -> Response:
    """GET /metrics: for METRICS_NETWORKS, and for who bears METRICS_TOKEN."""
    state = request.app.state
    if not state.insiders.know(request.scope):
        raise Forbidden("The numbers are for those who run the board: METRICS_NETWORKS and METRICS_TOKEN say who may.")
    ready = not await what_is_lacking(request)
    gauges = Gauges(state, ready, await state.vitals.facts.get(), await state.vitals.space())
    headers = {"Cache-Control": "no-store", "Content-Type": CONTENT_TYPE_LATEST}
    # Beside the event loop: the text of a thousand series takes ten milliseconds.
    return Response(await asyncio.to_thread(state.metrics.text, gauges), headers=headers)


class Gauges(Collector):
    """How the parts do now. What the database would have to say is left out while it does not answer."""

    def __init__(self, state: Any, ready: bool, facts: Facts | None, space: dict[str, Space]) -> None:
        self._state, self._ready, self._facts, self._space = state, ready, facts, space

    def collect(self) -> Iterable[Metric]:
        yield from self._process()
        yield from self._parts()
        if self._facts is not None:
            yield from _database(self._facts)
            yield from _jobs(self._facts)
            yield from _backups(self._facts)
            yield from _mail(self._facts)

    def _process(self) -> Iterable[Metric]:
        told = {"version": __version__, "release": self._state.config.release, "python": platform.python_version()}
        yield _gauge("info", "What runs; a change is a deploy.", [(told, 1)])
        yield _gauge("ready", "Whether people may be sent here.", [({}, self._ready)])
        yield _gauge("database_up", "Whether the database answers.", [({}, self._facts is not None)])
        spaces = [({"place": place}, space) for place, space in self._space.items()]
        yield _gauge("disk_free_bytes", "Left on the disk.", [(label, space.free) for label, space in spaces])
        yield _gauge("disk_bytes", "Size of the disk.", [(label, space.total) for label, space in spaces])
        if used := _memory():
            yield _gauge("memory_bytes", "Of the container, picture workers too.", [({}, used)])
        if limit := _numbers("memory.max").get("", 0):
            yield _gauge("memory_limit_bytes", "What the container may have.", [({}, limit)])

    def _parts(self) -> Iterable[Metric]:
        state = self._state
        pools = [({"pool": name}, pool) for name, pool in state.database.pools().items()]
        yield _gauge("pool_connections_max", "Connections a pool may have.", [(label, p.most) for label, p in pools])
        yield _gauge("pool_connections_used", "Connections in use.", [(label, pool.held) for label, pool in pools])
        yield _gauge("pool_waiting", "Who waits for a connection.", [(label, pool.waiting) for label, pool in pools])
        yield _counter("pool_timeouts", "Who got none in time.", [(label, pool.timeouts) for label, pool in pools])
        cache = state.pages
        looks = [({"result": "hit"}, cache.hits), ({"result": "miss"}, cache.misses)]
        yield _counter("page_cache_requests", "Pages for strangers that were there, or had to be made.", looks)
        yield _gauge("page_cache_bytes", "Pages kept for strangers.", [({}, cache.bytes)])
        yield _gauge("pictures_busy", "Pictures being read.", [({}, state.workers.busy)])
        yield _gauge("pictures_waiting", "Pictures that wait to be read.", [({}, state.workers.waiting)])
        yield _gauge("passwords_waiting", "Passwords being checked, or waiting to be.", [({}, state.passwords.waiting)])


def _database(facts: Facts) -> Iterable[Metric]:
    row = facts.database
    yield _gauge("database_bytes", "Size of the database.", [({}, row["bytes"])])
    yield _gauge("database_connections", "Connections to the server, of everybody.", [({}, row["connections"])])
    yield _gauge("database_connections_max", "Connections it takes.", [({}, row["most_connections"])])
    yield _gauge("database_replicas", "Replicas that are connected.", [({}, row["replicas"])])
    yield _gauge("database_replica_lag_seconds", "Of the one farthest behind.", [({}, row["lag_seconds"])])


def _jobs(facts: Facts) -> Iterable[Metric]:
    states = ("waiting", "later", "running", "dead", "failing")
    found = [({"kind": row["kind"], "state": each}, row[each]) for row in facts.queue.kinds for each in states]
    yield _gauge("jobs", "Work in the queue.", found)
    oldest = facts.queue.oldest_seconds
    yield _gauge("jobs_oldest_seconds", "How long the job that waits longest has been due.", [({}, oldest)])


def _backups(facts: Facts) -> Iterable[Metric]:
    rows = facts.backups.values()
    well = [({"kind": row["kind"]}, row["well_at"].timestamp()) for row in rows if row["well_at"]]
    yield _gauge("backup_success_timestamp_seconds", "When one of its kind last went well.", well)
    failed = [({"kind": row["kind"]}, row["problem"] is not None) for row in rows]
    yield _gauge("backup_failed", "Whether the last of its kind failed.", failed)
    size: Samples = [({}, row["bytes"]) for row in rows if row["kind"] == "backup"]
    yield _gauge("backup_bytes", "Size of the last backup.", size)


def _mail(facts: Facts) -> Iterable[Metric]:
    found = [({"state": each}, facts.mail[each]) for each in ("waiting", "failed", "shown")]
    yield _gauge("mails", "Mail that has not left; shown is what stands on a page for want of a server.", found)
    yield _gauge("mail_oldest_seconds", "How long the oldest has waited.", [({}, facts.mail["oldest_seconds"])])


Samples = Sequence[tuple[Mapping[str, str], float]]


def _gauge(name: str, meaning: str, samples: Samples) -> Metric:
    return _filled(GaugeMetricFamily(f"board_{name}", meaning), samples)


def _counter(name: str, meaning: str, samples: Samples) -> Metric:
    return _filled(CounterMetricFamily(f"board_{name}", meaning), samples)


def _filled(family: Metric, samples: Samples) -> Metric:
    suffix = "_total" if family.type == "counter" else ""
    for labels, number in samples:
        family.add_sample(family.name + suffix, dict(labels), float(number))
    return family


def _memory() -> int:
    """What the container has in use; copies of files that the kernel can drop do not count."""
    return _numbers("memory.current").get("", 0) - _numbers("memory.stat").get("inactive_file", 0)


def _numbers(file: str) -> dict[str, int]:
    """What a file of the control group says, by name; empty where there is none, or no number."""
    try:
        lines = (_CGROUP / file).read_text().splitlines()
    except OSError:
        return {}
    pairs = [line.rpartition(" ")[::2] for line in lines]
    return {name: int(number) for name, number in pairs if number.isdigit()}
