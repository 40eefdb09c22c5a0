"""Headers that no browser of ours sends: they change nothing but what they are for."""

import pytest

from tests.conftest import Client
from tests.routes import READS, WRITES, cheaply, ended, everything, fill, form, quickly

ODD = {
    "Accept-Encoding": [
        "", "*", "gzip;q=x", ";;;,,,",
        "\xff", "x" * 20_000, "gzip" * 1_000, "zstd;q=0,br;q=0,gzip;q=0", "identity;q=0",
    ],
    "If-None-Match": ["", "*", '"x"', 'W/"x"', "\xff", '"' * 5_000, '"a",' * 5_000, 'W/""'],
    "If-Modified-Since": ["x", "Thu, 01 Jan 1970 00:00:00 GMT", "\xff"],
    "Range": ["bytes=0-0", "bytes=-1", "bytes=0-,0-,0-", "x"],
    "HX-Request": ["true", "false", "", "\xff", "x" * 5_000],
    "HX-Request-Type": ["full", "partial", "", "\xff"],
    "HX-Current-URL": ["http://evil.example/", "javascript:alert(1)", "http://[", "\xff", "", "//", "x" * 20_000],
    "HX-Target": ["#main", "<script>", "\xff"],
    "HX-Boosted": ["true"],
    "HX-History-Restore-Request": ["true"],
    "Cookie": [
        "", ";", "=", "session", "session=",
        "session=;" * 500, "session=.", "session=\xff.\xff", "a=b; " * 2_000, '{"a": 1}',
    ],
    "Host": [
        "evil.example", "testserver:99999", "testserver:x", "[", "[::1",
        "a b", "\xff", "", "evil.example/x?y#z", "me@evil.example",
    ],
    "Referer": ["http://evil.example/", "http://[", "\xff", "", "x" * 20_000, "javascript:alert(1)"],
    "User-Agent": ["", "\xff", "x" * 20_000, "a\tb"],
    "Accept-Language": ["*", "\xff", "xx-" * 2_000],
    "Accept": ["application/json", "image/*", "\xff"],
    "Content-Type": ["text/html", "\xff", "multipart/form-data", "x" * 5_000, "multipart/form-data; boundary=\xff"],
    "Content-Length": ["0"],
    "Content-Encoding": ["gzip", "\xff"],
    "Expect": ["100-continue"],
    "Authorization": ["Basic YWRhOng=", "Bearer x", "\xff"],
    "X-Forwarded-For": ["1.2.3.4", "evil.example", "\xff"],
    "X-Forwarded-Host": ["evil.example"],
    "X-Forwarded-Proto": ["https", "javascript"],
    "Forwarded": ["for=evil.example;host=evil.example;proto=https"],
    "X-HTTP-Method-Override": ["DELETE", "POST"],
    "X-Original-URL": ["/boards/new"],
    "Sec-Fetch-Site": ["cross-site", "\xff", ""],
    "Origin": ["null", "http://evil.example", "\xff", "http://["],
}  # fmt: skip


SINGLY = [{name: value} for name, values in ODD.items() for value in values]
# The first of each, the second of each and so on: what is odd in one does not depend on the others.
TOGETHER = [{name: values[n % len(values)] for name, values in ODD.items()} for n in range(max(map(len, ODD.values())))]


def encoded(headers: dict[str, str], **more: str) -> dict[bytes, bytes]:
    return {name.encode(): text.encode("latin-1") for name, text in (headers | more).items()}


@pytest.mark.parametrize("path", READS)
async def test_odd_headers_change_nothing_that_is_read(app, alice, stranger, thread, path):
    for client in (quickly(alice), quickly(stranger)):
        plain = await client.get(fill(path, thread))
        for odd in SINGLY if path in ("/", "/threads/{id:id}", "/sign-in", "/threads/new") else TOGETHER:
            answer = await client.get(fill(path, thread), headers=encoded(odd))
            # By htmx a page to go to is a header; another cookie makes a stranger of alice.
            others = () if {"HX-Request", "Cookie"}.isdisjoint(odd) else (200, 303, 403, 404)
            # Who bears the marks of an unknown proxy is no neighbour.
            others += (403,) if path == "/metrics" and "X-Forwarded-For" in odd else ()
            ended(answer, plain.status_code, 304, *others)
            assert "evil.example" not in answer.text + str(answer.headers), odd
            assert not answer.headers.get("location", "/").startswith("//"), odd
            assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", WRITES)
async def test_odd_headers_beside_a_form_get_no_crash(app, alice, thread, path):
    cheaply(app)
    session = f"session={alice.cookies['session']}"
    async with Client(app) as client:
        quickly(client)
        for odd in SINGLY if path in ("/threads/{id:id}/messages", "/messages/{id:id}/delete") else TOGETHER:
            for headers in (
                odd,
                {name: text for name, text in odd.items() if name not in ("Sec-Fetch-Site", "Origin")},
            ):
                answer = await client.post(
                    fill(path, thread), data=form(path), headers=encoded({"Cookie": session} | headers)
                )
                assert answer.status_code in (200, 303, 400, 403, 404, 409, 422), odd
                assert "evil.example" not in str(answer.headers)
                client.cookies.clear()


async def test_a_host_of_others_stands_nowhere_in_a_page(alice, thread):
    for path in ("/", thread.path, "/sign-in", "/people/alice", "/nothing"):
        answer = await alice.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert "evil.example" not in answer.text + str(answer.headers)


async def test_many_headers_of_one_name_are_no_crash(alice, thread):
    for name in ("Cookie", "Accept-Encoding", "HX-Request", "If-None-Match", "Host", "Content-Type"):
        answer = await alice.get(thread.path, headers=[(name, "a=b")] * 100)
        assert answer.status_code == 200


async def test_every_answer_bears_the_headers_that_keep_people_safe(app, alice, stranger, thread):
    before = await everything(app)
    for client, method, path in (
        (stranger, "GET", "/"),
        (stranger, "GET", "/nothing"),
        (stranger, "GET", "/threads/x"),
        (stranger, "GET", "/?after=x"),
        (stranger, "GET", "/threads/new"),
        (stranger, "GET", "/favicon.ico"),
        (stranger, "GET", "/static/nothing.css"),
        (stranger, "PUT", "/"),
        (stranger, "POST", "/sign-in"),
        (alice, "GET", thread.path),
        (alice, "POST", "/boards"),
    ):
        headers = (await client.request(method, path)).headers
        policy = dict(each.strip().partition(" ")[::2] for each in headers["content-security-policy"].split(";"))
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert policy["script-src"] == policy["form-action"] == "'self'"
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
        assert len(headers["x-request-id"]) == 12
        assert len(headers.get_list("content-security-policy")) == len(headers.get_list("cache-control")) == 1
        assert "server" not in headers
    assert await everything(app) == before


async def test_what_a_member_sees_is_kept_by_nobody_else(alice, stranger, thread):
    for client, path in (
        (alice, "/"),
        (alice, thread.path),
        (alice, "/people/alice"),
        (stranger, "/"),
        (stranger, "/x"),
    ):
        headers = (await client.get(path)).headers
        assert headers["cache-control"].startswith("private")
        assert {"Cookie", "HX-Request", "Accept-Encoding"} <= set(headers["vary"].split(", "))
