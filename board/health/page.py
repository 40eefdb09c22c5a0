"""The page of every part: how it does, in words, and what to do about it."""

import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from board import __version__
from board.health.probes import what_is_lacking
from board.health.vitals import Facts, Space
from board.kit.errors import Forbidden, SignInNeeded, Unavailable
from board.kit.templates import page
from board.permissions import runs_the_board

OK, WARN, BAD = "ok", "warn", "bad"
STATES = (OK, WARN, BAD)

# From where a part is worth a look (warn), and where it needs somebody now (bad). The alert rules say the same.
_DISK_LEFT = {WARN: 0.15, BAD: 0.05}  # share of the disk
_QUEUE_SECONDS = {WARN: 60, BAD: 600}
_MAIL_SECONDS = {WARN: 600, BAD: 6 * 3600}
_LAG_SECONDS = {WARN: 30, BAD: 300}
_CONNECTIONS_USED = {WARN: 0.8, BAD: 0.95}
BACKUP_HOURS = 26


@dataclass
class Part:
    """One part: the worst that was found of it, what to do about each finding, and its figures by name."""

    name: str
    state: str = OK
    findings: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    link: str = ""  # to the page that shows more

    def find(self, state: str, sentence: str) -> None:
        """Note something; of several the worst counts."""
        self.state = max(self.state, state, key=STATES.index)
        self.findings.append(sentence)

    def measure(self, number: float, limits: Mapping[str, float], sentence: str, *, low: bool = False) -> None:
        """Note a number that is beyond its limits; `low` if it is one that should be high."""
        for state in (BAD, WARN):
            if number < limits[state] if low else number > limits[state]:
                return self.find(state, sentence)


async def show(request: Request) -> Response:
    """GET /health: for admins, METRICS_NETWORKS, and who bears METRICS_TOKEN; 503 while a part is bad."""
    state = request.app.state
    lack, facts = await what_is_lacking(request), await state.vitals.facts.get()
    await _admit(request, facts)
    parts = [
        _database(lack, facts),
        _storage(await state.vitals.storage_trouble.get()),
        _disk(await state.vitals.space()),
        _process(state),
        _versions(state, facts),
    ]
    if facts is not None:
        parts[2:2] = [_queue(facts), _mail(state.config.smtp_url, facts), _backups(facts)]
    worst = max((part.state for part in parts), key=STATES.index)
    response = page(request, "health/show.html", 503 if worst == BAD else 200, parts=parts, worst=worst)
    response.headers["Cache-Control"] = "no-store"
    return response


async def _admit(request: Request, facts: Facts | None) -> None:
    """Look the viewer up here and not before, since the page must be there while the database is not."""
    state, request.state.viewer = request.app.state, None
    token = state.sessions.token(request.scope)
    if token is not None and facts is not None:
        async with state.database.connection() as connection:
            request.state.viewer = await state.sessions.viewer(connection, token)
    if state.insiders.know(request.scope) or runs_the_board(request.state.viewer):
        return
    if request.state.viewer is not None:
        raise Forbidden("How the board does is for its admins to see.")
    if facts is None:
        raise Unavailable(
            "The database does not answer, so nobody can be recognised. This page still opens from METRICS_NETWORKS, "
            "and for who bears METRICS_TOKEN."
        )
    raise SignInNeeded("Sign in first.")


def _database(lack: str, facts: Facts | None) -> Part:
    part = Part("Database")
    if lack:
        part.find(BAD, lack)
    if facts is None:
        if not lack:
            part.find(WARN, "It is slow to tell how it does: see what it is busy with, in pg_stat_activity.")
        return part
    row = facts.database
    part.figures = {"Version": row["version"], "Size": _size(row["bytes"])}
    part.figures["Connections"] = f"{row['connections']} of {row['most_connections']}"
    used = row["connections"] / row["most_connections"]
    part.measure(
        used, _CONNECTIONS_USED, "Nearly all of its connections are taken: lower DATABASE_POOL, or add a pooler."
    )
    if row["replicas"]:
        lag = row["lag_seconds"]
        part.figures["Replicas"] = f"{row['replicas']}, {lag:.1f} s behind"
        part.measure(lag, _LAG_SECONDS, "A replica is far behind: look at its disk and its line.")
    return part


