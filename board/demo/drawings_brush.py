"""What the demo's pictures are drawn with: shapes with soft edges, faded colours, glow and grain, on Pillow alone."""

import math
import random
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from io import BytesIO
from itertools import pairwise
from typing import Self

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter, ImageFont

Point = tuple[float, float]
Points = list[Point]
Box = tuple[int, int, int, int]
Paint = str | Sequence[str]  # one colour, or several that fade from top to bottom of what is painted

SMOOTH = 2  # Pillow's shapes have hard edges: they are cut twice as large and reduced


def curve(points: Sequence[Point], closed: bool = False, steps: int = 10) -> Points:
    """A smooth line through the points (Catmull-Rom)."""
    last = len(points)
    ring = [points[-1], *points, points[0], points[1]] if closed else [points[0], *points, points[-1]]
    out: Points = []
    for i in range(last if closed else last - 1):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = ring[i : i + 4]
        for step in range(steps):
            t = step / steps
            out.append((_spline(ax, bx, cx, dx, t), _spline(ay, by, cy, dy, t)))
    return out if closed else [*out, points[-1]]


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def oval(x: float, y: float, rx: float, ry: float, degrees: float = 0.0, steps: int = 48) -> Points:
    """An ellipse as points, so that it can lie at an angle."""
    around = (math.tau * i / steps for i in range(steps))
    return turn([(x + rx * math.cos(a), y + ry * math.sin(a)) for a in around], degrees, (x, y))


def turn(points: Iterable[Point], degrees: float, about: Point) -> Points:
    """Turn clockwise, as seen on the screen."""
    (x0, y0), cos, sin = about, math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return [(x0 + (x - x0) * cos - (y - y0) * sin, y0 + (x - x0) * sin + (y - y0) * cos) for x, y in points]


def move(points: Iterable[Point], dx: float, dy: float, scale: float = 1.0) -> Points:
    """Scale about the origin, then shift."""
    return [(x * scale + dx, y * scale + dy) for x, y in points]


def ridge(rng: random.Random, width: float, base: float, height: float, rough: float = 0.55) -> Points:
    """A skyline of hills from edge to edge by midpoint displacement; rough 0.4 is rolling, 0.6 is rocky."""
    heights = [rng.uniform(-0.5, 0.5), rng.uniform(-0.5, 0.5)]
    swing = 1.0
    for _ in range(8):
        between = [(a + b) / 2 + rng.uniform(-swing, swing) for a, b in pairwise(heights)]
        heights = [h for pair in zip(heights, between, strict=False) for h in pair] + [heights[-1]]
        swing *= rough
    low, high = min(heights), max(heights)
    step = width / (len(heights) - 1)
    return [(i * step, base - height * (h - low) / (high - low)) for i, h in enumerate(heights)]


def ribbon(points: Sequence[Point], start: float, end: float) -> Points:
    """A stroke whose width changes evenly from start to end."""
    left: Points = []
    right: Points = []
    for i, (x, y) in enumerate(points):
        (ax, ay), (bx, by) = points[max(i - 1, 0)], points[min(i + 1, len(points) - 1)]
        length = math.hypot(bx - ax, by - ay) or 1.0
        half = (start + (end - start) * i / (len(points) - 1)) / 2
        nx, ny = -(by - ay) / length * half, (bx - ax) / length * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return left + right[::-1]


