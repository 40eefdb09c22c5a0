"""A wall of tools, each in its place but one."""

import math

from board.demo.drawings_brush import Canvas, Points, Shapes, curve, move, oval, turn


def tools() -> bytes:
    """A wall of them, with one outline empty."""
    c = Canvas(1600, 1200, "tools", ("#8a5f45", "#75503c"))
    c.paint(Shapes().box(60, 60, 1540, 1000, 14), "#3d2a20", 0.6, blur=14)
    c.paint(Shapes().box(56, 50, 1544, 990, 14), ("#c98f5c", "#a87145"))
    c.paint(Shapes().box(80, 74, 1520, 966, 6), ("#f0dcb4", "#e2c898"))
    holes = Shapes()
    for x in range(112, 1510, 42):
        for y in range(104, 950, 42):
            holes.disc(x, y, 4.5)
    c.paint(holes, "#b8925f", 0.8)
    c.glow(500, 100, 760, "#fff2cf", 0.16)
    _hammer(c, 210, 180)
    _saw(c, 340, 190)
    for k, (size, there) in enumerate(((1.0, True), (0.9, True), (0.8, False), (0.7, True), (0.6, True))):
        _spanner(c, 916 + k * 130, 190, size, there=there)
    for k, tone in enumerate(("#e4573d", "#f2b632", "#3f8fb0", "#5f9a5a")):
        _screwdriver(c, 850 + k * 118, 612, tone, 1 - k * 0.08)
    _pliers(c, 260, 580)
    _tape(c, 540, 808)
    _scissors(c, 600, 466)
    _brush(c, 1400, 560)
    note = turn([(1096, 422), (1290, 422), (1290, 540), (1096, 540)], -3, (1180, 422))
    c.paint(Shapes().polygon(move(note, 5, 9)), "#5a4028", 0.45, blur=6)
    c.paint(Shapes().polygon(note), ("#ffe99a", "#f7d76a"))
    c.text(1192, 464, "10 mm: gone", 28, "#4a3d2a", bold=0.5)
    c.text(1194, 502, "again. Tomasz?", 25, "#4a3d2a")
    c.paint(Shapes().disc(1180, 430, 11), ("#ef6a52", "#c23a34"))
    c.paint(Shapes().box(0, 1070, 1600, 1200), ("#b57a4c", "#8a5638"))
    c.paint(Shapes().box(0, 1060, 1600, 1080), "#d9a26a")
    for k, (tone, fill) in enumerate((("#c9d8dc", "#8f9aa0"), ("#c9d8dc", "#b98d4f"), ("#c9d8dc", "#d8694a"))):
        _jar(c, 200 + k * 150, tone, fill)
    _shavings(c)
    c.grain(6)
    return c.jpeg()


def _hang(c: Canvas, shape: Shapes, outline: Shapes) -> None:
    """The white silhouette on the wall that says whose place this is, and the shadow of what hangs there."""
    c.paint(outline, "#fffaf0", 0.95)
    c.paint(shape, "#5a4028", 0.4, blur=9)


def _hammer(c: Canvas, x: float, y: float) -> None:
    head = [
        (-86, -10),
        (-60, -34),
        (40, -34),
        (48, -44),
        (92, -44),
        (92, 36),
        (48, 36),
        (40, 26),
        (-10, 26),
        (-60, 8),
        (-96, 20),
    ]
    handle = [(-19, 20), (19, 20), (25, 360), (17, 384), (-17, 384), (-25, 360)]
    points = [move(head, x, y), move(handle, x, y)]
    outline, shadow = Shapes(), Shapes()
    for p in points:
        outline.polygon(p).line([*p, p[0]], 22)
        shadow.polygon(move(p, 10, 12))
    _hang(c, shadow, outline)
    c.paint(Shapes().polygon(points[1]), ("#e0a560", "#b5753c"))
    c.paint(Shapes().box(x - 25, y + 250, x + 25, y + 384, 12), ("#d8483f", "#a8323a"))
    c.paint(Shapes().polygon(points[0]), ("#aab7bf", "#66747e"))
    c.paint(Shapes().line([(x - 52, y - 27), (x + 84, y - 36)], 5), "#e8eff2", 0.7)


