"""Pictures of water: a lighthouse at dusk, a paper boat."""

import math

from board.demo.drawings_brush import Canvas, Points, Shapes, curve, move, oval, ribbon, turn


def lighthouse() -> bytes:
    """Red and white at sunset, upright."""
    c = Canvas(1200, 1600, "lighthouse", ("#191b4b", "#3a2f6e", "#84477f", "#d8697a", "#ffa873", "#ffd79a", "#ffd79a"))
    rng = c.rng
    stars = Shapes()
    for _ in range(140):
        stars.disc(rng.uniform(0, 1200), rng.uniform(0, 560), rng.choice((0.9, 1.2, 2.0)))
    c.paint(stars, "#fff6e0", 0.85)
    c.glow(250, 1120, 420, "#ffd08a", 0.8)
    c.paint(Shapes().disc(250, 1130, 120), ("#fff2c4", "#ffc07a"))
    for y, x, wide, tone in (
        (620, 160, 300, "#c05f86"),
        (720, 980, 380, "#e07f86"),
        (850, 240, 360, "#f29b86"),
        (930, 1010, 240, "#ffb98f"),
    ):
        cloud = Shapes().box(x - wide, y, x + wide, y + 26, 13).box(x - wide * 0.6, y - 22, x + wide * 0.45, y + 10, 13)
        c.paint(cloud.box(x - wide * 0.1, y + 14, x + wide * 0.7, y + 44, 13), tone, 0.55)
    lamp = (760.0, 470.0)
    for ends in (((-60, 250), (-60, 560)), ((1260, 300), (1260, 590))):
        beam = Shapes().polygon([lamp, *ends])
        c.paint(beam, ("#fff3c0", "#ffe7a0") if ends[0][0] < 0 else ("#ffe7a0", "#fff3c0"), 0.28, blur=10)
    c.paint(
        Shapes().polygon([(0, 1150), (1200, 1150), (1200, 1600), (0, 1600)]),
        ("#d98a86", "#6b5590", "#2c3a78", "#141d4d"),
    )
    path = Shapes()
    for i in range(60):
        path.polygon(oval(250 + rng.uniform(-1, 1) * (50 + i), 1156 + i * 5, rng.uniform(14, 50), 2.2))
    c.paint(path, "#ffe0a8", 0.75)
    rock = [
        (470, 1600),
        (500, 1400),
        (560, 1330),
        (600, 1220),
        (660, 1180),
        (860, 1170),
        (960, 1210),
        (1030, 1270),
        (1200, 1310),
    ]
    c.paint(Shapes().polygon([*rock, (1200, 1600)]), ("#5d4668", "#2b2450"))
    facets = (
        Shapes()
        .polygon([(660, 1180), (720, 1300), (640, 1420), (600, 1220)])
        .polygon([(860, 1170), (900, 1330), (820, 1480), (760, 1290)])
    )
    facets.polygon([(1030, 1270), (1060, 1400), (980, 1520), (950, 1330)])
    c.paint(facets, ("#8a5f76", "#44345e"), 0.6)
    c.paint(
        Shapes().polygon(
            curve([(610, 1200), (660, 1172), (760, 1160), (870, 1162), (965, 1212), (860, 1192), (760, 1186)])
        ),
        "#6f7a55",
    )
    _tower(c, lamp[0])
    c.glow(*lamp, 300, "#ffd27a", 0.8)
    c.glow(*lamp, 90, "#fff6d8", 1.0)
    for base, tall, colours in (
        (1400, 26, ("#3b4a92", "#26346f")),
        (1460, 32, ("#2d3f85", "#1b2860")),
        (1530, 38, ("#1f2f70", "#111a48")),
    ):
        crest: Points = [(x, base + tall * abs(math.sin(x / 62 + base)) - tall * 0.6) for x in range(0, 1204, 4)]
        c.paint(Shapes().polygon([(0, 1600), *crest, (1200, 1600)]), colours)
        c.paint(Shapes().line(crest, 4), "#f7c9b4", 0.75)
    for x, y, s in ((380, 760, 46), (300, 830, 34), (470, 850, 28), (1010, 640, 26)):
        bird = ribbon(curve([(x - s, y - s * 0.3), (x - s * 0.4, y - s * 0.5), (x, y)]), 2, 7)
        c.paint(
            Shapes()
            .polygon(bird)
            .polygon(ribbon(curve([(x, y), (x + s * 0.4, y - s * 0.55), (x + s, y - s * 0.35)]), 7, 2)),
            "#fff4e6",
        )
    c.grain(6)
    return c.jpeg()


