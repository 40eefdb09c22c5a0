"""One command: start a PostgreSQL, load two boards, serve them, measure, and print a table."""

import argparse
import asyncio
import contextlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import ballots, boards, data, pages, report, weight
from bench.plan import Size
from bench.report import say
from bench.scene import Board, Scene, find_board
from board.kit import embedded

GROUPS = {
    "thread": pages.thread,
    "front": pages.front,
    "growth": pages.growth,
    "votes": ballots.votes,
    "weight": weight.weight,
    "start": weight.start,
    "memory": weight.memory,
}
# Big board, small board; seconds and rounds of each measurement.
FULL = (Size(100_000, 1_000_000), Size(1_000, 10_000), 2.0, 5)
QUICK = (Size(4_000, 40_000), Size(400, 4_000), 1.0, 1)


def main(arguments: list[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.write and (options.quick or options.only):
        parser.error("--write wants a full run: what --quick and --only give is no figure to quote")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    load_before = os.getloadavg()[0]
    with _folder(options.data, options.keep) as folder, embedded.start(folder) as server:
        big, small, seconds, rounds = _sizes(options)
        found = [_load(server.url, name, size) for name, size in (("big", big), ("small", small))]
        with boards.serve(found[0].url, folder) as app:
            scene = Scene(*found, app, folder, seconds, rounds)
            lines = {name: _measure(name, scene) for name in options.only or GROUPS}
        machine = report.machine(_version(server.url), load_before)
    sizes = f"Big board: {_told(big)}; small board: {_told(small)}. Rounds: {rounds}, {seconds:g} s of each."
    text = f"{machine}\n{sizes}\n\n{report.table(lines)}"
    print(text)
    if options.write:
        report.write(text)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="How fast Board is, as ratios of one run.")
    parser.add_argument("--quick", action="store_true", help="small boards, short rounds: a look, no figure to quote")
    parser.add_argument("--only", action="append", choices=GROUPS, help="measure this alone; may come several times")
    parser.add_argument("--threads", type=int, help="threads of the big board")
    parser.add_argument("--messages", type=int, help="messages of the big board")
    parser.add_argument("--seconds", type=float, help="seconds of each measurement")
    parser.add_argument("--rounds", type=int, help="rounds of each measurement")
    parser.add_argument("--data", type=Path, help="folder for the databases; default: a temporary one")
    parser.add_argument("--keep", action="store_true", help="keep the databases (in data/bench if no --data is given)")
    parser.add_argument("--write", action="store_true", help="put the table of a full run into bench/README.md")
    return parser


def _sizes(options: argparse.Namespace) -> tuple[Size, Size, float, int]:
    big, small, seconds, rounds = QUICK if options.quick else FULL
    big = Size(options.threads or big.threads, options.messages or big.messages)
    small = Size(min(small.threads, big.threads), min(small.messages, big.messages))
    return big, small, options.seconds or seconds, options.rounds or rounds


@contextmanager
def _folder(given: Path | None, keep: bool) -> Iterator[Path]:
    """Where the databases live; gone afterwards unless it shall be kept."""
    folder = given or (Path("data/bench") if keep else Path(tempfile.mkdtemp(prefix="board-bench-")))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # PostgreSQL, which is never root, has to pass
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def _load(server: str, name: str, size: Size) -> Board:
    began = time.monotonic()
    board, loaded = asyncio.run(find_board(server, name, size))
    say(f"{name}: {_told(size)}, {'loaded' if loaded else 'still there'}, {time.monotonic() - began:.0f} s")
    return board


def _told(size: Size) -> str:
    return f"{size.threads:,} threads and {size.messages:,} messages"


def _measure(name: str, scene: Scene) -> list[report.Line]:
    began = time.monotonic()
    lines = GROUPS[name](scene)
    say(f"{name}: {time.monotonic() - began:.0f} s")
    return lines


def _version(url: str) -> str:
    async def ask() -> str:
        async with data.connected(url) as connection:
            return await connection.fetchval("show server_version")

    return asyncio.run(ask())


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
