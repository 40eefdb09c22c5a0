"""Pictures of the open country: mountains at dawn, a train in autumn."""

import math
import random

from board.demo.drawings_brush import Canvas, Points, Shapes, curve, move, oval, ridge


def pine(rng: random.Random, x: float, foot: float, height: float) -> Points:
    """The outline of a pine: ragged tiers, wider towards the foot."""
    left: Points = []
    right: Points = []
    tiers = max(4, round(height / 22))
    for i in range(1, tiers + 1):
        y, reach = foot - height * (1 - i / tiers), height * 0.2 * i / tiers
        left += [(x - reach * rng.uniform(0.85, 1.1), y), (x - reach * 0.5, y - height * 0.015)]
        right += [(x + reach * rng.uniform(0.85, 1.1), y), (x + reach * 0.5, y - height * 0.015)]
    return [(x, foot - height), *right, *left[::-1]]


def mountains() -> bytes:
    """Dawn over misty ridges."""
    c = Canvas(1600, 1200, "mountains", ("#39426f", "#7d6c97", "#d88f93", "#fbc08a", "#ffe6b0", "#fff0cf"))
    rng = c.rng
    c.glow(1010, 520, 620, "#ff9d5c", 0.75)
    c.glow(1010, 520, 260, "#ffe2a0", 0.9)
    c.paint(Shapes().disc(1010, 520, 74), ("#fff6d8", "#ffe7a6"))
    for top, left, wide in ((210, 330, 300), (250, 520, 210), (330, 1290, 260), (160, 1180, 170)):
        cloud = Shapes()
        for i in range(4):
            cloud.polygon(oval(left + i * wide * 0.22, top + i % 2 * 9, wide * (0.5 - i * 0.06), 9 + i * 2))
        c.paint(cloud, ("#ffd9c0", "#e7a3a0"), 0.55, blur=5)
    layers = [
        (640, 190, 0.56, ("#c99aa6", "#f3c6b0", "#fbdcbc")),
        (740, 230, 0.58, ("#a57f9b", "#dba9a8", "#f2c8b2")),
        (850, 240, 0.56, ("#7a6890", "#b189a0", "#dcaaa8")),
        (960, 230, 0.55, ("#4f5280", "#80708f", "#b98f9c")),
        (1070, 210, 0.53, ("#2f3f68", "#55587f", "#8a7590")),
    ]
    for base, height, rough, colours in layers:
        hills = ridge(rng, 1600, base, height, rough)
        c.paint(Shapes().polygon([(0, base + 330), *hills, (1600, base + 330)]), colours)
        mist = Shapes()
        for _ in range(5):
            mist.polygon(oval(rng.uniform(0, 1600), base + rng.uniform(30, 90), rng.uniform(200, 420), 22))
        c.paint(mist, "#fff0dd", 0.30, blur=26)
    for base, height, tall, gap, tones in (
        (1130, 120, 110, 21, ("#1e3557", "#31456a")),
        (1215, 150, 190, 38, ("#0f2039", "#0a1526")),
    ):
        ground = ridge(rng, 1600, base, height, 0.45)
        wood = Shapes().polygon([(0, 1200), *ground, (1600, 1200)])
        x = -10.0
        while x < 1610:
            foot = ground[min(len(ground) - 1, max(0, round(x / 1600 * (len(ground) - 1))))][1]
            wood.polygon(pine(rng, x, foot + 12, tall * rng.uniform(0.55, 1.15)))
            x += gap * rng.uniform(0.5, 1.6)
        c.paint(wood, tones)
    birds = Shapes()
    for x, y, wing in ((560, 420, 26), (625, 395, 20), (668, 432, 16), (500, 380, 15), (720, 402, 13)):
        birds.line(curve([(x - wing, y - wing * 0.35), (x - wing * 0.4, y - wing * 0.45), (x, y)]), 3.2)
        birds.line(curve([(x, y), (x + wing * 0.4, y - wing * 0.5), (x + wing, y - wing * 0.3)]), 3.2)
    c.paint(birds, "#4b3f66")
    c.grain(6)
    return c.jpeg()


