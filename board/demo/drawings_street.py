"""Pictures from the street: a bicycle by a wall, and the rain over the city, which moves."""

import math

from PIL import Image

from board.demo.drawings_brush import Canvas, Point, Shapes, curve, gif, move, oval, turn


def bicycle() -> bytes:
    """Bread and flowers in the basket."""
    c = Canvas(1600, 1200, "bicycle", ("#f2b27a", "#ec9c68", "#e08a5e"))
    rng = c.rng
    for _ in range(90):
        x, y = rng.uniform(0, 1600), rng.uniform(0, 920)
        c.paint(
            Shapes().polygon(oval(x, y, rng.uniform(30, 120), rng.uniform(10, 40))),
            rng.choice(("#f9c493", "#d97f55")),
            0.12,
            blur=12,
        )
    bricks = Shapes()
    for x, y in ((60, 120), (104, 152), (30, 152), (1490, 620), (1534, 652), (1460, 652), (1120, 760), (1164, 792)):
        bricks.box(x, y, x + 66, y + 24, 4)
    c.paint(bricks, ("#c9694a", "#b85c44"), 0.7)
    c.paint(Shapes().polygon([(0, 0), (420, 0), (1180, 930), (560, 930)]), "#fff0cf", 0.16, blur=4)
    _window(c, 1130, 130)
    _door(c, 96, 300)
    c.paint(Shapes().box(0, 912, 1600, 950), ("#a9988c", "#8c7c76"))
    c.paint(Shapes().box(0, 946, 1600, 1200), ("#d9c6ae", "#bfa78f", "#a48c7a"))
    for row in range(6):
        y, deep = 956 + row * 26 + row * row * 4.4, 20 + row * 8.0
        wide = 74 + row * 17
        stones = Shapes()
        for k in range(-1, 24):
            x = k * wide + (row % 2) * wide / 2 + rng.uniform(-3, 3)
            stones.box(x, y, x + wide - 8, y + deep, 9)
        c.paint(stones, rng.choice(("#e5d5bf", "#dccab3", "#e0d0bc")), 0.8)
    shadow = [Shapes(), Shapes()]
    hubs: tuple[Point, Point] = ((520, 850), (1090, 850))
    for x, _ in hubs:
        shadow[0].polygon(oval(x + 40, 1046, 190, 15))
    shadow[0].polygon(oval(820, 1046, 330, 11))
    c.paint(shadow[0], "#5a4038", 0.5, blur=9)
    _bicycle(c, hubs)
    c.grain(6)
    return c.jpeg()