class Shapes:
    """Shapes that are painted together. Each call returns self; after cut() they make holes, until add()."""

    def __init__(self) -> None:
        self._marks: list[Callable[[ImageDraw.ImageDraw, float, float, float], None]] = []
        self._corners: Points = []
        self._ink = 255

    def cut(self) -> Self:
        """What follows makes holes."""
        self._ink = 0
        return self

    def add(self) -> Self:
        """What follows adds again."""
        self._ink = 255
        return self

    def polygon(self, points: Sequence[Point]) -> Self:
        """Any outline, closed by itself."""
        ink = self._ink
        xs, ys = [x for x, _ in points], [y for _, y in points]
        self._corners += [(min(xs), min(ys)), (max(xs), max(ys))]
        self._marks.append(
            lambda draw, x, y, s: draw.polygon([((px - x) * s, (py - y) * s) for px, py in points], fill=ink)
        )
        return self

    def disc(self, x: float, y: float, rx: float, ry: float | None = None) -> Self:
        """A circle, or an upright ellipse."""
        ink, ry = self._ink, rx if ry is None else ry
        frame = (x - rx, y - ry, x + rx, y + ry)
        self._corners += [frame[:2], frame[2:]]
        self._marks.append(lambda draw, ox, oy, s: draw.ellipse(_scaled(frame, ox, oy, s), fill=ink))
        return self

    def ring(self, x: float, y: float, r: float, width: float) -> Self:
        """A circle's line."""
        ink, outer = self._ink, r + width / 2
        frame = (x - outer, y - outer, x + outer, y + outer)
        self._corners += [frame[:2], frame[2:]]
        self._marks.append(
            lambda draw, ox, oy, s: draw.ellipse(_scaled(frame, ox, oy, s), outline=ink, width=max(1, round(width * s)))
        )
        return self

    def box(self, x0: float, y0: float, x1: float, y1: float, radius: float = 0.0) -> Self:
        """A rectangle with round corners."""
        ink, frame = self._ink, (x0, y0, x1, y1)
        self._corners += [frame[:2], frame[2:]]
        self._marks.append(
            lambda draw, ox, oy, s: draw.rounded_rectangle(_scaled(frame, ox, oy, s), radius * s, fill=ink)
        )
        return self

    def line(self, points: Sequence[Point], width: float) -> Self:
        """A stroke with round ends and joints."""
        ink, half = self._ink, width / 2
        xs, ys = [x for x, _ in points], [y for _, y in points]
        self._corners += [(min(xs) - half, min(ys) - half), (max(xs) + half, max(ys) + half)]

        def mark(draw: ImageDraw.ImageDraw, ox: float, oy: float, s: float) -> None:
            at = [((x - ox) * s, (y - oy) * s) for x, y in points]
            draw.line(at, fill=ink, width=max(1, round(width * s)), joint="curve")
            if width * s > 3:
                r = width * s / 2 - 0.5
                for x, y in (at[0], at[-1]):
                    draw.ellipse((x - r, y - r, x + r, y + r), fill=ink)

        self._marks.append(mark)
        return self

    def bounds(self, pad: float, size: tuple[int, int]) -> Box | None:
        """The pixels touched, within the picture; None when that is nothing."""
        if not self._corners:
            return None
        x0 = max(0, math.floor(min(x for x, _ in self._corners) - pad))
        y0 = max(0, math.floor(min(y for _, y in self._corners) - pad))
        x1 = min(size[0], math.ceil(max(x for x, _ in self._corners) + pad) + 1)
        y1 = min(size[1], math.ceil(max(y for _, y in self._corners) + pad) + 1)
        return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None

    def mask(self, box: Box) -> Image.Image:
        """The part within the box: white where it is covered."""
        big = Image.new("L", ((box[2] - box[0]) * SMOOTH, (box[3] - box[1]) * SMOOTH))
        draw = ImageDraw.Draw(big)
        for mark in self._marks:
            mark(draw, box[0], box[1], SMOOTH)
        return big.reduce(SMOOTH)


def _scaled(frame: tuple[float, float, float, float], ox: float, oy: float, s: float) -> tuple[float, ...]:
    x0, y0, x1, y1 = frame
    return (x0 - ox) * s, (y0 - oy) * s, (x1 - ox) * s - 1, (y1 - oy) * s - 1


def faded(paint: Paint, size: tuple[int, int], across: bool = False) -> Image.Image:
    """An area of one colour, or of colours fading evenly downwards (or from left to right)."""
    if isinstance(paint, str):
        return Image.new("RGB", size, paint)
    strip = Image.new("RGB", (len(paint), 1) if across else (1, len(paint)))
    strip.putdata([ImageColor.getrgb(colour)[:3] for colour in paint])
    # Resizing centres each colour in its share; leaving out half a share at both ends starts and ends on a colour.
    box = (0.5, 0, len(paint) - 0.5, 1) if across else (0, 0.5, 1, len(paint) - 0.5)
    return strip.resize(size, Image.Resampling.BILINEAR, box=box)


