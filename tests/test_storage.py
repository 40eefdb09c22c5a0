"""Files in a folder and in a bucket behave alike, survive what was acknowledged, and take no strange names."""

import asyncio
import contextlib
import os
import re
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from board.kit.errors import Unavailable
from board.kit.storage import Storage

KEY = "ab/" + "ab" * 16
OTHER = "cd/" + "cd" * 16


class Bucket(BaseHTTPRequestHandler):
    """As much of S3 as Board uses, with the files in a dictionary of the class."""

    protocol_version = "HTTP/1.1"
    files: dict[str, tuple[bytes, str]]
    owners: list[str]

    def log_message(self, *_: object) -> None: ...

    def answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Wed, 01 Jan 2025 00:00:00 GMT")
        self.end_headers()
        self.wfile.write(body)

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def do_PUT(self) -> None:
        assert "AWS4-HMAC-SHA256" in self.headers["Authorization"]
        self.owners.append(re.findall(r"Credential=(\w+)/", self.headers["Authorization"])[0])
        self.files[self.path] = self.body(), self.headers.get("Content-Type", "")
        self.answer(200)

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if "list-type" not in query:
            data, _ = self.files.get(path, (None, ""))
            return self.answer(404) if data is None else self.answer(200, data)
        prefix = urllib.parse.parse_qs(query).get("prefix", [""])[0]
        keys = [name.removeprefix("/pictures/") for name in self.files]
        entries = "".join(
            f"<Contents><Key>{key}</Key><Size>1</Size><LastModified>2025-01-01T00:00:00.000Z</LastModified>"
            "<ETag>1</ETag></Contents>"
            for key in keys
            if key.startswith(prefix)
        )
        self.answer(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>".encode())

    def do_POST(self) -> None:
        keys = re.findall(r"<Key>(.*?)</Key>", self.body().decode())
        assert keys
        for key in keys:
            self.files.pop(f"/pictures/{key}", None)
        deleted = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        self.answer(200, f"<DeleteResult>{deleted}</DeleteResult>".encode())


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Bucket]]:
    server = None
    for port in range(21_000, 32_000):
        with contextlib.suppress(OSError):
            server = ThreadingHTTPServer(("127.0.0.1", port), type("Filled", (Bucket,), {"files": {}, "owners": []}))
            break
    assert server
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    yield server.RequestHandlerClass
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return Storage((tmp_path / "new" / "pic tures").as_uri())
    if request.config.getoption("--storage") == "s3":
        return Storage(request.getfixturevalue("storage_url"))
    request.getfixturevalue("bucket")
    return Storage("s3://pictures/of/board")


async def names(storage: Storage, prefix: str = "", age: float = 0) -> list[str]:
    return sorted([name async for name in storage.list(prefix, age)])


async def test_a_file_is_there_until_it_is_deleted(storage: Storage) -> None:
    assert await storage.get(f"{KEY}/640.webp") is None
    await storage.put(f"{KEY}/640.webp", b"first")
    await storage.put(f"{KEY}/640.webp", b"again")
    await storage.put(f"{KEY}/play.webp", b"")
    assert await storage.get(f"{KEY}/640.webp") == b"again"
    assert await storage.get(f"{KEY}/play.webp") == b""
    await storage.delete([f"{KEY}/640.webp"])
    assert await storage.get(f"{KEY}/640.webp") is None


async def test_names_are_listed_by_folder(storage: Storage) -> None:
    expected = [f"{KEY}/1280.webp", f"{KEY}/640.jpg", f"{OTHER}/160.webp"]
    for name in expected:
        await storage.put(name, b"x")
    assert await names(storage) == expected
    assert await names(storage, "cd/") == expected[2:]
    assert await names(storage, KEY) == expected[:2]
    assert await names(storage, "ef") == []


async def test_deleting_passes_over_what_is_gone_already(storage: Storage) -> None:
    present = [f"{KEY}/160.webp", f"{KEY}/320.webp", f"{OTHER}/320.webp"]
    for name in present:
        await storage.put(name, b"x")
    await storage.delete([f"{OTHER}/999.webp", *present, f"{KEY}/999.webp"])
    await storage.delete(present)
    await storage.delete([])
    assert await names(storage) == []


@pytest.mark.parametrize(
    "name",
    [
        *("", "/", "640.webp", "../ab/640.webp", "ab/../../640.webp", "/ab/640.webp", "ab//640.webp", "ab/640.webp\n"),
        *("AB/640.webp", "ab/640.png", "ab/0640.webp", "ab/640.webp/x", "ab/x/640.webp", "ab/%2e%2e/1.jpg", "ab/٣.jpg"),
        *("incoming/640.webp", "ab/.jpg", "ab/play.jpg", "ab\\640.webp", "ab/640.webp\0"),
    ],
)
async def test_strange_names_are_refused(storage: Storage, name: str) -> None:
    for attempt in (storage.put(name, b"x"), storage.get(name), storage.delete([f"{KEY}/640.webp", name])):
        with pytest.raises(ValueError, match="no name"):
            await attempt
    with pytest.raises(ValueError, match="no name"):
        await names(storage, name or "..")


