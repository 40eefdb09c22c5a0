"""A great wave, in the manner of the old woodblock prints."""

import math

from board.demo.drawings_brush import Canvas, Point, Points, Shapes, curve, oval, ribbon


def wave() -> bytes:
    """The wave, a red sun, a mountain, a boat."""
    c = Canvas(1600, 1200, "wave", ("#d9c79a", "#efe0b9", "#f6ead0", "#f3dfc0"))
    c.glow(1090, 400, 420, "#ffb98a", 0.35)
    c.paint(Shapes().disc(1090, 400, 165), ("#d8452f", "#e2674a"))
    for y, x, wide in ((250, 1290, 260), (330, 900, 190), (500, 1250, 330), (200, 640, 160)):
        cloud = Shapes().box(x - wide, y, x + wide, y + 22, 11).box(x - wide * 0.55, y - 22, x + wide * 0.5, y + 4, 11)
        c.paint(cloud, "#fbf3df", 0.92)
    peak = [(820, 905), (960, 800), (1040, 716), (1076, 690), (1108, 694), (1150, 728), (1240, 812), (1400, 905)]
    c.paint(Shapes().polygon(curve(peak)), ("#5d7f9c", "#9db3b4"))
    snow = [
        (1040, 716),
        (1076, 690),
        (1108, 694),
        (1150, 728),
        (1172, 764),
        (1146, 752),
        (1126, 786),
        (1098, 748),
        (1074, 790),
        (1052, 750),
        (1012, 770),
    ]
    c.paint(Shapes().polygon(snow), "#fdf7e8")
    _seigaiha(c, 880, 1000, 34)
    _long_boat(c, 1180, 925)
    back = [(-60, 1080), (-44, 780), (16, 550), (116, 364), (256, 234), (430, 165), (640, 176), (790, 290), (850, 500)]
    hollow = [
        (1700, 1130),
        (1330, 1090),
        (1010, 1040),
        (770, 950),
        (640, 810),
        (600, 650),
        (640, 520),
        (730, 440),
        (850, 500),
    ]
    outer, inner = curve(back, steps=16), curve(hollow, steps=16)
    sea = (
        "#12305c",
        "#1d4f86",
        "#2f74a6",
        "#f4ead2",
        "#17427a",
        "#1d4f86",
        "#5d9dbd",
        "#f4ead2",
        "#12305c",
        "#2a6498",
        "#17427a",
    )
    for i in range(len(sea)):
        low, high = (i / len(sea)) ** 0.9, ((i + 1) / len(sea)) ** 0.9
        band = [_between(a, b, low) for a, b in zip(outer, inner, strict=True)]
        band += [_between(a, b, high) for a, b in zip(outer, inner, strict=True)][::-1]
        c.paint(Shapes().polygon(band), sea[i])
    c.paint(Shapes().polygon([(-60, 1080), (1700, 1130), (1700, 1300), (-60, 1300)]), "#17427a")
    _foam(c, outer)
    _seigaiha(c, 1010, 1180, 58)
    frame = Shapes().box(0, 0, 1600, 1200).cut().box(34, 34, 1566, 1166)
    c.paint(frame, "#f7efdc")
    c.paint(Shapes().box(34, 34, 1566, 1166).cut().box(38, 38, 1562, 1162), "#1b2f4f")
    c.paint(Shapes().box(1452, 80, 1520, 190, 8), "#c23a2b")
    mark = Shapes().ring(1486, 114, 17, 4)
    for y in (146, 159, 172):
        mark.line([(1468, y), (1504, y)], 4)
    c.paint(mark, "#f7e9d2")
    c.grain(9)
    return c.jpeg()


def _between(a: Point, b: Point, t: float) -> Point:
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t


def _foam(c: Canvas, crest: Points) -> None:
    """White water along the crest, with claws that reach out where it breaks."""
    rng = c.rng
    claws: list[Points] = []
    for i in range(72, 128, 6):
        (x, y), (ahead_x, ahead_y) = crest[i], crest[i + 1]
        step = math.hypot(ahead_x - x, ahead_y - y)
        fx, fy = (ahead_x - x) / step, (ahead_y - y) / step
        long = rng.uniform(58, 80) * (0.5 + (i - 70) / 58)
        spine = [(0.0, -0.25), (0.35, 0.35), (0.85, 0.62), (1.25, 0.45), (1.3, 0.2)]
        line = [(x + (f * fx + o * fy) * long, y + (f * fy - o * fx) * long) for f, o in spine]
        claws.append(ribbon(curve(line, steps=6), 34 * (0.5 + (i - 70) / 90), 3))
    blobs = [
        (x + rng.uniform(-18, 16), y + rng.uniform(-8, 26), rng.uniform(11, 27)) for x, y in crest[44:127] for _ in "ab"
    ]
    for grow, colour in ((3.5, "#17365f"), (0.0, "#fbf5e6")):
        foam = Shapes()
        for x, y, r in blobs:
            foam.disc(x, y, r + grow)
        for claw in claws:
            foam.polygon(claw)
            if grow:
                foam.line([*claw, claw[0]], grow * 2)
        c.paint(foam, colour)
    curls = Shapes()
    for x, y, r in blobs[::3]:
        curls.ring(x, y, r * 0.62, 2.2)
    c.paint(curls, "#7fb0c6", 0.75)
    spray = Shapes()
    for _ in range(120):
        x, y = crest[rng.randrange(80, 128)]
        spray.disc(x + 40 + abs(rng.gauss(20, 80)), y + rng.gauss(20, 80), rng.uniform(1.5, 6))
    c.paint(spray, "#fffaf0", 0.95)


def _seigaiha(c: Canvas, top: float, bottom: float, r: float) -> None:
    """The old wave pattern: rows of nested arcs, each row before the last."""
    row, y = 0, top
    while y <= bottom:
        for x in range(-1, int(c.width / (r * 2)) + 2):
            cx = x * r * 2 + (r if row % 2 else 0)
            for k, colour in (
                (1.0, "#f4ead2"),
                (0.92, "#17427a"),
                (0.68, "#f4ead2"),
                (0.60, "#2f74a6"),
                (0.36, "#f4ead2"),
                (0.28, "#12305c"),
            ):
                c.paint(Shapes().disc(cx, y + r, r * k), colour)
        row, y = row + 1, y + r * 0.5
    c.paint(Shapes().box(0, y + r * 0.5, c.width, c.height), "#17427a")


def _long_boat(c: Canvas, x: float, y: float) -> None:
    hull = curve([(x - 200, y - 46), (x - 120, y - 4), (x, y + 10), (x + 120, y - 2), (x + 210, y - 40)])
    rim = curve([(x + 210, y - 40), (x + 120, y - 24), (x, y - 16), (x - 120, y - 24), (x - 200, y - 46)])
    for i in range(7):
        px = x - 110 + i * 34
        c.paint(Shapes().polygon(oval(px, y - 26, 13, 20, 12)), ("#2b4a6f", "#1b2f4f"))
        c.paint(Shapes().disc(px + 5, y - 50, 9), "#e9c9a0")
        c.paint(Shapes().polygon([(px - 9, y - 53), (px + 5, y - 66), (px + 20, y - 53)]), "#b98d4f")
    c.paint(Shapes().polygon(hull + rim), ("#c99a5c", "#8c5f38"))
    c.paint(Shapes().line(rim, 5), "#6b4429")
