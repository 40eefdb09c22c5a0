"""A desk at two in the morning, with a radio to mend."""

import math

from board.demo.drawings_brush import Canvas, Points, Shapes, curve, move, oval, ribbon, turn


def desk() -> bytes:
    """Lamp light on a notebook, a radio, a mug."""
    c = Canvas(1600, 1200, "desk", ("#14283d", "#1c3a52", "#24475c"))
    rng = c.rng
    c.glow(560, 560, 900, "#ffb765", 0.42)
    for x, y, tilt, tone in ((110.0, 330.0, -4, "#f3d98b"), (230, 380, 3, "#9fd0c4"), (150, 480, 5, "#f2a79a")):
        note = turn([(x, y), (x + 96, y), (x + 96, y + 96), (x, y + 96)], tilt, (x, y))
        c.paint(Shapes().polygon(move(note, 5, 7)), "#0b1a28", 0.5, blur=4)
        c.paint(Shapes().polygon(note), tone)
        lines = Shapes()
        for k in range(4):
            lines.line(turn([(x + 14, y + 24 + k * 17), (x + rng.uniform(50, 84), y + 24 + k * 17)], tilt, (x, y)), 3)
        c.paint(lines, "#4a5563", 0.6)
    _clock(c, 840, 190)
    _shelf(c)
    c.paint(Shapes().box(0, 868, 1600, 1200), ("#a8693f", "#7d4a33", "#4d2f2a"))
    wood = Shapes()
    for _ in range(46):
        x, y = rng.uniform(-100, 1500), rng.uniform(890, 1190)
        wood.line(curve([(x, y), (x + 140, y + rng.uniform(-5, 5)), (x + rng.uniform(220, 520), y)]), 2)
    c.paint(wood, "#4a2a20", 0.4)
    c.paint(Shapes().box(0, 860, 1600, 876), "#d69a63")
    light = Shapes().polygon([(488, 478), (672, 560), (960, 1010), (170, 1010)])
    c.paint(light, ("#ffdf94", "#ffb95a", "#ff9d3c"), 0.27, blur=14)
    c.paint(Shapes().polygon(oval(570, 1000, 430, 96)), "#ffd98c", 0.4, blur=30)
    _radio(c, 900, 880)
    _notebook(c)
    _mug(c, 1400, 1000)
    _lamp(c)
    tools = Shapes().line([(950, 1130), (1080, 1100)], 16)
    c.paint(Shapes().line([(954, 1142), (1230, 1082)], 12), "#2a1a18", 0.5, blur=5)
    c.paint(Shapes().line([(1080, 1100), (1226, 1066)], 6), ("#dfe6ea", "#9fb0ba"))
    c.paint(tools, ("#e4573d", "#b83a34"))
    for x, y in ((330, 1124), (372, 1146), (296, 1158), (1160, 1150)):
        c.paint(Shapes().disc(x + 3, y + 4, 11, 8), "#2a1a18", 0.5, blur=3)
        c.paint(Shapes().disc(x, y, 10, 7.5), ("#f1e3c2", "#a89478"))
        c.paint(Shapes().line([(x - 5, y - 2), (x + 5, y + 2)], 2.5), "#6e5a48")
    c.grain(6)
    return c.jpeg()


def _clock(c: Canvas, x: float, y: float) -> None:
    c.paint(Shapes().disc(x + 8, y + 12, 88), "#0b1a28", 0.5, blur=8)
    c.paint(Shapes().disc(x, y, 86), ("#d9a25a", "#8f5f3a"))
    c.paint(Shapes().disc(x, y, 74), ("#fff6e0", "#ead7b4"))
    ticks = Shapes()
    for k in range(12):
        dx, dy = math.sin(math.tau * k / 12), -math.cos(math.tau * k / 12)
        ticks.line([(x + dx * 60, y + dy * 60), (x + dx * 67, y + dy * 67)], 6 if k % 3 == 0 else 3)
    hands = ticks.line([(x, y), (x + 32, y - 20)], 7).line([(x, y), (x + 10, y - 58)], 5)
    c.paint(hands, "#3a2c34")
    c.paint(Shapes().line([(x - 8, y + 14), (x + 26, y - 46)], 2).disc(x, y, 6), "#d8452f")


