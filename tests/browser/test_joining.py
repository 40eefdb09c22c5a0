"""Coming in by every door, on a phone, with JavaScript and without."""

import re

import pytest

from tests.conftest import _execute, _run

PASSWORD = "four words and more"


@pytest.fixture
def more_settings(request) -> dict[str, str]:
    """The settings of the test's own door."""
    return request.node.get_closest_marker("parametrize").args[1][0]


def door(**settings: str):
    """Run the test on a board with these settings."""
    return pytest.mark.parametrize("settings", [settings])


def fill(person, name: str, password: str = PASSWORD) -> None:
    person.page.get_by_label("Name").fill(name)
    person.page.get_by_label("Password").fill(password)


def promote(database: str, name: str, role: str) -> None:
    _run(_execute(database, f"update accounts set role = '{role}' where name = '{name}'"))


def fits(person) -> bool:
    """Whether nothing is wider than the phone."""
    return person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@door(SIGN_UP="approval", SIGN_UP_QUESTION="What do you like to bake?")
def test_an_applicant_waits_reads_and_is_let_in(people, own_database, settings):
    carol, mod = people(), people()
    for person, name in ((mod, "morag"), (carol, "carol")):
        person.open("/sign-up")
        fill(person, name)
        person.page.get_by_label("What do you like to bake?").fill("Bread, and\nnothing but bread.")
        assert fits(person)
        person.press("Join")
        person.page.get_by_role("heading", name="Waiting").wait_for()
        assert fits(person)
    promote(own_database, "morag", "moderator")
    mod.open("/")
    mod.page.get_by_role("link", name="Applications").click()
    mod.page.get_by_text("nothing but bread.").first.wait_for()
    assert fits(mod)
    card = mod.page.locator(".card").filter(has=mod.page.get_by_role("heading", name="carol"))
    card.get_by_role("button", name="Refuse").click()
    mod.page.get_by_text("Say in a sentence why").wait_for()
    card.get_by_label("A sentence for carol").fill("Welcome!")
    card.get_by_role("button", name="Let in").click()
    card.wait_for(state="detached")
    mod.page.get_by_role("link", name="Decided").click()
    mod.page.get_by_text("let in by").wait_for()
    carol.start_thread("My bread", "It rose.")


@door(SIGN_UP="invitation")
def test_who_has_no_invitation_is_told_how_to_get_one(people, settings):
    stranger = people()
    stranger.open("/")
    stranger.page.get_by_role("link", name="Join", exact=True).first.click()
    stranger.page.get_by_role("heading", name="joined by invitation").wait_for()
    stranger.page.get_by_label("The link of your invitation").fill("https://board.example/sign-up?invitation=x.y")
    stranger.press("Open it")
    stranger.page.get_by_text("This is no invitation of this board").wait_for()
    assert fits(stranger)


@door(INVITATIONS="2")
def test_a_guest_comes_by_a_members_link_and_stands_in_the_tree(people, own_database, settings):
    alice, dave = people("alice"), people()
    promote(own_database, "alice", "member")
    alice.open("/account")
    alice.page.get_by_role("link", name="Invitations").click()
    for note in ("For Dave", "For Erin"):
        alice.page.get_by_label("Note").fill(note)
        alice.press("Make an invitation")
        alice.page.get_by_role("heading", name=note).wait_for()
    assert alice.page.get_by_role("button", name="Make an invitation").count() == 0
    assert fits(alice)
    card = alice.page.locator(".card").filter(has_text="For Erin")
    card.get_by_role("button", name="Take back").click()
    alice.page.get_by_text("taken back", exact=True).wait_for()
    link = alice.page.get_by_label("Link").input_value()
    dave.page.goto(re.sub(r"^https?://[^/]+", dave.site, link))
    dave.page.get_by_text("alice invites you.").wait_for()
    fill(dave, "dave")
    dave.press("Join")
    dave.page.get_by_role("link", name="dave").wait_for()
    dave.open("/invitations")
    assert dave.page.locator(".tree .tree, .tree ul").get_by_role("link", name="dave").count() == 1
    assert fits(dave)


@door(CHALLENGE="question", CHALLENGE_QUESTIONS="What barks? a dog / dogs")
def test_a_question_is_answered_and_what_was_typed_comes_back(people, settings):
    carol = people()
    carol.open("/sign-up")
    fill(carol, "carol")
    carol.page.get_by_label("What barks?").fill("A cat")
    carol.press("Join")
    carol.page.get_by_text("This is not the answer.").wait_for()
    assert carol.page.get_by_label("Name").input_value() == "carol"
    assert carol.page.get_by_label("Password").input_value() == ""
    carol.page.get_by_label("What barks?").fill("the Dog")
    carol.page.get_by_label("Password").fill(PASSWORD)
    assert fits(carol)
    carol.press("Join")
    carol.page.get_by_role("link", name="carol").wait_for()


@door(CHALLENGE="work")
def test_work_is_done_by_the_script_and_without_it_a_wait_is_asked_for(people, javascript, settings):
    carol = people()
    carol.open("/sign-up")
    fill(carol, "carol")
    carol.press("Join")
    if not javascript:
        carol.page.get_by_text("Send the form again in").wait_for()
        assert fits(carol)
        carol.page.get_by_label("Password").fill(PASSWORD)
        carol.page.wait_for_timeout(15_500)
        carol.press("Join")
    carol.page.get_by_role("link", name="carol").wait_for()


@door(SIGN_UP="closed")
def test_a_closed_board_says_so(people, settings):
    stranger = people()
    stranger.open("/")
    assert stranger.page.get_by_role("link", name="Join", exact=True).count() == 0
    stranger.open("/sign-up")
    stranger.page.get_by_role("heading", name="takes no new members now").wait_for()
