"""Pictures of the night: the northern lights over a lake, a harbour."""

import math
import random

from PIL import Image, ImageChops, ImageFilter

from board.demo.drawings_brush import Canvas, Shapes, curve, faded, oval, ridge
from board.demo.drawings_land import pine


def _curtain(size: tuple[int, int], rng: random.Random, middle: float, colours: tuple[str, ...]) -> Image.Image:
    """One band of northern lights on black: column by column, sharp below and fading upwards."""
    width = size[0]
    out = Image.new("RGB", size)
    strips = {tall: faded(colours, (1, tall)) for tall in range(40, 181, 4)}
    waves = [(rng.uniform(1.0, 2.2) * k, rng.uniform(0, math.tau), 21 / k) for k in (1, 2, 3.4)]
    rays = [rng.random() for _ in range(width // 3 + 2)]
    for x in range(width):
        foot = middle + sum(math.sin(x / width * math.tau * f + p) * a for f, p, a in waves)
        ray = rays[x // 3] * (1 - x % 3 / 3) + rays[x // 3 + 1] * (x % 3 / 3)
        tall = 40 + round((50 + 75 * ray * (0.6 + 0.4 * math.sin(x / 31 + middle))) / 4) * 4
        strip = strips[min(180, tall)]
        at = (x, round(foot - tall))
        box = (x, at[1], x + 1, at[1] + tall)
        out.paste(ImageChops.add(out.crop(box), strip), at)
    return out.filter(ImageFilter.GaussianBlur(1.6))


def aurora() -> bytes:
    """Northern lights, a lake and a cabin in the snow."""
    c = Canvas(1600, 1200, "aurora", ("#050b22", "#0a1738", "#10284e", "#1a4560", "#2b6a6c", "#2b6a6c"))
    rng = c.rng
    stars = Shapes()
    for _ in range(420):
        stars.disc(rng.uniform(0, 1600), rng.uniform(0, 760), rng.choice((0.8, 1.0, 1.3, 1.9)))
    c.paint(stars, "#e8f1ff", 0.85)
    light = Image.new("RGB", (400, 210))
    for middle, colours in (
        (118, ("#000000", "#1b0b3c", "#3a1a63", "#1d5a56", "#1f8f6a", "#000000")),
        (158, ("#000000", "#2a1050", "#3b2c80", "#1c8f73", "#4be39a", "#0c5a40")),
        (186, ("#000000", "#06202a", "#0d4a48", "#26b083", "#8cffc0", "#0c5a40")),
    ):
        light = ImageChops.screen(light, _curtain((400, 210), rng, middle, colours))
    sky = Image.new("RGB", (400, 210))
    sky.paste(light)
    big = sky.resize((1600, 840), Image.Resampling.BICUBIC)
    c.image.paste(ImageChops.screen(c.image.crop((0, 0, 1600, 840)), big))
    far = ridge(rng, 1600, 830, 170, 0.55)
    c.paint(Shapes().polygon([(0, 900), *far, (1600, 900)]), ("#8fc3c4", "#3d7d88", "#245a6b"))
    near = ridge(rng, 1600, 850, 70, 0.45)
    wood = Shapes().polygon([(0, 900), *near, (1600, 900)])
    for i in range(110):
        x = i * 1600 / 110 + rng.uniform(-8, 8)
        wood.polygon(pine(rng, x, 858, rng.uniform(30, 95)))
    c.paint(wood, ("#0d2c3d", "#0a2031"))
    # The lake gives the sky back, darker and drawn out.
    mirror = c.image.crop((0, 450, 1600, 860)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    mirror = ImageChops.multiply(mirror.resize((1600, 340)), faded(("#b5cbd6", "#5c7f98"), (1600, 340)))
    mirror = mirror.filter(ImageFilter.GaussianBlur((2, 7)))
    c.image.paste(mirror, (0, 860))
    shine = Shapes()
    for _ in range(70):
        y = 866 + 300 * rng.random() ** 1.6
        x, long = rng.uniform(0, 1600), rng.uniform(30, 160)
        shine.polygon(oval(x, y, long, 1.2 + (y - 860) / 160))
    c.paint(shine, "#a9f2d4", 0.16, blur=1)
    bank = [(0, 1080), (200, 1062), (430, 1075), (700, 1108), (980, 1118), (1250, 1080), (1600, 1050)]
    c.paint(Shapes().polygon([(0, 1200), *curve(bank), (1600, 1200)]), ("#d7f1ee", "#8fc0c8", "#5f93a8"))
    _cabin(c, 330, 1092)
    trees = [
        (60, 1090, 330),
        (150, 1100, 230),
        (620, 1125, 150),
        (1330, 1090, 260),
        (1440, 1084, 400),
        (1550, 1086, 300),
    ]
    for x, foot, tall in trees:
        c.paint(Shapes().polygon(oval(x + 14, foot, tall * 0.2, 9)), "#4c7c93", 0.6, blur=5)
        c.paint(Shapes().polygon(pine(rng, x, foot, tall)), ("#16394a", "#081a2a"))
        snow = Shapes()
        for i in range(3, 8):
            y, reach = foot - tall * (1 - i / 9), tall * 0.13 * i / 9
            snow.polygon([(x - reach, y), (x - reach * 0.2, y - tall * 0.05), (x + reach * 0.5, y), (x, y - 3)])
        c.paint(snow, "#d9f3ee", 0.75)
    c.grain(6)
    return c.jpeg()


def _cabin(c: Canvas, x: float, y: float) -> None:
    c.paint(Shapes().box(x - 92, y - 84, x + 92, y + 10), ("#5b3030", "#3c1f26"))
    boards = Shapes()
    for i in range(1, 7):
        boards.line([(x - 92, y - 84 + i * 13), (x + 92, y - 84 + i * 13)], 1.6)
    c.paint(boards, "#2c161d", 0.7)
    c.paint(Shapes().box(x + 44, y - 168, x + 70, y - 96), "#3a2730")
    c.paint(Shapes().polygon([(x - 122, y - 78), (x, y - 160), (x + 122, y - 78)]), "#2c1820")
    c.paint(
        Shapes().polygon([(x - 130, y - 86), (x, y - 176), (x + 130, y - 86), (x, y - 152)]), ("#f4fffb", "#b9dfe2")
    )
    c.paint(Shapes().box(x + 40, y - 176, x + 74, y - 166, 4), "#eefaf7")
    smoke = curve([(x + 57, y - 182), (x + 74, y - 236), (x + 46, y - 300), (x + 92, y - 372)])
    for i, (sx, sy) in enumerate(smoke[::2]):
        c.paint(Shapes().disc(sx, sy, 9 + i * 1.9), "#cfe9e6", 0.16, blur=6)
    c.paint(Shapes().box(x - 66, y - 62, x - 12, y - 18), ("#ffe9a8", "#ffb84d"))
    c.paint(Shapes().box(x + 22, y - 62, x + 62, y + 10), "#25131a")
    c.paint(Shapes().box(x - 41, y - 62, x - 37, y - 18).box(x - 66, y - 42, x - 12, y - 38), "#3c1f26")
    c.glow(x - 39, y - 40, 190, "#ff9a3c", 0.6)
    c.paint(
        Shapes().polygon([(x - 66, y + 12), (x - 12, y + 12), (x + 6, y + 62), (x - 96, y + 62)]),
        "#ffd98a",
        0.4,
        blur=7,
    )


def harbour() -> bytes:
    """Coloured houses and boats, mirrored."""
    c = Canvas(1600, 1200, "harbour", ("#0c1238", "#1e2760", "#46407f", "#9a5c86", "#e58f7c", "#e58f7c", "#e58f7c"))
    rng = c.rng
    stars = Shapes()
    for _ in range(150):
        stars.disc(rng.uniform(0, 1600), rng.uniform(0, 330), rng.choice((0.9, 1.2, 1.8)))
    c.paint(stars, "#fff5dc", 0.8)
    c.glow(1270, 170, 260, "#8f86c9", 0.55)
    c.paint(Shapes().disc(1270, 170, 50).cut().disc(1248, 158, 46), "#fff3d1")
    hill = ridge(rng, 1600, 640, 150, 0.4)
    c.paint(Shapes().polygon([(0, 740), *hill, (1600, 740)]), ("#372f63", "#2a2750"))
    homes = Shapes()
    for _ in range(70):
        x, y = rng.uniform(0, 1600), rng.uniform(560, 650)
        homes.box(x, y, x + 6, y + 7)
    c.paint(homes, "#ffce7a", 0.8)
    church = (
        Shapes().box(770, 380, 816, 640).polygon([(762, 384), (793, 210), (824, 384)]).line([(793, 190), (793, 220)], 3)
    )
    c.paint(church, ("#2d2a58", "#26234a"))
    c.paint(Shapes().disc(793, 420, 13), "#ffd98c")
    x = -40.0
    walls = ("#b5473f", "#d79a45", "#3f7f86", "#e3cfa8", "#8a4a63", "#4a6aa3", "#c9713f")
    for i in range(14):
        wide, tall = rng.uniform(96, 142), rng.uniform(170, 300)
        _house(c, x, 700, wide, tall, walls[i * 3 % 7], gable=i % 3 != 1)
        x += wide + 2
    c.paint(Shapes().box(0, 688, 1600, 722), ("#574a5c", "#2d2740"))
    for x in range(60, 1600, 210):
        c.paint(Shapes().line([(x, 690), (x, 600)], 5).disc(x, 594, 9), "#241f38")
        c.paint(Shapes().disc(x, 594, 6), "#fff2c2")
        c.glow(x, 596, 110, "#ffab52", 0.65)
    for x, size, colour in (
        (250, 1.0, "#e9e2d2"),
        (640, 0.8, "#b5473f"),
        (1010, 1.15, "#2f6f7a"),
        (1420, 0.9, "#e0b04f"),
    ):
        _yacht(c, x, 722, size, colour)
    _mirror(c, 722, 478)
    trail = Shapes()
    for i in range(44):
        y = 735 + i * 10
        trail.polygon(oval(1270 + rng.uniform(-14, 14), y, rng.uniform(8, 22 + i), 1.8))
    c.paint(trail, "#fff0c9", 0.4, blur=1)
    _rowing_boat(c, 520, 1010)
    c.grain(6)
    return c.jpeg()


def _house(c: Canvas, x: float, foot: float, wide: float, tall: float, wall: str, *, gable: bool) -> None:
    top = foot - tall
    c.paint(Shapes().box(x, top, x + wide, foot), (wall, "#3a2a4a"))
    roof = [(x - 5, top + 3), (x + wide / 2, top - wide * 0.55), (x + wide + 5, top + 3)]
    if not gable:
        roof = [(x - 5, top + 3), (x + 12, top - 46), (x + wide - 12, top - 46), (x + wide + 5, top + 3)]
    c.paint(Shapes().polygon(roof), ("#5c3a4e", "#3c2942"))
    c.paint(Shapes().box(x + wide * 0.68, top - 62, x + wide * 0.8, top - 12), "#3c2942")
    columns = 3 if wide > 118 else 2
    lit, dark, frames = Shapes(), Shapes(), Shapes()
    for row in range(int((tall - 60) // 58)):
        for k in range(columns):
            wx, wy = x + wide * (k + 0.5) / columns - 13, top + 22 + row * 58
            (lit if c.rng.random() < 0.62 else dark).box(wx, wy, wx + 26, wy + 34, 3)
            frames.box(wx + 12, wy, wx + 14, wy + 34).box(wx, wy + 15, wx + 26, wy + 17)
    c.paint(dark, ("#2a2f5a", "#3f4472"))
    c.paint(lit, ("#fff0b5", "#ffbf5e"))
    c.paint(frames, "#4a3040", 0.8)
    c.paint(Shapes().box(x + wide / 2 - 15, foot - 50, x + wide / 2 + 15, foot, 4), "#3b2433")
    if gable:
        c.paint(Shapes().disc(x + wide / 2, top - wide * 0.17, 9), "#ffd98c")


def _yacht(c: Canvas, x: float, y: float, size: float, colour: str) -> None:
    mast, boom = 330 * size, 105 * size
    lines = Shapes().line([(x, y - 20), (x, y - mast)], 4.5).line([(x, y - 62 * size), (x + boom, y - 66 * size)], 4)
    lines.line([(x, y - mast), (x - 112 * size, y - 34 * size)], 1.5).line(
        [(x, y - mast), (x + 120 * size, y - 36 * size)], 1.5
    )
    c.paint(lines, "#e9d9c4", 0.9)
    c.paint(Shapes().line([(x + 6, y - 68 * size), (x + boom, y - 72 * size)], 13 * size), "#f0e6d6")
    c.paint(Shapes().box(x - 42 * size, y - 58 * size, x + 52 * size, y - 24 * size, 9 * size), ("#f4e9d8", "#b79f9c"))
    c.paint(
        Shapes()
        .box(x - 24 * size, y - 50 * size, x - 6 * size, y - 38 * size, 4)
        .box(x + 8, y - 50 * size, x + 34 * size, y - 38 * size, 4),
        "#ffc766",
    )
    hull = [
        (x - 124 * size, y - 38 * size),
        (x + 128 * size, y - 38 * size),
        (x + 104 * size, y + 2),
        (x - 88 * size, y + 2),
    ]
    c.paint(Shapes().polygon(hull), (colour, "#2a2444"))
    c.paint(Shapes().line([(x - 118 * size, y - 31 * size), (x + 124 * size, y - 31 * size)], 3), "#fff6e2", 0.8)
    c.glow(x, y - mast, 34, "#fff0c0", 0.9)


def _mirror(c: Canvas, level: int, depth: int) -> None:
    """Water below level: what is above it, upside down, darker, and broken by ripples that grow towards us."""
    above = c.image.crop((0, level - depth, c.width, level)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    above = above.filter(ImageFilter.GaussianBlur((2, 7)))
    above = ImageChops.multiply(above, faded(("#b7b0cf", "#5b5c8f", "#2f3364"), above.size))
    y = 0
    while y < depth:
        thick = 2 + y // 120
        swing = 1 + y * 0.04
        shift = round(math.sin(y * 0.31 + math.sin(y * 0.043) * 3) * swing * 0.6 + c.rng.uniform(-1, 1) * swing * 0.8)
        c.image.paste(ImageChops.offset(above.crop((0, y, c.width, min(depth, y + thick))), shift, 0), (0, level + y))
        y += thick
    c.paint(Shapes().box(0, level, c.width, level + 3), "#1b1838", 0.7)


def _rowing_boat(c: Canvas, x: float, y: float) -> None:
    c.glow(x + 70, y + 40, 330, "#ff9d45", 0.5)
    glitter = Shapes()
    for i in range(30):
        glitter.polygon(oval(x + 70 + c.rng.uniform(-1, 1) * (20 + i * 4), y + 34 + i * 5, c.rng.uniform(8, 40), 2))
    c.paint(glitter, "#ffd08a", 0.6, blur=1)
    c.paint(Shapes().polygon(oval(x, y + 34, 190, 16)), "#0d1030", 0.75, blur=6)
    hull = curve(
        [(x - 190, y - 40), (x - 150, y + 22), (x - 40, y + 40), (x + 70, y + 38), (x + 150, y + 14), (x + 196, y - 52)]
    )
    rim = curve([(x + 196, y - 52), (x + 90, y - 24), (x - 60, y - 20), (x - 190, y - 40)])
    c.paint(Shapes().polygon(hull + rim), ("#8c5a44", "#3d2438"))
    planks = Shapes()
    for k in (0.34, 0.67):
        planks.line([(px, py + (-22 - py + y) * k * 0.9) for px, py in hull[6:-6]], 2)
    c.paint(planks, "#2b1830", 0.6)
    c.paint(Shapes().line(rim, 7), "#c58a5c")
    c.paint(
        Shapes().line([(x - 90, y - 26), (x - 250, y + 52)], 6).polygon(oval(x - 262, y + 58, 30, 9, 154)), "#b98a63"
    )
    c.paint(
        Shapes().line([(x + 70, y - 26), (x + 70, y - 96)], 5).line([(x + 70, y - 96), (x + 96, y - 96)], 4), "#2b1830"
    )
    c.paint(Shapes().box(x + 84, y - 92, x + 108, y - 58, 6), ("#fff6cf", "#ffb347"))
    c.glow(x + 96, y - 74, 150, "#ffb055", 0.9)
