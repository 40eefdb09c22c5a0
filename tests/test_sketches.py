"""Quantiles within the stated error, distinct things within theirs, and parts that add up to the whole."""

import hashlib
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from board.kit import sketches

SECONDS = st.floats(min_value=sketches.LEAST_SECONDS, max_value=110)


@given(st.lists(SECONDS, min_size=1, max_size=300), st.sampled_from([0, 0.25, 0.5, 0.95, 0.99, 1]))
@settings(max_examples=300, deadline=None)
def test_a_quantile_is_near_a_time_that_was_measured(times, share):
    found = sketches.quantile(Counter(map(sketches.bucket, times)), share)
    exact = sorted(times)[int(share * (len(times) - 1))]
    assert abs(found - exact) <= exact * sketches.ERROR * 1.000_001


@given(st.lists(SECONDS, max_size=50), st.lists(SECONDS, max_size=50))
@settings(deadline=None)
def test_two_sketches_add_up_to_that_of_both(some, others):
    both = Counter(map(sketches.bucket, some)) + Counter(map(sketches.bucket, others))
    assert both == Counter(map(sketches.bucket, some + others))


def test_times_beyond_both_ends_are_counted_at_the_ends():
    assert sketches.bucket(0) == sketches.bucket(-1) == sketches.bucket(0.000_01) == 0
    assert sketches.bucket(1e9) == sketches.LAST_BUCKET == sketches.bucket(130)
    assert sketches.quantile({}, 0.5) is None


def registers(names) -> dict[int, int]:
    found: dict[int, int] = {}
    for name in names:
        number, rank = sketches.register(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big"))
        assert 0 <= number < sketches.REGISTERS and 1 <= rank <= 51
        found[number] = max(rank, found.get(number, 0))
    return found


@pytest.mark.parametrize("number", [0, 1, 2, 10, 100, 1_000, 20_000, 60_000])
def test_distinct_things_are_counted_within_the_error(number):
    ranks = Counter(registers(f"visitor {each}" for each in range(number)).values())
    found = sketches.distinct(ranks)
    assert abs(found - number) <= 0.025 * number, "three times the standard error"
    assert sketches.distinct(ranks | {0: sketches.REGISTERS - ranks.total()}) == found
    if number <= 10:
        assert found == number


def test_the_ends_of_the_hash_have_a_register_and_a_rank():
    assert sketches.register(0) == (0, 51)
    assert sketches.register(2**64 - 1) == (sketches.REGISTERS - 1, 1)


def test_two_sketches_know_who_is_in_both():
    names = [f"visitor {each}" for each in range(3_000)]
    random.Random(1).shuffle(names)
    some, others = registers(names[:2_000]), registers(names[1_000:])
    both = {number: max(some.get(number, 0), others.get(number, 0)) for number in some | others}
    assert both == registers(names)
