"""The board "Workshop": things that are being mended."""

from board.demo.story_parts import Message, Photo, Thread

TIDES = '''\
```python
#!/usr/bin/env python3
"""Print the next tides in 30 columns, for phones that show little else.

The sea answers to many clocks. This knows two, the moon's and the sun's,
which in our harbour is right to about twenty minutes and one wet sock.
"""

import math
import sys
from datetime import datetime, timedelta, timezone

MOON = 12.4206  # hours from one high water to the next
SUN = 12.0
HIGH = datetime(2024, 1, 11, 18, 10, tzinfo=timezone.utc)  # a spring tide at the ferry steps
MIDDLE, MOON_METRES, SUN_METRES = 3.1, 1.9, 0.6


def level(when: datetime) -> float:
    """Metres over the lowest step."""
    hours = (when - HIGH).total_seconds() / 3600
    moon = MOON_METRES * math.cos(math.tau * hours / MOON)
    sun = SUN_METRES * math.cos(math.tau * hours / SUN)
    return MIDDLE + moon + sun


def turns(start: datetime, hours: int = 26):
    """When the water turns, and whether it was rising."""
    step = timedelta(minutes=6)
    before, here = level(start - step), level(start)
    for i in range(1, hours * 10):
        when = start + i * step
        after = level(when)
        if (here - before) * (after - here) < 0:
            yield when - step, here > before
        before, here = here, after


def main() -> None:
    now = datetime.now(timezone.utc)
    for when, high in turns(now):
        metres = level(when)
        bar = "#" * round(metres * 2)
        name = "high" if high else "low "
        print(f"{when:%a %H:%M} {name} {metres:3.1f} m {bar}")
    if level(now) > 5.2:
        sys.exit("Move your car.")


if __name__ == "__main__":
    main()
```'''

