"""A garden spider in her web on a dewy morning: the one picture some visitors would rather not see."""

import math

from board.demo.drawings_brush import Canvas, Point, Shapes, curve, move, oval, ribbon


def spider() -> bytes:
    """Square."""
    c = Canvas(1200, 1200, "spider", ("#2f5f4f", "#5f8f52", "#a9b95c", "#e3c667"))
    rng = c.rng
    for _ in range(46):
        x, y, r = rng.uniform(0, 1200), rng.uniform(0, 1200), rng.uniform(24, 120)
        c.paint(
            Shapes().disc(x, y, r),
            rng.choice(("#f4e59a", "#8fc07a", "#3f7a5a", "#fff3c4")),
            rng.uniform(0.08, 0.3),
            blur=6,
        )
    c.glow(980, 200, 620, "#fff0a8", 0.5)
    hub = (590.0, 560.0)
    angles = [math.tau * k / 22 + rng.uniform(-0.05, 0.05) for k in range(22)]
    spokes = Shapes()
    for a in angles:
        spokes.line([hub, (hub[0] + math.cos(a) * 900, hub[1] + math.sin(a) * 900)], 2.2)
    c.paint(spokes, "#f7fbf2", 0.6)
    threads, drops, shine = Shapes(), Shapes(), Shapes()
    for turn_no in range(3, 24):
        r = 14 + turn_no * 31
        for a, b in zip(angles, [*angles[1:], angles[0] + math.tau], strict=True):
            near, far = _at(hub, a, r + a * 4), _at(hub, b, r + b * 4)
            sag = _at(hub, (a + b) / 2, (r + (a + b) * 2) * 0.955)
            line = curve([near, sag, far], steps=7)
            threads.line(line, 1.7)
            for x, y in line[:: 2 if turn_no < 12 else 1]:
                if -10 < x < 1210 and -10 < y < 1210 and rng.random() < 0.55:
                    size = rng.uniform(1.6, 4.6)
                    drops.disc(x, y + 1, size)
                    shine.disc(x - size * 0.3, y - size * 0.3, size * 0.4)
    c.paint(threads, "#ffffff", 0.55)
    c.paint(drops, ("#eaf7f0", "#dff0e0"), 0.75)
    c.paint(shine, "#ffffff")
    _spider(c, 590, 570)
    c.grain(6)
    return c.jpeg()


def _at(hub: Point, angle: float, r: float) -> Point:
    return hub[0] + math.cos(angle) * r, hub[1] + math.sin(angle) * r


def _spider(c: Canvas, x: float, y: float) -> None:
    """Head down, as they sit."""
    shadow, legs, bands = Shapes(), Shapes(), Shapes()
    for side in (-1, 1):
        for start, knee, foot in (
            ((34, 96), (150, 150), (176, 300)),
            ((38, 80), (196, 96), (268, 212)),
            ((38, 60), (176, 10), (254, -70)),
            ((32, 44), (140, -70), (150, -236)),
        ):
            joint = [(x + side * px, y + py) for px, py in (start, knee, foot)]
            line = curve(joint, steps=14)
            legs.polygon(ribbon(line, 24, 7)).disc(*joint[1], 11)
            shadow.polygon(move(ribbon(line, 22, 7), 14, 20))
            for i in (5, 11, 17, 23):
                bands.polygon(ribbon(line[i : i + 4], 23 - i * 0.6, 22 - i * 0.6))
    c.paint(shadow, "#1d3a2c", 0.3, blur=9)
    c.paint(legs, ("#d98f45", "#a85f2c"))
    c.paint(bands, "#5f3018", 0.75)
    c.paint(Shapes().polygon(oval(x + 14, y - 40, 116, 140)), "#1d3a2c", 0.35, blur=12)
    c.paint(Shapes().polygon(oval(x, y + 84, 58, 54)), ("#b8743a", "#8a4f28"))
    body = Shapes().polygon(
        curve(
            [
                (x, y - 190),
                (x - 92, y - 130),
                (x - 112, y - 40),
                (x - 56, y + 46),
                (x + 56, y + 46),
                (x + 112, y - 40),
                (x + 92, y - 130),
            ],
            closed=True,
        )
    )
    c.paint(body, ("#8a4a22", "#c47a36", "#e0a052"))
    c.paint(Shapes().polygon(oval(x - 46, y - 90, 30, 62, 14)), "#f3c584", 0.45, blur=14, within=body)
    for k in range(5):
        py, wide = y - 140 + k * 38, 44 + 16 * math.sin(k * 0.8)
        for side in (-1, 1):
            mark = curve(
                [(x + side * (wide + 38), py - 10), (x + side * (wide + 10), py + 16), (x + side * wide * 0.7, py + 4)]
            )
            c.paint(Shapes().polygon(ribbon(mark, 17, 5)), "#5f2f16", 0.8, within=body)
    cross = Shapes()
    for dx, dy, r in (
        (0, -128, 12),
        (0, -98, 14),
        (0, -68, 12),
        (0, -36, 9),
        (-34, -96, 11),
        (34, -96, 11),
        (-60, -90, 7),
        (60, -90, 7),
    ):
        cross.polygon(oval(x + dx, y + dy, r, r * 1.15))
    c.paint(cross, "#fff6df", within=body)
    c.paint(
        Shapes().disc(x - 20, y + 122, 8).disc(x + 20, y + 122, 8).disc(x - 7, y + 128, 6).disc(x + 7, y + 128, 6),
        "#24140d",
    )
    c.paint(Shapes().disc(x - 22, y + 119, 2.6).disc(x + 18, y + 119, 2.6), "#ffffff")
    palps = Shapes().polygon(ribbon(curve([(x - 24, y + 126), (x - 38, y + 152), (x - 22, y + 172)]), 15, 8))
    c.paint(palps.polygon(ribbon(curve([(x + 24, y + 126), (x + 38, y + 152), (x + 22, y + 172)]), 15, 8)), "#a85f2c")
