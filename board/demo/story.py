"""The demo's people and what they say: three weeks in Saltmere, a small town by the sea. Nobody here exists."""

from board.demo.story_general import GENERAL
from board.demo.story_help import HELP
from board.demo.story_kitchen import KITCHEN
from board.demo.story_parts import Board, Message, Photo, Thread
from board.demo.story_photos import PHOTOS
from board.demo.story_workshop import WORKSHOP

__all__ = ["BOARDS", "PEOPLE", "THREADS", "Board", "Message", "Photo", "Thread"]

BOARDS: tuple[Board, ...] = (
    Board("general", "General", "Everything that happens between the lighthouse and the viaduct."),
    Board("photos", "Photos", "What you saw. Say a word about how, and describe it for those who can not see it."),
    Board("workshop", "Workshop", "Things that hum, drip, squeak or quack, and how to make them stop."),
    Board("kitchen", "Kitchen and garden", "What grows, what rises, and what the snails left us."),
    Board("help", "Help", "Questions about this board and the phones we read it on. There are no silly ones."),
)

PEOPLE: tuple[str, ...] = (
    "arjun",
    "beto",
    "fatima-z",
    "ines",
    "kwame",
    "linnea",
    "mairead",
    "noor",
    "old_gareth",
    "olga",
    "sanna",
    "tomasz",
    "wei-ling",
    "yuki_t",
)

THREADS: tuple[Thread, ...] = (*GENERAL, *PHOTOS, *WORKSHOP, *KITCHEN, *HELP)
