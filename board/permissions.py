"""Who may do what, and how much: one table, action by role.

Templates ask the functions below it to show a button, handlers to refuse; the SQL that writes checks once more in its
WHERE. `/help/rights` shows the table to everybody. The viewer is the row of sessions/get.sql, or None for a stranger.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from board.kit.errors import Forbidden, SignInNeeded

# What each is called. All but the first and the moderators of a board, who are known by their boards, stand in
# accounts.role. Who waits for approval may only read.
ROLES = {
    "stranger": "Stranger",
    "waiting": "Waiting",
    "new": "New",
    "member": "Member",
    "trusted": "Trusted",
    "board_moderator": "Moderator of a board",
    "moderator": "Moderator",
    "admin": "Admin",
}

# Everybody begins as new, and is a member after this.
NEW_DAYS = 3
# Trust is earned by all of these at once, and lost when one of them is no longer true (sql/roles/settle.sql).
TRUST_DAYS = 30
TRUST_POINTS = 20
TRUST_VOTERS = 5
TRUST_CLEAN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: a cell for each of ROLES, what it is about, and what to tell whom it refuses."""

    cells: tuple[str, ...]
    words: str
    refusal: str = ""

    def of(self, role: str) -> str:
        """The cell of a role. One that nobody knows has no rights."""
        return dict(zip(ROLES, self.cells, strict=True)).get(role, "no")


def _row(cells: str, words: str, refusal: str = "") -> Row:
    return Row(tuple(cells.split()), words, refusal)


# yes, no; own: one's own alone; others: all but one's own; board: in the boards one moderates; own+board: either.
RIGHTS = {
    # stranger waiting new member trusted board_moderator moderator admin
    "read": _row("yes yes yes yes yes yes yes yes", "Read threads, histories and people’s pages"),
    "reply": _row("no no yes yes yes yes yes yes", "Answer in a thread that is open"),
    "start": _row("no no yes yes yes yes yes yes", "Start a thread"),
    "vote": _row(
        "no no others others others others others others",
        "Vote, while the thread is open",
        "This is your own message: others vote on it.",
    ),
    "edit": _row("no no own own own own own own", "Change a message, while the thread is open"),
    "delete": _row("no no own own own own+board yes yes", "Delete a message or a thread"),
    "restore": _row("no no own own own own+board yes yes", "Undo a deletion in time (own: that one did oneself)"),
    "see_views": _row("no no own own own own own yes", "See how often a thread is opened"),
    "lock": _row("no no no no no board yes yes", "Lock a thread and open it again", "Only moderators lock threads."),
    "invite": _row("no no no yes yes yes yes yes", "Invite people", "Invitations are for members: not yet for you."),
    "admit": _row(
        "no no no no no no yes yes", "Decide who of those that wait may join", "Only moderators decide who may join."
    ),
    "see_people": _row(
        "no no no no no no yes yes",
        "See the list of people, and the log of what was done to them",
        "Only moderators look after people.",
    ),
    "see_addresses": _row("no no no no no no no yes", "See people’s e-mail addresses"),
    "suspend": _row("no no no no no no yes yes", "Suspend members", "Only moderators suspend people."),
    "give_roles": _row(
        "no no no no no no no yes",
        "Give and take roles and trust, appoint moderators",
        "Only admins give and take roles.",
    ),
    "make_password_links": _row(
        "no no no no no no no yes",
        "Make a link by which somebody sets a new password",
        "Only admins make links to new passwords.",
    ),
    "remove_factors": _row(
        "no no no no no no no yes",
        "Remove the second step and the passkeys of who has lost them",
        "Only admins remove a second step.",
    ),
    "manage_boards": _row("no no no no no no no yes", "Make and change boards", "Only admins make and change boards."),
    "run_board": _row(
        "no no no no no no no yes",
        "Look after the machine: health, jobs, mail, traffic",
        "Only admins look after the machine.",
    ),
}

# How much: a number; any: no limit; setting: as much as the settings of the board allow anybody.
LIMITS = {
    # stranger waiting new member trusted board_moderator moderator admin
    "posts": _row("0 0 6 20 40 40 40 40", "Messages written in two minutes"),
    "posts_a_day": _row("0 0 50 500 1000 1000 any any", "Messages a day"),
    "threads_a_day": _row("0 0 3 50 100 100 any any", "Threads started a day"),
    "links": _row("0 0 2 any any any any any", "Links in a message"),
    "pictures": _row("0 0 4 setting setting setting setting setting", "Pictures in a message"),
    "picture_megabytes": _row("0 0 10 setting setting setting setting setting", "Megabytes of a picture"),
    "votes": _row("0 0 30 120 120 120 120 120", "Votes in a minute"),
    "invitations": _row("0 0 0 5 10 10 20 any", "Invitations in four weeks"),
    "suspension_days": _row("0 0 0 0 0 0 30 any", "Days of a suspension"),
}


def role(viewer: Any) -> str:
    """The viewer's column of the table."""
    if viewer is None:
        return "stranger"
    if viewer["boards"] and viewer["role"] in ("new", "member", "trusted"):
        return "board_moderator"
    return str(viewer["role"])


