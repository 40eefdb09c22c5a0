"""A container of the pod dies at the worst moment: it comes back, and whatever people were told is kept."""

import itertools
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

from tests import look, photos
from tests.ops.people import Person
from tests.ops.pods import eventually

WRITERS, VOTERS = 5, 4
_numbers = itertools.count(320)


def photo() -> tuple[str, bytes]:
    """Each another one, so that its files are written for this message."""
    return "photo.jpg", photos.encoded(photos.photo(next(_numbers), 200), "JPEG")


class Writer:
    """Writes messages as fast as the board lets, and remembers those that it acknowledged."""

    def __init__(self, person: Person, thread: str) -> None:
        self.person, self.thread = person, thread
        self.acknowledged: list[str] = []
        self.refused = 0

    def work(self, done: threading.Event) -> None:
        """Until told to stop; an error is the person's to try again, and counts for nothing."""
        while not done.is_set() and len(self.acknowledged) + self.refused < 18:  # 20 in two minutes, and no more
            words = f"Written {uuid.uuid4().hex}."
            try:
                self.person.answer(self.thread, words, *([photo()] if len(self.acknowledged) % 2 else []))
                self.acknowledged.append(words)
            except (httpx.TransportError, AssertionError):
                self.refused += 1
                time.sleep(0.2)


class Voter:
    """Votes on one message, now up and now down, and remembers the last vote that was acknowledged."""

    def __init__(self, person: Person, message: int) -> None:
        self.person, self.message = person, message
        self.possible: set[int] = {0}
        self.acknowledged = 0

    def work(self, done: threading.Event) -> None:
        """Until told to stop. A vote without an answer may have been counted, or not."""
        value = 1
        while not done.is_set():
            try:
                self.person.vote(self.message, value)
                self.possible = {value}
                self.acknowledged += 1
            except (httpx.TransportError, AssertionError):
                self.possible.add(value)
            value = -value
            time.sleep(0.5)  # 120 in a minute, and no more


@contextmanager
def busy(pod, newcomer) -> Iterator[tuple[list[Writer], list[Voter]]]:
    """The pod while people write and vote."""
    host = newcomer("host")
    thread = host.start_thread("Under load", "Write here.")
    (opening,) = look.messages(host.open(thread))
    writers = [Writer(newcomer("writer"), thread) for _ in range(WRITERS)]
    voters = [Voter(newcomer("voter"), opening) for _ in range(VOTERS)]
    done = threading.Event()
    with ThreadPoolExecutor() as threads:
        working = [threads.submit(each.work, done) for each in (*writers, *voters)]
        try:
            yield writers, voters
        finally:
            done.set()
        for each in working:
            each.result()


def acknowledged(writers: list[Writer], voters: list[Voter]) -> int:
    """How much people were told is kept."""
    return sum(len(each.acknowledged) for each in writers) + sum(each.acknowledged for each in voters)


@pytest.mark.parametrize("container", ["app", "postgres"])
def test_killed_under_load_it_is_ready_again_and_nothing_acknowledged_is_missing(pod, newcomer, container):
    before = pod.inspect(pod.called(container))["RestartCount"]
    with busy(pod, newcomer) as (writers, voters):
        eventually(lambda: acknowledged(writers, voters) >= 12)
        pod.kill(container)
        eventually(lambda: pod.inspect(pod.called(container))["RestartCount"] > before)
        pod.ready()
        so_far = acknowledged(writers, voters)
        eventually(lambda: acknowledged(writers, voters) >= so_far + 8)
    written = [words for writer in writers for words in writer.acknowledged]
    kept = pod.ask("select text from messages")
    assert [words for words in written if words not in kept] == []
    assert all(kept.count(words) == 1 for words in written)
    for voter in voters:
        found = pod.ask(
            f"select value from votes join accounts a on a.id = account_id where a.name = '{voter.person.name}'"
        )
        assert {int(value) for value in found} <= voter.possible - {0}
        assert found or 0 in voter.possible
    counted = "select coalesce(sum(value), 0) from votes where message_id = m.id"
    assert pod.ask(f"select id from messages m where score <> ({counted})") == []
    # One whose upload the kill cut short has a row, no message and perhaps no files: nobody was told that it is kept.
    kept_ones = "pictures join message_pictures on picture_key = key"
    pictures = pod.ask(f"select '/pictures/' || key || '/' || fallback || '.jpg' from {kept_ones}")
    assert len(pictures) > 1
    for picture in pictures:
        voters[0].person.open(picture)
