"""The servers that are measured, each in a process of its own, as an operator would start them."""

import http.client
import os
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SECRET = "the benchmark signs its cookies with this key"
HOST = "127.0.0.1"
# As browsers send it; without it a page would go out five times as long.
BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}
_ROOT = Path(__file__).resolve().parents[1]
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A process that answers on a port."""

    process: subprocess.Popen[str]
    port: int
    started_in: float

    @property
    def origin(self) -> str:
        return f"http://{HOST}:{self.port}"

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
        """Status, headers in lower case, and the body as it came over the line."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        try:
            connection.request("GET", path, headers=dict(BROWSER if headers is None else headers))
            response = connection.getresponse()
            return response.status, {name.lower(): text for name, text in response.getheaders()}, response.read()
        finally:
            connection.close()

    def cpu_seconds(self) -> float | None:
        """What the process has used of a core so far; None where the system does not tell (not Linux)."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory(self) -> float:
        """Resident MB of the process and its children."""
        return sum(_resident_kb(pid) for pid in (self.process.pid, *_children(self.process.pid))) * 1024 / 1e6


@contextmanager
def serve(url: str, folder: Path, **settings: object) -> Iterator[Server]:
    """`board serve` on a database that is migrated already."""
    given = {"DATABASE_URL": url, "DATA_DIR": folder / "site", "SECRET_KEYS": SECRET, "RATE_LIMITS": 0} | settings
    with _started(folder, "board", "serve", **given) as server:
        yield server


@contextmanager
def constant(folder: Path) -> Iterator[Server]:
    """The constant answer, at /."""
    with _started(folder, "bench.constant") as server:
        yield server


@contextmanager
def _started(folder: Path, module: str, *words: str, **settings: object) -> Iterator[Server]:
    port = _free_port()
    # Settings of the person who runs the benchmark would change what is measured.
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    environment |= {name: str(text) for name, text in settings.items()} | {"HOST": HOST, "PORT": str(port)}
    command, log = [sys.executable, "-m", module, *(words or [str(port)])], folder / "servers.log"
    began = time.perf_counter()
    with log.open("a") as errors:
        process = subprocess.Popen(
            command, cwd=_ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        if not process.stdout.readline():
            raise RuntimeError(f"{module} did not start: {log.read_text()[-2000:]}")
        yield Server(process, port, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def _free_port() -> int:
    """Below those that outgoing connections take."""
    while True:
        port = random.randint(20_000, 32_000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port


def _children(pid: int) -> list[int]:
    return [int(each) for path in Path(f"/proc/{pid}/task").glob("*/children") for each in path.read_text().split()]


def _resident_kb(pid: int) -> int:
    try:
        return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])
    except OSError:  # not Linux
        said = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
        return int(said or 0)


def asset(page: bytes, stem: str, suffix: str) -> str:
    """The address of a static file as a page names it: its own name and a hash."""
    return re.search(rf'/static/{stem}[^"]*\.{suffix}', page.decode())[0]
