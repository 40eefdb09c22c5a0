"""The board "General": the town talks."""

from board.demo.story_ferry import FERRY
from board.demo.story_parts import Message, Photo, Thread

BUS_MAP = """\
Map of the four town bus lines of Saltmere.
Line 1, red: Viaduct, School, Library, Swimming Baths, Town Hall, Cinema, Hospital.
Line 2, blue: Lighthouse, Herring Steps, Harbour, Town Hall, Bakery Lane, Duck Pond.
Line 3, yellow: Allotments, Clay Pits, Town Hall, Boatyard, Ferry.
Line 4, green: Library, Swimming Baths, Mill Bridge, Upper Wood, Very Far Field.
A footpath joins Mill Bridge and Duck Pond. No service during the duck race."""

GENERAL = (
    Thread(
        "general",
        "Duck race on Sunday: we have 300 numbers and 299 ducks",
        "noor",
        95,
        "The ducks came out of the library cellar this morning and I have counted them twice. "
        "Number **114** is missing. She is yellow, plastic, about as long as a hand, and smiles.\n\n"
        "The race starts at two from Mill Bridge. If you find her before that, bring her to the desk. "
        "If she finds *you*, please do not race her privately.",
        up=9,
        messages=(
            Message("beto", 88, "Is 114 the one that won last year?", reply_to=-1, up=3),
            Message("noor", 84, "She is. I am trying not to read anything into it.", reply_to=0, up=8),
            Message(
                "olga",
                71,
                "There is a duck on the dashboard of line 2. It was there when I started. I thought it was official.",
                up=11,
            ),
            Message("noor", 69, "Olga. What number is under it?", reply_to=2, up=4),
            Message("olga", 52, "I was driving. Now I am waiting at the Cinema. 114.", reply_to=3, up=12),
            Message("ines", 49, "She was taking the bus to the start. Sensible duck.", reply_to=4, up=10),
            Message("noor", 2, "300 of 300. Thank you, everybody. Sunday, two o'clock, bring boots.", up=5),
        ),
    ),
    FERRY,
    Thread(
        "general",
        "Say good morning in the language you count in",
        "sanna",
        27500,
        "Somebody at the baths asked how many languages are spoken in this town. Nobody knew. "
        "So: one line each, and what it means.\n\n"
        "I begin: **Hyvää huomenta! Kahvi on valmista.** Good morning! The coffee is ready.",
        up=12,
        messages=(
            Message(
                "yuki_t",
                27410,
                "おはようございます。今日は波がきれいですね。\n\nGood morning. The waves are lovely today.",
                up=8,
            ),
            Message("fatima-z", 27388, "صباح الخير! البحر هادئ اليوم.\n\nGood morning! The sea is calm today.", up=9),
            Message("arjun", 27301, "नमस्ते! चाय तैयार है।\n\nHello! The tea is ready. (It always is.)", up=9),
            Message(
                "ines",
                27120,
                "Bom dia! Hoje o pão ainda está quente.\n\nGood morning! The bread is still warm today.",
                up=7,
            ),
            Message(
                "old_gareth",
                26890,
                "Bore da! Mae'r malwod wedi codi o fy mlaen i.\n\nGood morning! The snails got up before me.",
                up=11,
            ),
            Message("kwame", 26300, "Maakye! Ɛte sɛn?\n\nGood morning! How is it going?", up=6),
            Message("noor", 26011, "Goedemorgen! De bibliotheek is open.\n\nGood morning! The library is open.", up=5),
            Message(
                "wei-ling",
                25022,
                "早上好！猫又坐在键盘上了。\n\nGood morning! The cat is on the keyboard agaaaaaaaaaain",
                up=13,
            ),
            Message(
                "mairead",
                20110,
                "Dia daoibh ar maidin! Tá an solas ar lasadh.\n\nGood morning, all of you! The light is lit.",
                up=8,
            ),
            Message(
                "olga", 19902, "Доброго ранку! Автобус уже їде.\n\nGood morning! The bus is already on its way.", up=9
            ),
            Message(
                "tomasz",
                19880,
                "Dzień dobry! Czy ktoś widział klucz 10 mm?\n\nGood morning! Has anyone seen a 10 mm spanner?",
                up=7,
            ),
            Message("fatima-z", 19871, "*You* are asking?", reply_to=10, up=10),
            Message(
                "beto",
                2800,
                "¡Buenos días! La bici ya no hace cuac.\n\nGood morning! The bicycle no longer quacks.",
                up=9,
            ),
            Message(
                "linnea",
                1300,
                "God morgon! Norrsken hela natten, ingen sömn alls.\n\n"
                "Good morning! Northern lights all night, no sleep at all.",
                up=6,
            ),
            Message("sanna", 1288, "Fourteen people, fourteen kinds of morning. I am telling the baths.", up=8),
        ),
    ),
    Thread(
        "general",
        "New bus map: line 3 goes down to the ferry from Monday",
        "olga",
        4300,
        "New map. What changed:\n\n"
        "- line 3 goes on from the Boatyard to the **Ferry**\n"
        "- line 4 is the same, it is still far\n"
        "- the sheep have right of way at Very Far Field, this was always so, now it is printed\n\n"
        "I drive all four. Not at the same time.",
        pictures=(Photo("busmap", BUS_MAP),),
        up=11,
        messages=(
            Message("sanna", 4244, "Line 1 to the baths every twenty minutes is all I ever wanted from life.", up=6),
            Message("kwame", 4190, "Who drew this? It is beautiful.", reply_to=-1, up=4),
            Message("olga", 4177, "My niece. She is eleven. She asks that you do not fold it.", reply_to=1, up=12),
            Message(
                "old_gareth",
                3905,
                "> every 20 minutes, or when Olga is ready\n\nAt least it is honest.",
                reply_to=-1,
                up=10,
            ),
            Message("beto", 2010, "Bicycles on line 4?", up=1),
            Message("olga", 1980, "One. At the back. Not if it quacks.", reply_to=4, up=9),
        ),
    ),
    Thread(
        "general",
        "Unpopular opinion: the gulls are fine and we are the problem",
        "kwame",
        1700,
        "We eat chips outdoors, next to the sea, and act surprised. A gull only sees a table with no door.\n\n"
        "I say we have eaten on *their* terrace for two hundred years and should behave like guests.",
        up=6,
        down=6,
        messages=(
            Message("beto", 1688, "It took my sandwich. From my **mouth**.", reply_to=-1, up=9, down=1),
            Message("kwame", 1681, "Was it a good sandwich?", reply_to=0, up=6, down=3),
            Message("beto", 1679, "It was a *very* good sandwich.", reply_to=1, up=8),
            Message(
                "mairead",
                1640,
                "I live in the lighthouse. They tap on the glass at four in the morning. They know my name.",
                up=11,
            ),
            Message("old_gareth", 1592, "Gulls eat snails. I vote gull.", up=6, down=6),
            Message("ines", 1590, "They eat tomatoes too.", reply_to=4, up=7),
            Message("old_gareth", 1583, "I withdraw the gull.", reply_to=5, up=12),
            Message(
                "yuki_t",
                940,
                "If you look at them for one second longer than is polite, they turn away. Try it.",
                up=5,
                down=1,
            ),
            Message("beto", 60, "Tried it. It did not turn away. It has my hat.", reply_to=7, up=10),
        ),
    ),
    Thread(
        "general",
        "Lost: one red glove, left. Found: three gloves, left, none of them red",
        "ines",
        13000,
        "I went to look for mine along the harbour and came home with three of other people's.\n\n"
        "* grey wool, smells of diesel\n"
        "* green, child's, a dinosaur on the back\n"
        "* black leather, very elegant, what were you *doing* on the Herring Steps\n\n"
        "They are on the radiator in the library, drying.",
        up=7,
        messages=(
            Message("tomasz", 12911, "Grey wool is me. Thank you.", up=3),
            Message("wei-ling", 12800, "The dinosaur belongs to my daughter. She says his name is Steven.", up=12),
            Message("noor", 12790, "Steven is at the desk and has been stamped as returned.", reply_to=1, up=13),
            Message("ines", 11020, "Nobody for the black one?", up=2),
            Message("kwame", 9011, "I would rather not talk about the Herring Steps.", reply_to=3, up=11),
            Message("ines", 9000, "Mine was in my other pocket. Naturally.", up=8),
        ),
    ),
    Thread(
        "general",
        "The old train crosses the viaduct again on Saturday",
        "old_gareth",
        8600,
        "Sixty-one years after they told me it was the last one. I was on the footplate then, seven years old, "
        "holding my uncle's sandwiches. On Saturday I shall be on the bank with my own.\n\n"
        "It leaves the Viaduct stop at eleven. Best seen from the river side, sheep permitting.",
        pictures=(
            Photo(
                "viaduct",
                "A small green steam engine with three red and blue carriages crosses a long stone viaduct. "
                "Autumn trees, a river and seven sheep below; a long white plume of smoke behind.",
            ),
        ),
        up=13,
        messages=(
            Message("linnea", 8522, "This is the picture I will show people when they ask why I came here.", up=6),
            Message("arjun", 8410, "I can bake for the bank. How many sandwiches did your uncle eat?", up=5),
            Message("old_gareth", 8404, "Eleven. He was a small man, too.", reply_to=1, up=12),
            Message("sanna", 7980, "Will it whistle?", up=2),
            Message("old_gareth", 7975, "If it does not, I will.", reply_to=3, up=11),
            Message("kwame", 5344, "It whistled. So did Gareth. I have both on tape.", up=13),
            Message(
                "olga",
                5301,
                "I stopped line 1 on the bridge so that everybody could see. Four minutes. I regret nothing.",
                up=12,
            ),
            Message("old_gareth", 5200, "Thank you all. Something in my eye. Smoke.", up=10),
        ),
    ),
    Thread(
        "general",
        "Small good things, this week's edition",
        "wei-ling",
        3600,
        "You know how it works: something small, something good, no explanation needed.\n\n"
        "Mine: the person in front of me at the bakery bought the second last bun and *looked back first*.",
        up=10,
        messages=(
            Message(
                "noor", 3511, 'A book came back after nineteen years with a note: "Sorry. It was excellent."', up=12
            ),
            Message(
                "sanna",
                3400,
                "First lane empty at six in the morning. Mist on the water. Twelve minutes of that.",
                up=6,
            ),
            Message("tomasz", 3290, "A drawer that sticks, and then one day does not.", up=7),
            Message("fatima-z", 2840, "Somebody on the bus was humming the tune I had in my head.", up=5),
            Message("olga", 2833, "That was me.", reply_to=3, up=11),
            Message("ines", 2100, "New potatoes. Butter. Nothing else happened.", up=9),
            Message("beto", 1902, 'A child pointed at my bicycle and said "beautiful horse".', up=13),
            Message("mairead", 1010, "A ship answered the light. Two short flashes. I do not know who it was.", up=10),
            Message("yuki_t", 640, "The smell of a new block of wood.", up=4),
            Message("kwame", 210, "This thread.", up=8, down=1),
        ),
    ),
    Thread(
        "general",
        "The choir needs one more bass: no audition, Tuesdays, there is cake",
        "fatima-z",
        15800,
        "We are twenty-two sopranos and Tomasz. He is doing his best.\n\n"
        "Upstairs at the old cinema, Tuesdays at seven. Reading music is not required, "
        "we mostly follow Mairead's eyebrows.",
        up=8,
    ),
)
