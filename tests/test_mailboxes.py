"""What is an e-mail address, when two are one, and what the sentence says about one that can not be used."""

import pytest
from hypothesis import given
from hypothesis.strategies import text

from board.kit import mailboxes


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("alice@example.org", "alice@example.org"),
        ("  alice@example.org\t", "alice@example.org"),
        ("Alice.B+board@EXAMPLE.Org", "Alice.B+board@example.org"),
        ("bob@münchen.example.de", "bob@xn--mnchen-3ya.example.de"),
        ("bob@xn--mnchen-3ya.example.de", "bob@xn--mnchen-3ya.example.de"),
        ("bob@faß.de", "bob@xn--fa-hia.de"),
        ("bob@例え.jp", "bob@xn--r8jz45g.jp"),
        ("bob@ｅxample。org", "bob@example.org"),
        ("o'hara_%=x@a-b.co.uk", "o'hara_%=x@a-b.co.uk"),
    ],
)
def test_an_address_becomes_what_a_mail_server_takes(typed, clean):
    assert mailboxes.clean(typed) == clean


@pytest.mark.parametrize(
    "typed",
    [
        "alice",
        "alice@",
        "@example.org",
        "alice@example",
        "alice@localhost",
        "alice@board.local",
        "alice@[127.0.0.1]",
        "alice@127.0.0.1",
        "alice@@example.org",
        "alice@bob@example.org",
        "alice..b@example.org",
        ".alice@example.org",
        "alice b@example.org",
        '"alice b"@example.org',
        "Alice <alice@example.org>",
        "alice@example.org, bob@example.org",
        "alice@example.org\r\nBcc: bob@example.org",
        "alice\0@example.org",
        "alice@exa\u202emple.org",
        "älice@example.org",
        "alice@-example.org",
        "alice@example.org.",
        "a" * 250 + "@example.org",
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(typed):
    with pytest.raises(mailboxes.BadAddress, match=r"^This is no e-mail address that mail can be sent to\. \S.+\.$"):
        mailboxes.clean(typed)


@given(text())
def test_whatever_is_typed_becomes_a_clean_address_or_a_sentence(typed):
    try:
        clean = mailboxes.clean(typed + "@example.org")
    except mailboxes.BadAddress:
        return
    assert clean.isascii()
    assert clean.isprintable()
    assert not set(' ,;:<>()[]"\\') & set(clean)
    assert mailboxes.clean(clean) == clean


def test_two_that_differ_in_capitals_or_in_how_the_domain_is_written_are_one():
    assert mailboxes.key("Alice@MÜNCHEN.example.de") == mailboxes.key("alice@xn--mnchen-3ya.example.de")


def test_what_is_no_address_is_like_no_other():
    assert mailboxes.key("alice@") == ""


def test_an_address_is_shown_as_people_write_it():
    assert mailboxes.shown("bob@xn--mnchen-3ya.example.de") == "bob@münchen.example.de"
    assert mailboxes.shown("Alice@example.org") == "Alice@example.org"
