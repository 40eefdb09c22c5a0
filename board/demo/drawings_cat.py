"""A cat on a window sill, seen from behind, watching two birds."""

from board.demo.drawings_brush import Canvas, Shapes, curve, move, oval, ribbon, ridge, turn


def cat() -> bytes:
    """A ginger cat at dusk."""
    c = Canvas(1200, 1600, "cat", ("#3f6f78", "#2f5a66", "#28505d"))
    paper = Shapes()
    for i in range(7):
        for k in range(9):
            x, y = i * 190.0 + (k % 2) * 95, k * 190.0 + 20
            paper.polygon(oval(x, y - 18, 9, 26)).polygon(oval(x - 17, y + 2, 8, 22, -58)).polygon(
                oval(x + 17, y + 2, 8, 22, 58)
            )
    c.paint(paper, "#5d8f93", 0.35)
    glass = Shapes().box(190, 150, 1010, 1120)
    c.paint(glass, ("#4b4a8c", "#8a5f9e", "#e08791", "#ffbf8f", "#ffe3ae"))
    c.glow(330, 900, 420, "#ffcf8a", 0.7)
    c.paint(Shapes().disc(350, 880, 70), "#fff3cc", within=glass)
    for base, tall, colours in (
        (930, 120, ("#b8739a", "#d99a9a")),
        (1010, 130, ("#7c5a93", "#a5779b")),
        (1090, 120, ("#4a4177", "#5d4f82")),
    ):
        hills = [(x + 190, y) for x, y in ridge(c.rng, 820, base, tall, 0.42)]
        c.paint(Shapes().polygon([(190, 1120), *hills, (1010, 1120)]), colours, within=glass)
    lights = Shapes()
    for _ in range(26):
        x, y = c.rng.uniform(200, 1000), c.rng.uniform(1040, 1110)
        lights.box(x, y, x + 7, y + 8)
    c.paint(lights, "#ffd27f", 0.95)
    branch = ribbon(curve([(1020, 330), (900, 372), (780, 380), (650, 420)]), 22, 5)
    c.paint(
        Shapes().polygon(branch).polygon(ribbon([(860, 376), (800, 320), (770, 270)], 9, 3)), "#3d2a4d", within=glass
    )
    leaves = Shapes()
    for x, y, a in (
        (770, 268, -60),
        (792, 300, 20),
        (655, 420, 160),
        (690, 400, -70),
        (740, 392, 60),
        (920, 352, -60),
        (968, 356, 70),
    ):
        leaves.polygon(turn(oval(x + 16, y, 22, 9), a, (x, y)))
    c.paint(leaves, "#6a3d63", within=glass)
    for x, flip, colours in ((716, 1, ("#3e6fb0", "#27497f")), (806, -1, ("#d8573f", "#a63a3f"))):
        _bird(c, x, 362, flip, colours)
    c.paint(Shapes().polygon([(190, 700), (520, 150), (640, 150), (190, 900)]), "#ffffff", 0.10, within=glass)
    frame = Shapes().box(160, 120, 1040, 1150, 8).cut().box(190, 150, 1010, 1120).add()
    frame.box(590, 150, 610, 1120).box(190, 500, 1010, 518)
    c.paint(Shapes().box(160, 120, 1040, 1160, 8).cut().box(172, 132, 1028, 1132), "#1c3a45", 0.6, blur=12)
    c.paint(frame, ("#fdf3e0", "#e9d3bb"))
    for side in (1, -1):
        edge = [
            (600 - side * 600, 60),
            (600 - side * 300, 60),
            (600 - side * 330, 420),
            (600 - side * 430, 760),
            (600 - side * 440, 1130),
            (600 - side * 600, 1130),
        ]
        cloth = Shapes().polygon([*edge[:2], *curve(edge[1:5], steps=8), *edge[5:]])
        c.paint(cloth, ("#e8a94a", "#d2883a", "#b86f35"))
        for k in range(4):
            x = 600 - side * (560 - k * 62)
            fold = curve([(x, 60), (x - side * 6, 500), (x - side * (20 + k * 16), 1140)])
            c.paint(Shapes().polygon(ribbon(fold, 26, 12)), "#8f4f2c", 0.28, blur=6, within=cloth)
    c.paint(Shapes().line([(40, 62), (1160, 62)], 16).disc(40, 62, 20).disc(1160, 62, 20), ("#8a5a3a", "#5e3a2c"))
    c.paint(Shapes().box(230, 1300, 972, 1330, 8).box(230, 1494, 972, 1524, 8), ("#d5cdc4", "#b9b0a8"))
    for k in range(9):
        _fin(c, 250 + k * 80)
    c.paint(Shapes().box(90, 1196, 1110, 1240), "#17323c", 0.5, blur=12)
    c.paint(Shapes().box(80, 1128, 1120, 1196, 10), ("#f7e6cc", "#d9b994"))
    _pot(c, 250, 1134)
    _cactus(c, 955, 1134)
    _cat(c, 600, 1150)
    c.grain(6)
    return c.jpeg()