def may(viewer: Any, action: str, *, owner: int | None = None, board: int | None = None) -> bool:
    """What the table says: of something that `owner` did, in the board with this id."""
    cell = RIGHTS[action].of(role(viewer))
    if cell in ("yes", "no"):
        return cell == "yes"
    own = viewer is not None and viewer["id"] == owner
    if cell == "others":
        return not own
    return (own and "own" in cell) or ("board" in cell and board in viewer["boards"])


def limit(viewer: Any, name: str, setting: int | None = None) -> int | None:
    """How much of it the viewer may, never more than the setting; None: as much as they like."""
    cell = LIMITS[name].of(role(viewer))
    if cell in ("any", "setting"):
        return setting
    most = 0 if cell == "no" else int(cell)
    return most if setting is None else min(most, setting)


def insist(viewer: Any, action: str, *, owner: int | None = None, board: int | None = None, kept: str = "") -> None:
    """Raise Forbidden with a sentence, and with what was typed, unless the table allows it."""
    if may(viewer, action, owner=owner, board=board):
        return
    if viewer is None:
        raise SignInNeeded("Sign in first.", kept=kept)
    if viewer["role"] == "waiting":
        raise Forbidden("Your account waits to be let in: until then you can read, but not write.", kept=kept)
    raise Forbidden(RIGHTS[action].refusal or "This is not yours to change.", kept=kept)


def reach(viewer: Any, action: str) -> dict[str, Any]:
    """For a statement that checks once more: whether everything is in the viewer's reach, and else in which boards.

    Raises Forbidden for a role that may not even do it to what is its own.
    """
    cell = RIGHTS[action].of(role(viewer))
    if cell == "no":
        insist(viewer, action)
    return {"moderates": cell == "yes", "boards": list(viewer["boards"]) if "board" in cell else []}


def moderates(viewer: Any, board_id: int | None = None) -> bool:
    """Whether the viewer keeps the peace, in this board or (without one) everywhere."""
    return may(viewer, "lock", board=board_id)


def can_manage_boards(viewer: Any) -> bool:
    """Makes and renames boards."""
    return may(viewer, "manage_boards")


def can_give_roles(viewer: Any) -> bool:
    """Gives and takes roles, and appoints moderators."""
    return may(viewer, "give_roles")


def can_see_people(viewer: Any) -> bool:
    """Sees the list of people, and what was done to them."""
    return may(viewer, "see_people")


def can_see_addresses(viewer: Any) -> bool:
    """Sees people's e-mail addresses."""
    return may(viewer, "see_addresses")


def can_suspend(viewer: Any, person: Any) -> bool:
    """People of a lower role than one's own, so never oneself."""
    return may(viewer, "suspend") and person["role"] in roles_below(viewer)


def roles_below(viewer: Any) -> list[str]:
    """The roles that are lower than the viewer's."""
    order = list(ROLES)
    return order[: order.index(viewer["role"])]


def can_admit(viewer: Any) -> bool:
    """Decides who of those that wait may join."""
    return may(viewer, "admit")


def can_invite(viewer: Any) -> bool:
    """Invites people."""
    return may(viewer, "invite")


def runs_the_board(viewer: Any) -> bool:
    """Looks after the machine: sees how its parts do, and the traffic."""
    return may(viewer, "run_board")


def can_start(viewer: Any) -> bool:
    """Starts threads."""
    return may(viewer, "start")


def can_reply(viewer: Any, thread: Any) -> bool:
    """While the thread is open."""
    return may(viewer, "reply") and thread["locked_at"] is None and thread["deleted_at"] is None


def can_vote(viewer: Any, author_id: int, locked: bool) -> bool:
    """On what others wrote, while the thread is open."""
    return not locked and may(viewer, "vote", owner=author_id)


def can_edit(viewer: Any, message: Any) -> bool:
    """The author alone, while the thread is open: nobody puts words into another's mouth."""
    return not message["locked"] and may(viewer, "edit", owner=message["author_id"])


def can_delete(viewer: Any, thing: Any) -> bool:
    """The author and moderators of its board, a thread or a message."""
    return may(viewer, "delete", owner=thing["author_id"], board=thing["board_id"])


def can_restore(viewer: Any, thing: Any, undo_minutes: int) -> bool:
    """Who deleted it, and moderators of its board, while there is time."""
    if thing["deleted_at"] is None or thing["purged_at"] is not None:
        return False
    in_time = datetime.now(UTC) - thing["deleted_at"] < timedelta(minutes=undo_minutes)
    return in_time and may(viewer, "restore", owner=thing["deleted_by"], board=thing["board_id"])


def can_see_views(viewer: Any, thread: Any) -> bool:
    """How often a thread is opened: who started it, and admins."""
    return may(viewer, "see_views", owner=thread["author_id"])


def can_lock(viewer: Any, thread: Any) -> bool:
    """Moderators of its board."""
    return may(viewer, "lock", board=thread["board_id"])


SHARED: dict[str, Any] = {"ROLES": ROLES, "limit": limit} | {
    function.__name__: function
    for function in (
        may,
        moderates,
        can_manage_boards,
        can_give_roles,
        can_see_people,
        can_see_addresses,
        can_suspend,
        can_admit,
        can_invite,
        runs_the_board,
        can_start,
        can_reply,
        can_vote,
        can_edit,
        can_delete,
        can_restore,
        can_see_views,
        can_lock,
    )
}
