"""The demo's story and pictures hold together: whoever writes them into a board needs no checks."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import pairwise

from PIL import Image, ImageSequence

from board.demo import drawings
from board.demo.story import BOARDS, PEOPLE, THREADS, Message, Photo, Thread

THREE_WEEKS = 21 * 24 * 60


def everything() -> Iterator[Thread | Message]:
    for thread in THREADS:
        yield thread
        yield from thread.messages


def photos() -> list[Photo]:
    return [photo for told in everything() for photo in told.pictures]


def test_boards_and_people_are_few_and_distinct() -> None:
    assert len(BOARDS) == len({board.slug for board in BOARDS}) == len({board.name for board in BOARDS}) == 5
    assert all(re.fullmatch(r"[a-z]{3,20}", board.slug) for board in BOARDS)
    assert all(len(board.name) <= 40 and len(board.description) <= 300 for board in BOARDS)
    assert len(PEOPLE) == len({name.casefold() for name in PEOPLE}) == 14
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{3,20}", name) for name in PEOPLE)


def test_everybody_speaks_and_every_board_has_threads() -> None:
    assert {told.author for told in everything()} == set(PEOPLE)
    assert {thread.board for thread in THREADS} == {board.slug for board in BOARDS}


def test_threads_have_short_titles_and_texts_that_fit() -> None:
    assert len(THREADS) == len({thread.title for thread in THREADS}) == 32
    assert all(8 <= len(thread.title) <= 110 for thread in THREADS)
    assert all(told.text == told.text.strip() and 0 < len(told.text) < 4000 for told in everything())


def test_threads_differ_in_length_so_that_paging_shows() -> None:
    lengths = sorted(len(thread.messages) for thread in THREADS)
    assert lengths[:3] == [0, 0, 0]
    assert lengths[-1] >= 70
    assert all(2 <= length <= 16 for length in lengths[3:-1])


def test_time_only_goes_forward() -> None:
    for thread in THREADS:
        assert thread.minutes_ago <= THREE_WEEKS
        times = [thread.minutes_ago, *(message.minutes_ago for message in thread.messages)]
        assert all(before > after for before, after in pairwise(times)), thread.title
        assert times[-1] > 0


def test_answers_follow_what_they_answer() -> None:
    for thread in THREADS:
        for place, message in enumerate(thread.messages):
            assert message.reply_to is None or -1 <= message.reply_to < place, message.text


def test_nobody_votes_twice_or_for_themselves() -> None:
    for told in everything():
        assert told.up >= 0 <= told.down and told.up + told.down <= len(PEOPLE) - 1, told.text


def test_the_orders_of_threads_differ() -> None:
    def first(key: Callable[[Thread], int]) -> list[str]:
        return [thread.title for thread in sorted(THREADS, key=key)[:4]]

    new = first(lambda each: each.minutes_ago)
    top = first(lambda each: each.down - each.up)
    controversial = first(lambda each: -min(each.up, each.down))
    assert not set(top) & set(controversial)
    assert not set(new) & set(controversial)
    assert new != top


def test_two_messages_were_edited() -> None:
    edited = [told for told in everything() if told.edited_from is not None]
    assert len(edited) == 2
    assert all(told.edited_from and told.edited_from != told.text for told in edited)


def test_links_lead_only_to_example_org() -> None:
    hosts = {host for told in everything() for host in re.findall(r"https?://([^/\s)]+)", told.text)}
    assert hosts == {"example.org"}


def test_the_texts_try_the_markup() -> None:
    texts = "\n\n".join(told.text for told in everything())
    for sign in (
        r"^> ",
        r"^- ",
        r"^\* ",
        r"^1\. ",
        r"^```python$",
        r"`[^`]+`",
        r"\*\*\w",
        r"(?<!\*)\*\w",
        r"\]\(https://",
    ):
        assert re.search(sign, texts, re.MULTILINE), sign
    assert max(map(len, re.findall(r"\w+", texts))) >= 60
    assert max(map(len, re.findall(r"https://\S+", texts))) >= 300
    assert max(text.count("\n") for text in texts.split("```")[1::2]) >= 40
    for first, last in ("\u0600\u06ff", "\u3040\u30ff", "\u0900\u097f", "\u4e00\u9fff", "\u0400\u04ff"):
        assert re.search(f"[{first}-{last}]", texts)


def test_code_blocks_are_closed() -> None:
    assert all(len(re.findall(r"^```", told.text, re.MULTILINE)) % 2 == 0 for told in everything())


def test_every_drawing_is_shown_once_and_described() -> None:
    shown = [photo.drawing for photo in photos()]
    assert sorted(shown) == sorted(drawings.NAMES)
    assert len(shown) >= 14
    assert all(40 <= len(photo.alt) <= 1000 and photo.alt == photo.alt.strip() for photo in photos())
    assert any("\n" in photo.alt for photo in photos())
    assert [photo.drawing for photo in photos() if photo.sensitive] == ["spider"]


def test_a_drawing_is_the_same_each_time() -> None:
    picture = drawings.draw("boat")
    assert picture == drawings.draw("boat")
    with Image.open(BytesIO(picture)) as image:
        assert (image.format, image.size) == ("JPEG", (1600, 1200))
    assert 50_000 < len(picture) < 1_000_000


def test_a_drawing_moves() -> None:
    picture = drawings.draw("rain")
    with Image.open(BytesIO(picture)) as image:
        assert (image.format, image.size) == ("GIF", (480, 360))
        assert len(list(ImageSequence.Iterator(image))) == 24
        assert image.info["loop"] == 0
    assert len(picture) < 1_000_000