def viaduct() -> bytes:
    """A steam train over an autumn valley, as a wide panorama."""
    c = Canvas(2800, 960, "viaduct", ("#8cc4cf", "#bfe0d8", "#f6e9c4", "#fbd9a0"))
    rng = c.rng
    c.glow(2230, 300, 420, "#ffdf9a", 0.6)
    c.paint(Shapes().disc(2230, 260, 62), "#fff4cf")
    for base, height, colours in (
        (430, 220, ("#a9c6c1", "#d3dcc4")),
        (500, 210, ("#7fa79d", "#b9c294")),
        (570, 200, ("#c79a55", "#d9b866", "#8f9a4c", "#6f8442")),
    ):
        c.paint(Shapes().polygon([(0, 960), *ridge(rng, 2800, base, height, 0.42), (2800, 960)]), colours)
    _woods(c, 520, (480, 850), (9, 24))
    deck, foot = 470.0, 900.0
    stone = Shapes().box(-10, deck, 2810, deck + 46)
    for i in range(15):
        x = -60.0 + i * 205
        stone.polygon([(x, deck + 30), (x + 60, deck + 30), (x + 68, foot), (x - 8, foot)])
        arch = oval(x + 132, deck + 150, 73, 88)[24:]
        stone.polygon(
            [(x + 59, deck + 40), (x + 205, deck + 40), (x + 205, deck + 150), *arch[::-1], (x + 59, deck + 150)]
        )
    c.paint(stone, ("#e8cfa4", "#c79a72", "#8f6a60"))
    lines = Shapes()
    for _ in range(620):
        x, y = rng.uniform(0, 2800), rng.uniform(deck + 12, foot)
        lines.line([(x, y), (x + rng.uniform(8, 22), y)], 1.6)
    c.paint(lines, "#8d6550", 0.35, within=stone)
    c.paint(Shapes().box(0, deck - 8, 2800, deck + 4), "#f3dfb6")
    c.paint(Shapes().box(0, deck + 34, 2800, deck + 44), "#a67b5e", 0.8)
    _train(c, 1020, deck - 8)
    for x0, x1, top in ((-200, 860, 790), (1560, 3000, 780)):
        bank = [(x0, 1060), (x0, top + 70), ((x0 + x1) / 2, top), (x1, 890), (x1 + 60, 1060)]
        c.paint(Shapes().polygon(curve(bank)), ("#c9b457", "#7d8a3f", "#5f7437"))
    river = curve([(700, 890), (1100, 870), (1500, 872), (1760, 885), (2000, 965)])
    c.paint(Shapes().polygon([(560, 965), *river, (2000, 965)]), ("#a9d8d4", "#4f929f"))
    gleam = Shapes()
    for _ in range(60):
        gleam.polygon(oval(rng.uniform(720, 1800), rng.uniform(892, 955), rng.uniform(15, 70), 2))
    c.paint(gleam, "#f6f0d2", 0.55)
    for x, y in ((1900, 868), (2010, 842), (2052, 900), (2240, 824), (2330, 862), (470, 822), (560, 868)):
        _sheep(c, x, y)
    for i, (x, y, r) in enumerate(
        (
            *((150, 690, 92), (330, 800, 66), (40, 830, 120), (210, 900, 84), (420, 930, 58), (690, 930, 34)),
            *((2560, 720, 96), (2420, 820, 60), (2690, 800, 120), (2480, 930, 80), (2780, 900, 110), (2200, 950, 40)),
        )
    ):
        _tree(c, x, y, r, AUTUMN[i % 4])
    c.grain(5)
    return c.jpeg()


AUTUMN = (("#eaa53f", "#b5642b"), ("#dd5f35", "#98352a"), ("#f3c651", "#c98f35"), ("#9aa54c", "#5c7038"))


def _woods(c: Canvas, count: int, depth: tuple[float, float], size: tuple[float, float]) -> None:
    """Small trees all over a slope, the far ones first."""
    for i in range(count):
        share = i / count
        x, y = c.rng.uniform(0, c.width), depth[0] + (depth[1] - depth[0]) * share + c.rng.uniform(-16, 16)
        r = (size[0] + (size[1] - size[0]) * share) * c.rng.uniform(0.8, 1.25)
        c.paint(Shapes().line([(x, y), (x, y + r * 1.7)], max(2.0, r * 0.16)), "#5f4036")
        c.paint(Shapes().polygon(oval(x, y, r, r * 1.2, steps=24)), c.rng.choice(AUTUMN))


