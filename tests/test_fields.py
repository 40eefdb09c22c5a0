"""Fields of a form: clean values, or sentences for the person."""

import uuid

import pytest

from board.kit.errors import BadRequest
from tests.bodies import reading
from tests.look import multipart


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda form: form.key(), "The form's hidden key is broken. Reload the page and send it again."),
        (lambda form: form.key("gone"), "The form came without its field “gone”. Reload the page and send it again."),
        (lambda form: form.choice("form_key", ("a", "b")), "“form_key” must be one of: a, b."),
        (lambda form: form.number("form_key"), "“form_key” must be a number."),
        (lambda form: form.line("gone", "It", most=1), "The form came without its field “gone”."),
    ],
)
async def test_a_field_that_no_page_of_ours_sends_is_refused_and_the_text_comes_back(spoil, error):
    async with reading(b"form_key=odd&text=What+I+%00wrote.") as form:
        with pytest.raises(BadRequest) as problem:
            spoil(form)
        assert problem.value.sentence.startswith(error)
        assert problem.value.kept == "What I wrote."


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("  a \n\n ", "a"),
        ("a\tb  c", "a\tb  c"),
        ("\ufeffa", "\ufeffa"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("é" * 50, "é" * 50),
    ],
)
async def test_text_keeps_its_lines_and_letters(typed, text):
    body, kind = multipart({"text": typed})
    async with reading(body, kind=kind, files=1) as form:
        assert form.text("text", "It", most=50) == text
        assert not form.errors


@pytest.mark.parametrize(
    ("typed", "text", "error"),
    [
        ("", "", "It is empty."),
        (" \r\n\t ", "", "It is empty."),
        ("\u200b\u200d", "\u200b\u200d", "It is empty."),
        ("x" * 51, "x" * 51, "It has 51 characters; at most 50 are allowed. Shorten it."),
        ("a\0b\0", "ab", "It holds a character that can not be stored (U+0000). It is left out here: check it."),
        ("a\x85b", "ab", "It holds a character that can not be stored (U+0085). It is left out here: check it."),
        ("a\x7fb", "ab", "It holds a character that can not be stored (U+007F). It is left out here: check it."),
        ("a\ufdd0b", "ab", "It holds a character that can not be stored (U+FDD0). It is left out here: check it."),
        ("a\U0001ffffb", "ab", "It holds a character that can not be stored (U+1FFFF). It is left out here: check it."),
    ],
)
async def test_text_that_can_not_be_taken_gets_a_sentence(typed, text, error):
    body, kind = multipart({"text": typed})
    async with reading(body, kind=kind, files=1) as form:
        assert form.text("text", "It", most=50) == text
        assert form.errors == {"text": error}


async def test_a_line_has_no_line_ends_and_may_be_empty_where_that_is_allowed():
    async with reading(b"a=+x%0D%0A+y%09z+&b=") as form:
        assert form.line("a", "It", most=50) == "x y z"
        assert form.line("b", "It", most=50, least=0) == ""
        assert not form.errors


async def test_a_secret_is_not_touched():
    async with reading(b"a=+%00x%0D%0A+") as form:
        assert form.secret("a") == " \0x\r\n "


@pytest.mark.parametrize(
    ("typed", "number"),
    [("", None), ("0", 0), ("007", 7), ("9223372036854775807", 2**63 - 1)],
)
async def test_a_number_is_read(typed, number):
    async with reading(f"a={typed}".encode()) as form:
        assert form.number("a") == number
        assert form.number("gone") is None


@pytest.mark.parametrize(
    "typed", ["-1", "1.5", "x", "%20", "+1", "1_0", "9223372036854775808", "9" * 5_000, "%D9%A3", "%C2%B2", "0x1"]
)
async def test_what_is_no_number_is_refused(typed):
    async with reading(f"a={typed}".encode()) as form:
        with pytest.raises(BadRequest, match="must be a number"):
            form.number("a")


async def test_the_hidden_key_is_a_uuid():
    key = uuid.uuid4()
    async with reading(f"form_key={key}".encode()) as form:
        assert form.key() == key
