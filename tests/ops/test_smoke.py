"""The smoke test passes a board that is well, and says in a sentence what is wrong with any other."""

import http.client
import http.server
import os
import random
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager

import pytest

from board.kit import embedded
from tests.ops.images import ROOT

RELEASE = "registry.example/board@sha256:0f1e"


@contextmanager
def served(database, folder, **settings):
    """A board in a process of its own; its address."""
    port = random.randrange(20_000, 32_000)
    given = {"DATABASE_URL": database, "DATA_DIR": str(folder), "PORT": str(port), "RELEASE": "sha256:0f1e"}
    process = subprocess.Popen(
        [sys.executable, "-m", "board", "serve"],
        env={"PATH": os.environ["PATH"], **given, "PUBLIC_ORIGIN": "http://board.example", **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live").close()
                break
            except OSError:
                assert time.monotonic() < until
                time.sleep(0.05)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def careless(address, change):
    """An Ingress before the board that changes answers: change(path, status, headers, body) returns the last three."""

    class Ingress(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            length = int(self.headers.get("content-length") or 0)
            inside = http.client.HTTPConnection(address)
            inside.request(self.command, self.path, self.rfile.read(length) if length else None, dict(self.headers))
            with inside.getresponse() as answer:
                headers = {name.lower(): text for name, text in answer.getheaders() if name.lower() != "content-length"}
                status, headers, body = change(self.path, answer.status, headers, answer.read())
            inside.close()
            self.send_response(status)
            for name, text in {**headers, "content-length": str(len(body))}.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            self.do_GET()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ingress)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def smoke(at, *arguments, url="http://board.example"):
    """Run it, connected to that place."""
    return subprocess.run(
        [ROOT / "k8s" / "smoke", url, *arguments],
        env={**os.environ, "SMOKE_AT": at, "SMOKE_SECONDS": "0"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def board(own_database, tmp_path):
    with served(own_database, tmp_path) as address:
        yield address


def test_a_board_that_is_well_passes(board):
    done = smoke(board, RELEASE)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("http://board.example is well.\n")


def test_it_writes_nothing(board, own_database):
    before = counted(own_database)
    assert smoke(board, RELEASE).returncode == 0
    assert counted(own_database) == before


def counted(database):
    tables = "accounts sessions threads messages votes pictures"
    query = " union all ".join(f"select count(*) from {table}" for table in tables.split())
    psql = embedded.find_binaries("psql") / "psql"
    return subprocess.run([psql, database, "-XAtc", query], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda path, status, headers, body: (status, headers, body.replace(b"<main id", b"<div id")), "lacks <main"),
        (
            lambda path, status, headers, body: (
                status,
                {name: text for name, text in headers.items() if name != "content-security-policy"},
                body,
            ),
            "came without content-security-policy: does the Ingress remove headers?",
        ),
        (
            lambda path, status, headers, body: (status, headers, body + b"/**/" if "/static/" in path else body),
            "is not the file that its name tells",
        ),
        (
            lambda path, status, headers, body: (status, {**headers, "cache-control": "no-store"}, body),
            "may not be kept by browsers",
        ),
        (lambda path, status, headers, body: (200 if status == 404 else status, headers, body), "/no-such-page"),
        (lambda path, status, headers, body: (200 if status == 403 else status, headers, body), "from another site"),
        (
            lambda path, status, headers, body: (502 if path == "/" else status, headers, b"<h1>Bad Gateway</h1>"),
            "answered",
        ),
    ],
    ids=["no main", "no policy", "old file", "not kept", "soft 404", "any origin", "bad gateway"],
)
def test_what_an_ingress_spoils_is_told(board, change, why):
    with careless(board, change) as at:
        done = smoke(at)
    assert done.returncode == 1
    assert why in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_another_release_than_the_one_deployed_is_told(board):
    done = smoke(board, "registry.example/board@sha256:beef")
    assert done.returncode == 1
    assert "runs another release than sha256:beef: Alive. Release: sha256:0f1e" in done.stderr


def test_a_wrong_public_origin_is_told(board):
    done = smoke(board, url="http://elsewhere.example")
    assert done.returncode == 1
    assert "did not answer its own sign-in form as it should: 403" in done.stderr
    assert "PUBLIC_ORIGIN must be the address in the browser" in done.stderr


def test_an_address_that_nobody_answers_is_told():
    done = smoke("127.0.0.1:9")
    assert done.returncode == 1
    assert "GET http://board.example/health/live got no answer: " in done.stderr


def test_a_certificate_that_is_not_the_boards_is_told(board):
    done = smoke(board, url="https://board.example")
    assert done.returncode == 1
    assert "got no answer: [SSL" in done.stderr


@pytest.mark.parametrize(("name", "why"), [("nowhere", "is neither a URL nor a folder"), ("ftp://x", "is no address")])
def test_what_is_no_board_is_told(name, why):
    done = smoke("", url=name)
    assert done.returncode == 1
    assert why in done.stderr


def test_an_environment_has_its_address_from_its_overlay():
    done = smoke("127.0.0.1:9", url="test")
    assert "GET https://board-test.example/health/live got no answer: " in done.stderr
