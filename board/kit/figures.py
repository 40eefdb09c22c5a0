"""Figures for people: sizes, times and changes in few signs, and lines drawn from them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 100


@dataclass(frozen=True, slots=True)
class Drawing:
    """Paths in a box that is `width` wide and HEIGHT high, to be stretched; `top` is the value at its upper edge."""

    width: int
    top: float
    now: str
    area: str
    before: str


def draw(now: Sequence[float | None], before: Sequence[float | None] = ()) -> Drawing:
    """A line for the values, the area below it, and a line for those of the time before; None is a gap."""
    top = rounded_up(max((each for each in [*now, *before] if each is not None), default=0))
    line = _path(now, top)
    area = "".join(f"M{part}V{HEIGHT}H{part.split()[0]}Z" for part in line.split("M") if part)
    return Drawing(max(len(now) - 1, 1), top, line, area, _path(before, top))


@dataclass(frozen=True, slots=True)
class Bars:
    """Paths in a box that is `width` wide and HEIGHT high: bars that stand on the line at `ground`, and that hang."""

    width: int
    top: float  # the value at the upper edge
    bottom: float  # and at the lower one
    ground: float
    above: str
    below: str


def bars(above: Sequence[float], below: Sequence[float] = ()) -> Bars:
    """A bar for each value, all to one scale."""
    top, bottom = rounded_up(max(above, default=0)), rounded_up(max(below)) if any(below) else 0.0
    ground = round(HEIGHT * top / (top + bottom), 1)
    scale = HEIGHT / (top + bottom)
    standing = _bars(above, f"{ground:g}", -scale)
    return Bars(len(above), top, bottom, ground, standing, _bars(below, f"{ground:g}", scale))


def rounded_up(value: float) -> float:
    """The next 1, 2 or 5 times a power of ten: the upper edge of a plot."""
    if value <= 0:
        return 1
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if value <= step * power * 1.000_001)


def size(count: float) -> str:
    """Bytes: "812 B", "1.2 MB", "37 GB"."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return _short(count, unit)
        count /= 1000
    return _short(count, "TB")


def seconds(time: float | None) -> str:
    """A time: "0.4 ms", "85 ms", "1.2 s"; a dash for none."""
    if time is None:
        return "–"
    return _short(time * 1000, "ms") if time < 1 else _short(time, "s")


def change(now: float, before: float) -> str:
    """How much more or less than before: "+12 %", "−3 %", "×25"; empty where there was nothing before."""
    if not before:
        return ""
    percent = round(100 * (now - before) / before)
    if percent >= 1000:
        return f"×{now / before:.0f}"
    return f"{'+' if percent > 0 else '−' if percent < 0 else '±'}{abs(percent)} %"


def _short(value: float, unit: str) -> str:
    return f"{value:.1f} {unit}" if value < 9.95 and value != round(value) else f"{value:,.0f} {unit}"


def _path(values: Sequence[float | None], top: float) -> str:
    """Straight lines through the values, beginning anew after a gap."""
    path, pen = "", "M"
    for place, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        path += f"{pen}{place} {round(HEIGHT - value / top * HEIGHT, 1):g}"
        pen = "L"
    return path


def _bars(values: Sequence[float], ground: str, scale: float) -> str:
    """Rectangles of nine tenths of their place; nothing where there is nothing."""
    places = enumerate(values)
    return "".join(f"M{at} {ground}v{round(value * scale, 1):g}h.9V{ground}z" for at, value in places if value)
