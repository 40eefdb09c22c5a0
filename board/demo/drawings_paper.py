"""Graphics on paper: the town's bus lines, and a chart of tomatoes."""

import math

from board.demo.drawings_brush import Canvas, Points, Shapes, curve, move, oval, turn

INK = "#22324a"
# A stop's words stand right of it (lm), left (rm), above (mb) or below (mt).
STOPS: dict[str, tuple[float, float, str]] = {
    "Lighthouse": (1330, 250, "mb"),
    "Herring Steps": (1110, 250, "mb"),
    "Bakery Lane": (900, 760, "rm"),
    "Duck Pond": (900, 920, "lm"),
    "Viaduct": (220, 250, "mb"),
    "School": (420, 250, "mb"),
    "Allotments": (250, 604, "mb"),
    "Clay Pits": (460, 604, "mb"),
    "Cinema": (1130, 590, "mb"),
    "Hospital": (1340, 590, "mb"),
    "Mill Bridge": (626, 830, "rm"),
    "Upper Wood": (410, 980, "mb"),
    "Very Far Field": (180, 980, "mb"),
    "Boatyard": (1160, 860, "lm"),
    "Ferry": (1330, 980, "mt"),
}
CHANGES: dict[str, tuple[float, float, str]] = {
    "Library": (633, 350, "rm"),
    "Swimming Baths": (633, 480, "rm"),
    "Harbour": (900, 410, "lm"),
    "Town Hall": (900, 597, "rm"),
}
# Number, colour, the places of its badge, the way.
LINES: tuple[tuple[str, str, Points, Points], ...] = (
    (
        "1",
        "#d8483f",
        [(138, 250), (1422, 590)],
        [(220, 250), (540, 250), (640, 350), (640, 480), (750, 590), (1340, 590)],
    ),
    ("2", "#2f7fb8", [(1412, 250), (900, 990)], [(1330, 250), (1060, 250), (900, 410), (900, 920)]),
    (
        "3",
        "#e3a32b",
        [(168, 604), (1412, 980)],
        [(250, 604), (886, 604), (1142, 860), (1160, 860), (1280, 980), (1330, 980)],
    ),
    ("4", "#4f9a5f", [(700, 350), (98, 980)], [(626, 350), (626, 830), (476, 980), (180, 980)]),
)


def busmap() -> bytes:
    """Four lines as a plan, in PNG."""
    c = Canvas(1600, 1140, "busmap", "#f7f3e8")
    sea = [
        (1700, -40),
        (1180, -40),
        (1060, 60),
        (1100, 150),
        (1240, 170),
        (1460, 190),
        (1490, 330),
        (1230, 360),
        (1160, 450),
        (1330, 500),
        (1500, 540),
        (1480, 720),
        (1340, 780),
        (1300, 1040),
        (1360, 1200),
        (1700, 1200),
    ]
    c.paint(Shapes().polygon(curve(sea)), "#cfe6ea")
    river = [(-40, 760), (250, 740), (520, 690), (760, 700), (980, 690), (1180, 730), (1540, 690)]
    c.paint(Shapes().line(curve(river), 44), "#cfe6ea")
    for box in ((180, 800, 400, 880), (60, 1040, 420, 1100), (950, 950, 1110, 1010)):
        c.paint(Shapes().box(*box, 24), "#dcebcb")
    waves = Shapes()
    for x, y in ((1490.0, 160.0), (1540, 420), (1520, 860), (1460, 1010), (1530, 640)):
        for k in range(3):
            waves.line(curve([(x - 26 + k * 26, y), (x - 13 + k * 26, y - 8), (x + k * 26, y)]), 3)
    c.paint(waves, "#9cc7d0")
    for _, colour, _, way in LINES:
        c.paint(Shapes().line(way, 14), colour)
    steps = Shapes()
    for k in range(1, 22):
        steps.disc(626 + 274 * k / 22, 830 + 90 * k / 22, 3.5)
    c.paint(steps, "#8f8675")
    for x, y, _ in STOPS.values():
        c.paint(Shapes().disc(x, y, 13), INK)
        c.paint(Shapes().disc(x, y, 8), "#ffffff")
    for x, y, _ in CHANGES.values():
        c.paint(Shapes().box(x - 22, y - 22, x + 22, y + 22, 18), INK)
        c.paint(Shapes().box(x - 17, y - 17, x + 17, y + 17, 13), "#ffffff")
    for name, (x, y, side) in (STOPS | CHANGES).items():
        change = name in CHANGES
        dx, dy = {"lm": (26, 0), "rm": (-26, 0), "mb": (0, -24), "mt": (0, 24)}[side]
        grow, drop = 1.4 if change else 1.0, 48 if name == "Town Hall" else 0
        c.text(x + dx * grow, y + dy + drop, name, 30, INK, side, bold=0.6 if change else 0)
    for number, colour, badges, _ in LINES:
        for x, y in badges:
            c.paint(Shapes().disc(x, y, 25), colour)
            c.text(x, y, number, 32, "#ffffff", bold=1)
    c.paint(Shapes().box(0, 0, 1600, 118), INK)
    c.text(64, 59, "Saltmere town buses", 54, "#ffffff", "lm", bold=1)
    c.text(1536, 59, "every 20 minutes, or when Olga is ready", 28, "#cfe0ea", "rm")
    _bus(c, 790, 84)
    c.paint(Shapes().box(1010, 1048, 1560, 1108, 14), "#ffffff")
    c.text(1285, 1078, "No service during the duck race.", 28, INK)
    c.text(240, 1070, "sheep crossing: please wait", 23, "#5f7a4a")
    c.text(1030, 980, "ducks", 23, "#5f7a4a")
    c.text(290, 840, "more sheep", 23, "#5f7a4a")
    return c.png()


