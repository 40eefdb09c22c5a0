"""What the demo's story is made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Board:
    """A place for threads."""

    slug: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Photo:
    """A drawing, as somebody shows it."""

    drawing: str  # one of drawings.NAMES
    alt: str
    sensitive: bool = False


class Told:
    """What the opening of a thread and an answer to it have in common."""

    __slots__ = ()
    author: str
    minutes_ago: int
    text: str
    pictures: tuple[Photo, ...]
    up: int
    down: int
    edited_from: str | None  # the text before the author changed it


@dataclass(frozen=True, slots=True)
class Message(Told):
    """An answer in a thread."""

    author: str
    minutes_ago: int
    text: str
    pictures: tuple[Photo, ...] = ()
    reply_to: int | None = None  # an earlier message of the thread, counted from 0; -1 is the opening
    up: int = 0
    down: int = 0
    edited_from: str | None = None


@dataclass(frozen=True, slots=True)
class Thread(Told):
    """A title with its opening message; up, down and edited_from are the opening's."""

    board: str  # a Board's slug
    title: str
    author: str
    minutes_ago: int
    text: str
    pictures: tuple[Photo, ...] = ()
    messages: tuple[Message, ...] = ()
    up: int = 0
    down: int = 0
    edited_from: str | None = None
