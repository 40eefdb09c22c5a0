"""Cursors and pages by keyset, without a database: nothing is lost on the way, and no cursor is a crash."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from board.kit.config import Config, ConfigError
from board.kit.errors import BadRequest
from board.kit.paging import FIRST_FLOAT, FIRST_INT, FIRST_TIME, LARGEST_ID, Cursor, Order

FLOATS, INTS, TIMES, IDS = (
    Order("hot", FIRST_FLOAT),
    Order("score", FIRST_INT),
    Order("created_at", FIRST_TIME),
    Order(""),
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
numbers = st.integers(1, LARGEST_ID)
times = st.integers(-62_000_000_000_000_000, 253_000_000_000_000_000).map(lambda us: EPOCH + timedelta(microseconds=us))
odd = st.sampled_from(["nan", "-inf", "1e999", "0x1", "1_0", "-0", "9" * 40, "\uff11", ""])
addresses = st.text() | st.tuples(odd | st.text(), odd | numbers.map(str)).map("~".join)
patient = settings(deadline=None, database=None)


@patient
@given(
    numbers, st.floats(allow_nan=False), st.integers(-FIRST_INT, FIRST_INT), times, st.sampled_from(["after", "before"])
)
def test_a_cursor_comes_back_as_it_was(id, hot, score, created_at, name):
    given_row = {"id": id, "hot": hot, "score": score, "created_at": created_at}
    for order in (FLOATS, INTS, TIMES, IDS):
        key = given_row[order.column] if order.column else None
        assert order.read({name: order.cursor(given_row)}) == Cursor(key, id, back=name == "before")


@patient
@given(addresses, st.sampled_from([FLOATS, INTS, TIMES, IDS]))
def test_whatever_stands_in_an_address_is_a_place_or_a_sentence(text, order):
    try:
        cursor = order.read({"after": text})
    except BadRequest:
        return
    assert 0 <= cursor.id <= LARGEST_ID
    assert cursor.key == cursor.key, "not a number is no place"
    assert not isinstance(cursor.key, int) or -(2**31) <= cursor.key < 2**31


@pytest.mark.parametrize("order", [FLOATS, INTS, TIMES, IDS])
def test_without_a_cursor_it_is_the_first_page(order):
    assert order.read({"sort": "hot"}) == Cursor(order.first_key, LARGEST_ID, first=True)


def listed(rows, order, cursor, size):
    """What the SQL files do: up to size + 1 rows after the cursor, or before it, the last id first."""

    def place(each):
        return (each[order.column], each["id"]) if order.column else each["id"]

    at = (cursor.key, cursor.id) if order.column else cursor.id
    rows = sorted(rows, key=place, reverse=True)
    if cursor.back:
        return [each for each in rows if place(each) > at][-(size + 1) :]
    return [each for each in rows if place(each) < at][: size + 1]


@patient
@given(
    st.sampled_from([FLOATS, INTS, IDS]),
    st.lists(st.sampled_from([-1, 0, 1, 2]), max_size=30),
    st.integers(1, 7),
)
def test_pages_there_and_back_hold_every_row_once(order, keys, size):
    kind = float if order is FLOATS else int
    rows = [{"id": id, order.column: kind(key)} for id, key in enumerate(keys, start=1)]
    expected = listed(rows, order, order.read({}), 1000)
    pages, query = [], {}
    while query is not None:
        cursor = order.read(query)
        pages.append(order.cut(listed(rows, order, cursor, size), size, cursor))
        query = {"after": pages[-1].older} if pages[-1].older else None
    assert [each for page in pages for each in page.rows] == expected
    assert [len(page.rows) for page in pages[:-1]] == [size] * (len(pages) - 1)
    assert pages[0].newer is None and all(page.newer for page in pages[1:])
    back = [pages[-1]]
    while back[0].newer:
        cursor = order.read({"before": back[0].newer})
        back.insert(0, order.cut(listed(rows, order, cursor, size), size, cursor))
        assert back[0].older
    assert [list(page.rows) for page in back] == [list(page.rows) for page in pages]


@pytest.mark.parametrize("number", ["0", "101", "1000000"])
@pytest.mark.parametrize("name", ["THREADS_PER_PAGE", "MESSAGES_PER_PAGE"])
def test_the_length_of_a_page_has_bounds(name, number):
    with pytest.raises(ConfigError, match=name):
        Config.from_environment({name: number})
    assert Config.from_environment({name: "100"})