class Canvas:
    """A picture in the making. Sizes and places are pixels of the finished picture; the seed decides every chance."""

    def __init__(self, width: int, height: int, seed: str, background: Paint) -> None:
        self.width, self.height = width, height
        self.rng = random.Random(seed)
        self.image = faded(background, (width, height))

    def paint(
        self,
        shapes: Shapes,
        paint: Paint,
        alpha: float = 1.0,
        *,
        blur: float = 0.0,
        within: Shapes | None = None,
        across: bool = False,
    ) -> None:
        """Lay paint on the shapes: thinned by alpha, blurred, kept within other shapes."""
        box = shapes.bounds(blur * 3, self.image.size)
        if within and box and (inner := within.bounds(0, self.image.size)):
            box = max(box[0], inner[0]), max(box[1], inner[1]), min(box[2], inner[2]), min(box[3], inner[3])
        if not box or box[0] >= box[2] or box[1] >= box[3]:
            return
        mask = shapes.mask(box)
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur))
        if within:
            mask = ImageChops.multiply(mask, within.mask(box))
        if alpha < 1:
            mask = mask.point([round(v * alpha) for v in range(256)])
        self.image.paste(faded(paint, mask.size, across), box[:2], mask)

    def glow(self, x: float, y: float, r: float, colour: str, strength: float = 1.0) -> None:
        """Light that adds to what is there and fades out at r."""
        side = max(2, round(r * 2))
        spot = _spot().resize((side, side), Image.Resampling.BILINEAR)
        red, green, blue = (c * strength / 255 for c in ImageColor.getrgb(colour)[:3])
        light = Image.merge("RGB", [spot.point([round(v * c) for v in range(256)]) for c in (red, green, blue)])
        at = (round(x - r), round(y - r))
        box = (max(0, at[0]), max(0, at[1]), min(self.width, at[0] + side), min(self.height, at[1] + side))
        if box[0] < box[2] and box[1] < box[3]:
            light = light.crop((box[0] - at[0], box[1] - at[1], box[2] - at[0], box[3] - at[1]))
            self.image.paste(ImageChops.screen(self.image.crop(box), light), box[:2])

    def text(
        self, x: float, y: float, words: str, size: float, colour: str, anchor: str = "mm", *, bold: float = 0.0
    ) -> None:
        """Words in Pillow's own font; anchor as Pillow names it."""
        font = ImageFont.load_default(size)
        ImageDraw.Draw(self.image).text((x, y), words, colour, font, anchor, stroke_width=bold, stroke_fill=colour)

    def grain(self, amount: float = 6.0) -> None:
        """Fine noise: it gives the flat colours a printed feel and hides the steps of long fades."""
        noise = Image.frombytes("L", self.image.size, self.rng.randbytes(self.width * self.height))
        noise = noise.filter(ImageFilter.GaussianBlur(0.6)).point(
            [round(128 + (v - 127.5) / 64 * amount) for v in range(256)]
        )
        self.image = ImageChops.add(self.image, Image.merge("RGB", (noise, noise, noise)), 1, -128)

    def jpeg(self) -> bytes:
        """For what looks like a photograph."""
        out = BytesIO()
        self.image.save(out, "JPEG", quality=88)
        return out.getvalue()

    def png(self) -> bytes:
        """For flat graphics."""
        out = BytesIO()
        self.image.save(out, "PNG", compress_level=6)
        return out.getvalue()


@cache
def _spot() -> Image.Image:
    # Pillow's gradient is 255 in the corners, 181 at the middle of a side.
    return Image.radial_gradient("L").point([round(255 * max(0.0, 1 - v / 180) ** 1.6) for v in range(256)])


def gif(frames: Sequence[Image.Image], colours: int, milliseconds: int) -> bytes:
    """An endless animation; all frames share the colours of the first."""
    first = frames[0].quantize(colours, Image.Quantize.MEDIANCUT)
    rest = [frame.quantize(palette=first, dither=Image.Dither.NONE) for frame in frames[1:]]
    out = BytesIO()
    first.save(out, "GIF", save_all=True, append_images=rest, duration=milliseconds, loop=0, disposal=1)
    return out.getvalue()
