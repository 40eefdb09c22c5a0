"""What is sealed opens for its purpose and under our keys alone."""

import dataclasses

import pytest

from board.kit.config import Config
from board.kit.seals import Seals, Unopened

OLD, NEW = "o" * 32, "n" * 32


def seals(*keys: str) -> Seals:
    return Seals(dataclasses.replace(Config(), secret_keys=",".join(keys)))


@pytest.mark.parametrize("text", ["", "JBSWY3DPEHPK3PXP", "Ωmega\n象"])
def test_what_is_sealed_opens_again(text):
    sealed = seals(NEW).seal("a 1", text)
    assert seals(NEW).open("a 1", sealed) == text
    assert not text or text not in sealed


def test_the_same_text_is_never_sealed_alike():
    assert seals(NEW).seal("a", "x") != seals(NEW).seal("a", "x")


def test_the_newest_key_seals_and_each_opens():
    both = seals(NEW, OLD)
    assert both.open("a", seals(OLD).seal("a", "x")) == "x"
    assert seals(NEW).open("a", both.seal("a", "x")) == "x"
    with pytest.raises(Unopened):
        seals(OLD).open("a", both.seal("a", "x"))


def test_nothing_opens_for_another_purpose_nor_tampered_with():
    sealed = seals(NEW).seal("a 1", "x")
    with pytest.raises(Unopened):
        seals(NEW).open("a 2", sealed)
    for place in range(0, len(sealed), 7):
        spoilt = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        with pytest.raises(Unopened):
            seals(NEW).open("a 1", spoilt)
    for nothing in ("", "x", "é", sealed[:-4]):
        with pytest.raises(Unopened):
            seals(NEW).open("a 1", nothing)


def test_what_an_old_key_sealed_is_renewed_once():
    both, old = seals(NEW, OLD), seals(OLD).seal("a", "x")
    anew = both.renew("a", old)
    assert seals(NEW).open("a", anew) == "x"
    assert both.renew("a", anew) is None
    with pytest.raises(Unopened):
        both.renew("b", old)
