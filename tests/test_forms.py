"""Forms: what the body of a request may be."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from board.kit import forms
from board.kit.errors import BadRequest, TooLarge
from tests.bodies import PARTS, URL, reading
from tests.look import multipart


async def refused(*chunks: bytes, error: type = BadRequest, **options) -> str:
    """The sentence with which a body is refused."""
    with pytest.raises(error) as problem:
        async with reading(*chunks, **options):
            pass
    return problem.value.sentence


def part(name: str = "text", data: bytes = b"x", more: str = "") -> bytes:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + data + b"\r\n"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"text=a+b", "a b"),
        (b"text=a%20b%2Bc", "a b+c"),
        (b"text=%C3%A9%F0%9F%90%98", "é🐘"),
        ("text=é🐘+".encode(), "é🐘 "),
        ("text=%C3%A9é%25".encode(), "éé%"),
        (b"text=%", "%"),
        (b"text=%zz", "%zz"),
        (b"text=1&text=2", "2"),
        (b"x=1&text=a=b&y", "a=b"),
        (b"&&text=a;b&&", "a;b"),
        (b"text=", ""),
        (b"text", ""),
        (b"t%65xt=a", "a"),
    ],
)
async def test_fields_of_a_plain_form(body, text):
    for chunks in ((body,), tuple(body[n : n + 1] for n in range(len(body)))):
        async with reading(*chunks) as form:
            assert form.has("text")
            assert form.raw("text") == text


async def test_fields_and_files_of_a_multipart_form():
    body, kind = multipart({"text": "é🐘 &=+%41\r\n.", "alt": ["1", "2"]}, (("a.png", b"\x00\xff"), ("", b"")))
    for chunks in ((body,), tuple(body[n : n + 1] for n in range(len(body)))):
        async with reading(*chunks, kind=kind, files=2) as form:
            assert form.raw("text") == "é🐘 &=+%41\n."
            assert form.texts("alt") == ["1", "2"]
            (file,) = form.files("files")
            assert (file.filename, await file.read()) == ("a.png", b"\x00\xff")
            assert form.raw("files") == ""
        assert file.file.closed


async def test_files_are_closed_when_something_goes_wrong():
    body, kind = multipart({}, (("a.png", b"x"),))
    taken = []

    async def fail():
        async with reading(body, kind=kind, files=1) as form:
            taken.extend(form.files("files"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert [each.file.closed for each in taken] == [True]


@pytest.mark.parametrize(
    "kind", [None, "", "text/plain", "application/json", "text/html; charset=utf-8", "multipart/x"]
)
async def test_what_is_no_form_is_refused(kind):
    assert await refused(b'{"text": 1}', kind=kind) == (
        "This address takes a form that was filled in on one of the pages."
    )


@pytest.mark.parametrize(
    "charset", ["punycode", "PUNYCODE", "idna", "utf-16", "utf-7", "undefined", "latin-1", "rot13", "x" * 999, '"idna"']
)
async def test_only_utf_8_is_read_and_others_cost_nothing(charset):
    started = time.process_time()
    body = part(data=b"a" * 200_000) + b"--b--\r\n"
    assert await refused(body, kind=f"{PARTS}; charset={charset}") == "Forms must be sent as UTF-8."
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8", '"utf-8"'])
async def test_a_form_may_say_that_it_is_utf_8(charset):
    async with reading(part(data="é".encode()) + b"--b--\r\n", kind=f"{PARTS}; charset={charset}") as form:
        assert form.raw("text") == "é"


@pytest.mark.parametrize("data", [b"\xed\xa0\x80", b"\xff", b"a\xc3", b"\xc0\x80", b"\xf4\x90\x80\x80"])
async def test_bytes_that_are_no_utf_8_are_refused_in_both_kinds_of_form(data):
    sentence = "The form holds bytes that are no UTF-8 text. Send it again."
    assert await refused(b"text=" + data) == sentence
    assert await refused(b"text=" + b"".join(b"%%%02X" % each for each in data)) == sentence
    assert await refused(part(data=data) + b"--b--\r\n", kind=PARTS) == sentence


BROKEN = "The form arrived broken. Send it again."


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (part(), PARTS),
        (part()[:-2], PARTS),
        (part() + b"--b", PARTS),
        (part()[:30], PARTS),
        (b"", PARTS),
        (b"garbage", PARTS),
        (b"--b\r\n\r\nx\r\n--b--\r\n", PARTS),
        (b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n", PARTS),
        (b"--b\r\nBad header\r\n\r\nx\r\n--b--\r\n", PARTS),
        (b"--b\r\nContent-Disposition: form-data; name*=utf-8''%E2%82%AC\r\n\r\nx\r\n--b--\r\n", PARTS),
        (b"--b\r\n" + b"X" * 10_000 + b": y\r\n\r\nx\r\n--b--\r\n", PARTS),
        (part() + b"--b--\r\n", "multipart/form-data"),
        (part() + b"--b--\r\n", "multipart/form-data; boundary="),
        (part() + b"--b--\r\n", "multipart/form-data; boundary=" + "b" * 5_000),
        (part() + b"--b--\r\n", "multipart/form-data; boundary=c"),
        (part() + b"--b--\r\n", "multipart/form-data; boundary*=utf-8''%E2%82%AC"),
        (part() + b"--b--\r\n", "multipart/form-data; boundary=é"),
    ],
)
async def test_a_multipart_body_that_is_broken_or_has_no_end_is_refused(body, kind):
    assert await refused(body, kind=kind) == BROKEN


@pytest.mark.parametrize("fields", [101, 10_000])
async def test_too_many_fields_are_refused_in_both_kinds_of_form(fields):
    sentence = "The form has too many fields or files: at most 100 and 0."
    assert await refused(b"&".join(b"a=1" for _ in range(fields))) == sentence
    assert await refused(part() * fields + b"--b--\r\n", kind=PARTS, most_bytes=10_000_000) == sentence


async def test_as_many_fields_as_allowed_are_read():
    async with reading(b"&".join(b"a=%d" % n for n in range(100))) as form:
        assert len(form.texts("a")) == 100
    async with reading(part("a") * 100 + b"--b--\r\n", kind=PARTS) as form:
        assert len(form.texts("a")) == 100


async def test_too_many_files_are_refused():
    body = part("files", more='; filename="a"') * 3 + b"--b--\r\n"
    assert await refused(body, kind=PARTS, files=2) == "The form has too many fields or files: at most 102 and 2."
    async with reading(body, kind=PARTS, files=3) as form:
        assert len(form.files("files")) == 3


LARGE = "What you sent is larger than 0.6 MB. Send less at once."


@pytest.mark.parametrize("length", [None, "25000000"])
async def test_a_body_over_the_limit_is_refused_whether_it_says_so_or_not(length):
    chunk, sent = b"a=" + b"x" * 99_998, []

    async def chunks():
        for _ in range(250):
            sent.append(1)
            yield chunk

    stream = chunks()

    async def receive():
        return {"type": "http.request", "body": await anext(stream), "more_body": True}

    headers = [(b"content-type", URL.encode())]
    if length:
        headers.append((b"content-length", length.encode()))
    asked = Request({"type": "http", "method": "POST", "path": "/", "headers": headers}, receive)
    with pytest.raises(TooLarge) as problem:
        async with forms.read(asked):
            pass
    assert problem.value.sentence == LARGE
    assert len(sent) <= 7


async def test_a_plain_form_is_small_also_where_files_may_come():
    body = b"a=" + b"x" * 700_000 + b"&b=" + b"x" * 700_000
    assert "larger than 1.0 MB" in await refused(body, error=TooLarge, most_bytes=100_000_000)
    async with reading(part(data=b"x" * 200_000) * 10 + b"--b--\r\n", kind=PARTS, most_bytes=100_000_000) as form:
        assert len(form.texts("text")) == 10


@pytest.mark.parametrize("length", ["-1", "x", "", "²", "0x10", "1e9", " 5"])
async def test_an_odd_content_length_is_left_to_the_server(length):
    async with reading(b"text=a", length=length) as form:
        assert form.raw("text") == "a"


async def test_a_content_length_of_5000_digits_is_no_crash():
    assert await refused(b"text=" + b"x" * 300_000, length="9" * 5_000, error=TooLarge) == LARGE


async def test_a_field_that_is_far_too_long_is_refused_and_another_text_comes_back():
    sentence = "A field of the form is far too long. Shorten it."
    body = part(data=b"What I wrote.") + part("alt", data=b"x" * 256_001) + b"--b--\r\n"
    with pytest.raises(TooLarge) as problem:
        async with reading(body, kind=PARTS):
            pass
    assert (problem.value.sentence, problem.value.kept) == (sentence, "What I wrote.")
    assert await refused(b"text=" + b"%41" * 300_000, error=TooLarge, most_bytes=10_000_000) == sentence


@given(
    body=st.binary(max_size=400) | st.text("-b\r\n:;=&%\"'filename text", max_size=200).map(str.encode),
    kind=st.sampled_from([URL, PARTS, "multipart/form-data"]) | st.text(st.characters(max_codepoint=255), max_size=60),
)
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_form_or_get_a_sentence(body, kind):
    async def read():
        async with reading(body, kind=kind, files=2) as form:
            form.raw("text")
            return form.texts("text")

    # Nothing in it waits, so it needs no event loop.
    with pytest.raises((StopIteration, BadRequest, TooLarge)):
        read().send(None)
