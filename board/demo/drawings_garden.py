"""Pictures from the garden: what grows over and under the ground, and a spider in her web."""

import math

from board.demo.drawings_brush import Canvas, Points, Shapes, curve, move, oval, ribbon, ridge, turn

SOIL = 560.0


def garden() -> bytes:
    """Vegetables seen from the side, roots, worm and sleeping mole included."""
    c = Canvas(1600, 1200, "garden", ("#8fd0dc", "#c4e6dd", "#f7f1cf", "#f7f1cf"))
    rng = c.rng
    c.glow(1340, 130, 330, "#ffe08a", 0.8)
    c.paint(Shapes().disc(1340, 130, 66), "#fff3c0")
    for x, y, s in ((260.0, 120.0, 1.0), (760, 80, 0.7), (1050, 190, 0.85)):
        cloud = Shapes().disc(x, y, 44 * s).disc(x + 52 * s, y - 16 * s, 56 * s).disc(x + 112 * s, y, 42 * s)
        c.paint(cloud.box(x - 44 * s, y, x + 154 * s, y + 44 * s, 22 * s), ("#ffffff", "#eef6ee"), 0.95)
    for base, tall, colours in ((470, 150, ("#a9cfa4", "#c9dfae")), (530, 110, ("#86b878", "#a9cc8a"))):
        c.paint(Shapes().polygon([(0, 620), *ridge(rng, 1600, base, tall, 0.4), (1600, 620)]), colours)
    _greenhouse(c, 70, SOIL)
    fence = Shapes().box(520, 470, 1620, 482).box(520, 520, 1620, 532)
    for k in range(20):
        x = 530.0 + k * 58
        fence.polygon([(x, SOIL + 8), (x, 444), (x + 17, 424), (x + 34, 444), (x + 34, SOIL + 8)])
    c.paint(fence, ("#fffaf0", "#e6dcc8"))
    _earth(c)
    for k, x in enumerate((480.0, 590.0, 700.0)):
        _carrot(c, x, SOIL + 4, (250, 320, 225)[k])
    _beet(c, 850, SOIL + 10)
    _potatoes(c, 1090)
    _radish(c, 1275, SOIL + 8)
    _radish(c, 1340, SOIL + 8)
    _tomatoes(c, 1490)
    _can(c, 300, SOIL)
    grass = Shapes()
    for _ in range(420):
        x = rng.uniform(0, 1600)
        tip = (x + rng.uniform(-10, 10), SOIL + 14 - rng.uniform(8, 30))
        grass.polygon([(x - 6, SOIL + 12), tip, (x + 6, SOIL + 12)])
    c.paint(grass, ("#8fc25f", "#4f8f43"))
    for x, y, tone in ((640, 330, "#f2879a"), (1180, 300, "#f6b54c")):
        wings = Shapes().polygon(oval(x - 17, y - 10, 18, 13, 40)).polygon(oval(x + 17, y - 14, 18, 13, -50))
        c.paint(wings.polygon(oval(x - 12, y + 12, 12, 9, -30)).polygon(oval(x + 13, y + 9, 12, 9, 20)), tone)
        c.paint(Shapes().line([(x - 2, y + 16), (x + 2, y - 16)], 5), "#4a3336")
    c.grain(6)
    return c.jpeg()


def _earth(c: Canvas) -> None:
    rng = c.rng
    c.paint(Shapes().box(0, SOIL, 1600, 1200), ("#8a5a3c", "#6b4230", "#4a2d26"))
    for base, tone in ((760, "#7a4c35"), (950, "#583629")):
        edge = ridge(rng, 1600, base, 50, 0.5)
        c.paint(Shapes().polygon([(0, 1200), *edge, (1600, 1200)]), tone, 0.55)
    for _ in range(70):
        x, y, r = rng.uniform(0, 1600), rng.uniform(SOIL + 40, 1190), rng.uniform(5, 24)
        stone = oval(x, y, r, r * rng.uniform(0.55, 0.8), rng.uniform(-30, 30), 9)
        c.paint(
            Shapes().polygon(curve(stone, closed=True, steps=3)),
            rng.choice((("#c4ab92", "#8d7563"), ("#a68a74", "#75594a"))),
        )
    crumbs = Shapes()
    for _ in range(420):
        crumbs.disc(rng.uniform(0, 1600), rng.uniform(SOIL + 20, 1200), rng.uniform(1.5, 4.5))
    c.paint(crumbs, "#3d241d", 0.5)
    top = [(x, SOIL + 6 + 7 * math.sin(x / 37) + 5 * math.sin(x / 13)) for x in range(0, 1610, 10)]
    c.paint(Shapes().polygon([(0, SOIL - 14), *top[::1], (1600, SOIL - 14)]), ("#79b356", "#5d9a49"))
    _mole(c, 270, 990)
    worm = curve([(760, 1010), (820, 960), (880, 1010), (940, 1050), (1000, 1000), (1046, 962)])
    body = Shapes().line(worm, 30)
    c.paint(Shapes().line(move(worm, 4, 8), 34), "#2f1b16", 0.5, blur=4)
    c.paint(body, ("#f3a59a", "#d97f7c"))
    rings = Shapes()
    for (ax, ay), (bx, by) in zip(worm[4:-10:4], worm[5:-9:4], strict=False):
        rings.line([(ax - (by - ay) * 3, ay + (bx - ax) * 3), (ax + (by - ay) * 3, ay - (bx - ax) * 3)], 3)
    c.paint(rings, "#b8605f", 0.6, within=body)
    x, y = worm[-1]
    c.paint(Shapes().disc(x - 5, y - 6, 6.5).disc(x + 10, y - 3, 6.5), "#ffffff")
    c.paint(Shapes().disc(x - 4, y - 6, 3).disc(x + 11, y - 3, 3), "#2a1a1a")
    c.paint(Shapes().line(curve([(x - 6, y + 5), (x + 1, y + 10), (x + 9, y + 7)]), 2.6), "#8f3f45")


