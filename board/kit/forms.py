"""Read a form within limits, and turn its fields into clean values or into sentences for the person."""

import string
import unicodedata
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import quote, unquote_plus

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

from board.kit.errors import BadRequest, TooLarge

MOST_FIELDS = 100
TEXT_BYTES = 256_000


class Form:
    """The fields of a form that was sent. Reading a field that is wrong adds a sentence to `errors`."""

    def __init__(self, data: FormData) -> None:
        self._data = data
        self.errors: dict[str, str] = {}

    def has(self, name: str) -> bool:
        """Whether the field was sent."""
        return name in self._data

    def raw(self, name: str) -> str:
        """The field as typed, to give it back, but for what no page can hold; the empty string if it was not sent."""
        value = self._data.get(name, "")
        return _storable(value) if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """All values of a field that may come several times."""
        return [value for value in self._data.getlist(name) if isinstance(value, str)]

    def files(self, name: str) -> list[UploadFile]:
        """The files of a field; a file input that was left empty sends one without a name, which is none."""
        return [
            each for each in self._data.getlist(name) if isinstance(each, UploadFile) and (each.filename or each.size)
        ]

    def text(self, name: str, label: str, *, most: int, least: int = 1) -> str:
        """Text of several lines: line ends become newlines, space around it goes."""
        text = self._sent(name).replace("\r\n", "\n").replace("\r", "\n").strip()
        if unstorable := min(filter(_is_unstorable, text), default=""):
            code = f"U+{ord(unstorable):04X}"
            self.errors[name] = (
                f"{label} holds a character that can not be stored ({code}). It is left out here: check it."
            )
            return _storable(text)
        if len(text) < least or (least and not any(map(_is_visible, text))):
            self.errors[name] = f"{label} is empty." if least == 1 else f"{label} needs {least} characters or more."
        elif len(text) > most:
            self.errors[name] = f"{label} has {len(text):,} characters; at most {most:,} are allowed. Shorten it."
        return text

    def line(self, name: str, label: str, *, most: int, least: int = 1) -> str:
        """Text of one line: every run of white space becomes one space."""
        line = self.text(name, label, most=most, least=least)
        return " ".join(line.split())

    def secret(self, name: str) -> str:
        """A password, exactly as sent."""
        return self._sent(name)

    def choice(self, name: str, allowed: Sequence[str]) -> str:
        """One of the allowed values. Raises BadRequest for any other: no page of ours offers it."""
        value = self._sent(name)
        if value not in allowed:
            raise BadRequest(f"“{name}” must be one of: {', '.join(allowed)}.", kept=self.raw("text"))
        return value

    def number(self, name: str, *, most: int = 2**63 - 1) -> int | None:
        """A whole number from 0 on, or None if the field is empty or not there. Raises BadRequest for anything else."""
        value = self.raw(name)
        if not value:
            return None
        if not (value.isascii() and value.isdigit() and len(value) < 20 and int(value) <= most):
            raise BadRequest(f"“{name}” must be a number.", kept=self.raw("text"))
        return int(value)

    def key(self, name: str = "form_key") -> uuid.UUID:
        """The hidden key that makes a form that is sent twice count once. Raises BadRequest if it is broken."""
        try:
            return uuid.UUID(self._sent(name))
        except ValueError:
            sentence = "The form's hidden key is broken. Reload the page and send it again."
            raise BadRequest(sentence, kept=self.raw("text")) from None

    def _sent(self, name: str) -> str:
        value = self._data.get(name)
        if not isinstance(value, str):
            sentence = f"The form came without its field “{name}”. Reload the page and send it again."
            raise BadRequest(sentence, kept=self.raw("text"))
        return value


