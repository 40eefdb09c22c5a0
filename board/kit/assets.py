"""Static files, joined, hashed and compressed once at start: one style sheet, one script, and what stands alone."""

import functools
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

import brotli
from starlette.requests import Request
from starlette.responses import Response

from board.kit import compress
from board.kit.errors import NotFound

_PACKAGE = Path(__file__).resolve().parents[1]
STATIC = _PACKAGE / "static" if (_PACKAGE / "static").is_dir() else _PACKAGE.parent / "static"

_FOREVER = "public, max-age=31536000, immutable"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file as it is sent: its address, its type, and its bytes by encoding ("" is as they are)."""

    url: str
    type: str
    bodies: dict[str, bytes]


class Assets:
    """All static files, held in memory: css/*.css joined as board.css, js/*.js as board.js, the rest one by one.

    In js/pages/ is what a few pages need alone, and worker/sw.js is what runs while no page is open.
    """

    def __init__(self, folder: Path = STATIC) -> None:
        css = "".join(_small_css(path.read_text()) for path in sorted(folder.glob("css/*.css")))
        js = "".join(_small_js(path.read_text()) for path in sorted(folder.glob("js/*.js")))
        files = {"board.css": css.encode(), "board.js": js.encode()}
        for path in sorted(folder.glob("js/pages/*.js")):
            files[path.name] = _small_js(path.read_text()).encode()
        files["sw.js"] = _small_js((folder / "worker" / "sw.js").read_text()).encode()
        for path in sorted([*folder.glob("vendor/*.js"), *folder.glob("icons/*")]):
            files[path.name] = path.read_bytes()
        self._by_name = {name: _asset(name, data) for name, data in files.items()}
        self._by_url = {asset.url: asset for asset in self._by_name.values()}

    def url(self, name: str) -> str:
        """The address of a static file, with its hash, so that it may be kept for ever. Raises KeyError."""
        return self._by_name[name].url

    def size(self, name: str, encoding: str = "br") -> int:
        """How many bytes a static file takes on the line."""
        return len(self._by_name[name].bodies[encoding])

    async def show(self, request: Request) -> Response:
        """GET /static/{file}"""
        return self._answer(request, self._by_url.get(request.url.path))

    async def worker(self, request: Request) -> Response:
        """GET /sw.js: not below /static/, since a worker is for what lies below its own address"""
        response = self._answer(request, self._by_name["sw.js"])
        response.headers["Cache-Control"] = "no-cache"
        return response

    async def favicon(self, request: Request) -> Response:
        """GET /favicon.ico, for browsers that do not read the page's own link"""
        return self._answer(request, self._by_name.get("icon.svg"))

    def _answer(self, request: Request, asset: Asset | None) -> Response:
        if asset is None:
            raise NotFound("There is no such file.")
        # Compressed once, as small as can be: brotli.
        encoding = compress.choose(request.headers.get("accept-encoding", ""), ("br", "zstd", "gzip"))
        encoding = encoding if encoding in asset.bodies else ""
        headers = {"Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
        if encoding:
            headers["Content-Encoding"] = encoding
        return Response(asset.bodies[encoding], media_type=asset.type, headers=headers)


@functools.cache  # 0.1 s of compression; tests make an app each
def _asset(name: str, data: bytes) -> Asset:
    stem, dot, suffix = name.rpartition(".")
    kind = _TYPES.get(dot + suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    bodies = {"": data}
    if dot + suffix in _TYPES:
        bodies["br"] = brotli.compress(data)
        bodies["gzip"] = compress.compress(data, "gzip", kept=True)
        bodies["zstd"] = compress.compress(data, "zstd", kept=True)
    return Asset(f"/static/{stem}-{hashlib.sha256(data).hexdigest()[:10]}.{suffix}", kind, bodies)


def _small_css(text: str) -> str:
    """Leave out comments and indentation: what compression can not."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"\s+", " ", text)
    return re.sub(r" ?([{};,>]) ?", r"\1", text).replace(": ", ":").replace(";}", "}").strip()


def _small_js(text: str) -> str:
    """Leave out whole-line comments and indentation; each file is a block of its own."""
    lines = [line.strip() for line in text.splitlines()]
    return "{" + "\n".join(line for line in lines if line and not line.startswith("//")) + "}\n"
