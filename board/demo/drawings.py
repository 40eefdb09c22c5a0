"""The demo's pictures, drawn by the program: nothing to download, nobody's copyright, the same on every machine."""

from collections.abc import Callable
from types import MappingProxyType

from board.demo.drawings_cat import cat
from board.demo.drawings_desk import desk
from board.demo.drawings_garden import garden
from board.demo.drawings_kitchen import bread, starter
from board.demo.drawings_land import mountains, viaduct
from board.demo.drawings_night import aurora, harbour
from board.demo.drawings_paper import busmap, chart
from board.demo.drawings_sea import boat, lighthouse
from board.demo.drawings_spider import spider
from board.demo.drawings_street import bicycle, rain
from board.demo.drawings_tools import tools
from board.demo.drawings_wave import wave

_DRAWINGS: MappingProxyType[str, Callable[[], bytes]] = MappingProxyType(
    {
        "aurora": aurora,
        "bicycle": bicycle,
        "boat": boat,
        "bread": bread,
        "busmap": busmap,  # PNG
        "cat": cat,  # portrait
        "chart": chart,  # PNG
        "desk": desk,
        "garden": garden,
        "harbour": harbour,
        "lighthouse": lighthouse,  # portrait
        "mountains": mountains,
        "rain": rain,  # animated GIF
        "spider": spider,
        "starter": starter,  # animated GIF
        "tools": tools,
        "viaduct": viaduct,  # panorama
        "wave": wave,
    }
)
NAMES: tuple[str, ...] = tuple(_DRAWINGS)


def draw(name: str) -> bytes:
    """The picture as a file, JPEG unless noted above; the same bytes each time. Raises KeyError."""
    return _DRAWINGS[name]()