def _tower(c: Canvas, x: float) -> None:
    top, foot = 540.0, 1180.0
    tower = Shapes().polygon([(x - 62, top), (x + 62, top), (x + 104, foot), (x - 104, foot)])
    c.paint(tower, ("#fff4e2", "#f0dccb"))
    stripes = Shapes()
    for i in range(3):
        y = top + 70 + i * 214
        stripes.box(x - 120, y, x + 120, y + 107)
    c.paint(stripes, ("#d9483f", "#b93a44"), within=tower)
    c.paint(Shapes().box(x + 14, top, x + 130, foot), "#3a1f55", 0.22, within=tower)
    panes = Shapes().box(x - 16, 690, x + 12, 734, 13).box(x - 18, 890, x + 12, 938, 14)
    c.paint(panes, ("#ffe9a6", "#ffb95a"))
    c.paint(
        Shapes().polygon([(x - 26, foot), (x - 26, foot - 70), *oval(x, foot - 70, 26, 28)[24:], (x + 26, foot)]),
        "#4a2a45",
    )
    c.paint(Shapes().polygon([(x - 86, top - 6), (x + 86, top - 6), (x + 62, top + 26), (x - 62, top + 26)]), "#33264f")
    rails = Shapes().line([(x - 86, top - 42), (x + 86, top - 42)], 5)
    for k in range(9):
        rails.line([(x - 84 + k * 21, top - 42), (x - 84 + k * 21, top - 6)], 3)
    c.paint(Shapes().box(x - 44, 412, x + 44, top - 6), ("#fff8da", "#ffd677"))
    bars = Shapes()
    for k in (-44, -15, 15, 44):
        bars.line([(x + k, 412), (x + k, top - 8)], 4.5)
    c.paint(bars, "#33264f")
    c.paint(rails, "#33264f")
    dome = [
        (x - 58, 414),
        *curve([(x - 54, 412), (x - 34, 362), (x, 340), (x + 34, 362), (x + 54, 412)]),
        (x + 58, 414),
    ]
    c.paint(Shapes().polygon(dome).line([(x, 300), (x, 345)], 5).disc(x, 300, 8), ("#c03f43", "#8e2f45"))


def boat() -> bytes:
    """A paper boat with a small captain."""
    c = Canvas(1600, 1200, "boat", ("#f4d9b6", "#bfd6c4", "#7fbcb9", "#4a97a3", "#2c6f86"))
    rng = c.rng
    c.glow(1180, 60, 700, "#ffdca0", 0.55)
    for _ in range(26):
        y = 60 + 1140 * rng.random() ** 0.8
        band = oval(rng.uniform(0, 1600), y, rng.uniform(160, 520), 2 + y / 130)
        c.paint(Shapes().polygon(band), rng.choice(("#fff1d6", "#2c6f86")), 0.13, blur=4)
    for x, y, r in ((330, 330, 130), (1330, 520, 170), (250, 940, 190), (1280, 1010, 220), (930, 230, 80)):
        for k in range(3):
            rx = r * (1 - k * 0.3)
            wave = Shapes().polygon(oval(x, y, rx, rx * 0.3)).cut().polygon(oval(x, y + 1.5, rx - 6, rx * 0.3 - 4))
            c.paint(wave, "#fdf3dc", 0.5 - k * 0.08)
        c.paint(Shapes().disc(x, y, 5, 3), "#ffffff", 0.9)
    for k in range(5):
        rx = 400.0 + k * 70
        wake = Shapes().polygon(oval(800, 760, rx, rx * 0.24)).cut().polygon(oval(800, 757, rx - 8, rx * 0.24 - 6))
        c.paint(wake, "#fdf3dc", 0.42 - k * 0.07)
    parts = (
        ([(-330, -90), (0, -40), (330, -90), (0, 40)], ("#b9a58c", "#8f8473")),
        ([(0, -330), (-150, 10), (0, 60)], ("#fffaf0", "#f3e6cf")),
        ([(0, -330), (150, 10), (0, 60)], ("#dccbb0", "#c3b195")),
        ([(-330, -90), (0, 40), (-170, 130)], ("#fffdf6", "#f5ead6")),
        ([(330, -90), (0, 40), (170, 130)], ("#d8c6aa", "#c4b091")),
        ([(-170, 130), (0, 40), (170, 130)], ("#f6ecd9", "#e3d3b7")),
    )
    for points, _ in parts:
        fall = [(800 + x, 760 + (130 - y) * 0.72 + 130) for x, y in points]
        c.paint(Shapes().polygon(fall), ("#f3e8d2", "#8fb7b3"), 0.36, blur=5)
    c.paint(Shapes().polygon(oval(800, 884, 250, 26)), "#12495f", 0.5, blur=9)
    for points, colours in parts:
        c.paint(Shapes().polygon(move(points, 800, 760)), colours)
    squares = Shapes()
    for k in range(-30, 31):
        squares.line([(800 + k * 24 - 90, 400), (800 + k * 24 + 90, 900)], 1.4)
        squares.line([(430, 640 + k * 24 - 60), (1170, 640 + k * 24 + 60)], 1.4)
    paper = Shapes()
    for points, _ in parts[1:]:
        paper.polygon(move(points, 800, 760))
    c.paint(squares, "#5f8fc4", 0.30, within=paper)
    folds = Shapes().line([(800, 432), (800, 798)], 2.5).line([(470, 670), (800, 800), (1130, 670)], 2.5)
    c.paint(folds.line([(800, 800), (630, 890)], 2.5).line([(800, 800), (970, 890)], 2.5), "#ffffff", 0.7)
    c.paint(Shapes().line([(800, 438), (800, 352)], 6), "#6b4a3a")
    flag = curve(
        [(803, 356), (850, 344), (890, 372), (940, 358), (934, 400), (888, 414), (850, 388), (803, 402)], steps=8
    )
    c.paint(Shapes().polygon(flag), ("#e4573d", "#bf3b34"))
    _ladybird(c, 652, 706)
    for x, y, size, angle, colours in (
        (1330, 330, 0.9, 24, ("#f0ae4c", "#c2562f")),
        (210, 630, 1.1, -18, ("#e0633a", "#a5342c")),
        (1190, 1070, 1.7, 160, ("#f2bd52", "#d07a30")),
        (430, 1090, 1.4, 35, ("#e98a40", "#b0432c")),
    ):
        _leaf(c, x, y, size, angle, colours)
    c.grain(6)
    return c.jpeg()