def _bird(c: Canvas, x: float, y: float, flip: int, colours: tuple[str, str]) -> None:
    tail = [(x - flip * 18, y - 4), (x - flip * 54, y + 16), (x - flip * 48, y + 2)]
    c.paint(Shapes().polygon(tail).polygon(oval(x, y - 6, 30, 22, flip * -16)).disc(x + flip * 20, y - 26, 17), colours)
    c.paint(Shapes().polygon(oval(x + flip * 8, y, 17, 13)), "#fbe6c8", 0.9)
    c.paint(Shapes().polygon(oval(x - flip * 10, y - 6, 19, 11, flip * 20)), colours[1])
    c.paint(Shapes().polygon([(x + flip * 34, y - 30), (x + flip * 48, y - 24), (x + flip * 34, y - 20)]), "#f2b33c")
    c.paint(Shapes().disc(x + flip * 25, y - 29, 3.4), "#1d1630")


def _fin(c: Canvas, x: float) -> None:
    c.paint(Shapes().box(x, 1270, x + 62, 1560, 30), ("#f7efe3", "#cfc6bd"))
    c.paint(Shapes().box(x + 44, 1290, x + 54, 1540, 5), "#a79f9c", 0.5, blur=3)


def _pot(c: Canvas, x: float, y: float) -> None:
    for i, (angle, long) in enumerate(((-62, 190), (-30, 240), (4, 280), (34, 230), (64, 180), (-12, 180), (20, 170))):
        leaf = turn(
            curve(
                [(x, y - 120), (x - 38, y - 120 - long * 0.5), (x, y - 120 - long), (x + 38, y - 120 - long * 0.5)],
                closed=True,
            ),
            angle,
            (x, y - 110),
        )
        c.paint(Shapes().polygon(leaf), (("#7fb069", "#3f7d4e"), ("#5f9a5a", "#2f6244"))[i % 2])
        c.paint(Shapes().line(turn([(x, y - 120), (x, y - 120 - long * 0.9)], angle, (x, y - 110)), 3), "#cfe3a8", 0.6)
    c.paint(Shapes().polygon([(x - 74, y - 128), (x + 74, y - 128), (x + 54, y), (x - 54, y)]), ("#d7693f", "#a4452f"))
    c.paint(Shapes().box(x - 84, y - 144, x + 84, y - 106, 8), ("#e57e50", "#c95a3a"))


def _cactus(c: Canvas, x: float, y: float) -> None:
    plant = (
        Shapes()
        .box(x - 36, y - 250, x + 36, y - 80, 36)
        .line([(x + 30, y - 150), (x + 66, y - 156), (x + 66, y - 196)], 26)
    )
    plant.line([(x - 30, y - 176), (x - 60, y - 180), (x - 60, y - 212)], 22)
    c.paint(plant, ("#8fbf73", "#4a8a5b"))
    lines = Shapes()
    for k in (-16, 0, 16):
        lines.line([(x + k, y - 236 + abs(k)), (x + k, y - 90)], 2.4)
    c.paint(lines, "#dcecb4", 0.55)
    c.paint(Shapes().disc(x, y - 252, 12).disc(x - 12, y - 246, 9).disc(x + 12, y - 246, 9), ("#ff9db0", "#e2577a"))
    c.paint(Shapes().polygon([(x - 62, y - 96), (x + 62, y - 96), (x + 46, y), (x - 46, y)]), ("#f6efe2", "#c9bfb6"))
    band = [(x - 58 + i * 14.5, y - 60 + (14 if i % 2 else -4)) for i in range(9)]
    c.paint(Shapes().line(band, 6), "#3f7d8a")


