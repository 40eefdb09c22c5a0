"""The board "Photos"."""

from board.demo.story_parts import Message, Photo, Thread

PHOTOS = (
    Thread(
        "photos",
        "Dawn from the hut, after the longest bus ride of my life",
        "linnea",
        14,
        "Five ridges, I counted. By the time the kettle boiled there were only three left, and then the sun was up "
        "and it was just *mountains*.\n\n"
        "Two hours and ten minutes on foot from Very Far Field. Worth every blister.",
        pictures=(
            Photo(
                "mountains",
                "Dawn in the mountains: five misty ridges from pink to deep blue, the sun half risen behind them, "
                "dark pines in front and five birds in the air.",
            ),
        ),
        up=7,
    ),
    Thread(
        "photos",
        "The sky did this for two hours and then simply stopped",
        "linnea",
        2900,
        "No filter, no tricks, a phone on a fence post. I had my boots on the wrong feet the whole time "
        "because I ran out when I saw the window turn green.",
        pictures=(
            Photo(
                "aurora",
                "Northern lights in green and violet over a dark lake. A small cabin with one lit window and "
                "smoke from its chimney stands in the snow.",
            ),
        ),
        up=13,
        messages=(
            Message(
                "kwame",
                2871,
                "I have stood in the cold for nine winters for this picture. I am happy for you. I am also lying down.",
                up=12,
            ),
            Message("linnea", 2860, "There is a second bed in the hut, Kwame.", reply_to=0, up=10),
            Message("wei-ling", 2744, "My daughter asks who paints it and whether they are cold.", up=11),
            Message("noor", 2500, "Does it make a sound? I have read both answers.", up=3),
            Message(
                "linnea",
                2488,
                "> Does it make a sound?\n\nI held my breath to find out and heard only my own heart. So: yes.",
                reply_to=3,
                up=13,
            ),
            Message(
                "old_gareth", 1900, "Very nice. Who is keeping the stove going while you stand outside?", up=6, down=1
            ),
            Message("yuki_t", 400, "May I try to print this? I would need about nine greens.", up=7),
            Message("linnea", 130, "Please do! Take ten.", reply_to=6, up=5),
        ),
    ),
    Thread(
        "photos",
        "Harbour and lighthouse, same evening, no tripod, one bollard",
        "kwame",
        9900,
        "Leaned on a bollard for the first, lay on the rocks for the second. The man in the rowing boat asked "
        "whether I was all right. A fair question.\n\n"
        "The lamps are switched on one after the other, from the left. "
        "If you wait for the last one, the sky is already too dark. "
        "You have about **four minutes**.",
        pictures=(
            Photo(
                "harbour",
                "A row of tall coloured houses at night, windows lit, mirrored in the harbour. "
                "Four sailing boats at the quay and a rowing boat with a lantern in front.",
            ),
            Photo(
                "lighthouse",
                "A red and white lighthouse on a rock at sunset, its beams reaching to both sides; "
                "gulls, striped clouds and three rows of waves.",
            ),
        ),
        up=12,
        messages=(
            Message("mairead", 9811, "You made my house look tidy. Thank you.", up=10),
            Message(
                "tomasz",
                9702,
                'Third boat from the left is mine. The light on the mast should be white, not "a bit orange". I know.',
                up=4,
            ),
            Message("beto", 9633, "I was the man in the rowing boat.", up=13),
            Message("kwame", 9630, "You had a lantern on a stick, like a very large fish.", reply_to=2, up=11),
            Message("yuki_t", 7000, "The reflections are better than the houses. Often the way.", up=6, down=1),
        ),
    ),
    Thread(
        "photos",
        "Marmalade supervises the neighbours",
        "wei-ling",
        700,
        "Every evening from six until the birds go to bed. She does not want them. "
        "She wants them to know that she *knows*.",
        pictures=(
            Photo(
                "cat",
                "A ginger cat seen from behind on a window sill, tail hanging down over the radiator, "
                "watching a blue and a red bird kiss on a branch. Evening sky, yellow curtains, a cactus.",
            ),
        ),
        up=12,
        messages=(
            Message("ines", 688, "The tail. I could look at that tail all day.", up=9),
            Message("arjun", 655, "She has the shoulders of a night watchman.", up=11),
            Message(
                "tomasz",
                601,
                "Radiator on full and window like that? Put some felt strip along the frame, I have a roll.",
                up=3,
                down=2,
            ),
            Message(
                "wei-ling", 595, "The draught is how she smells the birds. We have discussed it.", reply_to=2, up=10
            ),
            Message("yuki_t", 410, "Are the birds... kissing?", up=4),
            Message("wei-ling", 402, "Every evening. It is the best programme we get.", reply_to=4, up=12),
            Message("noor", 22, "The library would like to borrow her. We have mice and low standards.", up=6),
        ),
    ),
    Thread(
        "photos",
        "She has moved in over the kitchen window (spider, kept under a cover)",
        "ines",
        5200,
        "Dew on the web this morning, every thread counted out like beads. I have covered the picture because "
        "some of you would rather meet her slowly, or never.\n\n"
        "She is a garden spider. She is the size of a coin, whatever my sister says.",
        pictures=(
            Photo(
                "spider",
                "Close view of an orange garden spider with a white cross on her back, head down in the middle "
                "of a web hung with dew, on a soft green ground.",
                sensitive=True,
            ),
        ),
        up=8,
        down=4,
        messages=(
            Message("beto", 5122, "Thank you for the cover. I looked. I have put the cover back.", up=11),
            Message("fatima-z", 5090, "Count the spokes: 22. I would not get that even with a ruler.", up=7),
            Message("sanna", 4980, "A COIN, Ines?", up=9),
            Message("ines", 4977, "A large coin.", reply_to=2, up=10),
            Message("old_gareth", 4012, "Leave her be. One spider is worth two jars of poison.", up=9, down=1),
            Message("ines", 3500, "She is called Agnes now.", up=12),
        ),
    ),
    Thread(
        "photos",
        "It rained all week, so I made it move",
        "yuki_t",
        12400,
        "Twenty-four little drawings. I only wanted to find out how the coat swings when somebody walks, "
        "and then I had to draw the city as well.",
        pictures=(
            Photo(
                "rain",
                "Animation: somebody in a yellow coat with a red umbrella crosses a wet square at dusk. "
                "Rain falls, rings spread in the puddles, windows and two street lamps glow.",
            ),
        ),
        up=11,
        messages=(
            Message(
                "wei-ling",
                12302,
                "I have been watching her cross the square for ten minutes. Where is she going?",
                up=8,
            ),
            Message("yuki_t", 12280, "To buy an umbrella stand.", reply_to=0, up=12),
            Message("olga", 11900, "She just missed line 1. I am sorry.", up=13),
            Message(
                "arjun", 10100, "The left boot is late by half a step, and it is perfect, please never repair it.", up=5
            ),
        ),
    ),
    Thread(
        "photos",
        "Paper boat, maiden voyage, crew of one",
        "beto",
        17000,
        "Folded from page 14 of my old maths book, which finally came to some use. "
        "Launched at the Duck Pond at nine this morning. She carried a flag and, from about half way, a captain.",
        pictures=(
            Photo(
                "boat",
                "A boat folded from squared paper with a small red flag floats on still blue water "
                "among autumn leaves. A ladybird stands on its rim.",
            ),
        ),
        up=10,
        messages=(
            Message("yuki_t", 16933, "Good sharp folds. You used a spoon?", up=3),
            Message("beto", 16930, "A bus ticket.", reply_to=0, up=6),
            Message("noor", 16412, "Is this a training run for the duck race? There are rules about crews.", up=7),
            Message(
                "fatima-z", 15870, "Page 14 is *fractions*. No wonder it floats, it is lighter than one.", up=9, down=2
            ),
            Message("beto", 15000, "She sank at eleven. The captain flew home.", up=12),
        ),
    ),
    Thread(
        "photos",
        "Printing a wave, seventh attempt: the claws finally hold",
        "yuki_t",
        21000,
        "Nine blocks, four blues. The old masters did it in three blues and did not post about it.\n\n"
        "What I learned, mostly from attempts one to six:\n\n"
        "1. cut the foam **last**, when you are calm\n"
        "2. damp paper forgives, wet paper does not\n"
        "3. the red seal in the corner hides exactly one thumbprint",
        pictures=(
            Photo(
                "wave",
                "A print in the manner of old Japanese woodblocks: a huge striped wave with claws of foam, "
                "a red sun, a snowy mountain, and seven people in a long boat.",
            ),
        ),
        up=12,
        messages=(
            Message("mairead", 20911, "I have seen that wave. It was a Thursday.", up=10),
            Message("kwame", 20700, "Who are the seven in the boat?", up=2),
            Message("yuki_t", 20655, "Attempts one to seven.", reply_to=1, up=13),
            Message("ines", 19520, "Do you sell them? Asking for the wall over my sofa.", up=3),
            Message(
                "yuki_t",
                18500,
                "I trade them. One loaf, one print. Talk to Arjun first, though, I only like his.",
                reply_to=3,
                up=8,
                edited_from="I trade them. One loaf, one print.",
            ),
        ),
    ),
)
