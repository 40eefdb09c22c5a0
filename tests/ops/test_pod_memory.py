"""The pod keeps within its memory while people send the largest pictures that it takes, read and vote."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests import look, photos

# What their phones send; the last two cost the most of their kind.
SIZES = {"JPEG": (4000, 3000), "HEIF": (4000, 3000), "WEBP": (3900, 2900), "progressive": (8192, 6144)}


@pytest.fixture(scope="module")
def pictures() -> dict[str, tuple[str, bytes]]:
    """Large pictures of many kinds, by kind."""
    made = {}
    for kind, size in SIZES.items():
        image = photos.astronaut().resize(size)
        options = {"progressive": True} if kind == "progressive" else {"method": 0} if kind == "WEBP" else {}
        made[kind] = (f"large.{kind}", photos.encoded(image, "JPEG" if options.get("progressive") else kind, **options))
    return made


@contextmanager
def watched(pod) -> Iterator[dict[str, int]]:
    """The most that each container held at any time, of ten looks a second."""
    most, done = dict.fromkeys(pod.containers, 0), threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            for name in most:
                most[name] = max(most[name], pod.memory(name)["held"])

    with ThreadPoolExecutor(1) as thread:
        watching = thread.submit(watch)
        try:
            yield most
        finally:
            done.set()
            watching.result()


def repeatedly(work: Callable[[], object], until: threading.Event) -> int:
    """Do it again and again; how often."""
    times = 0
    while not until.is_set():
        work()
        times += 1
    return times


def test_large_pictures_of_every_kind_go_through_within_the_limits(pod, newcomer, pictures, record_property):
    people = [newcomer("sender") for _ in range(2)]
    voter, reader, done = newcomer("voter"), newcomer("reader"), threading.Event()
    thread = people[0].start_thread("Pictures", "Many.")
    (opening,) = look.messages(reader.open(thread))
    values = iter(range(10**9))
    restarts = {name: pod.inspect(pod.called(name))["RestartCount"] for name in pod.containers}
    with watched(pod) as most, ThreadPoolExecutor() as threads:

        def vote() -> None:
            voter.vote(opening, next(values) % 2)
            time.sleep(0.6)  # nobody votes faster, or is let

        others = [
            threads.submit(repeatedly, lambda: reader.open(thread), done),
            threads.submit(repeatedly, lambda: reader.open("/"), done),
            threads.submit(repeatedly, vote, done),
        ]
        try:
            sent = [
                threads.submit(person.answer, thread, kind, file)
                for kind, file in pictures.items()
                for person in people
            ]
            # A message with several: they are read one after the other.
            sent.append(threads.submit(people[0].answer, thread, "All of them", *pictures.values()))
            for each in sent:
                each.result()
        finally:
            done.set()
        for other in others:
            assert other.result()
    for name in pod.containers:
        memory = pod.memory(name)
        record_property(f"{name} held at most", most[name])
        print(f"{name}: {most[name] / 2**20:.0f} of {memory['limit'] / 2**20:.0f} MiB")
        assert memory["killed"] == 0
        assert most[name] < memory["limit"]
        assert pod.inspect(pod.called(name))["RestartCount"] == restarts[name]


def test_a_picture_that_needs_more_is_refused_with_a_sentence_and_nothing_dies(pod, newcomer):
    flood = photos.encoded(photos.astronaut().resize((7000, 5000)), "WEBP", method=0)
    alice = newcomer("alice")
    page = alice.open("/threads/new?board=general")
    body, kind = look.multipart({**look.fields(look.form(page)), "title": "Large", "text": "x"}, (("a.webp", flood),))
    answer = alice.browser.post("/threads", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 422
    assert any("is damaged, or needs too much memory" in each for each in look.errors(answer)), look.errors(answer)
    assert pod.memory("app")["killed"] == 0
    assert pod.passes("app", "readinessProbe")
