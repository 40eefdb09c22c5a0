"""Traces, as a collector gets them: over HTTP, in protobuf, and with nothing in them that names a person."""

import asyncio
import dataclasses
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.routing import Route

from board.app import create_app
from tests.conftest import Client
from tests.factories import fields, make_account, make_thread
from tests.photos import phone
from tests.test_peers import at

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
SECRET = "aubergine"


class Collector(ThreadingHTTPServer):
    """Takes OTLP over HTTP."""

    def __init__(self) -> None:
        self.bodies: list[tuple[str, bytes]] = []
        super().__init__(("127.0.0.1", 0), Taker)
        self.address = f"http://127.0.0.1:{self.server_port}"

    @property
    def spans(self) -> list:
        found = []
        for _, body in self.bodies:
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                found += [span for scope in resource.scope_spans for span in scope.spans]
        return sorted(found, key=lambda span: span.start_time_unix_nano)

    def named(self, name: str):
        (span,) = [span for span in self.spans if span.name == name]
        return span


class Taker(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.server.bodies.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def traced(config, database, collector):
    """The site with a collector; after the block it has all that there is."""

    def make(**settings):
        app = create_app(
            dataclasses.replace(config, otlp_endpoint=collector.address, **settings), database, with_jobs=False
        )
        return app, app.router.lifespan_context(app)

    return make


def told(span) -> dict:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


async def join(app, name: str) -> Client:
    async with app.state.database.connection() as connection:
        account = await make_account(connection, name)
        return Client(app, account, await app.state.sessions.begin(connection, account["id"]))


async def test_a_request_is_a_span_and_its_statements_are_in_it(traced, collector):
    app, running = traced(release="7ab3f")
    async with running, await join(app, "alice") as alice:
        thread = await make_thread(alice)
        answer = await alice.get(thread.path)
    assert {path for path, _ in collector.bodies} == {"/v1/traces"}
    request = collector.named("GET /threads/{id:id}")
    assert request.parent_span_id == b""
    assert told(request) == {
        "http.request.method": "GET",
        "http.route": "/threads/{id:id}",
        "http.response.status_code": 200,
        "http.response.body.size": answer.num_bytes_downloaded,
        "board.request": answer.headers["x-request-id"],
    }
    names = [span.name for span in collector.spans if span.parent_span_id == request.span_id]
    assert names[0] == "sessions/get"
    assert {"threads/get", "messages/list_oldest"} <= set(names)
    for span in collector.spans:
        assert span.trace_id == request.trace_id
        assert request.start_time_unix_nano <= span.start_time_unix_nano <= span.end_time_unix_nano
    statement = collector.named("threads/get")
    assert told(statement) == {"db.system.name": "postgresql", "db.query.summary": "threads/get.sql"}
    resource = ExportTraceServiceRequest.FromString(collector.bodies[0][1]).resource_spans[0].resource
    assert told(resource)["service.name"] == "board"
    assert told(resource)["service.version"] == "7ab3f"


async def test_reading_a_picture_is_a_span(traced, collector):
    app, running = traced()
    async with running, await join(app, "alice") as alice:
        form = fields(title="A title", board="general")
        assert (await alice.post("/threads", data=form, files={"files": ("a.jpg", phone("JPEG"))})).status_code == 303
    picture, request = collector.named("picture"), collector.named("POST /threads")
    assert told(picture) == {"board.picture": "read"}
    assert picture.parent_span_id == request.span_id
    assert picture.end_time_unix_nano - picture.start_time_unix_nano > 1_000_000


async def test_a_trusted_proxy_may_say_of_which_trace_it_is(traced, collector):
    app, running = traced()
    async with running, at(app, "203.0.113.9", 0) as proxied:
        await proxied.get("/help", headers={"traceparent": f"00-{TRACE}-{PARENT}-01"})
    request = collector.named("GET /help")
    assert (request.trace_id.hex(), request.parent_span_id.hex()) == (TRACE, PARENT)


@pytest.mark.parametrize("port", [50_000, 0])
async def test_nobody_else_may_and_nonsense_is_not_believed(traced, collector, port):
    app, running = traced()
    given = f"00-{TRACE}-{PARENT}-01" if port else "00-zz-\xff-01"
    async with running, at(app, "203.0.113.9", port) as client:
        assert (await client.get("/help", headers={"traceparent": given.encode("latin-1")})).status_code == 200
    request = collector.named("GET /help")
    assert request.trace_id.hex() != TRACE
    assert request.parent_span_id == b""


async def test_a_crash_is_marked_and_nothing_names_a_person(traced, collector):
    async def crash(request):
        raise RuntimeError(SECRET)

    app, running = traced()
    app.router.routes.insert(0, Route("/crash/{word}", crash))
    async with running, await join(app, SECRET) as person:
        thread = await make_thread(person, title=SECRET, text=SECRET)
        person.event_hooks = {}
        await person.get(f"/people/{SECRET}?{SECRET}", headers={"User-Agent": SECRET, "Referer": SECRET})
        await person.post(f"{thread.path}/messages", data=fields(text=SECRET))
        assert (await person.get(f"/crash/{SECRET}")).status_code == 500
    assert collector.named("GET /crash/{word}").status.code == 2
    assert collector.named("GET /people/{name}").status.code == 0
    assert collector.bodies
    for _, body in collector.bodies:
        assert SECRET.encode() not in body
        assert b"203.0.113.9" not in body


async def test_probes_and_files_are_not_traced(traced, collector):
    app, running = traced()
    async with running, Client(app) as client:
        for path in ("/health/live", "/health/ready", "/metrics", app.state.assets.url("board.css")):
            assert (await client.get(path)).status_code == 200
        await client.get("/help")
    assert [span.name for span in collector.spans] == ["GET /help"]


async def test_only_a_share_may_be_traced(traced, collector):
    app, running = traced(trace_share=0.0)
    async with running, Client(app) as client:
        await client.get("/help")
    assert collector.spans == []


async def test_a_collector_that_is_away_costs_nobody_a_page_and_does_not_keep_the_server(config, database):
    app = create_app(dataclasses.replace(config, otlp_endpoint="http://127.0.0.1:9"), database, with_jobs=False)
    async with asyncio.timeout(20):  # the exporter would try for longer
        async with app.router.lifespan_context(app), Client(app) as client:
            assert (await client.get("/help")).status_code == 200


def test_without_the_packages_it_is_a_sentence_and_without_the_setting_they_are_not_loaded(tmp_path):
    script = """
import pathlib, sys
from board.app import create_app
from board.kit.config import Config, ConfigError
settings = {"data_dir": pathlib.Path(sys.argv[1]), "database_url": "postgresql://x/y"}
create_app(Config(**settings))
assert not [name for name in sys.modules if name.startswith("opentelemetry")]
sys.modules["opentelemetry"] = None
try:
    create_app(Config(otlp_endpoint="http://collector:4318", **settings))
except ConfigError as error:
    print(error)
"""
    command = [sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "OTLP_ENDPOINT needs more packages: pip install 'board[traces]'\n"
