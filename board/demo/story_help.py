"""The board "Help": people help each other with the board and the phones they read it on."""

from board.demo.story_parts import Message, Thread

LINK = (
    "https://example.org/maps/saltmere/harbour/steps/herring/2024/autumn/walks/from-the-lighthouse-to-the-duck-pond-by-way-of-"
    "bakery-lane?layer=benches&layer=benches-in-the-sun&layer=benches-out-of-the-wind&walker=slow&with=dog&with=grandmother"
    "&return=by-bus-if-olga-is-ready&token=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef#the-second-bench"
)

HELP = (
    Thread(
        "help",
        "The library's wireless network is back",
        "noor",
        6,
        "The box was unplugged to charge a mobility scooter, which was the right decision.\n\n"
        "The password is on the desk, under the duck.",
        up=3,
    ),
    Thread(
        "help",
        "Very long links and very long words on a very small phone",
        "wei-ling",
        14500,
        "My phone is as wide as a biscuit. Somebody sent me this, can you all see it without scrolling sideways?\n\n"
        + LINK,
        up=4,
        messages=(
            Message(
                "beto", 14422, "Six lines here, none of them over the edge. The second bench is a good bench.", up=6
            ),
            Message(
                "sanna",
                14390,
                "Let us test it properly, with a Finnish trainee:\n\n"
                "lentokonesuihkuturbiinimoottoriapumekaanikkoaliupseerioppilas",
                up=11,
            ),
            Message("yuki_t", 14377, "It broke in the middle of the engine. As they do.", reply_to=1, up=9),
            Message(
                "noor",
                13800,
                "Kinder to everybody: give the link a name.\n\n"
                "```\n[the second bench](https://example.org/bench)\n```\n\n"
                "becomes [the second bench](https://example.org/bench).",
                reply_to=-1,
                up=8,
            ),
        ),
    ),
    Thread(
        "help",
        "How to write bold, lists, quotes and code here, on one page",
        "noor",
        29800,
        "Asked four times at the desk this week, so here it is. You type the left, you get the idea:\n\n"
        "```\n"
        "*leaning* and **bold** and ~~never mind~~\n"
        "\n"
        "- milk\n"
        "- bread\n"
        "- a duck\n"
        "\n"
        "> what somebody else said\n"
        "\n"
        "`a bit of code`\n"
        "```\n\n"
        "An empty line begins a new paragraph. Longer code goes between two lines of three backticks. "
        "If it comes out wrong, edit it. Nobody minds.",
        up=11,
        messages=(
            Message("old_gareth", 29611, "**Am I doing this right**", up=12),
            Message("noor", 29600, "You are.", reply_to=0, up=7),
            Message("old_gareth", 26500, "> You are.\n\n- thank you\n- very much\n\n`gareth`", reply_to=1, up=13),
        ),
    ),
    Thread(
        "help",
        "What do I write in the description of a picture?",
        "olga",
        18200,
        "It asks me to describe the picture. I can *see* the picture. Who is it for?",
        up=6,
        messages=(
            Message(
                "noor",
                18122,
                "For Mrs Adeyemi, who has her phone read everything to her. For anybody whose line is too slow today. "
                'And for you, in ten years, when you look for "the one with the sheep".\n\n'
                "Say what you would say on the telephone: what is in it, and why you took it.",
                reply_to=-1,
                up=12,
            ),
            Message("kwame", 18060, 'One or two sentences. Not "photo of". Start with the thing.', up=8),
            Message("olga", 17902, '"Bus."', up=11),
            Message("noor", 17898, "...which bus, Olga?", reply_to=2, up=6),
            Message(
                "olga",
                17100,
                '"The yellow bus of line 2, early morning, empty, engine warm. I was happy."',
                reply_to=3,
                up=13,
            ),
        ),
    ),
)
