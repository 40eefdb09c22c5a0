"""Where the pictures of tests go: a folder, or with `pytest --storage s3` a real S3 store, SeaweedFS on loopback.

Like the stores that people rent, it checks every signature.
"""

import contextlib
import json
import os
import random
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import obstore
import pytest
from obstore.exceptions import BaseError
from obstore.store import S3Store

from tests.way import Way

BUCKET = "board-tests"
# Everything but S3 is the store's own talk; two ports each, HTTP and gRPC.
PARTS = ("master", "volume", "filer", "s3")


@dataclass(frozen=True, slots=True)
class Store:
    """A running store with one bucket. The key may read, write, list and delete there, and nothing else."""

    way: Way
    key: str
    secret: str

    def settings(self) -> dict[str, str]:
        """What an S3 client must know."""
        return {
            "endpoint": f"http://127.0.0.1:{self.way.port}",
            "access_key_id": self.key,
            "secret_access_key": self.secret,
            "region": "us-east-1",
        }

    def environment(self) -> dict[str, str]:
        """The same, as every S3 client reads it."""
        return {f"AWS_{name.upper()}": value for name, value in self.settings().items()}

    def url(self) -> str:
        """A place in the bucket that nobody else uses."""
        return f"s3://{BUCKET}/{secrets.token_hex(6)}"


def find_weed() -> str | None:
    """The program, from the environment that runs the tests or from the system."""
    return shutil.which("weed", path=str(Path(sys.executable).parent)) or shutil.which("weed")


@contextmanager
def started() -> Iterator[Store]:
    """A store that is gone afterwards, with all that was in it."""
    weed = find_weed()
    if weed is None:
        pytest.fail("There is no SeaweedFS: make .venv/.ready-for-ops", pytrace=False)
    folder = Path(tempfile.mkdtemp(prefix="board-s3-"))
    port, owner, ours = _free_ports(2 * len(PARTS) + 1), _credentials("owner", "Admin"), _credentials("board")
    (folder / "identities.json").write_text(json.dumps({"identities": [owner, ours]}))
    ports = {part: port + 2 * number for number, part in enumerate(PARTS)}
    with (folder / "log").open("wb") as log:
        # It ends with us, even if we are killed.
        command = ["setpriv", "--pdeathsig", "KILL", weed, *_options(folder, ports)]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    way = Way(port + 2 * len(PARTS), ports["s3"])
    try:
        _make_bucket(Store(way, *_pair(owner)), process, folder / "log")
        yield Store(way, *_pair(ours))
    finally:
        way.stop()
        process.kill()  # of its own accord it takes seconds to leave
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)
        for part, number in ports.items():
            Path(f"/tmp/seaweedfs-{part}-grpc-{number + 1}.sock").unlink(missing_ok=True)


def _options(folder: Path, ports: dict[str, int]) -> list[str]:
    (folder / "data").mkdir()
    options = {
        **{f"{part}.port": number for part, number in ports.items()},
        **{f"{part}.port.grpc": number + 1 for part, number in ports.items()},
        "dir": folder / "data",
        "ip": "127.0.0.1",
        "ip.bind": "127.0.0.1",
        "master.telemetry": "false",
        "master.volumeSizeLimitMB": 64,
        "volume.max": 20,
        "filer": "true",
        "filer.collection": "tests",
        "filer.localSocket": folder / "filer.sock",
        "s3": "true",
        "s3.config": folder / "identities.json",
        "s3.localSocket": folder / "s3.sock",
        "s3.iam": "false",
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
    }
    return ["server", *(f"-{name}={value}" for name, value in options.items())]


def _credentials(name: str, *more: str) -> dict:
    pair = {"accessKey": secrets.token_hex(10), "secretKey": secrets.token_hex(20)}
    return {"name": name, "credentials": [pair], "actions": ["Read", "Write", "List", *more]}


def _pair(identity: dict) -> list[str]:
    return list(identity["credentials"][0].values())


def _make_bucket(store: Store, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the store takes a file; the first one of an administrator makes the bucket."""
    options = {"client_options": {"allow_http": True}, "retry_config": {"max_retries": 0}}
    owner = S3Store(BUCKET, **store.settings(), **options)
    end = time.monotonic() + 60
    while True:
        try:
            obstore.put(owner, "first", b"x", use_multipart=False)
            break
        except (BaseError, OSError):
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"SeaweedFS did not start:\n{log.read_text()[-3000:]}", pytrace=False)
            time.sleep(0.1)
    obstore.delete(owner, "first")


def _free_ports(count: int) -> int:
    """The first of so many ports in a row; below 32768, where no client of another test takes one by chance."""
    while True:
        first = random.randrange(20_000, 32_000)
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            for port in range(first, first + count):
                stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first


@pytest.fixture(scope="session")
def s3() -> Iterator[Store]:
    """The store of this run."""
    if find_weed() is None and not os.environ.get("CI"):
        pytest.skip("no SeaweedFS here: make .venv/.ready-for-ops")
    with started() as store:
        yield store


@pytest.fixture
def storage_url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A place for pictures that is the test's own: in a folder, or in the bucket if --storage s3 says so."""
    if request.config.getoption("--storage") == "file":
        return (tmp_path / "pictures").as_uri()
    store = request.getfixturevalue("s3")
    for name, value in store.environment().items():
        monkeypatch.setenv(name, value)
    return store.url()


@pytest.fixture
def store_away(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], AbstractContextManager[None]]:
    """`with store_away(): ...` nobody reaches the place of `storage_url`, what is there stays."""
    if request.config.getoption("--storage") == "file":
        return lambda: _moved(tmp_path / "pictures")
    return request.getfixturevalue("s3").way.closed


@contextmanager
def _moved(folder: Path) -> Iterator[None]:
    elsewhere = folder.with_name("elsewhere")
    folder.rename(elsewhere)
    folder.write_text("no folder")
    yield
    folder.unlink()
    elsewhere.rename(folder)