@asynccontextmanager
async def read(request: Request, *, files: int = 0, most_bytes: int = 600_000) -> AsyncIterator[Form]:
    """The form of a request, with at most so many files and bytes; the files are gone after the block.

    Raises BadRequest for a body that is no form, or is broken, or is not UTF-8, and TooLarge for one over a limit.
    """
    parser = _parser(request, most_bytes, files)
    try:
        data = await parser.parse()
    except TooLarge as error:
        error.kept = parser.typed()
        raise
    except MultiPartException as error:
        kept = parser.typed()
        if "maximum size" in error.message:
            raise TooLarge("A field of the form is far too long. Shorten it.", kept=kept) from error
        if "Too many" in error.message:
            sentence = f"The form has too many fields or files: at most {MOST_FIELDS + files} and {files}."
            raise BadRequest(sentence, kept=kept) from error
        raise BadRequest("The form arrived broken. Send it again.", kept=kept) from error
    except UnicodeDecodeError as error:
        sentence = "The form holds bytes that are no UTF-8 text. Send it again."
        raise BadRequest(sentence, kept=parser.typed()) from error
    try:
        yield Form(data)
    finally:
        await data.close()


def _parser(request: Request, most_bytes: int, files: int) -> "_MultiPart | _Url":
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind == b"multipart/form-data":
        # Starlette would decode by any codec that is named here; punycode held the loop for 25 seconds.
        if options.get(b"charset", b"utf-8").lower() not in (b"utf-8", b"utf8"):
            raise BadRequest("Forms must be sent as UTF-8.")
        stream = _bounded(request, most_bytes)
        # A file brings fields of its own: a description, a mark.
        fields = MOST_FIELDS + files
        return _MultiPart(request.headers, stream, max_files=files, max_fields=fields, max_part_size=TEXT_BYTES)
    if kind == b"application/x-www-form-urlencoded":
        # No files come this way.
        stream = _bounded(request, min(most_bytes, TEXT_BYTES * 4))
        return _Url(request.headers, stream, max_fields=MOST_FIELDS, max_part_size=TEXT_BYTES * 3)
    raise BadRequest("This address takes a form that was filled in on one of the pages.")


async def _bounded(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    """The body, unless it is longer than allowed: then its beginning, for the text that stands there, and TooLarge."""
    problem = TooLarge(f"What you sent is larger than {most / 1_000_000:.1f} MB. Send less at once.")
    declared = request.headers.get("content-length", "")
    if len(declared) > 18 or (declared.isdecimal() and int(declared) > most):
        most = min(most, TEXT_BYTES)
    async for chunk in request.stream():
        yield chunk[:most]
        most -= len(chunk)
        if most < 0:
            raise problem


class _MultiPart(MultiPartParser):
    spool_max_size = 256 * 1024
    _ended = False

    def typed(self) -> str:
        """The text among what has arrived so far."""
        return _typed(self.items)

    async def parse(self) -> FormData:
        """The fields. Raises MultiPartException for a body without an end too: its last part would just be missing."""
        data = await super().parse()
        if not self._ended:
            await data.close()
            raise MultiPartException("no end")
        return data

    def on_end(self) -> None:
        self._ended = True

    def on_part_end(self) -> None:
        if self._current_part.file is None:
            # Strictly: Starlette falls back to Latin-1, which would store a lone surrogate's bytes as three letters.
            self._current_part.data.decode("utf-8")
        super().on_part_end()


class _Url(FormParser):
    def typed(self) -> str:
        """The text among what has arrived so far."""
        return _typed(self._items)

    def on_field_end(self) -> None:
        if not self._field_value.isascii():
            # Bytes that came as they are, not as %XX: Starlette would read them as Latin-1.
            self._field_value = bytearray(quote(bytes(self._field_value), safe=string.printable).encode())
        unquote_plus(self._field_value.decode(), errors="strict")
        super().on_field_end()


def _typed(items: Sequence[tuple[str, str | UploadFile]]) -> str:
    return next((_storable(value) for name, value in items if name == "text" and isinstance(value, str)), "")


def _storable(text: str) -> str:
    return "".join(each for each in text if not _is_unstorable(each))


def _is_unstorable(character: str) -> bool:
    """Control characters, halves of surrogate pairs, and what Unicode keeps out of texts."""
    code = ord(character)
    if unicodedata.category(character) in ("Cc", "Cs"):
        return character not in "\n\t"
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _is_visible(character: str) -> bool:
    """Letters, digits, signs; not spaces and joiners, nor the letters that Unicode has for "nothing"."""
    return unicodedata.category(character)[0] in "LNPS" and character not in "\u115f\u1160\u2800\u3164\uffa0"