def _cat(c: Canvas, x: float, y: float) -> None:
    """From behind, watching the birds."""
    fur, dark = ("#f2a04e", "#d9782f"), "#b3541f"
    c.paint(Shapes().polygon(oval(x, y - 4, 210, 22)), "#8a5a3a", 0.5, blur=8)
    tail = curve(
        [
            (x + 96, y - 40),
            (x + 214, y - 8),
            (x + 238, y + 130),
            (x + 200, y + 276),
            (x + 110, y + 318),
            (x + 48, y + 256),
        ]
    )
    brush = Shapes().polygon(ribbon(tail, 62, 40)).disc(*tail[-1], 20)
    c.paint(brush, fur)
    rings = Shapes()
    for i in range(12, len(tail) - 8, 6):
        (ax, ay), (bx, by) = tail[i], tail[i + 2]
        rings.polygon(
            ribbon([(ax + (by - ay) * 3, ay - (bx - ax) * 3), (ax - (by - ay) * 3, ay + (bx - ax) * 3)], 13, 13)
        )
    c.paint(rings, dark, 0.85, within=brush)
    c.paint(Shapes().disc(*tail[-1], 28), "#fbe3c0", within=brush)
    body = curve(
        [
            (x - 150, y),
            (x - 184, y - 110),
            (x - 140, y - 270),
            (x - 92, y - 380),
            (x + 92, y - 380),
            (x + 140, y - 270),
            (x + 184, y - 110),
            (x + 150, y),
        ]
    )
    trunk = Shapes().polygon([*body, (x + 120, y + 8), (x - 120, y + 8)])
    head = (x + 16, y - 450)
    ears = Shapes()
    for side in (-1, 1):
        ear = [(-128, -20), (-130, -112), (-112, -150), (-86, -128), (-20, -70)]
        ears.polygon(move([(px * -side, py) for px, py in ear], *head))
    c.paint(trunk, fur)
    c.paint(ears, ("#f0a050", "#e08a3a"))
    face = Shapes().polygon(move(oval(0, 0, 138, 108), *head)).polygon(move(oval(0, 22, 152, 78), *head))
    c.paint(Shapes().polygon(oval(x + 10, y - 348, 118, 30)), "#8f3f1a", 0.55, blur=12, within=trunk)
    c.paint(face, ("#f7ad5c", "#e58d3d"))
    marks = Shapes()
    for k in (-44, 0, 44):
        marks.polygon(
            ribbon(curve([(head[0] + k, head[1] - 106 + abs(k) * 0.3), (head[0] + k * 1.1, head[1] - 20)]), 22, 3)
        )
    for side in (-1, 1):
        for k in range(2):
            marks.polygon(
                ribbon(
                    curve([(head[0] + side * 156, head[1] + k * 38), (head[0] + side * 84, head[1] + 10 + k * 34)]),
                    18,
                    3,
                )
            )
    c.paint(marks, dark, 0.85, within=face)
    stripes = Shapes().polygon(ribbon([(x, y - 340), (x, y - 40)], 30, 6))
    for side in (-1, 1):
        for k in range(5):
            top = y - 320 + k * 64
            line = curve([(x + side * 200, top + 34), (x + side * 110, top + 8), (x + side * (34 - k * 3), top + 26)])
            stripes.polygon(ribbon(line, 27, 3))
    c.paint(stripes, dark, 0.8, within=trunk)
    c.paint(Shapes().line(curve([(x - 84, y - 362), (x + 10, y - 342), (x + 106, y - 362)]), 15), "#2f6f9a")
    whiskers = Shapes()
    for side in (-1, 1):
        for k in range(3):
            whiskers.line(
                curve(
                    [
                        (head[0] + side * 136, head[1] + 40),
                        (head[0] + side * 190, head[1] + 30 + k * 14),
                        (head[0] + side * 236, head[1] + 24 + k * 28),
                    ]
                ),
                2.6,
            )
    c.paint(whiskers, "#fff3df", 0.9)