def _ladybird(c: Canvas, x: float, y: float) -> None:
    """The captain."""
    c.paint(
        Shapes()
        .line([(x - 16, y + 4), (x - 20, y + 18)], 3)
        .line([(x, y + 6), (x, y + 21)], 3)
        .line([(x + 16, y + 5), (x + 20, y + 22)], 3),
        "#2a2026",
    )
    c.paint(Shapes().disc(x - 24, y - 4, 12), "#2a2026")
    c.paint(
        Shapes().line([(x - 30, y - 14), (x - 40, y - 26)], 2.5).line([(x - 26, y - 15), (x - 28, y - 30)], 2.5),
        "#2a2026",
    )
    shell = Shapes().polygon([*oval(x, y + 8, 28, 28, 12)[24:], (x + 28, y + 12)])
    c.paint(shell, ("#ee5138", "#b92f2c"))
    c.paint(
        Shapes().disc(x - 8, y - 8, 5).disc(x + 10, y - 10, 5).disc(x + 2, y + 3, 4.5).disc(x + 20, y + 2, 4), "#2a2026"
    )
    c.paint(Shapes().disc(x - 27, y - 7, 3), "#ffffff")


def _leaf(c: Canvas, x: float, y: float, size: float, angle: float, colours: tuple[str, str]) -> None:
    edge = curve([(-92, 0), (-50, -34), (10, -40), (64, -20), (104, 6), (60, 30), (0, 40), (-54, 28)], closed=True)
    ribs = [curve([(-92, 0), (0, -4), (104, 6)])]
    ribs += [[(k, -2), (k + 30, side * (34 - abs(k) * 0.25))] for k in range(-62, 60, 24) for side in (-1, 1)]
    at = [
        turn(move(line, x, y, size), angle, (x, y)) for line in (edge, *ribs, curve([(-92, 0), (-120, 6), (-138, 2)]))
    ]
    flat = [[(px, y + (py - y) * 0.62) for px, py in line] for line in at]
    leaf = Shapes().polygon(flat[0])
    c.paint(Shapes().polygon(move(flat[0], 8, 14)), "#174f64", 0.4, blur=5)
    c.paint(leaf, colours)
    veins = Shapes()
    for line in flat[1:-1]:
        veins.line(line, 2.2)
    c.paint(veins, "#7f2f25", 0.45, within=leaf)
    c.paint(Shapes().line(flat[-1], 5 * size), colours[1])
