"""The board "Kitchen and garden": what grows and what becomes of it."""

from board.demo.story_parts import Message, Photo, Thread

KITCHEN = (
    Thread(
        "kitchen",
        "Gerald has lifted his lid again",
        "arjun",
        310,
        "I fed him at nine as always: 50 g flour, 50 g water, one kind word. At noon he was at the rubber band. "
        "At two he was *looking at me*.\n\n"
        "This is one day in two and a half seconds.",
        pictures=(
            Photo(
                "starter",
                "Animation: sourdough starter with a small face, in a jar tagged Gerald, rises until it lifts the lid, "
                "looks surprised, and sinks again.",
            ),
        ),
        up=12,
        messages=(
            Message(
                "wei-ling", 301, "My daughter has asked whether Gerald would like to meet Steven the glove.", up=11
            ),
            Message("sanna", 288, "Fine. I take back what I said in the ferry thread. That is a captain.", up=8),
            Message("ines", 240, "Which flour? Mine sulks.", up=2),
            Message(
                "arjun",
                233,
                "Rye from the mill, one part in five. And do not put him by the window, he gets ideas.",
                reply_to=2,
                up=7,
            ),
            Message(
                "fatima-z", 150, "Use a lid that only *rests*. The next one will go through the lamp.", up=6, down=1
            ),
            Message("arjun", 147, "How do you know about the lamp?", reply_to=4, up=9),
            Message("fatima-z", 146, "I mended the lamp.", reply_to=5, up=13),
            Message("beto", 4, "On my way with the empty jar you promised me. Does he bite?", up=3),
        ),
    ),
    Thread(
        "kitchen",
        "First loaf with a wheat ear cut into it, and it did not explode",
        "ines",
        7400,
        "Four months of flat bricks, and now this. Arjun stood next to me and said only two things: "
        '"colder" and "braver".\n\n'
        "For the next one who tries:\n\n"
        "1. the dough straight from the fridge, so that it holds still\n"
        "2. a new razor blade, held like a pencil\n"
        "3. every cut **once**; going back is how ears become moustaches",
        pictures=(
            Photo(
                "bread",
                "A round sourdough loaf from above on a wooden board, rings of flour on the crust, "
                "and an ear of wheat cut into the middle.",
            ),
        ),
        up=13,
        messages=(
            Message("arjun", 7391, "I am telling everybody that I taught you. I am telling *everybody*.", up=9),
            Message("old_gareth", 7300, "Too pretty to cut.", up=5),
            Message("ines", 7288, "It is gone, Gareth. You ate the left half.", reply_to=1, up=12),
            Message("old_gareth", 7281, "Too pretty to cut *slowly*.", reply_to=2, up=13),
            Message(
                "kwame", 6911, "Next time call me before the knife. Light from the left, five minutes, please.", up=4
            ),
            Message("sanna", 6402, "How cold is cold?", up=1),
            Message(
                "arjun", 6000, "Ten hours in the fridge. Cold enough that you feel sorry for it.", reply_to=5, up=6
            ),
        ),
    ),
    Thread(
        "kitchen",
        "What goes on under plot 14 while I am having my tea",
        "old_gareth",
        10900,
        "My granddaughter drew this after I complained about molehills. I have looked at it for an hour. "
        "I can not be angry with anybody who wears a cap like that.",
        pictures=(
            Photo(
                "garden",
                "A vegetable patch cut open from the side: carrots, a beetroot, potatoes and radishes in the earth, "
                "a smiling worm, and a mole asleep in its den wearing a blue night cap.",
            ),
        ),
        up=13,
        messages=(
            Message(
                "ines",
                10877,
                "So *that* is what eats my radishes. He does not even have the decency to be awake.",
                up=7,
            ),
            Message("noor", 10702, "May the children's corner have a copy? We have a wall.", up=6),
            Message(
                "old_gareth",
                10688,
                "She says yes, but the worm is called Philip and that must be written under it.",
                reply_to=1,
                up=13,
            ),
            Message("tomasz", 10410, "The mole has better insulation than my boat.", up=9),
            Message("wei-ling", 10102, "Moles eat worms. Should somebody tell Philip?", up=5, down=4),
            Message("old_gareth", 9800, "Philip knows. They have an arrangement.", reply_to=4, up=12),
        ),
    ),
    Thread(
        "kitchen",
        "Tomatoes, plot 14: the forecast and the facts",
        "old_gareth",
        26000,
        "In May I told Ines ten kilos. I said it in front of people.\n\n"
        "Here are the figures. I have nothing to add, except that there was *one* holiday "
        "and there were *many* snails.",
        pictures=(
            Photo(
                "chart",
                'Hand-drawn chart "Tomatoes, Plot 14", May to September. The dashed line "what I told Ines" climbs '
                'towards 10 kg. "What grew" stops under 6 kg. Most of it is marked "what the snails ate", '
                'a thin strip "what I ate".',
            ),
        ),
        up=12,
        messages=(
            Message("ines", 25980, "I am framing this.", up=13),
            Message("kwame", 25811, "A rare case of somebody publishing a negative result. Respect.", up=10),
            Message("fatima-z", 25702, "There is a coffee ring on the data.", up=8),
            Message(
                "old_gareth",
                25690,
                "That is not on the data. That IS the data. It is where I sat down.",
                reply_to=2,
                up=12,
            ),
            Message("yuki_t", 25111, "Copper tape around the bed. Snails do not like the taste.", up=6, down=1),
            Message("sanna", 25090, "Beer traps!", up=4, down=5),
            Message("old_gareth", 25077, "I am not buying them a drink.", reply_to=5, up=13),
            Message(
                "mairead",
                23500,
                "Six kilos is a good year up here. Do not let the dashed line tell you otherwise.",
                up=9,
            ),
        ),
    ),
    Thread(
        "kitchen",
        "Soup for forty on Friday: what can we do with three pots and a gas ring?",
        "fatima-z",
        5000,
        "The choir sings for the boatyard and the boatyard is always hungry. I have three big pots, one gas ring, "
        "two hours, and a bag of red lentils the size of a child.\n\n"
        "Must be: cheap, filling, fine for people who eat no meat. Should be: hard to burn. I will be singing.",
        up=7,
        messages=(
            Message(
                "arjun",
                4950,
                "Lentil soup, then. For **forty**:\n\n"
                "* 4 kg red lentils, washed until you are bored\n"
                "* 3 kg onions, 2 kg carrots\n"
                "* 20 lemons\n"
                "* cumin, salt, more cumin\n\n"
                "Onions slowly, everything else at once, stir like a ferry: always a bit late, never stopping.",
                up=12,
            ),
            Message("ines", 4902, "Carrots from me. They are crooked and proud.", reply_to=0, up=6),
            Message("sanna", 4800, "I bring spoons. Do we own forty bowls?", up=3),
            Message("noor", 4790, "We own nineteen bowls and thirty mugs. Soup is a drink.", reply_to=2, up=11),
            Message("beto", 4411, "I can carry 12 litres on the back rack if nobody brakes.", up=8, down=1),
            Message("fatima-z", 4100, "Fifty-two came. Nothing left. Somebody proposed to the soup.", up=13),
        ),
    ),
    Thread(
        "kitchen",
        "Raisins in cinnamon buns: yes or no, and please explain yourself",
        "sanna",
        2400,
        "No.\n\nA bun is soft. A raisin is a *surprise*. I do not want surprises in something soft. "
        "Thank you for coming.",
        up=6,
        down=7,
        messages=(
            Message("linnea", 2391, "Correct. Where I come from this is in the constitution.", up=6, down=5),
            Message(
                "arjun",
                2388,
                "Yes, but soaked in tea over night. A dry raisin is a complaint, a soaked one is a *conversation*.",
                up=7,
                down=5,
            ),
            Message("old_gareth", 2350, "More raisins than bun.", up=6, down=6),
            Message("tomasz", 2311, "Walnuts.", up=5, down=6),
            Message("sanna", 2310, "Nobody asked about walnuts, Tomasz.", reply_to=3, up=9, down=1),
            Message(
                "olga", 1805, "There was a raisin bun on the dashboard of line 2. It was there when I started.", up=12
            ),
            Message("noor", 1801, "Olga, do people just leave you things?", reply_to=5, up=8),
            Message("olga", 1794, "It is a good bus.", reply_to=6, up=13),
            Message(
                "kwame",
                75,
                'I made half with and half without. The "without" half is gone. I draw no conclusions.',
                up=6,
                down=3,
            ),
        ),
    ),
)
