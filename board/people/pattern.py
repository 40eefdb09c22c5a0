"""What stands for a person without an avatar: a pattern of five by five blocks, the same for the same name.

The address holds all there is to know, so that drawing asks nobody, and the browser keeps it for ever.
"""

import hashlib
import re

from starlette.requests import Request
from starlette.responses import Response

from board.kit import names
from board.kit.errors import NotFound

_SEED = re.compile("[0-9a-f]{6}")
_FOREVER = "public, max-age=31536000, immutable"

# Sixteen hues of one luminance, 0.17: white blocks stand out by 4.8 to 1, the tile itself from a light page by 4.5 to 1
# and from a dark one by 3.7 to 1 (WCAG 2.2 asks 3 to 1 of what is no text).
COLOURS = (
    "#c94444 #ab5f32 #887028 #6e7923 #527f25 #328326 #26833d #26815f "
    "#257f7f #3079a5 #4e6dcc #7163d2 #9155ce #b53bc6 #c339a0 #c73f72"
).split()


def address(name: str) -> str:
    """Where the pattern of this name is."""
    return f"/patterns/{hashlib.blake2b(names.key(name).encode(), digest_size=3).hexdigest()}.svg"


async def show(request: Request) -> Response:
    """GET /patterns/{seed}.svg"""
    seed = request.path_params["seed"]
    if not _SEED.fullmatch(seed):
        raise NotFound("There is no such pattern.")
    return Response(draw(seed), media_type="image/svg+xml", headers={"Cache-Control": _FOREVER})


def draw(seed: str) -> str:
    """The pattern of six hexadecimal digits as SVG: four bits choose the colour, fifteen the blocks."""
    bits = int(seed, 16)
    blocks = bits >> 4 & 0x7FFF or 0x5555
    left = [(x, y) for x in range(3) for y in range(5) if blocks >> (x * 5 + y) & 1]
    path = "".join(f"M{x + 1} {y + 1}h1v1h-1z" for x, y in sorted({*left, *((4 - x, y) for x, y in left)}))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 7 7" shape-rendering="crispEdges">'
        f'<path fill="{COLOURS[bits & 15]}" d="M0 0h7v7H0z"/><path fill="#fff" d="{path}"/></svg>'
    )
