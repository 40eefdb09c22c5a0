"""Rate limits: so many at once, then at a steady pace; each key for itself, in bounded memory."""

import pytest

from board.kit import ratelimit
from board.kit.errors import TooMany
from board.kit.ratelimit import RateLimiter, RateLimits


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(ratelimit, "time", clock)
    return clock


def taken(limiter: RateLimiter, tries: int, key: object = "a") -> int:
    """How many of so many tries are let through."""
    done = 0
    for _ in range(tries):
        try:
            limiter.take(key)
            done += 1
        except TooMany:
            pass
    return done


def test_a_burst_is_let_through_and_no_more(clock):
    assert taken(RateLimiter(5, 60, "Slowly."), 100) == 5


def test_after_the_whole_time_the_whole_burst_is_there_again(clock):
    limiter = RateLimiter(5, 60, "Slowly.")
    taken(limiter, 5)
    clock.now += 60
    assert taken(limiter, 100) == 5


def test_in_between_one_comes_back_after_the_other(clock):
    limiter = RateLimiter(5, 60, "Slowly.")
    taken(limiter, 5)
    clock.now += 11.9
    assert taken(limiter, 10) == 0
    clock.now += 0.2
    assert taken(limiter, 10) == 1
    clock.now += 24
    assert taken(limiter, 10) == 2


def test_a_long_rest_saves_up_no_more_than_one_burst(clock):
    limiter = RateLimiter(5, 60, "Slowly.")
    taken(limiter, 3)
    clock.now += 1_000_000
    assert taken(limiter, 100) == 5


def test_tries_that_were_refused_do_not_make_the_wait_longer(clock):
    limiter = RateLimiter(5, 60, "Slowly.")
    taken(limiter, 1_000)
    clock.now += 12.1
    assert taken(limiter, 1) == 1


@pytest.mark.parametrize(("burst", "seconds"), [(1, 1), (1, 60), (5, 60), (10, 3600), (20, 120), (120, 60), (3, 1)])
def test_who_waits_as_long_as_told_is_let_through(clock, burst, seconds):
    limiter = RateLimiter(burst, seconds, "Slowly.")
    for _ in range(3 * burst):
        taken(limiter, burst)
        with pytest.raises(TooMany) as told:
            limiter.take("a", kept="What I wrote.")
        assert (told.value.sentence, told.value.kept, told.value.status) == ("Slowly.", "What I wrote.", 429)
        assert 1 <= told.value.seconds <= seconds / burst + 1
        clock.now += told.value.seconds
        limiter.take("a")
        clock.now += 0.37


def test_in_any_minute_nobody_gets_more_than_two_bursts(clock):
    limiter = RateLimiter(10, 60, "Slowly.")
    assert sum(taken(limiter, 3) for clock.now in [1000 + n / 10 for n in range(600)]) <= 20


def test_each_key_has_its_own_measure(clock):
    limiter = RateLimiter(2, 60, "Slowly.")
    assert taken(limiter, 5, "a") == 2
    assert taken(limiter, 5, "b") == 2
    assert taken(limiter, 5, 7) == 2


def test_keys_at_rest_are_forgotten_and_busy_ones_kept_when_memory_is_full(clock, monkeypatch):
    monkeypatch.setattr(ratelimit, "_MOST_KEYS", 10)
    limiter = RateLimiter(2, 60, "Slowly.")
    for key in range(9):
        limiter.take(key)
    clock.now += 50
    taken(limiter, 5, "busy")
    clock.now += 20
    for key in range(100, 105):
        limiter.take(key)
    assert taken(limiter, 1, "busy") == 0
    assert len(limiter._due) <= 10


def test_ever_new_keys_do_not_fill_the_memory(clock, monkeypatch):
    monkeypatch.setattr(ratelimit, "_MOST_KEYS", 10)
    limiter = RateLimiter(2, 60, "Slowly.")
    for key in range(1_000):
        limiter.take(key)
        assert len(limiter._due) <= 10


def test_limits_go_by_name_and_can_be_switched_off(clock):
    table = {"post": (1, 60, "Slowly."), "vote": (2, 60, "Slower.")}
    limits = RateLimits(table)
    limits.take("post", "a")
    limits.take("vote", "a")
    with pytest.raises(TooMany, match="Slowly"):
        limits.take("post", "a", kept="x")
    with pytest.raises(KeyError):
        limits.take("read", "a")
    off = RateLimits(table, enforced=False)
    for _ in range(10):
        off.take("post", "a")


def test_the_real_clock_counts_too():
    assert taken(RateLimiter(3, 3600, "Slowly."), 10) == 3


def test_who_may_more_or_less_has_another_measure(clock):
    limiter = RateLimiter(5, 60, "Slowly.")
    for most in (2, 5, 40):
        done = 0
        for _ in range(100):
            try:
                limiter.take(most, most=most)
                done += 1
            except TooMany:
                pass
        assert done == most
