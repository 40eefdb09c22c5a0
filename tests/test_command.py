"""The console script: from a checkout and from an installed wheel."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from board.kit.config import Config

ROOT = Path(__file__).resolve().parents[1]


def board(*arguments: str, settings: dict[str, str] | None = None, **options) -> subprocess.CompletedProcess:
    """Run the command to its end, in a folder that is not the checkout."""
    environment = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "board", *arguments],
        env=environment | {"PYTHONPATH": str(ROOT)} | (settings or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        **options,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextlib.contextmanager
def running(folder: Path, *command: str, **settings: str) -> Iterator[tuple[subprocess.Popen, str]]:
    """A server in a process of its own, and the line that it prints when it answers."""
    environment = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"DATA_DIR": str(folder), "PORT": str(free_port()), "PYTHONPATH": str(ROOT), **settings}
    with (folder.parent / "log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *(command or ("board", "run"))],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=folder.parent,
        )
    try:
        line = process.stdout.readline().strip()
        assert line, (folder.parent / "log").read_text()
        yield process, line
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.wait()
        process.stdout.close()


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode()


def post(address: str, **fields: str) -> tuple[int, str]:
    data = urllib.parse.urlencode(fields).encode()
    request = urllib.request.Request(address, data, headers={"Sec-Fetch-Site": "same-origin"})

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    try:
        with urllib.request.build_opener(Stay).open(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get("location", "")


def postgres_of(folder: Path) -> list[int]:
    """The PostgreSQL processes that work in this folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if entry.resolve() == (folder / "pg").resolve():
                found.append(int(entry.parent.name))
    return found


def wait_until(condition) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_help_names_every_command():
    said = board("--help").stdout
    for command in ("run", "serve", "migrate", "seed", "jobs", "backup", "restore", "drill", "settings", "admin"):
        assert command in said
    assert "--role" in board("admin", "create", "--help").stdout


def test_settings_are_printed():
    said = board("settings").stdout
    for name in Config.__dataclass_fields__:
        assert f"`{name.upper()}`" in said


def test_a_wrong_setting_is_told_in_a_sentence():
    done = board("serve", settings={"PORT": "many"})
    assert (done.returncode, done.stderr) == (1, "board: PORT=many must be a number\n")


def test_serve_does_not_start_a_database():
    done = board("serve")
    assert done.returncode == 1
    assert "DATABASE_URL is not set" in done.stderr


def test_serve_refuses_a_database_that_is_not_migrated(server, own_database):
    done = board("serve", settings={"DATABASE_URL": server})
    assert done.returncode == 1
    assert "run `board migrate` first" in done.stderr


def test_admin_create_makes_an_admin_and_gives_a_new_password(own_database, tmp_path):
    settings = {"DATABASE_URL": own_database, "DATA_DIR": str(tmp_path)}
    assert board("admin", "list", settings=settings).stdout == "Nobody yet: `board admin create NAME`.\n"
    assert "needs 12" in board("admin", "create", "ada", settings=settings, input="short\n").stderr
    common = board("admin", "create", "ada", settings=settings, input="passwordpassword\n")
    assert (common.returncode, common.stderr[:28]) == (1, "board: This password is one ")
    assert board("admin", "create", "ada", settings=settings, input="a long password\n").stdout == "ada is admin.\n"
    again = board("admin", "create", "ADA", "--role", "moderator", settings=settings, input="other words, no fewer\n")
    assert again.stdout == "ada is moderator.\n"
    assert board("admin", "list", settings=settings).stdout == "ada: moderator\n"
    assert "letters, digits" in board("admin", "create", "a b", settings=settings, input="a long password\n").stderr


def test_seed_fills_an_empty_board_only(own_database, tmp_path):
    settings = {"DATABASE_URL": own_database, "DATA_DIR": str(tmp_path)}
    assert board("seed", settings=settings).stdout == "The demo is there.\n"
    assert "left as it is" in board("seed", settings=settings).stdout
    assert len(list((tmp_path / "pictures").glob("*/*/160.webp"))) > 10
    assert "remove_deleted: 0" in board("jobs", settings=settings).stdout


def test_run_needs_nothing_and_leaves_nothing_behind(tmp_path):
    folder = tmp_path / "data"
    with running(folder, DEMO="0") as (process, line):
        address, password = re.fullmatch(r"Board is at (\S+)  \(sign in as keeper, password (\S+)\)", line).groups()
        assert "Nothing here yet." in get(address)
        assert post(f"{address}/sign-in", name="keeper", password=password, next="/")[0] == 303
        assert post(f"{address}/sign-in", name="keeper", password="wrong", next="/")[0] == 422
        helped = board("admin", "create", "ada", settings={"DATA_DIR": str(folder)}, input="a long password\n")
        assert helped.stdout == "ada is admin.\n", "the running database is used"
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    assert postgres_of(folder) == []
    with running(folder, DEMO="0") as (process, line):
        assert password in line
        process.kill()
        process.wait()
        wait_until(lambda: postgres_of(folder) == [])
    with running(folder, DEMO="0") as (process, line):
        address = line.split()[3]
        assert post(f"{address}/sign-in", name="ada", password="a long password", next="/")[0] == 303
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0
    assert postgres_of(folder) == []


def test_a_connection_at_rest_is_closed_in_the_time_that_is_set(own_database, tmp_path):
    settings = {"DATABASE_URL": own_database, "KEEP_ALIVE_SECONDS": "1"}
    with running(tmp_path / "data", "board", "serve", **settings) as (_, line):
        port = int(line.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), 8) as client:  # the default would take longer
            client.sendall(b"GET /health/live HTTP/1.1\r\nHost: board\r\n\r\n")
            answer = b"".join(iter(lambda: client.recv(9999), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"connection: close" not in answer


def test_run_uses_a_database_that_is_given(own_database, tmp_path):
    with running(tmp_path / "data", DATABASE_URL=own_database, DEMO="0") as (_, line):
        assert "keeper" in line
        assert postgres_of(tmp_path / "data") == []


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked where nothing of the checkout is."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    wheel = next(folder.glob("*.whl"))
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(wheel), str(folder / "site")], check=True)
    return folder / "site"


def test_the_wheel_brings_templates_static_files_and_sql(installed, own_database, tmp_path):
    with running(tmp_path / "data", "board", "serve", DATABASE_URL=own_database, PYTHONPATH=str(installed)) as (
        _,
        line,
    ):
        address = line.split()[-1]
        page = get(address)
        for file in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
            assert get(address + file)
        assert "How to write" in get(f"{address}/help")