def _tree(c: Canvas, x: float, y: float, r: float, colours: tuple[str, str]) -> None:
    """A near tree: a crown of many lobes with the light from the right."""
    trunk = Shapes().polygon(
        [(x - r * 0.07, y), (x + r * 0.07, y), (x + r * 0.13, y + r * 2.2), (x - r * 0.13, y + r * 2.2)]
    )
    trunk.line([(x, y + r * 0.9), (x + r * 0.5, y + r * 0.4)], r * 0.07).line(
        [(x, y + r), (x - r * 0.5, y + r * 0.5)], r * 0.07
    )
    c.paint(trunk, ("#7a5344", "#4a3230"))
    light, dark = colours
    crown = Shapes()
    for i in range(11):
        a = math.tau * i / 11
        lobe = c.rng.uniform(0.36, 0.5) * r
        crown.disc(x + math.cos(a) * r * 0.66, y + math.sin(a) * r * 0.72, lobe)
    c.paint(crown.disc(x, y, r * 0.7), (light, dark))
    for _ in range(9):
        a, far = c.rng.uniform(0, math.tau), c.rng.uniform(0.1, 0.75) * r
        spot = oval(x + r * 0.12 + math.cos(a) * far, y - r * 0.1 + math.sin(a) * far, r * 0.22, r * 0.17)
        c.paint(Shapes().polygon(spot), c.rng.choice((light, light, dark)), 0.45, within=crown)


def _train(c: Canvas, x: float, y: float) -> None:
    """A small steam train running to the right, its engine's nose at x + 640."""
    smoke = Shapes()
    for i in range(13):
        px, py, r = x + 598 - i * 58, y - 146 - 52 * math.sqrt(i) - c.rng.uniform(0, 14), 20 + i * 4.6
        smoke.disc(px, py, r).disc(px - r * 0.7, py + r * 0.35, r * 0.7).disc(px + r * 0.6, py + r * 0.3, r * 0.7)
    c.paint(smoke, ("#ffffff", "#fff3e2", "#e9d3c4"))
    for i, colours in enumerate((("#b8443a", "#8c2f33"), ("#2f6f73", "#23545c"), ("#b8443a", "#8c2f33"))):
        left = x + i * 142
        c.paint(Shapes().box(left, y - 84, left + 130, y - 16, 8), colours)
        c.paint(Shapes().box(left - 4, y - 92, left + 134, y - 80, 5), "#40323a")
        c.paint(Shapes().box(left + 128, y - 28, left + 146, y - 20), "#2f262c")
        panes = Shapes()
        for k in range(4):
            panes.box(left + 10 + k * 29, y - 70, left + 32 + k * 29, y - 44, 4)
        c.paint(panes, ("#fff3c4", "#f7cf7d"))
        c.paint(Shapes().disc(left + 28, y - 13, 14).disc(left + 102, y - 13, 14), "#2b2329")
        c.paint(Shapes().disc(left + 28, y - 13, 6).disc(left + 102, y - 13, 6), "#b5a08a")
    e = x + 426
    dark = (
        Shapes()
        .box(e, y - 34, e + 214, y - 18)
        .box(e, y - 118, e + 66, y - 20, 4)
        .box(e - 8, y - 126, e + 76, y - 114, 4)
    )
    c.paint(dark, "#20383a")
    c.paint(Shapes().box(e + 60, y - 92, e + 196, y - 34, 26), ("#3f8a7d", "#1f4f4e"))
    c.paint(Shapes().box(e + 164, y - 142, e + 186, y - 84).box(e + 158, y - 150, e + 192, y - 138, 3), "#20383a")
    c.paint(Shapes().disc(e + 112, y - 92, 14).box(e + 98, y - 92, e + 126, y - 84), "#d9a441")
    c.paint(Shapes().box(e + 88, y - 92, e + 93, y - 34).box(e + 140, y - 92, e + 145, y - 34), "#d9a441")
    c.paint(Shapes().box(e + 12, y - 104, e + 52, y - 72, 4), ("#fff3c4", "#f7cf7d"))
    c.paint(Shapes().polygon([(e + 200, y - 30), (e + 236, y - 2), (e + 196, y - 2)]), "#b8443a")
    for wx, r in ((e + 34, 21), (e + 88, 21), (e + 140, 15), (e + 180, 15)):
        c.paint(Shapes().disc(wx, y - r + 1, r), "#2b2329")
        c.paint(Shapes().ring(wx, y - r + 1, r * 0.7, 3), "#b8443a")
    c.paint(Shapes().line([(e + 34, y - 18), (e + 120, y - 18)], 6), "#e8dcc0")


def _sheep(c: Canvas, x: float, y: float) -> None:
    c.paint(Shapes().line([(x - 10, y), (x - 10, y + 18)], 4).line([(x + 10, y), (x + 10, y + 18)], 4), "#3d3436")
    wool = Shapes()
    for dx, dy, r in ((-14, 0, 11), (0, -6, 13), (14, 0, 11), (0, 4, 13)):
        wool.disc(x + dx, y + dy, r)
    c.paint(wool, ("#fffaf0", "#dccfbd"))
    c.paint(Shapes().polygon(move(oval(0, 0, 7, 9, 20), x + 24, y - 4)), "#3d3436")