def _mole(c: Canvas, x: float, y: float) -> None:
    """Asleep, with a night cap."""
    den = curve(
        [
            (x - 250, y + 20),
            (x - 210, y - 90),
            (x, y - 130),
            (x + 190, y - 80),
            (x + 240, y + 30),
            (x + 150, y + 120),
            (x - 150, y + 124),
        ],
        closed=True,
    )
    c.paint(Shapes().polygon(den), ("#2c1915", "#3d241c"))
    c.paint(Shapes().polygon(ribbon(curve([(x - 220, y), (x - 300, y - 60), (x - 420, y - 70)]), 90, 70)), "#2c1915")
    c.paint(Shapes().polygon(oval(x, y + 104, 190, 22)), ("#d9b26a", "#a8793d"))
    fur = Shapes().polygon(oval(x - 10, y + 30, 150, 80)).polygon(oval(x + 110, y + 52, 66, 52, 12))
    c.paint(fur, ("#6a6478", "#403a4f"))
    c.paint(Shapes().polygon(oval(x - 10, y + 76, 110, 30)), "#8d86a0", 0.4, blur=8, within=fur)
    c.paint(Shapes().polygon(oval(x + 172, y + 68, 21, 14, 16)), ("#ff9fa6", "#e0707c"))
    c.paint(Shapes().line(curve([(x + 112, y + 38), (x + 124, y + 45), (x + 137, y + 40)]), 4), "#1d1826")
    for k in (60, 104):
        c.paint(Shapes().polygon(oval(x + k, y + 98, 30, 15, 8)), ("#f6a9a4", "#d9807f"))
    cap = [(x + 56, y + 10), (x + 86, y - 22), (x + 130, y - 6), (x + 152, y + 18)]
    c.paint(
        Shapes().polygon(
            [*curve(cap), *curve([(x + 140, y - 40), (x + 70, y - 86), (x - 4, y - 56), (x + 40, y - 40)])]
        ),
        ("#4f8fc4", "#2f649a"),
    )
    c.paint(Shapes().line(curve([(x + 58, y + 12), (x + 104, y + 2), (x + 152, y + 22)]), 17), "#f4ecd8")
    c.paint(Shapes().disc(x - 6, y - 54, 17), "#f4ecd8")
    for k, size in enumerate((26, 36, 48)):
        c.text(x + 176 + k * 30, y + 6 - k * 34, "z", size, "#e9d9c0", bold=1)


def _leaves(c: Canvas, x: float, y: float, angles: tuple[int, ...], tall: float, colours: tuple[str, str]) -> None:
    """Feathery green above a root."""
    stems, fringe = Shapes(), Shapes()
    for angle in angles:
        line = turn(curve([(x, y), (x + angle * 0.25, y - tall * 0.5), (x, y - tall)]), angle, (x, y))
        stems.line(line, 5)
        for i in range(6, len(line), 2):
            (px, py), long = line[i], 30 - i * 0.6
            fringe.polygon(oval(px - 11, py, long * 0.55, 5, 40 + angle)).polygon(
                oval(px + 11, py, long * 0.55, 5, -40 + angle)
            )
    c.paint(stems, colours[1])
    c.paint(fringe, colours)


