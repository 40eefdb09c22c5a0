"""Bodies of requests, whole and broken, and the forms that are read from them."""

from contextlib import asynccontextmanager

from starlette.requests import Request

from board.kit import forms

URL = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=b"


def request(*chunks: bytes, kind: str | None = URL, length: str | None = None) -> Request:
    """A request with a body in these pieces."""
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages.append({"type": "http.request", "body": b"", "more_body": False})
    headers = [(b"content-type", kind.encode("latin-1"))] if kind is not None else []
    if length is not None:
        headers.append((b"content-length", length.encode("latin-1")))

    async def receive():
        return messages.pop(0)

    return Request({"type": "http", "method": "POST", "path": "/", "headers": headers}, receive)


@asynccontextmanager
async def reading(*chunks: bytes, kind: str | None = URL, length: str | None = None, **limits):
    async with forms.read(request(*chunks, kind=kind, length=length), **limits) as form:
        yield form