def _bus(c: Canvas, x: float, y: float) -> None:
    c.paint(Shapes().box(x, y - 60, x + 150, y, 12), "#f2b632")
    c.paint(
        Shapes()
        .box(x + 10, y - 50, x + 36, y - 26, 4)
        .box(x + 42, y - 50, x + 68, y - 26, 4)
        .box(x + 74, y - 50, x + 100, y - 26, 4),
        "#dff0f4",
    )
    c.paint(Shapes().box(x + 110, y - 50, x + 144, y - 22, 5), "#dff0f4")
    c.paint(Shapes().disc(x + 34, y, 14).disc(x + 116, y, 14), "#10192a")
    c.paint(Shapes().disc(x + 34, y, 6).disc(x + 116, y, 6), "#cfd6dd")


def chart() -> bytes:
    """Hope, harvest and snails on squared paper, in PNG."""
    c = Canvas(1600, 1200, "chart", "#c98f5a")
    wood = Shapes()
    for _ in range(60):
        x, y = c.rng.uniform(-200, 1500), c.rng.uniform(0, 1200)
        wood.line(curve([(x, y), (x + 200, y + c.rng.uniform(-8, 8)), (x + c.rng.uniform(300, 700), y)]), 3)
    c.paint(wood, "#a8703f", 0.5)
    sheet: Points = turn([(130, 90), (1430, 90), (1430, 1110), (130, 1110)], -1.2, (780, 600))
    c.paint(Shapes().polygon(move(sheet, 10, 16)), "#5a3a22", 0.55, blur=12)
    page = Shapes().polygon(sheet)
    c.paint(page, "#fffdf3")
    fine, bold = Shapes(), Shapes()
    for k in range(-4, 60):
        for line in ([(100 + k * 30, 0), (100 + k * 30, 1300)], [(0, 60 + k * 30), (1600, 60 + k * 30)]):
            (bold if k % 5 == 0 else fine).line(turn(line, -1.2, (780, 600)), 2)
    c.paint(fine, "#cfe3ea", within=page)
    c.paint(bold, "#9cc7d6", within=page)
    x0, y0, sx, sy = 330.0, 890.0, 92.0, 62.0
    axes = Shapes().line(_hand(c, [(x0, 250), (x0, y0), (1330, y0)]), 6)
    axes.polygon([(x0 - 14, 262), (x0, 226), (x0 + 14, 262)]).polygon([(1318, y0 - 14), (1354, y0), (1318, y0 + 14)])
    c.paint(axes, INK)
    promised = [(x0 + k * sx, y0 - sy * (0.2 + 9.6 * (k / 10) ** 1.6)) for k in range(11)]
    grew = [0.1, 0.4, 0.9, 1.5, 2.4, 3.6, 4.6, 5.2, 5.4, 5.6, 5.7]
    eaten = [0.1, 0.35, 0.7, 1.1, 1.4, 1.3, 1.0, 0.9, 0.7, 0.6, 0.6]
    harvest = [(x0 + k * sx, y0 - sy * v) for k, v in enumerate(grew)]
    kept = [(x0 + k * sx, y0 - sy * v) for k, v in enumerate(eaten)]
    c.paint(Shapes().polygon(curve(harvest) + curve(kept)[::-1]), "#9ec46a", 0.45)
    c.paint(Shapes().polygon([*curve(kept), (x0 + 10 * sx, y0), (x0, y0)]), "#ef6a52", 0.55)
    dots = curve(promised, steps=6)
    dashes = Shapes()
    for i in range(0, len(dots) - 3, 4):
        dashes.line(dots[i : i + 3], 7)
    c.paint(dashes, "#d8483f")
    c.paint(Shapes().line(_hand(c, curve(harvest)), 8), "#3f7f45")
    c.paint(Shapes().line(_hand(c, curve(kept)), 8), "#c9412f")
    for x, y in harvest[1::2]:
        c.paint(Shapes().disc(x, y, 11), "#3f7f45")
    c.text(770, 172, "Tomatoes, Plot 14", 62, INK, bold=1)
    for k, month in enumerate(("May", "June", "July", "Aug", "Sept")):
        c.text(x0 + 70 + k * 2.2 * sx, y0 + 42, month, 34, INK)
    for k in (2, 4, 6, 8, 10):
        c.text(x0 - 26, y0 - k * sy, f"{k} kg", 32, INK, "rm")
    c.text(1040, 320, "what I told Ines", 36, "#d8483f", "rm", bold=0.6)
    c.text(1236, 490, "what grew", 36, "#3f7f45", "rm", bold=0.6)
    c.text(1060, 720, "what the snails ate", 36, "#3f6a35")
    c.text(1010, 866, "what I ate", 36, "#8f2a1c")
    arrow = curve([(560, 470), (620, 530), (760, 560), (908, 566)])
    c.paint(Shapes().line(arrow, 4).polygon([(904, 551), (938, 567), (904, 581)]), INK)
    c.text(560, 440, "holiday: forgot to water", 32, INK)
    _snail(c, 700, 1062)
    _tomato(c, 300, 170)
    ring = Shapes().ring(1270, 300, 92, 12)
    c.paint(ring, "#9a6a3c", 0.22, blur=2)
    c.paint(Shapes().ring(1272, 302, 84, 4), "#9a6a3c", 0.2)
    for x, y, tilt in ((150, 128, -40), (1420, 70, 40)):
        tape = turn([(x - 80, y - 24), (x + 80, y - 24), (x + 80, y + 24), (x - 80, y + 24)], tilt, (x, y))
        c.paint(Shapes().polygon(tape), "#f2dd9a", 0.8)
    _pencil(c)
    return c.png()


