"""Log lines that name no person: one JSON object a line, or plain text, each with the id of its request.

What people send can stand in the words of an exception, "Key (name)=(alice) exists". So within a request an exception
is told by its kind, its code and its stack; outside of one, where a machine speaks of itself, in full.
"""

import functools
import json
import logging
import sys
import traceback
import warnings
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from board.kit.observe import Seen

FORMATS = ("text", "json")
# Of the request that is being answered in this task, or that began it.
request_id: ContextVar[str] = ContextVar("request_id", default="")

_encode = json.JSONEncoder(default=str).encode
_requests = logging.getLogger("board.request")
_slow = logging.getLogger("board.slow")


def set_up(format: str) -> None:
    """Send what this program and its libraries log to standard error, one way: "text" or "json"."""
    handler = logging.StreamHandler()
    handler.setFormatter(Json() if format == "json" else Text())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # What no line of ours shows is not looked up: half of a line's cost.
    logging._srcfile = None  # as Python's logging HOWTO says
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.captureWarnings(True)
    # Python's own line would hold the source line twice, and a line break.
    warnings.formatwarning = lambda message, kind, file, number, *_: f"{file}:{number}: {kind.__name__}: {message}"
    # The one writes the address of the database, and at DEBUG what people sent; the other that it starts and stops.
    for name in ("databases", "uvicorn"):
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = lambda kind, error, trace: logging.critical("crashed", exc_info=(kind, error, trace))


class Json(logging.Formatter):
    """One object a line: time, level, logger, message, request, and what else the line was given as `fields`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": f"{_second(int(record.created))}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if request_id.get():
            line["request"] = request_id.get()
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            line["exception"] = "".join(_stack(record.exc_info[1]))
        return _encode(line)


class Text(logging.Formatter):
    """For the person at the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).astimezone()
        line = f"{time:%Y-%m-%d %H:%M:%S} {record.levelname} {record.name} {_message(record)}"
        line += "".join(f" {key}={each}" for key, each in getattr(record, "fields", {}).items())
        line += f" [{request_id.get()}]" if request_id.get() else ""
        if record.exc_info and record.exc_info[1]:
            line += "\n" + "".join(_stack(record.exc_info[1])).rstrip()
        return line


def described(error: BaseException | None) -> str:
    """An exception in a few words, of which none came from a person."""
    if error is None:
        return "no cause"
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if code := getattr(error, "sqlstate", None):
        # PostgreSQL's DETAIL quotes the row; a constraint's name is ours, and words.
        return " ".join([name, code, getattr(error, "constraint_name", None) or ""]).rstrip()
    of_the_machine = isinstance(error, OSError) or name.startswith("obstore.")
    return name if request_id.get() and not of_the_machine else f"{name}: {error}"


class RequestLog:
    """One line a request. Of who asked only whether they were signed in, of the address only its pattern."""

    def __init__(self, *, quiet: frozenset[str]) -> None:
        self._quiet = quiet  # routes that are told only when they fail

    def __call__(self, seen: Seen) -> None:
        if seen.status < 400 and seen.route in self._quiet:
            return
        level = logging.INFO if seen.status < 500 else logging.ERROR
        if not _requests.isEnabledFor(level):
            return
        fields = {
            "method": seen.method,
            "route": seen.route,
            "status": seen.status,
            "ms": round(seen.seconds * 1000, 1),
            "bytes": seen.bytes,
            "viewer": "member" if seen.scope.get("state", {}).get("viewer") else "person",
        }
        if not seen.complete:
            fields["broken_off"] = True
        _requests.log(level, "answered", extra={"fields": fields})


class SlowLog:
    """One line for a statement that took long: its file, never its parameters."""

    def __init__(self, least_ms: float) -> None:
        self._least = least_ms / 1000

    def __call__(self, name: str, _started: float, seconds: float) -> None:
        if seconds >= self._least:
            fields = {"statement": f"{name}.sql", "ms": round(seconds * 1000)}
            _slow.warning("slow statement", extra={"fields": fields})


@functools.lru_cache(2)
def _second(time: int) -> str:
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H:%M:%S}"


def _message(record: logging.LogRecord) -> str:
    message = record.getMessage().strip()
    # asyncio shows the task below its sentence, with the words of its exception.
    return message.partition("\n")[0] if record.name == "asyncio" else message


def _stack(error: BaseException) -> Iterator[str]:
    """As Python prints it, the first cause first, without the words of exceptions that may quote a person."""
    before: Any = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _stack(before)
        yield "which led to\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{described(error)}\n"
    for each in getattr(error, "exceptions", ()):
        yield from _stack(each)