def _saw(c: Canvas, x: float, y: float) -> None:
    teeth: Points = []
    for k in range(30):
        teeth += [(x + k * 11.4, y + 128 + k * 1.0), (x + k * 11.4 + 5.7, y + 142 + k * 1.0)]
    blade = [(x, y + 60), (x + 342, y - 10), *[(px, py) for px, py in teeth[::-1] if px <= x + 345]]
    grip = curve(
        [
            (x + 320, y - 20),
            (x + 390, y - 30),
            (x + 446, y + 10),
            (x + 440, y + 120),
            (x + 396, y + 172),
            (x + 326, y + 160),
        ],
        closed=True,
    )
    outline = Shapes().polygon(blade).line([*blade, blade[0]], 20).polygon(grip).line([*grip, grip[0]], 22)
    _hang(c, Shapes().polygon(move(blade, 10, 12)).polygon(move(grip, 10, 12)), outline)
    c.paint(Shapes().polygon(blade), ("#e3eaed", "#a9b6bd"))
    hole = curve([(x + 362, y + 16), (x + 402, y + 24), (x + 402, y + 100), (x + 364, y + 118)], closed=True)
    c.paint(Shapes().polygon(grip).cut().polygon(hole), ("#e0954a", "#a8623a"))
    c.paint(Shapes().disc(x + 338, y + 20, 7).disc(x + 340, y + 130, 7), "#f3dcb4")


def _spanner(c: Canvas, x: float, y: float, size: float, *, there: bool) -> None:
    long, r = 300 * size, 46 * size
    shape = Shapes().line([(x, y + r), (x, y + long)], 30 * size).disc(x, y, r).disc(x, y + long, r * 0.9)
    shape.cut().polygon(
        [(x - 17 * size, y - r - 6), (x + 17 * size, y - r - 6), (x + 17 * size, y + 6), (x - 17 * size, y + 6)]
    )
    shape.disc(x, y + long, r * 0.45)
    outline = (
        Shapes().line([(x, y + r), (x, y + long)], 30 * size + 20).disc(x, y, r + 10).disc(x, y + long, r * 0.9 + 10)
    )
    if not there:
        c.paint(outline, "#fffaf0", 0.95)
        c.text(x, y + long * 0.5, "?", 60, "#c23a34", bold=1)
        return
    shadow = (
        Shapes()
        .line([(x + 9, y + r), (x + 9, y + long + 11)], 30 * size)
        .disc(x + 9, y + 11, r)
        .disc(x + 9, y + long + 11, r * 0.9)
    )
    _hang(c, shadow, outline)
    c.paint(shape, ("#c3ced4", "#8b99a2"))
    c.paint(Shapes().line([(x - 6 * size, y + r + 12), (x - 6 * size, y + long - r)], 4), "#f3f7f8", 0.8)


def _screwdriver(c: Canvas, x: float, y: float, tone: str, size: float) -> None:
    outline = (
        Shapes().line([(x, y), (x, y + 130 * size)], 66 * size).line([(x, y + 150 * size), (x, y + 330 * size)], 34)
    )
    shadow = (
        Shapes()
        .line([(x + 9, y + 11), (x + 9, y + 141 * size)], 46 * size)
        .line([(x + 9, y + 150 * size), (x + 9, y + 335 * size)], 13)
    )
    _hang(c, shadow, outline)
    c.paint(Shapes().line([(x, y + 140 * size), (x, y + 320 * size)], 13), ("#e3eaed", "#9aa8b0"))
    c.paint(
        Shapes().polygon(
            [(x - 12, y + 318 * size), (x + 12, y + 318 * size), (x + 6, y + 342 * size), (x - 6, y + 342 * size)]
        ),
        "#8b99a2",
    )
    c.paint(Shapes().line([(x, y), (x, y + 122 * size)], 46 * size), (tone, tone, "#4a3336"))
    c.paint(Shapes().line([(x - 9, y), (x - 9, y + 110 * size)], 6), "#ffffff", 0.5)


def _pliers(c: Canvas, x: float, y: float) -> None:
    arms = [curve([(x + s * 10, y + 130), (x + s * 70, y + 210), (x + s * 62, y + 330)]) for s in (-1, 1)]
    jaws = [
        (x - 42, y + 130),
        (x - 34, y + 40),
        (x - 12, y - 10),
        (x + 12, y - 10),
        (x + 34, y + 40),
        (x + 42, y + 130),
        (x, y + 170),
    ]
    outline, shadow = Shapes().polygon(jaws).line([*jaws, jaws[0]], 22), Shapes().polygon(move(jaws, 9, 11))
    for arm in arms:
        outline.line(arm, 62)
        shadow.line(move(arm, 9, 11), 38)
    _hang(c, shadow, outline)
    c.paint(Shapes().polygon(jaws), ("#b9c5cb", "#6f7d86"))
    c.paint(Shapes().line([(x, y - 8), (x, y + 96)], 4), "#4a565e")
    for arm in arms:
        c.paint(Shapes().line(arm, 38), ("#3f8fb0", "#27648a"))
    c.paint(Shapes().disc(x, y + 124, 19), ("#e3eaed", "#8b99a2"))


