"""Passwords that are guessed first, and the one form of those that can be typed in several."""

import random
import string

import pytest
from argon2 import PasswordHasher

from board.kit import guessable, passwords
from board.kit.passwords import BadPassword, Passwords
from tests import look
from tests.conftest import Client
from tests.entrance import sign_in, sign_up
from tests.factories import row
from tests.routes import cheaply

COMMON = [
    "qwerty123456",
    "1q2w3e4r5t6y",
    "passwordpassword",
    "iloveyou12345",
    "justinbieber",
    "JustinBieber1",
    "Summer2024!!",
]
LITTLE = ["x" * 128, "abcabcabcabc", "123456789012", "987654321098", "abcdefghijkl", "qwertyuiop[]", "йцукенгшщзхъ"]
NAMED = ["carol1234567", "carol-carol-carol", "Carol at Board", "board2026!!!", "CAROL.board.1", "my password 1"]
GOOD = [
    "four words and more",
    "a long password",
    "correct horse battery",
    "Пароль из слов",
    "nB7#tq0Lw!zR",
    "象山有一隻大老虎和小貓咪睡覺",
]


@pytest.mark.parametrize("password", COMMON + LITTLE + NAMED)
async def test_a_password_that_is_guessed_first_gets_a_sentence_that_says_what_to_do(app, stranger, password):
    answer = await sign_up(stranger, password=password)
    assert answer.status_code == 422
    (sentence,) = look.errors(answer)
    assert sentence.endswith("Take four words that have nothing to do with each other.")
    assert (await row(app, "select count(*) from accounts"))[0] == 0


@pytest.mark.parametrize("password", GOOD)
def test_a_long_one_is_taken_whatever_it_is_made_of(password):
    passwords.check(password, "carol", "Board")


def test_the_name_of_another_person_or_place_says_nothing():
    passwords.check("carol at garden", "dave", "Harbour")
    with pytest.raises(BadPassword):
        passwords.check("carol at garden", "Carol", "The Garden")


def test_hardly_any_random_password_and_no_random_words_are_refused():
    chance = random.Random(7)
    letters = ["".join(chance.choices(string.ascii_letters + string.digits, k=12)) for _ in range(2_000)]
    assert sum(guessable.is_guessable(each) for each in letters) <= 5
    words = (
        "harbour lantern pocket violin meadow copper thunder basket marble window river candle orange ladder".split()
    )
    assert not any(guessable.is_guessable(" ".join(chance.sample(words, 4))) for _ in range(500))


def test_the_list_is_sorted_whole_and_of_the_size_that_its_note_says():
    prefixes = list(guessable._prefixes())
    assert prefixes == sorted(set(prefixes))
    assert f"{len(prefixes):,} hash prefixes" in guessable._COMMON.with_suffix(".txt").read_text()
    assert guessable.is_common("maurolarastefy")
    assert guessable.is_common("MAUROLARASTEFY")
    assert not guessable.is_common("maurolarastefx")


def test_any_text_is_judged_in_no_time():
    for text in ("\0" * 128, "ab" * 64, "\ud800" * 12, "\U0001f418" * 128, "aab" * 42, "\ufdfa" * 128):
        guessable.is_guessable(text, ("carol", "", "é"))


async def test_what_is_typed_in_two_ways_is_one_password(app, stranger):
    cheaply(app)
    assert (await sign_up(stranger, password="Cafe\u0301 au lait, deux")).status_code == 303
    async with Client(app) as other:
        assert (await sign_in(other, password="Caf\u00e9 au\u00a0lait, deux")).status_code == 303
        assert (await sign_in(other, password="Cafe au lait, deux")).status_code == 422


async def test_what_was_hashed_as_it_was_typed_still_opens_its_account(app, stranger):
    cheaply(app)
    await sign_up(stranger)
    typed = "Cafe\u0301 au lait, deux"
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(typed)
    await row(app, "update accounts set password_hash = $1", old)
    async with Client(app) as other:
        assert (await sign_in(other, password=typed)).status_code == 303


def test_a_weaker_hash_is_to_be_made_anew_and_what_is_no_hash_is_not():
    hasher = Passwords(1)
    weak = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("four words and more")
    assert hasher.needs_rehash(weak)
    assert not hasher.needs_rehash(hasher._hasher.hash("four words and more"))
    assert not hasher.needs_rehash("!")
    hasher.close()
