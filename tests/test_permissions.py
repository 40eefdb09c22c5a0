"""Who may do what, cell by cell: role, own or not, open or locked, there or deleted, in time or late."""

from datetime import UTC, datetime, timedelta

import pytest

from board import permissions

ALICE, BOB = 1, 2
MINUTES = 10
NOW = datetime.now(UTC)
OPEN = {"author_id": ALICE, "locked_at": None, "deleted_at": None}
LOCKED, DELETED = OPEN | {"locked_at": NOW}, OPEN | {"deleted_at": NOW}
MESSAGE = {"author_id": ALICE, "locked": False}

STRANGER = None
AUTHOR = {"id": ALICE, "role": "member"}
MEMBER = {"id": BOB, "role": "member"}
MODERATOR = {"id": BOB, "role": "moderator"}
ADMIN = {"id": BOB, "role": "admin"}
AUTHOR_WHO_MODERATES = {"id": ALICE, "role": "moderator"}
AUTHOR_WHO_IS_ADMIN = {"id": ALICE, "role": "admin"}
VIEWERS = [STRANGER, AUTHOR, MEMBER, MODERATOR, ADMIN, AUTHOR_WHO_MODERATES, AUTHOR_WHO_IS_ADMIN]


def answers(function, *arguments) -> str:
    """What a function says for each of VIEWERS: one letter each, y or -."""
    found = [function(viewer, *arguments) for viewer in VIEWERS]
    assert all(isinstance(each, bool) for each in found)
    return "".join("y" if each else "-" for each in found)


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        # stranger, author, member, moderator, admin, author who moderates, author who is admin: as in VIEWERS
        ("moderates", (), "---yyyy"),
        ("can_lock", (), "---yyyy"),
        ("can_manage_boards", (), "----y-y"),
        ("runs_the_board", (), "----y-y"),
        ("can_see_views", (OPEN,), "-y--yyy"),
        ("can_reply", (OPEN,), "-yyyyyy"),
        ("can_reply", (LOCKED,), "-------"),
        ("can_reply", (DELETED,), "-------"),
        ("can_reply", (LOCKED | DELETED | {"locked_at": NOW},), "-------"),
        ("can_vote", (ALICE, False), "--yyy--"),
        ("can_vote", (ALICE, True), "-------"),
        ("can_edit", (MESSAGE,), "-y---yy"),
        ("can_edit", (MESSAGE | {"locked": True},), "-------"),
        ("can_delete", (OPEN,), "-y-yyyy"),
        ("can_delete", (LOCKED,), "-y-yyyy"),
        ("can_delete", (MESSAGE,), "-y-yyyy"),
    ],
)
def test_who_may(function, arguments, expected):
    assert answers(getattr(permissions, function), *arguments) == expected


@pytest.mark.parametrize(
    ("deleted_by", "minutes_ago", "purged", "expected"),
    [
        (ALICE, 0, False, "-y-yyyy"),
        (ALICE, MINUTES - 0.1, False, "-y-yyyy"),
        (ALICE, MINUTES + 0.1, False, "-------"),
        (ALICE, 60 * 24 * 400, False, "-------"),
        (ALICE, 0, True, "-------"),
        # Deleted by bob, who is a moderator or an admin: the author alone can not bring it back.
        (BOB, 0, False, "--yyyyy"),
        (BOB, MINUTES + 0.1, False, "-------"),
        # By a third moderator.
        (3, 0, False, "---yyyy"),
        (3, MINUTES + 0.1, False, "-------"),
    ],
)
def test_who_may_bring_back_what_was_deleted(deleted_by, minutes_ago, purged, expected):
    thing = {
        "author_id": ALICE,
        "deleted_at": datetime.now(UTC) - timedelta(minutes=minutes_ago),
        "deleted_by": deleted_by,
        "purged_at": NOW if purged else None,
    }
    assert answers(permissions.can_restore, thing, MINUTES) == expected


def test_what_was_not_deleted_can_not_be_brought_back():
    thing = {"author_id": ALICE, "deleted_at": None, "deleted_by": None, "purged_at": None}
    assert answers(permissions.can_restore, thing, MINUTES) == "-------"


def test_with_no_time_to_undo_nothing_can_be_brought_back():
    thing = {"author_id": ALICE, "deleted_at": NOW, "deleted_by": ALICE, "purged_at": None}
    assert answers(permissions.can_restore, thing, 0) == "-------"


def test_a_role_that_nobody_knows_has_no_rights():
    odd = {"id": BOB, "role": "superuser"}
    assert not permissions.moderates(odd)
    assert not permissions.can_manage_boards(odd)
    assert not permissions.can_delete(odd, OPEN)


def test_every_function_is_in_the_table_and_known_to_the_templates():
    functions = {name for name, each in vars(permissions).items() if name.startswith(("can_", "moderates", "runs_"))}
    assert functions == set(permissions.SHARED)
    tested = {row[0] for row in test_who_may.pytestmark[0].args[1]} | {"can_restore"}
    assert tested == functions