def _tape(c: Canvas, x: float, y: float) -> None:
    outline = Shapes().box(x - 104, y - 104, x + 104, y + 104, 48)
    _hang(c, Shapes().box(x - 82, y - 80, x + 104, y + 106, 40), outline)
    c.paint(Shapes().box(x + 60, y + 66, x + 240, y + 90), "#ffe27a")
    marks = Shapes()
    for k in range(15):
        marks.line([(x + 100 + k * 9, y + 66), (x + 100 + k * 9, y + (82 if k % 5 == 0 else 75))], 2)
    c.paint(marks, "#4a3d2a")
    c.paint(Shapes().box(x + 232, y + 60, x + 246, y + 104, 3), "#8b99a2")
    c.paint(Shapes().box(x - 92, y - 92, x + 92, y + 92, 40), ("#f6c23e", "#d9962f"))
    c.paint(Shapes().disc(x, y - 4, 62), "#3d3a40")
    c.paint(Shapes().disc(x, y - 4, 46), ("#f3ead6", "#d3c4a8"))
    c.text(x, y - 4, "5 m", 36, "#3d3a40", bold=0.6)


def _scissors(c: Canvas, x: float, y: float) -> None:
    outline, shadow = Shapes(), Shapes()
    blades = []
    for s in (-1, 1):
        blade = [(x - s * 34, y - 60), (x - s * 8, y - 70), (x + s * 22, y + 110), (x + s * 2, y + 118)]
        blades.append(blade)
        outline.polygon(blade).line([*blade, blade[0]], 18).disc(x + s * 46, y + 152, 56)
        shadow.polygon(move(blade, 8, 10)).ring(x + s * 46 + 8, y + 162, 36, 17)
    _hang(c, shadow, outline)
    for blade in blades:
        c.paint(Shapes().polygon(blade), ("#e3eaed", "#9aa8b0"))
    c.paint(Shapes().ring(x - 46, y + 152, 36, 19).ring(x + 46, y + 152, 36, 19), ("#8a5a9a", "#633f78"))
    c.paint(Shapes().disc(x, y + 62, 9), "#66747e")


def _brush(c: Canvas, x: float, y: float) -> None:
    handle = curve([(x - 14, y), (x - 24, y + 90), (x - 52, y + 160), (x + 52, y + 160), (x + 24, y + 90), (x + 14, y)])
    outline = Shapes().polygon(handle).line([*handle, handle[0]], 24).box(x - 72, y + 150, x + 72, y + 334, 14)
    _hang(c, Shapes().polygon(move(handle, 9, 11)).box(x - 50, y + 170, x + 68, y + 330), outline)
    c.paint(Shapes().polygon(handle), ("#e0a560", "#b5753c"))
    c.paint(Shapes().disc(x, y + 26, 8), "#f0dcb4")
    bristle = [
        (x - 58, y + 214),
        (x + 58, y + 214),
        (x + 54, y + 318),
        (x + 20, y + 308),
        (x - 10, y + 322),
        (x - 54, y + 310),
    ]
    c.paint(Shapes().polygon(bristle), ("#5a4038", "#3d2c28"))
    c.paint(Shapes().polygon([(x - 56, y + 270), (x + 56, y + 262), *bristle[2:]]), ("#3fa6a0", "#2c8088"))
    c.paint(Shapes().box(x - 62, y + 160, x + 62, y + 218, 4), ("#d5dcde", "#98a3ab"))


def _jar(c: Canvas, x: float, glass: str, fill: str) -> None:
    c.paint(Shapes().polygon(oval(x + 12, 1118, 66, 11)), "#4a2f20", 0.5, blur=6)
    inner = Shapes().box(x - 54, 976, x + 54, 1116, 14)
    c.paint(inner, glass, 0.7)
    for _ in range(46):
        px, py = x + c.rng.uniform(-46, 46), c.rng.uniform(1020, 1110)
        c.paint(
            Shapes().line([(px, py), (px + c.rng.uniform(-14, 14), py + c.rng.uniform(-7, 7))], 6),
            (fill, "#6a5548"),
            within=inner,
        )
    c.paint(Shapes().box(x - 44, 984, x - 36, 1100, 4), "#ffffff", 0.7)
    c.paint(Shapes().box(x - 58, 956, x + 58, 984, 7), ("#d8694a", "#a8453a"))


def _shavings(c: Canvas) -> None:
    for k in range(9):
        x, y = 760 + k * 86 + c.rng.uniform(-20, 20), 1104 + c.rng.uniform(0, 50)
        curl = [(x + math.cos(t / 4) * (6 + t), y + math.sin(t / 4) * (4 + t * 0.5)) for t in range(26)]
        c.paint(Shapes().line(move(curl, 3, 6), 7), "#4a2f20", 0.35, blur=3)
        c.paint(Shapes().line(curl, 7), ("#f7ddb0", "#dcae72"))
