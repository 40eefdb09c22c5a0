"""What stands on a board of any size: the same numbers always give the same people, threads, messages and votes.

A few threads hold many messages and most hold a few, a few people write much, most messages get no vote at all.
"""

import functools
import math
import uuid
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bench.words import WORDS
from board.kit import markup, names

BOARDS = 8
# Accounts that wrote and voted nothing so far: those who will vote in the benchmark.
READERS = 2560
PICTURES = 600
PAGE = 50  # messages; one thread has exactly so many

_HOUR_MS = 3_600_000
# A big board is three years old; a small one is younger, so that its front pages of a week are full, too.
_LONGEST_MS, _MS_PER_THREAD = 3 * 365 * 24 * _HOUR_MS, 6 * _HOUR_MS
# In a long thread hardly anybody answers the opening any more.
_EARLY = 200
_THREAD_BITS = 24


@dataclass(frozen=True, slots=True)
class Size:
    """How big a board is."""

    threads: int
    messages: int

    @property
    def writers(self) -> int:
        """The people who start threads, write and vote."""
        return max(80, self.messages // 50)

    @property
    def bodies(self) -> int:
        """How many different texts there are."""
        return min(2000, max(100, self.messages // 5))


class Plan:
    """The rows of a board, table by table (data.COLUMNS); to be read in this order, since each counts for the next."""

    def __init__(self, size: Size, now: datetime) -> None:
        self.size, self.random = size, Random(1)
        self.span = min(_LONGEST_MS, size.threads * _MS_PER_THREAD)
        self.began = now - timedelta(milliseconds=self.span)
        self.bodies = make_bodies(size.bodies)
        self.keys = self._times(thread_sizes(size, self.random))
        self.opening, self.last, self.count, self.owner = (array("q", bytes(8 * size.threads)) for _ in range(4))
        self.active, self.others_points = (array("q", bytes(8 * size.threads)) for _ in range(2))
        self.ups, self.downs, self.all_ups, self.all_downs = (array("i", bytes(4 * size.threads)) for _ in range(4))
        self.author, self.liked, self.disliked = (array("i", bytes(4 * size.messages)) for _ in range(3))

    def people(self) -> Iterator[tuple[Any, ...]]:
        for number in range(1, self.size.writers + READERS + 1):
            name = f"{WORDS[200 + number * 7 % 300]}.{number}"
            yield number, name, names.key(name), "!", self.began

    def messages(self) -> Iterator[tuple[Any, ...]]:
        """In the order of data.COLUMNS, the generated ranks left out."""
        for number, key in enumerate(self.keys, 1):
            milliseconds, thread = key >> _THREAD_BITS, key & ((1 << _THREAD_BITS) - 1)
            opening = not self.opening[thread]
            author, reply_to = self._author(thread), self._answered(thread)
            gone = not opening and number < self.size.messages * 0.9 and self.random.random() < 0.005
            text, html = ("", "") if gone else self.bodies[int(self.random.random() * len(self.bodies))]
            ups, downs = (0, 0) if gone else self._votes(1.1 if opening else 1.6)
            at = self.began + timedelta(milliseconds=milliseconds)
            self.author[number - 1], self.liked[number - 1], self.disliked[number - 1] = author, ups, downs
            self._count(thread, number, author, milliseconds, ups, downs, opening, gone)
            deleted = (at, author, at) if gone else (None, None, None)
            form_key = uuid.UUID(int=number * 0x9E3779B97F4A7C15F39CC0605CEDC835 & (1 << 128) - 1)
            yield number, thread + 1, author, reply_to, text, html, form_key, at, ups, downs, *deleted

    def threads(self) -> Iterator[tuple[Any, ...]]:
        """In the order of data.COLUMNS, with the sums of their messages."""
        for thread in range(self.size.threads):
            opened = self.keys[self.opening[thread] - 1] >> _THREAD_BITS
            locked = self.last[thread] < self.size.messages * 0.8 and self.random.random() < 0.01
            at, active = (self.began + timedelta(milliseconds=each) for each in (opened, self.active[thread]))
            yield (
                *(thread + 1, 1 + int(BOARDS * self.random.random() ** 2), self.owner[thread], self._title(), at),
                *(self.opening[thread], active, self.count[thread], self.ups[thread], self.downs[thread]),
                *(self.all_ups[thread], self.all_downs[thread], self.others_points[thread], active if locked else None),
            )

    def votes(self) -> Iterator[tuple[int, int, int]]:
        writers = self.size.writers
        for number in range(self.size.messages):
            ups, total = self.liked[number], self.liked[number] + self.disliked[number]
            at = number * 31
            for nth in range(total):
                at += 1
                if at % writers + 1 == self.author[number]:
                    at += 1
                yield number + 1, at % writers + 1, 1 if nth < ups else -1

    def pictures(self) -> Iterator[tuple[Any, ...]]:
        for number in range(PICTURES):
            yield picture_key(number), 1280, 960, [160, 320, 640, 1280], 640, number % 40 == 0, 150_000

    def message_pictures(self) -> Iterator[tuple[Any, ...]]:
        openings = set(self.opening)
        for number, author in enumerate(self.author, 1):
            if self.random.random() < (0.15 if number in openings else 0.01) and author:
                for position in range(1 + int(3 * self.random.random() ** 3)):
                    key = picture_key(int(self.random.random() * PICTURES))
                    yield number, position, key, say(self.random, 5), number % 50 == 0

    def _times(self, sizes: list[int]) -> list[int]:
        """When each message was written and its thread, as one number that sorts: the message ids in order."""
        keys, threads = array("q"), len(sizes)
        for thread, size in enumerate(sizes):
            began = int((self.span - _HOUR_MS) * ((thread + self.random.random()) / threads) ** 0.6)
            life = min(self.span - began, int(8 * _HOUR_MS * size * self.random.expovariate(1)))
            keys.append(began << _THREAD_BITS | thread)
            keys.extend(began + 1 + int(life * self.random.random()) << _THREAD_BITS | thread for _ in range(size - 1))
        return sorted(keys)

    def _author(self, thread: int) -> int:
        if self.opening[thread] and self.random.random() < 0.15:
            return self.owner[thread]
        return 1 + int(self.size.writers * self.random.random() ** 3)

    def _answered(self, thread: int) -> int | None:
        """The message that is answered, if any: the last one or the opening."""
        chance = self.random.random()
        if chance < (0.15 if self.count[thread] < _EARLY else 0.002):
            return self.opening[thread] or None
        return self.last[thread] or None if chance < 0.4 else None

    def _votes(self, tail: float) -> tuple[int, int]:
        """Ups and downs: of the messages most get none and a few get hundreds."""
        ups = min(int(self.random.paretovariate(tail)) - 1, self.size.writers // 4)
        return ups, int(ups * self.random.random() ** 3)

    def _count(
        self, thread: int, number: int, author: int, at: int, ups: int, downs: int, opening: bool, gone: bool
    ) -> None:
        """Move the thread's sums as sql/messages/create.sql, delete.sql and sql/votes/cast.sql would."""
        self.last[thread] = number
        if gone:
            return
        if opening:
            self.opening[thread], self.owner[thread], self.ups[thread], self.downs[thread] = number, author, ups, downs
        if author != self.owner[thread]:
            self.others_points[thread] += ups - downs + 1
        self.count[thread] += 1
        self.active[thread] = at
        self.all_ups[thread] += ups
        self.all_downs[thread] += downs

    def _title(self) -> str:
        return say(self.random, 3 + int(7 * self.random.random()))[:120].capitalize()


def thread_sizes(size: Size, random: Random) -> list[int]:
    """Messages of each thread by Zipf's law, in no order, and one of exactly a page. Of a million one has 74,000."""
    spare = size.messages - size.threads
    weights = [1 / rank for rank in range(1, size.threads + 1)]
    scale, carried, sizes = spare / sum(weights), 0.0, []
    for weight in weights:
        carried += weight * scale
        sizes.append(1 + int(carried))
        carried -= int(carried)
    sizes[0] += size.messages - sum(sizes)
    near = min(range(1, len(sizes)), key=lambda rank: abs(sizes[rank] - PAGE))
    sizes[0] += sizes[near] - PAGE
    sizes[near] = PAGE
    random.shuffle(sizes)
    return sizes


@functools.cache
def make_bodies(count: int) -> list[tuple[str, str]]:
    """Texts as typed and as HTML, of 1 to 800 words: the median has 35."""
    random = Random(2)
    texts = [_body(random) for _ in range(count)]
    return [(text, markup.render(text)) for text in texts]


def _body(random: Random) -> str:
    words = max(1, min(800, int(random.lognormvariate(math.log(35), 0.9))))
    parts = [_sentence(random, min(60, words - done)) for done in range(0, words, 60)]
    chance = random.random()
    if chance < 0.1:
        parts.insert(0, f"> {_sentence(random, 15)}")
    elif chance < 0.14:
        parts.append("\n".join(f"- {say(random, 4)}" for _ in range(4)))
    elif chance < 0.17:
        parts.append(f"```\n{say(random, 6)}\n{say(random, 6)}\n```")
    elif chance < 0.22:
        parts.append(f"See https://www.example.org/{say(random, 2).replace(' ', '-')} and **{say(random, 2)}**")
    return "\n\n".join(parts)


def _sentence(random: Random, words: int) -> str:
    said = say(random, words).split()
    for end in range(9, len(said) - 2, 13):
        said[end] += "."
        said[end + 1] = said[end + 1].capitalize()
    said[0] = said[0].capitalize()
    return " ".join(said) + "."


def say(random: Random, words: int) -> str:
    """So many words, the common ones oftener."""
    return " ".join(WORDS[int(len(WORDS) * random.random() ** 2)] for _ in range(words))


def picture_key(number: int) -> str:
    """32 hexadecimal digits, as a hash has."""
    return f"{number * 0xD1342543DE82EF95 + 0x2545F4914F6CDD1D:032x}"[-32:]