async def test_a_bucket_learns_the_type_and_keeps_to_its_prefix(bucket: type[Bucket]) -> None:
    storage = Storage("s3://pictures/of/board")
    await storage.put(f"{KEY}/640.webp", b"w")
    await storage.put(f"{KEY}/640.jpg", b"j")
    assert bucket.files == {
        f"/pictures/of/board/{KEY}/640.webp": (b"w", "image/webp"),
        f"/pictures/of/board/{KEY}/640.jpg": (b"j", "image/jpeg"),
    }


async def test_a_bucket_of_another_owner_has_keys_and_an_address_of_its_own(
    bucket: type[Bucket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKUP_AWS_ENDPOINT", os.environ["AWS_ENDPOINT"])
    monkeypatch.setenv("BACKUP_AWS_ACCESS_KEY_ID", "other")
    monkeypatch.setenv("AWS_ENDPOINT", "https://127.0.0.1:1")
    await Storage("s3://pictures", owner="BACKUP").put(f"{KEY}/640.webp", b"x")
    assert bucket.owners == ["other"]
    with pytest.raises(Unavailable):
        await Storage("s3://pictures", seconds=1).put(f"{KEY}/640.webp", b"x")


async def test_fresh_files_are_left_out_of_the_sweep(tmp_path: Path) -> None:
    storage = Storage(tmp_path.as_uri())
    await storage.put(f"{KEY}/640.webp", b"old")
    os.utime(tmp_path / KEY / "640.webp", (time.time() - 7200,) * 2)
    await storage.put(f"{KEY}/320.webp", b"new")
    assert await names(storage, age=3600) == [f"{KEY}/640.webp"]


async def test_a_folder_holds_nothing_but_what_was_put(tmp_path: Path) -> None:
    storage = Storage(tmp_path.as_uri())
    (tmp_path / "incoming").mkdir()
    left = tmp_path / "incoming" / "killed"
    left.write_bytes(b"half")
    await storage.put(f"{KEY}/640.webp", b"x")
    assert await names(storage) == [f"{KEY}/640.webp"]
    assert left.exists()  # somebody may be at it
    os.utime(left, (time.time() - 7200,) * 2)
    await names(storage)
    await storage.delete([f"{KEY}/640.webp"])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert not (tmp_path / "ab").exists()


async def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    storage = Storage(tmp_path.as_uri())
    await storage.put(f"{KEY}/640.webp", b"old")
    with pytest.raises(TypeError):
        await storage.put(f"{KEY}/640.webp", "no bytes")
    assert await storage.get(f"{KEY}/640.webp") == b"old"
    assert list((tmp_path / "incoming").iterdir()) == []


async def test_readers_see_a_whole_file_while_it_is_written_anew(tmp_path: Path) -> None:
    storage = Storage(tmp_path.as_uri())
    name, bodies = f"{KEY}/640.webp", [bytes([number]) * 300_000 for number in range(8)]
    await storage.put(name, bodies[0])

    async def read() -> None:
        for _ in range(40):
            assert await storage.get(name) in bodies

    await asyncio.gather(read(), read(), *(storage.put(name, body) for body in bodies * 3))


async def test_a_folder_that_is_removed_as_empty_meanwhile_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage, make, removed = Storage(tmp_path.as_uri()), Path.mkdir, []

    def make_in_vain(folder: Path, *args: object, **options: object) -> None:
        make(folder, *args, **options)
        if folder == tmp_path / KEY and not removed:
            folder.rmdir()
            removed.append(folder)

    monkeypatch.setattr(Path, "mkdir", make_in_vain)
    await storage.put(f"{KEY}/640.webp", b"kept")
    assert removed
    assert await storage.get(f"{KEY}/640.webp") == b"kept"


@pytest.mark.skipif(not Path("/usr/bin/strace").exists(), reason="looks at the system calls")
def test_a_file_is_safe_on_disk_before_put_returns(tmp_path: Path) -> None:
    script = f"""
import asyncio
from board.kit.storage import Storage
asyncio.run(Storage({tmp_path.as_uri()!r}).put({KEY + "/640.webp"!r}, b"x" * 1000))
"""
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-y", "-o", str(trace), "-e", "trace=fsync,rename,write", sys.executable, "-c", script]
    subprocess.run(command, check=True, capture_output=True)
    calls = re.findall(r"(fsync|rename)\(\d*<?(\S+?)[>,)]", trace.read_text())
    (written, _), rename, *folders = [(call, path.strip('"')) for call, path in calls if str(tmp_path) in path]
    assert (written, rename[0]) == ("fsync", "rename")
    assert {path for call, path in folders if call == "fsync"} == {str(tmp_path / part) for part in (KEY, "ab", "")}