def _hand(c: Canvas, points: Points) -> Points:
    """As if drawn without a ruler."""
    return [(x + c.rng.uniform(-1.8, 1.8), y + c.rng.uniform(-1.8, 1.8)) for x, y in points]


def _snail(c: Canvas, x: float, y: float) -> None:
    body = curve(
        [
            (x - 110, y + 8),
            (x - 60, y - 14),
            (x + 40, y - 16),
            (x + 86, y - 60),
            (x + 112, y - 56),
            (x + 108, y - 10),
            (x + 60, y + 10),
        ],
        closed=True,
    )
    c.paint(Shapes().polygon(body), "#d9b98a")
    c.paint(
        Shapes()
        .line([(x + 92, y - 56), (x + 84, y - 92)], 5)
        .line([(x + 106, y - 56), (x + 116, y - 90)], 5)
        .disc(x + 84, y - 94, 7)
        .disc(x + 116, y - 92, 7),
        "#d9b98a",
    )
    c.paint(Shapes().disc(x + 85, y - 95, 3).disc(x + 117, y - 93, 3), INK)
    c.paint(Shapes().line(curve([(x + 92, y - 34), (x + 100, y - 28), (x + 108, y - 33)]), 3.5), INK)
    c.paint(Shapes().disc(x - 10, y - 52, 60), "#b8643f")
    spiral = [(x - 10 + math.cos(t / 9) * (56 - t * 0.9), y - 52 + math.sin(t / 9) * (56 - t * 0.9)) for t in range(60)]
    c.paint(Shapes().line(spiral, 7), "#f0c48f")


def _tomato(c: Canvas, x: float, y: float) -> None:
    c.paint(Shapes().polygon(oval(x, y, 44, 38)), "#ef5a45")
    c.paint(Shapes().polygon(oval(x - 16, y - 12, 9, 6, -30)), "#ffd9cc")
    star = [
        (x + math.cos(a * 0.628) * (24 if a % 2 else 8), y - 32 + math.sin(a * 0.628) * (12 if a % 2 else 5))
        for a in range(10)
    ]
    c.paint(Shapes().polygon(star), "#3f8248")


def _pencil(c: Canvas) -> None:
    at, tilt = (1460.0, 640.0), 74.0
    parts: tuple[tuple[Points, str], ...] = (
        ([(-330, -22), (-280, -22), (-280, 22), (-330, 22)], "#ef8a94"),
        ([(-280, -24), (-250, -24), (-250, 24), (-280, 24)], "#b9c0c6"),
        ([(-250, -22), (250, -22), (250, 22), (-250, 22)], "#f2b632"),
        ([(-250, 6), (250, 6), (250, 22), (-250, 22)], "#d18f1f"),
        ([(250, -22), (320, 0), (250, 22)], "#f3dcb4"),
        ([(298, -7), (322, 0), (298, 7)], INK),
    )
    shadow = turn(move([(-330, -22), (250, -22), (320, 0), (250, 22), (-330, 22)], at[0] + 12, at[1] + 14), tilt, at)
    c.paint(Shapes().polygon(shadow), "#5a3a22", 0.5, blur=8)
    for points, colour in parts:
        c.paint(Shapes().polygon(turn(move(points, *at), tilt, at)), colour)