WORKSHOP = (
    Thread(
        "workshop",
        "Who has the 10 mm spanner?",
        "fatima-z",
        19900,
        "Everything on the shared tool wall has a white outline so that we can see what is missing. "
        "I can see what is missing. It has been missing for **nine days**.\n\n"
        "I am not accusing anybody. I wrote a name on the note only because there was space.",
        pictures=(
            Photo(
                "tools",
                "A pegboard with hammer, saw, pliers, scissors, tape measure, screwdrivers, brush, each inside "
                "a white outline. Of five spanners the third is gone; a note says: 10 mm: gone again. Tomasz?",
            ),
        ),
        up=11,
        messages=(
            Message("tomasz", 19891, "I brought it back. I remember the sound it made.", reply_to=-1, up=4, down=5),
            Message("fatima-z", 19889, "Describe the sound.", reply_to=0, up=10),
            Message("tomasz", 19884, "Clink.", reply_to=1, up=12),
            Message("beto", 19640, "I have an 11 if you wrap some tape around it.", up=3, down=6),
            Message(
                "mairead", 19200, "Nobody needs a 10 mm until it is gone. Then it is the only bolt there is.", up=11
            ),
            Message(
                "ines",
                18020,
                "Searched the allotment sheds. I found two 13s, a horseshoe and Gareth's reading glasses.",
                up=8,
            ),
            Message("old_gareth", 18001, "Which shed?", reply_to=5, up=7),
            Message("fatima-z", 1240, "It is found. Please read the radio thread. I owe somebody an apology.", up=13),
            Message("tomasz", 1200, "Clink.", reply_to=7, up=13),
        ),
    ),
    Thread(
        "workshop",
        "Two in the morning and the radio still hums",
        "fatima-z",
        1500,
        "Mairead's kitchen radio, older than both of us. It plays, but under everything there is a hum, "
        "like a refrigerator that is in love.\n\n"
        "Done so far:\n\n"
        "- new mains capacitors, the old ones had *leaked*\n"
        "- cleaned the tuning contacts\n"
        "- tea\n\n"
        "The hum does not change with the volume. Ideas?",
        pictures=(
            Photo(
                "desk",
                "A desk at night: a green lamp lights an open notebook with a circuit sketch. Beside it a red radio "
                "with a glowing dial, a steaming mug and a small robot on a shelf. The clock says two.",
            ),
        ),
        up=10,
        messages=(
            Message(
                "tomasz",
                1466,
                "> The hum does not change with the volume.\n\nThen it comes in *after* the volume knob. "
                "Output stage, or a ground wire with bad company.",
                reply_to=-1,
                up=9,
            ),
            Message("arjun", 1460, "Is it in tune? I could bake to a B flat.", up=7, down=1),
            Message("fatima-z", 1451, "It is a G, a little low. So: 50 Hz and some regret.", reply_to=1, up=10),
            Message("beto", 1404, "Turn the plug around?", up=2, down=3),
            Message("tomasz", 1398, "Is anything loose in there? Tip it to the left and listen.", reply_to=0, up=6),
            Message("fatima-z", 1245, "I tipped it to the left.\n\nIt said *clink*.", reply_to=4, up=12),
            Message(
                "fatima-z",
                1242,
                "Between the transformer and the chassis, holding the one to the other like a magnet on a fridge: "
                "the **10 mm spanner**. I used it on day one. I put it down *inside*.\n\n"
                "The hum is gone. Tomasz, I am sorry. The tea is on me for a year.",
                up=13,
            ),
            Message("mairead", 40, "My radio was a thief all along. It sounds wonderful.", up=9),
        ),
    ),
    Thread(
        "workshop",
        "The tides as plain text: a small script, 50 lines, no internet needed",
        "noor",
        16500,
        "People ask at the desk, and not everybody has a phone with an app, or a phone with patience. "
        "So I wrote this one evening:\n\n" + TIDES + "\n\n"
        "Run it with `python3 tides.py`. The long version, with all thirty-seven clocks, is described at "
        "[example.org/tides](https://example.org/tides). Do **not** steer a ship with mine.",
        up=12,
        messages=(
            Message(
                "mairead",
                16388,
                "Compared it with the harbour gauge for a day. Eleven minutes out at worst. Well done.",
                up=9,
            ),
            Message("tomasz", 16310, '`sys.exit("Move your car.")` is the best error message I have ever seen.', up=13),
            Message("olga", 15602, "Can it say when the road at Clay Pits is under water? That is my whole job.", up=7),
            Message(
                "noor",
                15544,
                "Over 4.9 metres, if your memory and mine agree. Change the last lines to\n\n"
                '```python\nif level(now) > 4.9:\n    sys.exit("Olga goes by the hill road.")\n```',
                reply_to=2,
                up=10,
            ),
            Message("olga", 14000, "It printed my name. I have never been in a program. Thank you.", reply_to=3, up=13),
        ),
    ),
    Thread(
        "workshop",
        "My bicycle quacks, but only uphill",
        "beto",
        6100,
        "Not a creak. Not a squeak. A *quack*. One per turn of the pedals, only uphill, only when I am tired. "
        "Dogs look around. On Bakery Lane a duck answered.\n\n"
        "Chain is new, saddle is tight, I have not oiled the duck.",
        pictures=(
            Photo(
                "bicycle",
                "A turquoise bicycle leans before an orange wall with blue shutters. "
                "Flowers and a loaf of bread in the front basket, a wooden crate at the back.",
            ),
        ),
        up=11,
        messages=(
            Message("tomasz", 6066, "Once per turn is the bottom bracket. Once per half turn is a pedal. Count.", up=8),
            Message("beto", 6041, "Once per turn. Left foot. Quack.", reply_to=0, up=6),
            Message("sanna", 5902, "Have you tried going round the hill?", up=4, down=3),
            Message(
                "fatima-z",
                5870,
                "Left crank bolt. It flexes under load and talks. Tighten it, then again after 50 km.",
                reply_to=1,
                up=10,
            ),
            Message("beto", 5866, "What size is the bolt?", reply_to=3, up=2),
            Message("fatima-z", 5865, "...", reply_to=4, up=9),
            Message("tomasz", 5864, "Ten.", reply_to=4, up=13),
            Message("beto", 3000, "Borrowed one from the boatyard. Silence! I miss it a little.", up=7),
        ),
    ),
    Thread(
        "workshop",
        "Varnish or oil for an oar that lives outdoors?",
        "mairead",
        24500,
        "I have two oars, one brush and a dry weekend. My father varnished, my uncle oiled, "
        "they shared a boat for forty years "
        "and never spoke of it.\n\nBe gentle with each other.",
        up=5,
        down=4,
        messages=(
            Message("tomasz", 24410, "Varnish. Five thin coats, sand between. It is not a salad.", up=6, down=6),
            Message(
                "beto",
                24402,
                "Oil. You can mend it with a rag. Varnish is perfect until the day it is a curtain.",
                up=6,
                down=5,
            ),
            Message("tomasz", 24399, "A *well kept* curtain.", reply_to=1, up=5, down=2),
            Message("yuki_t", 23750, "Leather where it rubs. Then you may choose what you like for the rest.", up=9),
            Message(
                "old_gareth",
                23010,
                "One of each. See who was right in ten years.",
                up=10,
                edited_from="One of each. See who was right in ten years. (It will be the oil.)",
            ),
            Message(
                "mairead",
                22000,
                "One of each it is. Left: father. Right: uncle. I expect to row in circles.",
                reply_to=4,
                up=12,
            ),
        ),
    ),
)
