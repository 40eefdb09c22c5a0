"""Names: what they may hold, and the one form that look-alikes share."""

import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from board.kit import names

letters = st.text(st.characters(categories=["L", "N", "M", "Pd", "Pc"], include_characters="-_."), max_size=30)
anything = st.one_of(letters, st.text(max_size=40), st.text(st.characters(categories=["Cs", "Cc", "Cf", "Zs", "Lu"])))


def accepted(name: str) -> str | None:
    """The name as it would be shown, or None if it is refused. Any other error fails the test."""
    try:
        return names.clean(name)
    except names.BadName:
        return None


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("alice", "alice"),
        ("Alice", "Alice"),
        ("  alice\n", "alice"),
        ("ａｌｉｃｅ", "alice"),
        ("o.k-1_2", "o.k-1_2"),
        ("42", "42"),
        ("x" * 24, "x" * 24),
        ("José", "José"),
        ("Jose\u0301", "José"),
        ("Łukasz", "Łukasz"),
        ("Nguyễn", "Nguyễn"),
        ("Ωμέγα", "Ωμέγα"),
        ("Ольга", "Ольга"),
        ("עברית", "עברית"),
        ("علي", "علي"),
        ("हिन्दी", "हिन्दी"),
        ("ไทย", "ไทย"),
        ("한국어", "한국어"),
        ("象山", "象山"),
        ("山田さくら", "山田さくら"),
        ("東京タワー", "東京タワー"),
        ("ｱﾘｽ", "アリス"),
    ],
)
def test_a_name_keeps_its_letters_and_case(typed, shown):
    assert names.clean(typed) == shown


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("x", "A name has 2 to 24 characters; this one has 1."),
        ("x" * 25, "A name has 2 to 24 characters; this one has 25."),
        ("a" + "\ufdfa" * 2, "A name holds letters, digits, and - _ . between them; no spaces."),
        ("two words", "A name holds letters, digits, and - _ . between them; no spaces."),
        ("a\tb", "A name holds letters, digits, and - _ . between them; no spaces."),
        ("a\0b", "A name holds letters, digits, and - _ . between them; no spaces."),
        ("a\ud800b", "A name holds letters, digits, and - _ . between them; no spaces."),
        ("a\u200bb", "A name holds letters, digits, and - _ . between them; no spaces."),
        ("a\u202eb", "A name holds letters, digits, and - _ . between them; no spaces."),
        ("a\u00adb", "A name holds letters, digits, and - _ . between them; no spaces."),
        ("a/b", "A name holds letters, digits, and - _ . between them; no spaces."),
        ("a@b.c", "A name holds letters, digits, and - _ . between them; no spaces."),
        ("a‐b", "A name holds letters, digits, and - _ . between them; no spaces."),
        ("🐘🐘", "A name holds letters, digits, and - _ . between them; no spaces."),
        ("ㅤㅤ", "A name holds letters, digits, and - _ . between them; no spaces."),
        ("-a", "A name begins and ends with a letter or a digit."),
        ("a.", "A name begins and ends with a letter or a digit."),
        ("..", "A name begins and ends with a letter or a digit."),
        ("\u0301a", "A name begins and ends with a letter or a digit."),
        ("аlice", "A name keeps to one alphabet, so that nobody can imitate another."),
        ("Ωmega", "A name keeps to one alphabet, so that nobody can imitate another."),
        ("ali\u0307ce", "A name keeps to one alphabet, so that nobody can imitate another."),
        ("aさ", "A name keeps to one alphabet, so that nobody can imitate another."),
        ("한さ", "A name keeps to one alphabet, so that nobody can imitate another."),
        ("admin", "This name is kept for the board itself. Choose another."),
        ("AdMiN", "This name is kept for the board itself. Choose another."),
        ("adm1n", "This name is kept for the board itself. Choose another."),
        ("M0D", "This name is kept for the board itself. Choose another."),
        ("anonyrnous", "This name is kept for the board itself. Choose another."),
    ],
)
def test_what_can_not_be_a_name_gets_a_sentence(name, sentence):
    with pytest.raises(names.BadName) as error:
        names.clean(name)
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("alice", "ALICE"),
        ("alice", "a1ice"),
        ("alice", "aIice"),
        ("alice", "al1ce"),
        ("bob", "b0b"),
        ("bob", "BOB"),
        ("modern", "modem"),
        ("vvill", "will"),
        ("соса", "coca"),
        ("ΑΒΕ", "ABE"),
        ("ВОВ", "BOB"),
        ("раура", "paypa"),
        ("straße", "STRASSE"),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("ſam", "sam"),
        ("二", "ニ"),
        ("ー", "一"),
    ],
)
def test_names_that_look_alike_share_a_key(one, other):
    assert names.key(one) == names.key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("alice", "alicia"),
        ("bob", "bop"),
        ("tim", "kim"),
        ("rut", "yut"),
        ("ruz", "ryz"),
        ("aa", "aaa"),
        ("x-y", "xy"),
        ("x-y", "x_y"),
        ("José", "Jose"),
        ("Ольга", "Олег"),
        ("象山", "象川"),
        ("42", "24"),
    ],
)
def test_names_that_look_different_have_keys_of_their_own(one, other):
    assert names.key(one) != names.key(other)


@given(anything)
@settings(max_examples=400, deadline=None)
def test_any_text_is_a_name_or_gets_a_sentence(text):
    name = accepted(text)
    if name is not None:
        assert names.SHORTEST <= len(name) <= names.LONGEST
        assert names.clean(name) == name
        assert names.key(name) == names.key(text)
        assert not set(name) & set("<>&\"'/\\ \n\0%?#")


@given(letters)
@settings(max_examples=400, deadline=None)
def test_the_case_of_a_name_never_makes_another_one(text):
    name = accepted(text)
    if name is not None:
        others = (name.upper(), name.lower(), name.swapcase(), name.title(), name.casefold())
        assert {names.key(other) for other in map(accepted, others) if other} <= {names.key(name)}


@given(anything)
@settings(max_examples=200, deadline=None)
def test_a_key_of_any_text_is_text(text):
    assert isinstance(names.key(text), str)


def test_keys_of_very_many_letters_fill_no_memory_and_take_no_time():
    started = time.process_time()
    for code in range(0x3400, 0xA000, 100):
        names.key("".join(map(chr, range(code, code + 100))))
    assert time.process_time() - started < 2
    assert names._representative.cache_info().currsize <= 10_000 < 0xA000 - 0x3400
    assert sys.getsizeof(names.key("x" * 20_000)) < 50_000


@pytest.mark.parametrize(
    "name",
    ["admin", "Ad.Min", "ad-m1n", "admin_2", "Adrnin", "no-reply", "mailer-daemon", "WEBMASTER", "Ａdmin", "support24"],
)
def test_names_that_speak_for_the_board_are_nobodys_however_they_are_written(name):
    with pytest.raises(names.BadName, match=r"kept for the board itself"):
        names.clean(name)


def test_the_admin_keeps_more_names():
    more = "The Harbour, Café,, capitän "
    for name in ("theharbour", "The-Harbour", "the_harbour1", "CAFÉ", "Capitän"):
        with pytest.raises(names.BadName, match=r"kept for the board itself"):
            names.clean(name, more)
    assert names.clean("harbour", more) == "harbour"
    assert names.clean("theharbour") == "theharbour"
