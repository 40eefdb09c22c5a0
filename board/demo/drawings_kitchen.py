"""Pictures from the kitchen: a loaf of bread, and a jar of sourdough starter, which grows."""

import math

from PIL import Image

from board.demo.drawings_brush import Canvas, Points, Shapes, curve, gif, move, oval, turn


def bread() -> bytes:
    """A round loaf from above, square."""
    c = Canvas(1200, 1200, "bread", ("#e9ded0", "#dccdbd"))
    weave = Shapes()
    for k in range(-2, 24):
        weave.line([(k * 78 - 200, -10), (k * 78 + 120, 1210)], 9).line([(-10, k * 78 - 160), (1210, k * 78 + 40)], 9)
    c.paint(weave, "#6f93a8", 0.32)
    board = Shapes().disc(600, 610, 520).line([(600, 610), (1090, 120)], 96)
    c.paint(Shapes().disc(612, 640, 522).line([(612, 640), (1100, 146)], 96), "#5c4436", 0.5, blur=22)
    c.paint(board, ("#e6bf8a", "#d3a066", "#bd8650"))
    grain = Shapes()
    for k in range(58):
        y = 90 + k * 18 + c.rng.uniform(-6, 6)
        x = c.rng.uniform(60, 700)
        grain.line(curve([(x, y), (x + 180, y + c.rng.uniform(-9, 9)), (x + c.rng.uniform(300, 520), y + 4)]), 2.4)
    c.paint(grain, "#96633a", 0.4, within=board)
    c.paint(Shapes().disc(1066, 144, 15), "#4f3020")
    c.paint(Shapes().ring(600, 610, 512, 8), "#f0c48a", 0.35)
    x, y, r = 590.0, 610.0, 392.0
    c.paint(Shapes().disc(x + 26, y + 44, r + 6), "#3d2418", 0.65, blur=26)
    loaf = Shapes().disc(x, y, r)
    c.paint(loaf, ("#b8702f", "#8f4d22", "#662f16"))
    for grow, dx, colour, alpha in ((0.88, 14, "#c47a35", 0.7), (0.7, 34, "#d8954a", 0.6), (0.46, 60, "#e8b066", 0.5)):
        c.paint(Shapes().disc(x - dx, y - dx * 1.2, r * grow), colour, alpha, blur=44, within=loaf)
    for k in range(9):
        ring = Shapes().ring(x, y, 92 + k * 38, 13)
        c.paint(ring, "#fff4de", 0.62 if k > 1 else 0.35, blur=5, within=loaf)
    blisters = Shapes()
    for _ in range(260):
        a, far = c.rng.uniform(0, math.tau), r * math.sqrt(c.rng.random())
        blisters.disc(x + math.cos(a) * far, y + math.sin(a) * far, c.rng.uniform(1.5, 4.5))
    c.paint(blisters, "#6d381a", 0.45, within=loaf)
    _wheat(c, x, y, loaf)
    dust = Shapes()
    for _ in range(420):
        a, far = c.rng.uniform(0, math.tau), c.rng.uniform(0.2, 1.36) * r
        dust.disc(x + math.cos(a) * far, y + math.sin(a) * far, c.rng.choice((1.2, 1.6, 2.6)))
    c.paint(dust, "#fff8ea", 0.75, within=board)
    crumbs = Shapes()
    for _ in range(46):
        a, far = c.rng.uniform(0.1, 1.3), c.rng.uniform(1.05, 1.24) * r
        crumbs.polygon(
            oval(x + math.cos(a) * far, y + math.sin(a) * far, c.rng.uniform(3, 8), 4, c.rng.uniform(0, 90), 7)
        )
    c.paint(crumbs, ("#e8b56c", "#a8642f"))
    c.grain(6)
    return c.jpeg()


def _wheat(c: Canvas, x: float, y: float, loaf: Shapes) -> None:
    """The ear of wheat cut into the crust: each cut opens to the pale crumb."""
    cuts = [((x, y + 345), (x, y + 20), 9.0), ((x, y - 215), (x, y - 345), 26.0)]
    for k in range(6):
        foot = y + 215 - k * 76
        cuts += [((x + side * 8, foot), (x + side * 120, foot - 122), 25.0) for side in (-1, 1)]
    for (x0, y0), (x1, y1), wide in cuts:
        long = math.hypot(x1 - x0, y1 - y0)
        nx, ny = -(y1 - y0) / long * wide, (x1 - x0) / long * wide
        spine = [
            (x0 + (x1 - x0) * t / 20, y0 + (y1 - y0) * t / 20, math.sin(math.pi * t / 20) ** 0.8) for t in range(21)
        ]
        lens = [(px + nx * w, py + ny * w) for px, py, w in spine] + [
            (px - nx * w, py - ny * w) for px, py, w in spine[::-1]
        ]
        c.paint(Shapes().polygon(lens), "#4a2210", 0.75, blur=5, within=loaf)
        c.paint(Shapes().polygon(move(lens, -4, -4)), ("#fff0cd", "#f0c988"), within=loaf)
        c.paint(Shapes().line([(x0, y0), (x1, y1)], 2.5), "#c98d4f", 0.6, within=loaf)