def _bicycle(c: Canvas, hubs: tuple[Point, Point]) -> None:
    (rx, ry), (fx, fy) = hubs
    crank, seat, head = (rx + 262, ry + 16), (rx + 176, ry - 282), (fx - 92, fy - 290)
    saddle, bars = (rx + 158, ry - 344), (fx - 116, fy - 366)
    wall = Shapes()
    for x, y in hubs:
        wall.ring(x - 70, y - 30, 178, 12)
    for a, b in ((hubs[0], seat), (seat, crank), (crank, head), (seat, head), (head, hubs[1]), (hubs[0], crank)):
        wall.line(move([a, b], -70, -30), 13)
    c.paint(wall, "#a8553f", 0.35, blur=6, within=Shapes().box(0, 0, 1600, 930))
    for x, y in hubs:
        spokes = Shapes()
        for k in range(18):
            turned = math.tau * k / 18
            spokes.line(
                [
                    (x + math.cos(turned + 0.5) * 12, y + math.sin(turned + 0.5) * 12),
                    (x + math.cos(turned) * 170, y + math.sin(turned) * 170),
                ],
                2,
            )
        c.paint(spokes, "#f4ece0", 0.9)
        c.paint(Shapes().ring(x, y, 182, 17), "#33272e")
        c.paint(Shapes().ring(x, y, 170, 8), "#f3e6cf")
        c.paint(Shapes().disc(x, y, 16), ("#e9edf0", "#98a3ab"))
    for (x, y), start, end in ((hubs[0], 150, 318), (hubs[1], 196, 345)):
        arc = [(x + math.cos(math.radians(a)) * 202, y + math.sin(math.radians(a)) * 202) for a in range(start, end, 6)]
        c.paint(Shapes().line(arc, 11), ("#2c9aa0", "#1c7480"))
    rack = Shapes().line([(rx - 116, ry - 222), (rx + 150, ry - 222)], 8).line([(rx - 90, ry - 222), (rx, ry)], 6)
    c.paint(rack, "#4a3d42")
    stays = Shapes().line([(rx, ry), crank], 11).line([(rx, ry), seat], 11)
    c.paint(stays, ("#2fa6a8", "#1d7f8b"))
    c.paint(Shapes().ring(*crank, 42, 9).disc(*crank, 14), "#4a3d42")
    c.paint(
        Shapes()
        .line([(crank[0], crank[1] - 40), (rx, ry - 17)], 3.5)
        .line([(crank[0], crank[1] + 40), (rx, ry + 17)], 3.5),
        "#4a3d42",
    )
    frame = Shapes().line([seat, crank], 17).line([seat, head], 17).line([crank, move([head], 14, 52)[0]], 17)
    fork = curve([head, (fx - 58, fy - 180), (fx - 34, fy - 80), (fx, fy)])
    frame.line(fork, 14).line([bars, (head[0] + 22, head[1] + 72)], 18)
    c.paint(frame, ("#3fc0bb", "#279aa2", "#1d7f8b"))
    c.paint(Shapes().line(move([seat, head], 0, -4), 3).line(move([seat, crank], -4, 0), 3), "#c6f2ea", 0.7)
    c.paint(Shapes().line([seat, saddle], 10), "#c9d1d4")
    seat_top = curve([(-82, -20), (-60, -34), (0, -22), (84, -14), (88, 0), (20, 8), (-40, 26), (-80, 14)], closed=True)
    c.paint(Shapes().polygon(move(seat_top, *saddle)), ("#a8653c", "#73412b"))
    handle = curve(
        [
            (bars[0] - 128, bars[1] + 6),
            (bars[0] - 90, bars[1] - 22),
            (bars[0] - 20, bars[1] - 26),
            (bars[0] + 12, bars[1] + 8),
        ]
    )
    c.paint(Shapes().line(handle, 10), "#d5dcde")
    c.paint(Shapes().line(handle[:9], 18), ("#a8653c", "#73412b"))
    pedal = (
        Shapes()
        .line([crank, (crank[0] + 46, crank[1] + 78)], 10)
        .line([(crank[0] + 16, crank[1] + 82), (crank[0] + 78, crank[1] + 82)], 12)
    )
    c.paint(pedal, "#4a3d42")
    c.paint(Shapes().disc(fx - 40, fy - 262, 25), ("#f4ece0", "#b8b0a8"))
    c.paint(Shapes().disc(fx - 34, fy - 262, 17), "#fff1b8")
    _basket(c, fx - 20, fy - 300)
    crate = Shapes().box(rx - 128, ry - 318, rx + 60, ry - 226, 6)
    c.paint(crate, ("#d7a566", "#a97844"))
    slats = Shapes().box(rx - 128, ry - 288, rx + 60, ry - 281).box(rx - 128, ry - 257, rx + 60, ry - 250)
    c.paint(slats, "#7d5430")
    c.paint(Shapes().box(rx - 116, ry - 318, rx - 102, ry - 226).box(rx + 34, ry - 318, rx + 48, ry - 226), "#8d6038")


def _basket(c: Canvas, x: float, y: float) -> None:
    """Bread, and flowers for somebody."""
    loaf = turn(oval(x + 62, y - 120, 30, 136), 14, (x + 62, y - 60))
    c.paint(Shapes().polygon(loaf), ("#e9b566", "#b9763a"))
    for k in range(4):
        cut = turn(oval(x + 62, y - 214 + k * 46, 20, 6, -24), 14, (x + 62, y - 60))
        c.paint(Shapes().polygon(cut), "#fbe3b4", 0.9)
    stems = Shapes()
    heads = ((-74, -150), (-36, -186), (-96, -96), (0, -140), (-50, -112), (26, -104))
    for dx, dy in heads:
        stems.line(curve([(x - 10, y), (x + dx * 0.6, y + dy * 0.5), (x + dx, y + dy)]), 4)
    c.paint(stems, "#4f8a4a")
    leaves = Shapes()
    for k in range(9):
        leaves.polygon(oval(x - 80 + k * 20, y - 50 - (k % 3) * 22, 13, 34, (k - 4) * 18))
    c.paint(leaves, ("#7fb85f", "#3f8250"))
    for i, (dx, dy) in enumerate(heads):
        petals = Shapes()
        for k in range(7):
            a = math.tau * k / 7
            petals.disc(x + dx + math.cos(a) * 17, y + dy + math.sin(a) * 17, 11)
        c.paint(petals, (("#fff8ea", "#f3dcd0"), ("#f4687a", "#d2425f"), ("#ffd257", "#f0a63c"))[i % 3])
        c.paint(Shapes().disc(x + dx, y + dy, 11), "#e8973a" if i % 3 == 0 else "#7a2f3f" if i % 3 == 1 else "#8a5a2a")
    pot = Shapes().polygon([(x - 106, y - 66), (x + 106, y - 66), (x + 82, y + 72), (x - 82, y + 72)])
    c.paint(pot, ("#d9a867", "#b17d45"))
    weave = Shapes()
    for k in range(-6, 7):
        weave.line([(x + k * 18, y - 66), (x + k * 14, y + 72)], 4)
    for k in range(5):
        weave.line([(x - 106, y - 44 + k * 26), (x + 106, y - 44 + k * 26)], 4)
    c.paint(weave, "#8a5a30", 0.6, within=pot)
    c.paint(Shapes().line([(x - 104, y - 64), (x + 104, y - 64)], 15), "#8d5d33")