def _carrot(c: Canvas, x: float, y: float, long: float) -> None:
    _leaves(c, x, y - 4, (-34, -12, 10, 32), 150, ("#8fcf5f", "#3f8f4a"))
    root: Points = [
        (x - 44, y + 18),
        (x - 20, y - 6),
        (x + 20, y - 6),
        (x + 44, y + 18),
        (x + 24, y + long * 0.55),
        (x, y + long),
        (x - 24, y + long * 0.55),
    ]
    body = Shapes().polygon(curve(root, closed=True))
    c.paint(Shapes().polygon(move(curve(root, closed=True), 8, 8)), "#2f1b16", 0.5, blur=6)
    c.paint(body, ("#ffa04a", "#f07a2f", "#d95f24"))
    c.paint(
        Shapes().polygon(ribbon(curve([(x - 20, y + 20), (x - 14, y + long * 0.5), (x - 3, y + long * 0.9)]), 14, 2)),
        "#ffd08a",
        0.6,
        within=body,
    )
    rings = Shapes()
    for k in range(5):
        ry, side = y + 30 + k * long * 0.15, 1 if k % 2 else -1
        rings.line([(x + side * 44, ry), (x + side * (14 - k), ry + 5)], 4)
    c.paint(rings, "#b84a1c", 0.6, within=body)
    c.paint(Shapes().line(curve([(x, y + long - 6), (x + 5, y + long + 20), (x - 3, y + long + 44)]), 3), "#d95f24")


def _beet(c: Canvas, x: float, y: float) -> None:
    for angle, tall in ((-38, 170), (-14, 210), (12, 200), (36, 170)):
        leaf = turn(
            curve([(x, y - 40), (x - 36, y - tall * 0.7), (x, y - tall), (x + 36, y - tall * 0.7)], closed=True),
            angle,
            (x, y),
        )
        c.paint(Shapes().polygon(leaf), ("#6fb55a", "#3a7f4a"))
        rib = turn([(x, y), (x, y - tall * 0.9)], angle, (x, y))
        c.paint(Shapes().line(rib, 6), "#b8325f")
    bulb = curve(
        [
            (x - 30, y - 6),
            (x + 30, y - 6),
            (x + 92, y + 70),
            (x + 40, y + 152),
            (x, y + 176),
            (x - 40, y + 152),
            (x - 92, y + 70),
        ],
        closed=True,
    )
    c.paint(Shapes().polygon(move(bulb, 8, 8)), "#2f1b16", 0.5, blur=6)
    body = Shapes().polygon(bulb)
    c.paint(body, ("#c43a6b", "#8f2353", "#6a1a43"))
    c.paint(Shapes().polygon(oval(x - 38, y + 52, 15, 36, 18)), "#f58fb0", 0.55, within=body)
    c.paint(Shapes().polygon(ribbon(curve([(x, y + 166), (x + 10, y + 220), (x - 4, y + 280)]), 13, 2)), "#7a1f4a")


def _potatoes(c: Canvas, x: float) -> None:
    roots = Shapes()
    tubers = (
        (-90, 110, 50, 36, -20),
        (10, 170, 60, 42, 12),
        (96, 100, 46, 34, 30),
        (-50, 250, 46, 34, 40),
        (90, 240, 42, 32, -30),
    )
    for dx, dy, *_ in tubers:
        roots.line(curve([(x, SOIL), (x + dx * 0.3, SOIL + dy * 0.6), (x + dx, SOIL + dy)]), 4)
    c.paint(roots, "#d9c39a", 0.8)
    for dx, dy, rx, ry, angle in tubers:
        shape = oval(x + dx, SOIL + dy, rx, ry, angle)
        c.paint(Shapes().polygon(move(shape, 7, 8)), "#2f1b16", 0.5, blur=6)
        c.paint(Shapes().polygon(shape), ("#f0d196", "#c99a5c"))
        for k in (-0.4, 0.1, 0.5):
            c.paint(Shapes().polygon(oval(x + dx + rx * k, SOIL + dy + ry * (0.3 - k * k), 4, 2.5)), "#8f6538")
    for angle, tall in ((-48, 120), (-22, 170), (0, 200), (24, 165), (50, 125)):
        line = turn([(x, SOIL + 6), (x, SOIL - tall)], angle, (x, SOIL))
        c.paint(Shapes().line(line, 7), "#4f8f43")
        for k in (0.45, 0.7, 1.0):
            px, py = line[0][0] + (line[1][0] - line[0][0]) * k, line[0][1] + (line[1][1] - line[0][1]) * k
            pair = (
                Shapes().polygon(oval(px - 18, py, 26, 14, 24 + angle)).polygon(oval(px + 18, py, 26, 14, -24 + angle))
            )
            c.paint(pair, ("#82bf62", "#478a48"))
    for px, py in ((x - 4, SOIL - 214), (x + 66, SOIL - 160)):
        petals = Shapes()
        for k in range(5):
            petals.disc(px + math.cos(k * 1.257) * 13, py + math.sin(k * 1.257) * 13, 10)
        c.paint(petals, "#f6effa")
        c.paint(Shapes().disc(px, py, 8), "#f2c14e")


