"""Forms of other sites and of strangers: refused everywhere, with a sentence, and nothing is changed."""

import pytest

from tests import look
from tests.conftest import ORIGIN, Client
from tests.entrance import site
from tests.factories import make_message, make_thread
from tests.routes import BARE, BY_LINK, ENTRANCES, FORMS, PROOFS, READS, WRITES, everything, fill, form, quickly

SENTENCE = "This form came from another address than the board's own. Open the board again and send it from there."

FOREIGN = [
    {},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN},
    {"Sec-Fetch-Site": "same-site", "Origin": ORIGIN},
    {"Sec-Fetch-Site": "Same-Origin", "Origin": ORIGIN},
    {"Sec-Fetch-Site": "", "Origin": ORIGIN},
    {"Origin": "http://evil.example"},
    {"Origin": "http://evil.example", "Referer": f"{ORIGIN}/"},
    {"Origin": "null"},
    {"Origin": "null", "Referer": f"{ORIGIN}/"},
    {"Origin": "https://testserver"},
    {"Origin": "http://testserver:8000"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "http://evil.example/http://testserver"},
    {"Origin": "http://testserver@evil.example"},
    {"Origin": "http://evil.testserver"},
    {"Origin": "testserver"},
    {"Origin": "//testserver"},
    {"Origin": "http://"},
    {"Origin": "http://["},
    {"Origin": "http://[::1"},
    {"Origin": "http://testserver, http://evil.example"},
    {"Origin": "é"},
    {"Referer": "http://evil.example/http://testserver/"},
    {"Referer": "http://["},
    {"Referer": "about:blank"},
    {"Host": "evil.example", "Origin": "http://evil.example"},
]
# A mail program sends this one, without a cookie: the address itself is the proof (RFC 8058).
GUARDED = [path for path in WRITES if path != "/unsubscribe/{token}"]
# Where nothing is there to be changed, or a form of its own would be needed each time.
TAKEN = {
    "/sign-in": (422,),
    "/sign-up": (303, 422),
    "/account/name": (422,),
    "/admin/applications/{id:id}": (404,),
    **dict.fromkeys(BY_LINK, (410,)),
    **dict.fromkeys(PROOFS, (303, 404, 422)),
    "/account/passkeys/{id:id}/rename": (404,),
    "/account/push": (422,),
}
OURS = [
    {"Origin": ORIGIN},
    {"Referer": f"{ORIGIN}/threads/1?a=b"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
]


async def post(client: Client, path: str, headers: dict[str, str], **options):
    """A POST with these headers and no others that tell where it came from."""
    client.headers.pop("Origin", None)
    encoded = {name.encode(): text.encode("latin-1") for name, text in headers.items()}
    return await client.post(path, headers=encoded, **options)


def test_every_address_that_takes_a_form_has_one_here():
    assert set(FORMS) <= set(WRITES)
    bare = {"delete", "restore", "lock", "unlock", "sign-out", "end", "retry", "drop", "revoke", "again", "forget"}
    bare |= {"keep", "{token}", "unsuspend", "dismiss", "hide", "distrust", "remove"}
    assert {path.rpartition("/")[2] for path in BARE} == bare


@pytest.mark.parametrize("path", GUARDED)
async def test_a_form_that_another_site_sent_changes_nothing(app, admin, thread, path):
    before = await everything(app)
    for headers in FOREIGN:
        answer = await post(quickly(admin), fill(path, thread), headers, data=form(path))
        assert answer.status_code == 403, headers
        assert SENTENCE in answer.text.replace("&#39;", "'"), headers
        assert not answer.headers.get_list("set-cookie")
    assert await everything(app) == before


@pytest.mark.parametrize("path", GUARDED)
async def test_a_form_of_our_own_is_taken(app, admin, bob, path):
    for headers in OURS:
        thread = await make_thread(admin)
        id_ = thread.opening
        if path.startswith("/messages"):
            id_ = await make_message(bob if path.endswith("vote") else admin, thread)
        if path.endswith("restore"):
            await post(admin, fill(path, thread, id=str(id_)).replace("restore", "delete"), OURS[0])
        if path.startswith("/admin/people"):
            id_ = bob.account["id"]
        address = fill(path, thread, **({"id": str(id_)} if path.startswith(("/messages", "/admin/people")) else {}))
        answer = await post(admin, address, headers, data=form(path))
        assert answer.status_code in TAKEN.get(path, (303,))


@pytest.mark.parametrize("path", GUARDED)
async def test_by_htmx_another_site_gets_no_further(app, admin, thread, path):
    before = await everything(app)
    headers = {"HX-Request": "true", "Sec-Fetch-Site": "cross-site", "Origin": ORIGIN}
    answer = await post(admin, fill(path, thread), headers, data=form(path))
    assert answer.status_code == 403
    assert answer.text.startswith("<hx-partial")
    assert await everything(app) == before


@pytest.mark.parametrize("path", GUARDED)
async def test_a_stranger_changes_nothing_and_what_was_typed_comes_back(app, stranger, thread, path):
    if path in ("/forgot", "/receipts/{token}", "/settings", *ENTRANCES, *BY_LINK):
        return
    before = await everything(app)
    for htmx in ({}, {"HX-Request": "true"}):
        answer = await stranger.post(fill(path, thread), data=form(path), headers=htmx)
        place = answer.headers.get("location") or answer.headers.get("hx-redirect")
        if answer.status_code == 403:
            assert "You are signed out." in answer.text
            assert "Some words." in answer.text
        elif path == "/messages/{id:id}/edit":
            assert answer.status_code == 404
            assert htmx or "Some words." in answer.text
        else:
            assert answer.status_code == (200 if htmx else 303)
            assert place == "/sign-in?next=/"
    assert await everything(app) == before


@pytest.mark.parametrize("path", READS)
async def test_looking_changes_nothing_whoever_looks(app, admin, alice, stranger, thread, path):
    answer = await make_message(alice, thread)
    await alice.post(f"/messages/{answer}/delete")
    before = await everything(app)
    query = "?value=1&title=x&text=x&action=send&_method=POST&form_key=00000000-0000-0000-0000-000000000000&reply=1"
    for client in map(quickly, (admin, alice, stranger)):
        client.headers.pop("Origin", None)
        for address in (fill(path, thread), fill(path, thread) + query, fill(path, thread, id=str(answer))):
            for method in ("GET", "HEAD"):
                headers = {"X-HTTP-Method-Override": "POST", "Sec-Fetch-Site": "cross-site"}
                answer = await client.request(method, address, headers=headers)
                assert answer.status_code in (200, 303, 403, 404)
    assert await everything(app) == before


@pytest.mark.parametrize(
    ("origin", "scheme", "host", "taken"),
    [
        ("http://board.example", "http", "board.example", True),
        ("http://board.example:8000", "http", "board.example:8000", True),
        ("http://192.0.2.1:8000", "http", "192.0.2.1:8000", True),
        ("http://[::1]:8000", "http", "[::1]:8000", True),
        ("https://board.example", "http", "board.example", False),
        ("http://evil.example", "http", "board.example", False),
        ("http://board.example:8000", "http", "board.example", False),
        ("null", "http", "board.example", False),
        ("http://", "http", "", False),
    ],
)
async def test_without_a_configured_origin_the_host_that_was_asked_for_counts(
    config, database, stranger, origin, scheme, host, taken
):
    async with site(config, database, public_origin="") as app, Client(app) as client:
        answer = await post(client, "/sign-out", {"Origin": origin, "Host": host})
        assert answer.status_code == (303 if taken else 403)


@pytest.mark.parametrize("configured", ["http://Board.Example/", "HTTP://board.example:80", "http://board.example"])
async def test_a_configured_origin_counts_however_it_is_written(config, database, configured):
    async with site(config, database, public_origin=configured) as app, Client(app) as client:
        assert (await post(client, "/sign-out", {"Origin": "http://board.example"})).status_code == 303
        assert (await post(client, "/sign-out", {"Origin": ORIGIN, "Host": "testserver"})).status_code == 403


async def test_the_refusal_is_a_page_that_can_be_read_and_left(alice):
    answer = await post(alice, "/threads", {"Origin": "http://evil.example"}, data=form("/threads"))
    assert "Not for you" in answer.text
    assert "/" in look.links(look.tree(answer))