def _window(c: Canvas, x: float, y: float) -> None:
    c.paint(Shapes().box(x - 14, y - 14, x + 274, y + 370, 6), ("#fbeedb", "#e8d2b8"))
    c.paint(Shapes().box(x, y, x + 260, y + 356), ("#6fa3ad", "#a9cdca", "#5f8f9c"))
    c.paint(
        Shapes().polygon([(x, y + 230), (x + 150, y), (x + 210, y), (x, y + 330)]),
        "#ffffff",
        0.3,
        within=Shapes().box(x, y, x + 260, y + 356),
    )
    c.paint(
        Shapes().box(x + 125, y, x + 135, y + 356).box(x, y + 120, x + 260, y + 129).box(x, y + 240, x + 260, y + 249),
        "#fbeedb",
    )
    for side in (x - 160, x + 280):
        c.paint(Shapes().box(side + 8, y - 2, side + 148, y + 376, 4), "#a8553f", 0.4, blur=7)
        c.paint(Shapes().box(side, y - 12, side + 140, y + 368, 5), ("#3f7fa6", "#2c5f86"))
        slats = Shapes()
        for k in range(20):
            slats.box(side + 16, y + 6 + k * 17, side + 124, y + 16 + k * 17, 3)
        c.paint(slats, "#24506f", 0.7)
    leaves, blooms = Shapes(), Shapes()
    for _ in range(60):
        leaves.polygon(
            oval(c.rng.uniform(x - 30, x + 290), y + 372 + c.rng.gauss(0, 24), 22, 10, c.rng.uniform(0, 180))
        )
        blooms.disc(c.rng.uniform(x - 26, x + 286), y + 352 + c.rng.gauss(0, 22), c.rng.uniform(8, 15))
    c.paint(leaves, ("#7fb85f", "#3a7a4c"))
    c.paint(blooms, ("#ff7f8f", "#d94468"))
    c.paint(Shapes().box(x - 40, y + 384, x + 300, y + 446, 6), ("#b86b44", "#8f4c36"))


def _door(c: Canvas, x: float, y: float) -> None:
    arch = [(x - 20, y + 612), *oval(x + 130, y + 130, 150, 150)[24:], (x + 280, y + 130), (x + 280, y + 612)]
    c.paint(Shapes().polygon(arch), ("#f7e3c4", "#dcc09c"))
    leaf = [(x, y + 612), *oval(x + 130, y + 134, 130, 130)[24:], (x + 260, y + 134), (x + 260, y + 612)]
    door = Shapes().polygon(leaf)
    c.paint(door, ("#7a4a5f", "#5a3350"))
    boards = Shapes()
    for k in range(1, 5):
        boards.line([(x + k * 52, y), (x + k * 52, y + 612)], 3)
    c.paint(boards, "#3d2238", 0.7, within=door)
    c.paint(Shapes().disc(x + 222, y + 370, 12), ("#ffd98a", "#c98f3a"))
    c.paint(Shapes().box(x + 92, y + 240, x + 168, y + 264, 4), ("#e9c878", "#b98d45"))
    c.paint(Shapes().box(x - 34, y + 606, x + 294, y + 640, 4), ("#cfc0b2", "#a39386"))