def _radish(c: Canvas, x: float, y: float) -> None:
    for angle in (-30, 0, 28):
        leaf = turn(curve([(x, y), (x - 20, y - 76), (x, y - 112), (x + 20, y - 76)], closed=True), angle, (x, y))
        c.paint(Shapes().polygon(leaf), ("#9fd46a", "#4f9a4c"))
    body = Shapes().polygon(oval(x, y + 26, 31, 34))
    c.paint(Shapes().polygon(oval(x + 5, y + 32, 33, 36)), "#2f1b16", 0.5, blur=5)
    c.paint(body, ("#f0557a", "#d92f5c", "#f7e9e4"))
    c.paint(Shapes().polygon(oval(x - 11, y + 16, 6, 12, 20)), "#ffc4d2", 0.8)
    c.paint(Shapes().line(curve([(x, y + 58), (x + 4, y + 84), (x - 4, y + 112)]), 3), "#f3dcd6")


def _tomatoes(c: Canvas, x: float) -> None:
    c.paint(Shapes().line([(x, SOIL + 60), (x, 190)], 11), ("#c99a62", "#8f6238"))
    vine = curve([(x, SOIL + 10), (x + 26, 480), (x - 22, 390), (x + 20, 300), (x - 6, 220)])
    c.paint(Shapes().line(vine, 9), "#4f8f43")
    for k, (dx, y) in enumerate(((-60, 480), (58, 440), (-62, 380), (60, 330), (-52, 270), (44, 230))):
        leaf = (
            Shapes()
            .polygon(oval(x + dx, y, 40, 17, 24 if dx < 0 else -24))
            .polygon(oval(x + dx * 1.2, y - 20, 26, 12, -20 if dx < 0 else 20))
        )
        c.paint(leaf, ("#7cbc5c", "#3f8248"))
        if k < 5:
            tx, ty = x + dx * 0.7, y + 34
            ripe = ("#ff6f4f", "#d93a33") if k != 3 else ("#c3d96a", "#8fae4a")
            c.paint(Shapes().disc(tx, ty, 28, 25), ripe)
            c.paint(Shapes().polygon(oval(tx - 10, ty - 10, 7, 5, -30)), "#fff0e0", 0.7)
            star = [
                (tx + math.cos(a * 0.628) * (15 if a % 2 else 5), ty - 21 + math.sin(a * 0.628) * (8 if a % 2 else 3))
                for a in range(10)
            ]
            c.paint(Shapes().polygon(star), "#3f8248")


def _greenhouse(c: Canvas, x: float, foot: float) -> None:
    house = Shapes().polygon(
        [(x, foot), (x, foot - 170), (x + 150, foot - 270), (x + 300, foot - 170), (x + 300, foot)]
    )
    c.paint(house, ("#e6f6f2", "#bfe3dc"), 0.75)
    plants = Shapes()
    for k in range(11):
        plants.polygon(oval(x + 24 + k * 25, foot - 44, 22, 44 + (k * 37) % 40, (k % 3 - 1) * 12))
    c.paint(plants, ("#7dbd7a", "#4f9a63"), 0.7, within=house)
    bars = Shapes().line([(x, foot), (x, foot - 170), (x + 150, foot - 270), (x + 300, foot - 170), (x + 300, foot)], 9)
    bars.line([(x, foot - 170), (x + 300, foot - 170)], 7).line([(x + 150, foot - 270), (x + 150, foot)], 7)
    bars.line([(x + 75, foot), (x + 75, foot - 218)], 5).line([(x + 225, foot), (x + 225, foot - 218)], 5)
    bars.line([(x, foot - 86), (x + 300, foot - 86)], 5)
    c.paint(bars, ("#fffdf4", "#e3ded0"))


def _can(c: Canvas, x: float, y: float) -> None:
    c.paint(Shapes().ring(x + 34, y - 98, 50, 11), "#3a6f9a")
    c.paint(
        Shapes().polygon([(x - 40, y - 36), (x - 130, y - 132), (x - 114, y - 142), (x - 30, y - 70)]),
        ("#5d9fc9", "#3a6f9a"),
    )
    c.paint(Shapes().polygon(oval(x - 126, y - 142, 34, 11, -42)), "#7fbadb")
    c.paint(Shapes().box(x - 52, y - 104, x + 62, y + 6, 14), ("#6fb0d6", "#3f7aa6"))
    c.paint(Shapes().box(x - 52, y - 80, x + 62, y - 70), "#2f5f86", 0.6)