def starter() -> bytes:
    """A day in the life of a sourdough starter, in two seconds and a half."""
    return gif([_hour((k / 24 + 0.4) % 1) for k in range(24)], 96, 110)


def _hour(t: float) -> Image.Image:
    c = Canvas(480, 480, "starter", ("#f6d8a8", "#f2c58c", "#eeb87c"))
    rise = 0.5 - 0.5 * math.cos(t * math.tau)
    c.paint(Shapes().disc(240, 210, 168), "#fbe8c6", 0.7)
    c.paint(Shapes().box(0, 404, 480, 480), ("#7fb0a8", "#5f948e"))
    c.paint(Shapes().polygon(oval(240, 424, 130, 16)), "#3f6f6a", 0.5, blur=5)
    jar = Shapes().box(138, 120, 342, 424, 34)
    c.paint(jar, ("#e8f3f0", "#d3e6e2"), 0.75)
    level = 316 - 168 * rise
    wobble = [(x, level + math.sin(x / 24 + t * math.tau * 2) * (3 + 4 * rise)) for x in range(138, 346, 8)]
    dough = Shapes().polygon([(138, 424), *wobble, (342, 424)])
    if rise > 0.93:
        dough.polygon(oval(240, level - 4, 104, 30))
    c.paint(dough, ("#fff3d8", "#f2dfb4", "#e2c68e"), within=Shapes().box(142, 90, 338, 420, 32))
    inside = Shapes().polygon([(146, 416), *((x, y + 8) for x, y in wobble[1:-1]), (334, 416)])
    bubbles, shine = Shapes(), Shapes()
    for _ in range(26):
        x, start, size = c.rng.uniform(150, 330), c.rng.random(), c.rng.uniform(3, 11) * (0.5 + 0.6 * rise)
        y = 414 - (start * 0.75 + 0.2 * rise) * (414 - level)
        bubbles.disc(x, y, size)
        shine.disc(x - 1.5, y - 1.5, size * 0.45)
    c.paint(bubbles, "#cfae74", 0.6, within=inside)
    c.paint(shine, "#fffaf0", 0.7, within=inside)
    face = level + 46
    blink = 0.15 if 0.0 <= t < 0.05 or 0.55 < t < 0.63 else 1.0
    for side in (-1, 1):
        c.paint(Shapes().disc(240 + side * 38, face, 11, 13 * blink), "#5a3a2a")
        if blink == 1.0:
            c.paint(Shapes().disc(236 + side * 38, face - 4, 4), "#ffffff")
        c.paint(Shapes().polygon(oval(240 + side * 66, face + 18, 15, 9)), "#f2a58f", 0.8)
    if rise > 0.8:
        c.paint(Shapes().polygon(oval(240, face + 24, 13, 15)), "#8f4a3a")
    else:
        c.paint(Shapes().line(curve([(224, face + 17), (240, face + 26 + 5 * rise), (256, face + 17)]), 5), "#5a3a2a")
    c.paint(Shapes().box(152, 140, 166, 400, 7), "#ffffff", 0.6)
    c.paint(Shapes().box(134, 312, 346, 320, 3), "#e4573d")
    c.paint(Shapes().box(130, 112, 350, 134, 10), ("#ffffff", "#c9dedb"), 0.85)
    c.paint(Shapes().line(curve([(340, 128), (366, 150), (392, 196)]), 3), "#8f5a3a")
    tag = turn([(346, 196), (440, 196), (440, 242), (346, 242)], 7, (393, 196))
    c.paint(Shapes().polygon(move(tag, 3, 5)), "#8f5a3a", 0.4, blur=4)
    c.paint(Shapes().polygon(tag), "#fffaf0")
    c.text(391, 220, "Gerald", 25, "#3f5f6a", bold=0.5)
    lid = 81 - 24 * max(0.0, rise - 0.75) * 4
    lid_shape: Points = turn(
        [(134, lid), (346, lid), (346, lid + 32), (134, lid + 32)], 9 * max(0.0, rise - 0.75) * 4, (240, lid + 16)
    )
    c.paint(Shapes().polygon(lid_shape), ("#d98a4a", "#b5683a"))
    knob = turn(
        [(222, lid - 18), (258, lid - 18), (258, lid + 2), (222, lid + 2)],
        9 * max(0.0, rise - 0.75) * 4,
        (240, lid + 16),
    )
    c.paint(Shapes().polygon(knob), "#a85f34")
    return c.image
