"""Addresses that no link of ours leads to: odd names and numbers, endless queries, other methods."""

import pytest

from tests.factories import make_thread
from tests.routes import READS, WRITES, cheaply, ended, fill, form, holes, quickly

NUMBERS = [
    *(
        "0",
        "-1",
        "+1",
        "1.5",
        "1e3",
        "0x1",
        "1_0",
        "01",
        "NaN",
        "",
        "%20",
        "1%20",
        "1%0a",
        "1%0d%0a",
        "1%00",
        "%00",
        "%31",
    ),
    *(
        "9" * 18,
        "9" * 19,
        "9" * 20,
        "9" * 5_000,
        str(2**31),
        str(2**63 - 1),
        str(2**63),
        "1;2",
        "1'--",
        "1%2F2",
        "1%3Fa",
    ),
    *(
        "%D9%A3",
        "%EF%BC%91",
        "%C2%B2",
        "%ED%A0%80",
        "%FF",
        "%",
        "%zz",
        "x",
        "null",
        "undefined",
        "[]",
        "{}",
        "*",
        "..",
        ".",
    ),
]
WORDS = [
    *("%00", "a%00b", "%0a", "general%0a", "%0d%0aSet-Cookie:%20a=b", "%ED%A0%80", "%FF%FE", "%C3", "%", "%zz", "%25"),
    *("..", ".", "%2e%2e", "..%2f..%2fetc%2fpasswd", "%2F%2Fevil.example", "%5c%5cevil.example", "\\", "'", '"', "<b>"),
    *("%F0%9F%90%98", "%E2%80%AE", "%EF%BF%BE", "%E2%80%8B", "'; drop table boards; --", "{{7*7}}", "${7*7}", "~", "*"),
    *("x" * 5_000, "%F0%9F%90%98" * 2_000, "%CC%81" * 3_000, "general.", "GENERAL", "alice;a=b", "a b", "+", "", "%20"),
]
PLACES = [
    *(
        "",
        "x",
        "~",
        "1~",
        "~1",
        "1~1",
        "1~-1",
        "1~x",
        "-1~1",
        "nan~1",
        "inf~1",
        "-inf~1",
        "1e999~1",
        "1e-999~1",
        "0x1~1",
    ),
    *("9" * 18, "9" * 19, "9" * 5_000, f"1~{2**63}", f"{2**63}~1", f"{'9' * 50}~1", "1.5~1", "1~1~1", "%00~1", "1~%00"),
    *(
        "%D9%A3~1",
        "1~%D9%A3",
        "%ED%A0%80",
        "_1~1",
        "1_0~1",
        "%201~1",
        f"{253402300800 * 10**6}~1",
        "-62135596800000001~1",
    ),
]
CHOICES = [
    *(
        "",
        "x",
        "%00",
        "%ED%A0%80",
        "hot%00",
        "HOT",
        "__class__",
        "../new",
        "9" * 19,
        "9" * 5_000,
        "-1",
        "%D9%A3",
        "1.5",
    ),
    *("<script>alert(1)</script>", "'; drop table threads", "x" * 20_000),
]
PAGED = ("/", "/boards/{slug}", "/threads/{id:id}", "/people/{name}")
PAGES = [
    *(f"{name}={value}" for name in ("after", "before") for value in PLACES),
    *(f"sort={sort}&after={value}" for sort in ("hot", "top", "new", "best", "newest") for value in PLACES),
    *(f"{name}={value}" for name in ("sort", "period", "show", "reply") for value in CHOICES),
    *("sort=hot&sort=new", "sort=hot&after=1~1&before=1~1", "sort=top&period=day&after=x", "reply=1&reply=2"),
]
QUERIES = [
    *(f"{name}={value}" for name in ("after", "board", "next") for value in CHOICES[-6:]),
    *("&&&&", "=", "?", "%", "%zz=%zz", "a[]=1&a[b]=2", "x" * 60_000, "a=1&" * 10_000),
]


@pytest.fixture
async def people(app, admin, alice, stranger):
    """An admin, alice, a stranger and a thread of alice's."""
    cheaply(app)
    return *map(quickly, (admin, alice, stranger)), await make_thread(alice)


@pytest.mark.parametrize("path", sorted({path for path in (*READS, *WRITES) if holes(path)}))
async def test_odd_parts_of_an_address_lead_nowhere_but_to_a_sentence(people, path):
    admin, _, stranger, thread = people
    for hole in holes(path):
        for odd in NUMBERS if hole == "id" else WORDS:
            address = fill(path, thread, **{hole: odd})
            for client in (admin, stranger):
                if path in READS:
                    ended(await client.get(address), 200, 303, 400, 403, 404, 405)
                if path in WRITES:
                    ended(await client.post(address, data=form(path)), 303, 400, 403, 404, 405, 409, 410, 422)


