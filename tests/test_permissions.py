"""The table of rights, cell by cell: role, own or not, which board, open or locked, there or deleted, in time."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from board import permissions
from board.kit.errors import Forbidden, SignInNeeded
from board.permissions import LIMITS, RIGHTS, ROLES

ALICE, BOB = 1, 2
HERE, ELSEWHERE = 7, 8
MINUTES = 10
NOW = datetime.now(UTC)
OPEN = {"author_id": ALICE, "board_id": HERE, "locked_at": None, "deleted_at": None}
LOCKED, DELETED = OPEN | {"locked_at": NOW}, OPEN | {"deleted_at": NOW}
MESSAGE = {"author_id": ALICE, "board_id": HERE, "locked": False}


def viewer(role: str, id: int = BOB, boards: tuple[int, ...] = ()) -> dict | None:
    """Somebody with a role; a moderator of a board is a member who has boards."""
    if role == "board_moderator":
        role, boards = "member", boards or (HERE,)
    return None if role == "stranger" else {"id": id, "role": role, "boards": list(boards)}


# Each role as somebody else, then each as the author.
VIEWERS = [viewer(role) for role in ROLES] + [viewer(role, ALICE) for role in ROLES]
AWAY = viewer("board_moderator", BOB, (ELSEWHERE,))


def answers(function, *arguments) -> str:
    """What a function says for each of VIEWERS: one letter each, y or -."""
    found = [function(each, *arguments) for each in VIEWERS]
    assert all(isinstance(each, bool) for each in found)
    letters = "".join("y" if each else "-" for each in found)
    return f"{letters[: len(ROLES)]} {letters[len(ROLES) :]}"


NOBODY = "-------- --------"


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        # stranger, waiting, new, member, trusted, moderator of this board, moderator, admin; and these as the author
        ("may", ("read",), "yyyyyyyy yyyyyyyy"),
        ("moderates", (), "------yy ------yy"),
        ("moderates", (HERE,), "-----yyy -----yyy"),
        ("moderates", (ELSEWHERE,), "------yy ------yy"),
        ("can_lock", (OPEN,), "-----yyy -----yyy"),
        ("can_manage_boards", (), "-------y -------y"),
        ("can_give_roles", (), "-------y -------y"),
        ("can_see_people", (), "------yy ------yy"),
        ("can_see_addresses", (), "-------y -------y"),
        ("can_suspend", ({"role": "member"},), "------yy ------yy"),
        ("can_suspend", ({"role": "moderator"},), "-------y -------y"),
        ("can_suspend", ({"role": "admin"},), NOBODY),
        ("can_admit", (), "------yy ------yy"),
        ("can_invite", (), "---yyyyy ---yyyyy"),
        ("runs_the_board", (), "-------y -------y"),
        ("can_see_views", (OPEN,), "-------y --yyyyyy"),
        ("can_start", (), "--yyyyyy --yyyyyy"),
        ("can_reply", (OPEN,), "--yyyyyy --yyyyyy"),
        ("can_reply", (LOCKED,), NOBODY),
        ("can_reply", (DELETED,), NOBODY),
        ("can_reply", (LOCKED | DELETED | {"locked_at": NOW},), NOBODY),
        ("can_vote", (ALICE, False), "--yyyyyy --------"),
        ("can_vote", (ALICE, True), NOBODY),
        ("can_edit", (MESSAGE,), "-------- --yyyyyy"),
        ("can_edit", (MESSAGE | {"locked": True},), NOBODY),
        ("can_delete", (OPEN,), "-----yyy --yyyyyy"),
        ("can_delete", (LOCKED,), "-----yyy --yyyyyy"),
        ("can_delete", (MESSAGE,), "-----yyy --yyyyyy"),
        ("can_delete", (MESSAGE | {"board_id": ELSEWHERE},), "------yy --yyyyyy"),
    ],
)
def test_who_may(function, arguments, expected):
    assert answers(getattr(permissions, function), *arguments) == expected


@pytest.mark.parametrize(
    ("deleted_by", "minutes_ago", "purged", "expected"),
    [
        (ALICE, 0, False, "-----yyy --yyyyyy"),
        (ALICE, MINUTES - 0.1, False, "-----yyy --yyyyyy"),
        (ALICE, MINUTES + 0.1, False, NOBODY),
        (ALICE, 60 * 24 * 400, False, NOBODY),
        (ALICE, 0, True, NOBODY),
        # By bob, who moderates: the author alone can not bring it back.
        (BOB, 0, False, "--yyyyyy -----yyy"),
        (BOB, MINUTES + 0.1, False, NOBODY),
        # By a third moderator.
        (3, 0, False, "-----yyy -----yyy"),
        (3, MINUTES + 0.1, False, NOBODY),
    ],
)
def test_who_may_bring_back_what_was_deleted(deleted_by, minutes_ago, purged, expected):
    thing = {
        "author_id": ALICE,
        "board_id": HERE,
        "deleted_at": datetime.now(UTC) - timedelta(minutes=minutes_ago),
        "deleted_by": deleted_by,
        "purged_at": NOW if purged else None,
    }
    assert answers(permissions.can_restore, thing, MINUTES) == expected


def test_what_was_not_deleted_can_not_be_brought_back():
    thing = OPEN | {"deleted_by": None, "purged_at": None}
    assert answers(permissions.can_restore, thing, MINUTES) == NOBODY


def test_with_no_time_to_undo_nothing_can_be_brought_back():
    thing = OPEN | {"deleted_at": NOW, "deleted_by": ALICE, "purged_at": None}
    assert answers(permissions.can_restore, thing, 0) == NOBODY


def test_who_moderates_another_board_is_a_member_here():
    assert not permissions.can_lock(AWAY, OPEN)
    assert not permissions.can_delete(AWAY, OPEN)
    assert not permissions.can_restore(AWAY, DELETED | {"deleted_by": ALICE, "purged_at": None}, MINUTES)
    assert permissions.can_delete(AWAY, OPEN | {"author_id": BOB})
    assert permissions.can_vote(AWAY, ALICE, False)


@pytest.mark.parametrize("role", ["new", "member", "trusted"])
def test_who_moderates_a_board_has_its_column_whatever_else_they_are(role):
    assert permissions.role(viewer(role, BOB, (HERE,))) == "board_moderator"


@pytest.mark.parametrize("role", ["waiting", "moderator", "admin"])
def test_a_board_changes_nothing_for_those_who_wait_and_for_those_who_keep_all(role):
    assert permissions.role(viewer(role, BOB, (HERE,))) == role


def test_a_role_that_nobody_knows_has_no_rights():
    odd = viewer("superuser")
    assert not any(permissions.may(odd, action, owner=ALICE, board=HERE) for action in RIGHTS)
    assert not any(permissions.limit(odd, name, 100) for name in LIMITS)


def test_what_a_statement_checks_once_more_is_the_same_reach():
    for each in [*VIEWERS, AWAY]:
        for action in ("delete", "restore", "lock"):
            if RIGHTS[action].of(permissions.role(each)) == "no":
                with pytest.raises((Forbidden, SignInNeeded)):
                    permissions.reach(each, action)
                continue
            reach = permissions.reach(each, action)
            for board in (HERE, ELSEWHERE):
                found = reach["moderates"] or board in reach["boards"]
                assert found == permissions.may(each, action, owner=3, board=board), (each, action, board)


def test_a_refusal_says_what_is_missing_and_keeps_what_was_typed():
    with pytest.raises(SignInNeeded) as told:
        permissions.insist(None, "reply", kept="My words.")
    assert told.value.kept == "My words."
    with pytest.raises(Forbidden, match="waits to be let in") as told:
        permissions.insist(viewer("waiting"), "reply", kept="My words.")
    assert told.value.kept == "My words."
    with pytest.raises(Forbidden, match="Only admins make and change boards"):
        permissions.insist(viewer("moderator"), "manage_boards")
    permissions.insist(viewer("admin"), "manage_boards")


def test_limits_never_pass_the_settings_and_some_have_no_end():
    assert permissions.limit(viewer("new"), "pictures", 8) == 4
    assert permissions.limit(viewer("new"), "pictures", 3) == 3
    assert permissions.limit(viewer("member"), "pictures", 8) == 8
    assert permissions.limit(viewer("admin"), "posts_a_day") is None
    assert permissions.limit(None, "posts") == 0


def test_each_cell_of_the_table_is_one_of_the_words_or_a_number():
    for row in RIGHTS.values():
        assert len(row.cells) == len(ROLES)
        assert set(row.cells) <= {"yes", "no", "own", "others", "board", "own+board"}
    for row in LIMITS.values():
        assert len(row.cells) == len(ROLES)
        assert all(re.fullmatch(r"\d+|any|setting", cell) for cell in row.cells)


def test_every_function_is_tested_and_known_to_the_templates():
    functions = {name for name in vars(permissions) if name.startswith(("can_", "may", "moderates", "runs_"))}
    assert functions == set(permissions.SHARED) - {"ROLES", "limit"}
    assert {row[0] for row in test_who_may.pytestmark[0].args[1]} | {"can_restore"} == functions