def _storage(trouble: str | None) -> Part:
    part = Part("Picture store")
    if trouble is None:
        part.find(BAD, "It does not answer in time: look at STORAGE_URL, and whether the store runs.")
    elif trouble:
        part.find(BAD, trouble)
    else:
        part.figures["Tried"] = "a file was written, read and removed within the last minute"
    return part


def _queue(facts: Facts) -> Part:
    part, queue = Part("Work in the queue", link="/jobs"), facts.queue
    part.figures = {"Waiting": queue.waiting, "Running": queue.running, "Later": queue.later, "Failed": queue.dead}
    if queue.waiting:
        part.figures["Oldest"] = _time(queue.oldest_seconds)
    part.measure(
        queue.oldest_seconds, _QUEUE_SECONDS, "Work waits long: look in the log what holds it up, or run more workers."
    )
    if queue.dead:
        part.find(WARN, "Some work failed too often: see why, mend that, and have it tried again or drop it.")
    if queue.failing:
        part.find(WARN, "Periodic work failed the last time: see why.")
    return part


def _mail(smtp_url: str, facts: Facts) -> Part:
    part, row = Part("Mail", link="/mail"), facts.mail
    part.figures = {"Waiting": row["waiting"], "Failed": row["failed"]}
    if not smtp_url:
        part.figures = {"Server": "none: SMTP_URL is not set", "To be read": row["shown"]}
    if row["failed"]:
        part.find(WARN, "Some mail was refused for good: see why, mend that, and have it tried again or drop it.")
    part.measure(
        row["oldest_seconds"], _MAIL_SECONDS, "Mail waits long: its page tells what the mail server says to it."
    )
    return part


def _backups(facts: Facts) -> Part:
    part = Part("Backups")
    names = {"backup": "Last backup", "drill": "Last drill", "restore": "Last restore"}
    for kind, row in facts.backups.items():
        part.figures[names[kind]] = row["finished_at"]
        if row["problem"] and kind != "restore":
            part.find(BAD, f"The last {kind} failed: {row['problem']}")
        if row["missing"]:
            part.find(WARN, f"The {kind} missed {row['missing']} pictures, which the store has lost.")
    backup = facts.backups.get("backup")
    if backup is None:
        part.find(WARN, "There is no backup yet: board backup makes one, and BACKUP_HOURS=24 one each day.")
    elif backup["well_at"] is None or datetime.now(UTC) - backup["well_at"] > timedelta(hours=BACKUP_HOURS):
        part.find(BAD, f"None went well in the last {BACKUP_HOURS} hours: look for its reason in the log.")
    if backup is not None:
        part.figures["Size"] = _size(backup["bytes"])
    return part


def _disk(space: dict[str, Space]) -> Part:
    part = Part("Disk")
    for place, each in space.items():
        part.figures[place.capitalize()] = f"{_size(each.free)} of {_size(each.total)} free"
        part.measure(each.free / each.total, _DISK_LEFT, f"The disk of the {place} is filling up: make room.", low=True)
    return part


def _process(state: Any) -> Part:
    part = Part("This process")
    workers, cache = state.workers, state.pages
    part.figures = {
        "Requests now": state.observers.in_flight,
        "Pictures": f"{workers.busy} being read, {workers.waiting} waiting",
        "Passwords": f"{state.passwords.waiting} being checked or waiting",
        "Page cache": f"{_size(cache.bytes)}, {_share(cache.hits, cache.hits + cache.misses)} found there",
    }
    for name, pool in state.database.pools().items():
        part.figures[f"Connections, {name}"] = f"{pool.held} of {pool.most} in use, {pool.waiting} waiting"
        if pool.waiting:
            part.find(
                WARN, "Requests wait for a connection: raise DATABASE_POOL, or look for slow statements in the log."
            )
    return part


def _versions(state: Any, facts: Facts | None) -> Part:
    figures = {"Board": __version__, "Release": state.config.release or "not told", "Python": platform.python_version()}
    figures["Starlette"] = version("starlette")
    if facts is not None:
        figures["PostgreSQL"] = facts.database["version"]
    return Part("Versions", figures=figures)


def _size(number: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.3g} {unit}"
        number /= 1000
    return f"{number:.3g} TB"


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else str(timedelta(seconds=round(seconds)))


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "0%"