def _shelf(c: Canvas) -> None:
    x, foot = 1010.0, 430.0
    c.paint(Shapes().box(x - 20, foot + 22, 1560, foot + 46), "#0b1a28", 0.6, blur=9)
    tones = ("#c9513f", "#e0a548", "#3f8a8a", "#e9dcc0", "#7a5a9a", "#d97f4e", "#4a76a8", "#9db36a")
    for i in range(9):
        wide, tall = c.rng.uniform(24, 44), c.rng.uniform(120, 190)
        c.paint(Shapes().box(x, foot - tall, x + wide, foot, 3), (tones[i % 8], "#2c3a48"), 0.96)
        c.paint(
            Shapes()
            .box(x + 5, foot - tall + 18, x + wide - 5, foot - tall + 26)
            .box(x + 5, foot - 30, x + wide - 5, foot - 24),
            "#fff1cf",
            0.6,
        )
        x += wide + 3
    leaning: Points = turn(
        [(x + 16, foot - 160), (x + 46, foot - 160), (x + 46, foot), (x + 16, foot)], -14, (x + 16, foot)
    )
    c.paint(Shapes().polygon(move(leaning, 30, 0)), ("#d8694a", "#7f3a3a"))
    r = 1450.0
    c.paint(Shapes().line([(r, foot - 128), (r, foot - 152)], 4).disc(r, foot - 156, 8), "#e4573d")
    c.paint(
        Shapes().box(r - 46, foot - 130, r + 46, foot - 66, 14).box(r - 36, foot - 62, r + 36, foot - 12, 8),
        ("#9fc4c6", "#5f8a96"),
    )
    c.paint(Shapes().box(r - 26, foot - 14, r - 8, foot, 3).box(r + 8, foot - 14, r + 26, foot, 3), "#47707c")
    c.paint(
        Shapes()
        .line([(r - 38, foot - 54), (r - 60, foot - 28)], 8)
        .line([(r + 38, foot - 54), (r + 62, foot - 76)], 8),
        "#5f8a96",
    )
    c.paint(Shapes().disc(r - 18, foot - 100, 12).disc(r + 18, foot - 100, 12), "#fff3c4")
    c.paint(Shapes().disc(r - 16, foot - 99, 5).disc(r + 20, foot - 99, 5), "#22303a")
    c.paint(Shapes().line(curve([(r - 14, foot - 80), (r, foot - 75), (r + 14, foot - 80)]), 3.5), "#22303a")
    c.paint(Shapes().box(980, foot, 1560, foot + 24, 4), ("#b87a4a", "#7d4a33"))


def _lamp(c: Canvas) -> None:
    c.paint(Shapes().polygon(oval(206, 1012, 130, 24)), "#2a1a18", 0.55, blur=8)
    c.paint(Shapes().polygon(oval(196, 998, 118, 28)), ("#2f7f83", "#1c5560"))
    c.paint(Shapes().line([(196, 990), (120, 640), (430, 400)], 17), ("#dfb25a", "#b5853a"))
    c.paint(Shapes().disc(120, 640, 21).disc(196, 986, 19).disc(430, 400, 18), "#1c5560")
    c.paint(Shapes().polygon(oval(582, 520, 96, 28, 24)), "#fff6cf")
    c.glow(590, 540, 190, "#ffe2a0", 0.9)
    shade = [(418, 402), (470, 380), (560, 404), (672, 558), (640, 560), (560, 532), (490, 484), (492, 470)]
    c.paint(
        Shapes().polygon(curve(shade[:4], steps=6) + curve([(672, 560), (578, 536), (490, 476)]) + [(418, 404)]),
        ("#49a5a2", "#1f6a70"),
    )


