"""Bodies that no page of ours sends: each gets a sentence and the right status, and nothing is half written."""

import time

import pytest

from tests.factories import make_message
from tests.routes import BARE, FORMS, cheaply, ended, everything, fill, form, quickly
from tests.test_joining import typed

URL = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=b"
OPTIONAL = {"next", "reply_to", "revision", "messages", "remove"}
TEXTS = [path for path, fields in FORMS.items() if "text" in fields]


def parts(fields: dict, end: bytes = b"--b--\r\n") -> bytes:
    """A multipart body; a field's value may be bytes."""
    body = b""
    for name, value in fields.items():
        data = value if isinstance(value, bytes) else str(value).encode()
        body += f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + data + b"\r\n"
    return body + end


BROKEN = {
    "nothing": (b"", None, 400),
    "an empty form": (b"", URL, 400),
    "only signs": (b"&&&===&&&", URL, 400),
    "json": (b'{"text": "Some words."}', "application/json", 400),
    "plain text": (b"text=Some words.", "text/plain", 400),
    "xml": (b"<a/>", "text/xml", 400),
    "garbage": (bytes(range(256)) * 40, "\x01\x02;;=;", 400),
    "no boundary": (parts({"text": "x"}), "multipart/form-data", 400),
    "another boundary": (parts({"text": "x"}), "multipart/form-data; boundary=c", 400),
    "a long boundary": (parts({"text": "x"}), "multipart/form-data; boundary=" + "b" * 70_000, 400),
    "no end": (parts({"text": "x"}, end=b""), PARTS, 400),
    "half a part": (parts({"text": "x"})[:40], PARTS, 400),
    "no name": (b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n", PARTS, 400),
    "odd headers": (b"--b\r\n: \r\n\r\nx\r\n--b--\r\n", PARTS, 400),
    "10,000 fields": (b"&".join(b"a%d=1" % n for n in range(10_000)), URL, 400),
    "10,000 parts": (b"".join(parts({f"a{n}": "1"}, end=b"") for n in range(10_000)) + b"--b--\r\n", PARTS, 400),
    "10,000 times one field": (b"&".join([b"text=1"] * 10_000), URL, 400),
    "25 MB in one field": (parts({"text": b"x" * 25_000_000}), PARTS, 413),
    "25 MB in one plain field": (b"text=" + b"x" * 25_000_000, URL, 413),
    "25 MB in one name": (b"x" * 25_000_000 + b"=1", URL, 413),
    "25 MB before the first part": (b"x" * 25_000_000 + parts({"text": "x"}), PARTS, (400, 413)),
    "25 MB in a header": (b"--b\r\nX-A: " + b"x" * 25_000_000 + b"\r\n\r\nx\r\n--b--\r\n", PARTS, (400, 413)),
} | {
    f"charset {name}": (parts({"text": b"a" * 200_000}), f"{PARTS}; charset={name}", 400)
    for name in ("punycode", "idna", "utf-16", "utf-7", "undefined", "latin-1", "unicode_escape", "rot13", "zip")
}


@pytest.mark.parametrize("path", FORMS)
async def test_a_body_that_is_no_form_is_refused_and_nothing_is_changed(app, admin, alice, thread, path):
    before = await everything(app)
    client = quickly(alice if path.startswith("/messages") else admin)
    for name, (body, kind, status) in BROKEN.items():
        headers = {"Content-Type": kind} if kind else {}
        started = time.process_time()
        answer = await client.post(fill(path, thread), content=body, headers=headers)
        assert time.process_time() - started < 2, name
        statuses = status if isinstance(status, tuple) else (status,)
        if path == "/account/picture":
            statuses += (422,)  # a form without a picture
        assert answer.status_code in statuses, (name, answer.status_code)
        ended(answer, *statuses)
    assert await everything(app) == before


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("kind", [URL, PARTS])
async def test_25_mb_that_come_in_pieces_without_a_length_are_refused_early(app, alice, admin, thread, path, kind):
    sent = []

    async def pieces():
        yield (
            b"text="
            if kind == URL
            else parts({"a": "1"}, end=b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n')
        )
        for _ in range(250):
            sent.append(100_000)
            yield b"x" * 100_000

    client = alice if path.startswith("/messages") else admin
    answer = await client.post(fill(path, thread), content=pieces(), headers={"Content-Type": kind})
    ended(answer, 413)
    assert "content-length" not in answer.request.headers
    assert sum(sent) <= 1_200_000


@pytest.mark.parametrize("path", [path for path in BARE if path != "/unsubscribe/{token}"])
async def test_where_no_field_is_needed_any_body_is_as_good_as_none(app, admin, thread, path):
    if path.startswith("/messages"):
        message = await make_message(admin, thread)
        path = fill(path, thread, id=str(message))
    for body, kind, _ in list(BROKEN.values())[:12]:
        address = fill(path, thread)
        if path.endswith("restore"):
            await admin.post(address.replace("restore", "delete"))
        answer = await admin.post(address, content=body, headers={"Content-Type": kind} if kind else {})
        assert answer.status_code == 303
        if path == "/sign-out":
            return


ODD = {
    "empty": "",
    "a NUL": "a\0b",
    "only NULs": "\0\0",
    "control characters": "a\x01\x1b\x7f\x85b",
    "no character of Unicode": "a\ufffe\U0001ffffb",
    "invisible": "\u200b\u2060",
    "turned around": "a\u202eb",
    "markup": "</textarea><script>alert(1)</script>\"'><b>",
    "a template": "{{ config }}{% raw %}",
    "SQL": "'; drop table messages; --",
    "5,000 digits": "9" * 5_000,
    "beyond int32": str(2**31),
    "beyond int64": str(2**63),
    "negative": "-1",
    "a fraction": "0.5",
    "a list": "[1]",
    "a path": "../../../../etc/passwd",
    "a line break": "a\r\nSet-Cookie: x=y",
    "very long": "x" * 250_000,
    "wide": "\U0001f418" * 10_000,
    "stacked": "a" + "\u0301" * 5_000,
}
# What would spoil a page that it comes back in: of these each page is read strictly.
SPOILING = ("a NUL", "control characters", "no character of Unicode", "markup")


@pytest.mark.parametrize("path", FORMS)
async def test_any_text_in_any_field_is_taken_or_gets_a_sentence(app, alice, admin, thread, path):
    cheaply(app)
    client = alice if path.startswith("/messages") else admin
    strictly = client.event_hooks
    for field in FORMS[path]:
        for name, text in ODD.items():
            client.event_hooks = strictly if name in SPOILING else quickly(client).event_hooks
            answer = await client.post(fill(path, thread), data=form(path, **{field: text}))
            ended(answer, 303, 400, 403, 404, 409, 410, 422)
            if answer.status_code >= 400 and path in TEXTS and field != "text":
                assert "Some words." in answer.text, (field, name)


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "data", [b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xff\xfe", b"a\xc3", b"\xc0\x80", b"\xf8\x88\x80\x80\x80"]
)
async def test_bytes_that_are_no_text_are_refused_in_every_field_however_they_are_sent(
    app, alice, admin, thread, path, data
):
    before = await everything(app)
    client = quickly(alice if path.startswith("/messages") else admin)
    percent = "".join(f"%{each:02X}" for each in data).encode()
    for field in FORMS[path]:
        plain = form(path)
        others = "&".join(f"{name}={text}" for name, text in plain.items() if name != field).encode()
        for body, kind in (
            (b"%s&%s=%s" % (others, field.encode(), data), URL),
            (b"%s&%s=%s" % (others, field.encode(), percent), URL),
            (parts(plain | {field: data}), PARTS),
        ):
            answer = await client.post(fill(path, thread), content=body, headers={"Content-Type": kind})
            ended(answer, 400)
            assert "no UTF-8 text" in answer.text
    assert await everything(app) == before


@pytest.mark.parametrize("path", FORMS)
async def test_a_form_that_lacks_a_field_is_refused_and_the_text_comes_back(app, alice, admin, thread, path):
    before = await everything(app)
    client = alice if path.startswith("/messages") else admin
    for field in set(FORMS[path]) - OPTIONAL:
        rest = form(path, **{field: None}) | {"more": ""}
        for sent in ({"data": rest}, {"files": {name: (None, text) for name, text in rest.items()}}):
            answer = await client.post(fill(path, thread), **sent)
            ended(answer, 400)
            assert f"The form came without its field “{field}”. Reload the page and send it again." in answer.text
            if path in TEXTS and field != "text":
                assert "Some words." in answer.text
    assert await everything(app) == before


@pytest.mark.parametrize("path", FORMS)
async def test_a_file_in_place_of_a_text_is_a_field_that_is_missing(app, alice, admin, thread, path):
    before = await everything(app)
    client = alice if path.startswith("/messages") else admin
    for field in set(FORMS[path]) - OPTIONAL:
        answer = await client.post(
            fill(path, thread), data=form(path, **{field: None}), files={field: ("a.txt", b"Some words.")}
        )
        ended(answer, 400)
    assert await everything(app) == before


async def test_the_name_comes_back_from_every_form_but_the_password_from_none(stranger):
    for path in ("/sign-up", "/sign-in"):
        for text in ("a\0b", "<b>", "x" * 300, "é"):
            answer = await stranger.post(path, data=form(path, name=text, password="short"))
            assert answer.status_code == 422
            assert typed(answer)["name"] == text.replace("\0", "")
            assert typed(answer)["password"] == ""