@pytest.mark.parametrize("path", READS)
async def test_odd_queries_get_a_page_or_a_sentence(people, path):
    _, alice, stranger, thread = people
    for client, queries in ((alice, QUERIES), (stranger, PAGES if path in PAGED else QUERIES)):
        for query in queries:
            ended(await client.get(f"{fill(path, thread)}?{query}"), 200, 303, 400, 403, 404)


@pytest.mark.parametrize("path", READS)
async def test_bytes_in_a_query_that_are_no_ascii_get_a_sentence(app, thread, path):
    for query in (b"\xff", b"sort=\xed\xa0\x80", b"next=\xc3\xa9"):
        status, headers, body = await raw(app, "GET", fill(path, thread), query)
        assert status == 400
        assert "The address holds a character that no address can hold." in body.decode()
        assert headers["content-security-policy"]


async def raw(app, method: str, path: str, query: bytes = b"", *headers: tuple[bytes, bytes]):
    """What a server that checks nothing would pass on."""
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "root_path": "",
        "headers": [(b"host", b"testserver"), *headers],
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 1),
        "state": {},
    }
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    fields = {name.decode(): text.decode() for name, text in sent[0]["headers"]}
    return sent[0]["status"], fields, b"".join(message.get("body", b"") for message in sent)


@pytest.mark.parametrize("path", READS)
async def test_head_answers_as_get_does(alice, stranger, thread, path):
    for client in (alice, stranger):
        get, head = [await client.request(method, fill(path, thread)) for method in ("GET", "HEAD")]
        assert head.status_code == get.status_code
        for name in ("content-type", "location", "vary", "cache-control"):
            assert head.headers.get(name) == get.headers.get(name)


@pytest.mark.parametrize("path", sorted({*READS, *WRITES}))
async def test_other_methods_are_not_allowed_and_the_answer_says_which_are(alice, thread, path):
    allowed = {"GET", "HEAD"} if path in READS else set()
    allowed |= {"POST"} if path in WRITES else set()
    methods = "GET HEAD POST PUT PATCH DELETE OPTIONS TRACE PROPFIND BREW".split()
    for method in (*methods, "X" * 500):
        if method in allowed:
            continue
        answer = await quickly(alice).request(method, fill(path, thread))
        assert answer.status_code == 405, method
        assert set(answer.headers["allow"].split(", ")) & {"GET", "POST"}
        assert set(answer.headers["allow"].split(", ")) <= allowed
        if method != "HEAD":
            assert "This address only takes what a page of the board sends to it." in answer.text


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT", "DELETE", "CONNECT"])
async def test_other_methods_from_another_site_get_no_further(alice, method):
    answer = await alice.request(method, "/", headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/threads/1/nothing",
        "/.git/config",
        "/.env",
        "/admin",
        "/wp-login.php",
        "/static/../pyproject.toml",
        "/static/%2e%2e/board/app.py",
        "/pictures/..%2f..%2fsecret-key/1.webp",
        "/static/",
        "/Threads/new",
        "//",
        "/;a=b",
        "/%",
    ],
)
async def test_what_is_not_there_is_not_found(stranger, path):
    answer = await stranger.get(path, follow_redirects=True)
    ended(answer, 200 if path == "//" else 404)


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/boards/", "/boards"),
        ("/boards/general/?sort=new", "/boards/general?sort=new"),
        ("/threads/1/", "/threads/1"),
        ("/people/%C3%A9lan/", "/people/%C3%A9lan"),
        ("/boards///", "/boards"),
        ("///evil.example/", "/evil.example"),
        ("/%2Fevil.example/", "/evil.example"),
        ("/%0d%0aSet-Cookie:a=b/", "/%0D%0ASet-Cookie%3Aa%3Db"),
        ("/a%3Fb/", "/a%3Fb"),
    ],
)
async def test_a_slash_too_many_leads_to_the_page_on_the_same_host(stranger, path, location):
    answer = await stranger.get(f"http://testserver{path}", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.headers["location"]) == (303, location)


async def test_a_form_with_a_slash_too_many_goes_nowhere(alice):
    answer = await alice.post("/threads/", data=form("/threads"))
    assert answer.status_code == 404