def _notebook(c: Canvas) -> None:
    page = [(330, 960), (640, 940), (950, 968), (1010, 1080), (640, 1060), (270, 1076)]
    c.paint(Shapes().polygon(move(page, 6, 16)), "#2a1a18", 0.5, blur=8)
    c.paint(Shapes().polygon([(330, 960), (640, 944), (640, 1062), (270, 1076)]), ("#fff8e4", "#f2e2be"))
    c.paint(Shapes().polygon([(640, 944), (950, 966), (1008, 1078), (640, 1062)]), ("#f7ecd0", "#fff6de"))
    sketch = Shapes()
    for k in range(6):
        sketch.line([(340 - k * 9, 976 + k * 16), (600, 966 + k * 15)][:: 1 if k % 2 else -1], 2.4)
    sketch.line(
        [(690, 1010), (730, 1010), (738, 996), (750, 1026), (762, 998), (774, 1026), (782, 1012), (850, 1014)], 3.4
    )
    sketch.line([(850, 990), (850, 1040)], 3.4).line([(866, 990), (866, 1040)], 3.4).line(
        [(866, 1014), (930, 1016)], 3.4
    )
    sketch.ring(800, 984, 13, 3)
    c.paint(sketch, "#3f5a86", 0.8)


def _radio(c: Canvas, x: float, foot: float) -> None:
    """Somebody's radio, waiting to be mended."""
    c.paint(Shapes().polygon(oval(x + 190, foot + 6, 240, 20)), "#2a1a18", 0.6, blur=8)
    c.paint(Shapes().line([(x + 330, foot - 210), (x + 420, foot - 400)], 5).disc(x + 420, foot - 400, 7), "#cfd8da")
    c.paint(Shapes().box(x, foot - 216, x + 380, foot + 4, 30), ("#d8694a", "#9c3f36"))
    c.paint(Shapes().box(x + 16, foot - 200, x + 364, foot - 12, 20), ("#f6e7c8", "#d9be92"))
    slots = Shapes()
    for k in range(9):
        slots.box(x + 36, foot - 180 + k * 17, x + 176, foot - 172 + k * 17, 4)
    c.paint(slots, "#7d5a44")
    c.paint(Shapes().box(x + 200, foot - 182, x + 346, foot - 122, 8), ("#fff3b8", "#ffc65e"))
    scale = Shapes()
    for k in range(10):
        scale.line([(x + 214 + k * 13, foot - 172), (x + 214 + k * 13, foot - (156 if k % 3 else 148))], 2.2)
    c.paint(scale, "#7a4a2c")
    c.paint(Shapes().line([(x + 290, foot - 178), (x + 290, foot - 126)], 4), "#d8352f")
    for k in (234, 312):
        c.paint(Shapes().disc(x + k, foot - 66, 31), ("#7a4a3a", "#4a2c2a"))
        c.paint(Shapes().disc(x + k, foot - 69, 23), ("#b87a52", "#8a5440"))
        c.paint(Shapes().line([(x + k, foot - 69), (x + k + 12, foot - 84)], 4), "#fff1cf")
    c.glow(x + 272, foot - 150, 150, "#ffb347", 0.5)


def _mug(c: Canvas, x: float, y: float) -> None:
    c.paint(Shapes().polygon(oval(x + 26, y + 82, 110, 20)), "#2a1a18", 0.55, blur=8)
    c.paint(Shapes().ring(x + 84, y + 10, 38, 18), "#cfd9d4")
    cup = Shapes().polygon(
        [(x - 84, y - 60), (x + 84, y - 60), (x + 70, y + 78), *oval(x, y + 76, 70, 14)[:25], (x - 70, y + 78)]
    )
    c.paint(cup, ("#f3f1e4", "#aebfbd"))
    band = [(x - 90 + i * 22.5, y + (22 if i % 2 else 0)) for i in range(9)]
    c.paint(Shapes().line(band, 9), "#e0653f", within=cup)
    c.paint(Shapes().polygon(oval(x, y - 60, 84, 20)), "#fffaf0")
    c.paint(Shapes().polygon(oval(x, y - 57, 74, 15)), ("#5a3326", "#7d4a30"))
    for k, dx in enumerate((-26, 14)):
        steam = curve(
            [(x + dx, y - 76), (x + dx + 22, y - 124), (x + dx - 16, y - 176), (x + dx + 14, y - 236 - k * 20)]
        )
        c.paint(Shapes().polygon(ribbon(steam, 16, 3)), "#fff3e0", 0.35, blur=6)