def rain() -> bytes:
    """An umbrella crosses the square; 24 frames that join without a seam."""
    c = Canvas(480, 360, "rain", ("#26304f", "#3d4a6e", "#7a6b90", "#d08f8f", "#f2b48a", "#f2b48a"))
    rng = c.rng
    for base, tones, wide in ((236, ("#4a5578", "#5f6485"), (26, 44)), (252, ("#2f3a5c", "#414a6b"), (30, 54))):
        x = -8.0
        while x < 480:
            w, tall = rng.uniform(*wide), rng.uniform(60, 150)
            c.paint(Shapes().box(x, base - tall, x + w, 270), tones)
            panes = Shapes()
            for k in range(int(w // 9)):
                for row in range(int(tall // 12)):
                    if rng.random() < 0.34:
                        panes.box(x + 4 + k * 9, base - tall + 6 + row * 12, x + 8 + k * 9, base - tall + 12 + row * 12)
            c.paint(panes, "#ffd58a", 0.9)
            x += w + 3
    c.paint(Shapes().box(0, 262, 480, 360), ("#4a4a68", "#262a45"))
    for x in (70, 400):
        c.paint(Shapes().line([(x, 292), (x, 170)], 4).line([(x, 172), (x + 18, 168)], 3), "#1a1e33")
        c.paint(Shapes().disc(x + 18, 172, 5), "#fff1c0")
        c.glow(x + 18, 174, 62, "#ffb65a", 0.7)
        c.paint(Shapes().polygon(oval(x + 18, 316, 15, 30)), "#ffc878", 0.3, blur=6)
    frames = [_moment(c.image, i / 24) for i in range(24)]
    return gif(frames, 128, 100)


def _moment(city: Image.Image, t: float) -> Image.Image:
    """The square at the moment t, from 0 to 1."""
    c = Canvas(480, 360, "drops", "#000000")
    c.image = city.copy()
    stride = math.sin(t * math.tau * 7)
    _walker(c, -80 + 640 * ((t + 0.38) % 1), 300 - abs(stride) * 4, stride)
    rng = c.rng
    for tone, count, long, alpha in (("#b9c4dd", 60, 13, 0.4), ("#e9eefb", 34, 20, 0.6)):
        drops = Shapes()
        for _ in range(count):
            fall = (rng.random() + t * rng.choice((2, 3))) % 1
            px, py = rng.uniform(-20, 540) - fall * 60, fall * 400 - 30
            drops.line([(px, py), (px - long * 0.15, py + long)], 1.2)
        c.paint(drops, tone, alpha)
    for _ in range(16):
        age = (rng.random() + t * 2) % 1
        px, py = rng.uniform(0, 480), rng.uniform(286, 354)
        ring = Shapes().polygon(oval(px, py, 2 + 13 * age, 0.8 + 4 * age, steps=20))
        ring.cut().polygon(oval(px, py, 1 + 12 * age, 0.2 + 3.4 * age, steps=20))
        c.paint(ring, "#dfe6f7", 0.75 * (1 - age))
    return c.image


def _walker(c: Canvas, x: float, y: float, stride: float) -> None:
    c.paint(Shapes().polygon(oval(x, 347, 44, 6)), "#141829", 0.6, blur=3)
    for side in (-1, 1):
        foot = (x + side * stride * 20, 343 - max(0.0, -side * stride) * 6)
        c.paint(Shapes().line([(x, y + 8), foot], 8).line([foot, (foot[0] + 9, foot[1])], 9), "#2f6f73")
    c.paint(
        Shapes().polygon([(x - 20, y + 20), (x - 12, y - 48), (x + 13, y - 48), (x + 21, y + 20)]),
        ("#ffd257", "#e09a35"),
    )
    c.paint(Shapes().line([(x - 2, y - 40), (x + 14, y - 18), (x + 19, y - 26)], 8), "#d98a2f")
    c.paint(Shapes().disc(x + 1, y - 60, 13), "#e8b48f")
    c.paint(Shapes().polygon([*oval(x - 1, y - 62, 15, 14)[22:46], (x - 2, y - 58)]).disc(x - 13, y - 56, 6), "#4a2f35")
    c.paint(Shapes().line([(x + 18, y - 18), (x + 18, y - 110)], 3), "#20243c")
    top = [(x - 52, y - 82), *oval(x + 12, y - 82, 64, 56)[24:], (x + 76, y - 82)]
    roof = Shapes().polygon(top).cut()
    for k in range(4):
        roof.disc(x - 36 + k * 32, y - 78, 16, 8)
    c.paint(roof, ("#ff6a55", "#d63f48"))
    c.paint(Shapes().polygon([(x - 20, y - 82), (x + 12, y - 138), (x + 12, y - 84)]), "#ff9a80", 0.55, within=roof)
    c.paint(Shapes().line([(x + 12, y - 150), (x + 12, y - 138)], 4), "#20243c")
