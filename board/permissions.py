"""Who may do what. Pure functions of the viewer (a row with id and role, or None) and a thing's row.

Templates call them to show a button, handlers to refuse; the SQL that writes checks once more in its WHERE.
"""

from datetime import UTC, datetime, timedelta
from typing import Any


def moderates(viewer: Any) -> bool:
    """Whether the viewer keeps the peace: deletes what others wrote, locks threads."""
    return viewer is not None and viewer["role"] in ("moderator", "admin")


def can_manage_boards(viewer: Any) -> bool:
    """Whether the viewer makes and renames boards."""
    return viewer is not None and viewer["role"] == "admin"


def runs_the_board(viewer: Any) -> bool:
    """Whether the viewer looks after the machine: sees how its parts do, and the traffic."""
    return viewer is not None and viewer["role"] == "admin"


def can_reply(viewer: Any, thread: Any) -> bool:
    """Everyone who is signed in, while the thread is open."""
    return viewer is not None and thread["locked_at"] is None and thread["deleted_at"] is None


def can_vote(viewer: Any, author_id: int, locked: bool) -> bool:
    """Everyone who is signed in, on what others wrote, while the thread is open."""
    return viewer is not None and viewer["id"] != author_id and not locked


def can_edit(viewer: Any, message: Any) -> bool:
    """The author alone, while the thread is open: nobody puts words into another's mouth."""
    return viewer is not None and viewer["id"] == message["author_id"] and not message["locked"]


def can_delete(viewer: Any, thing: Any) -> bool:
    """The author and moderators, a thread or a message."""
    return viewer is not None and (viewer["id"] == thing["author_id"] or moderates(viewer))


def can_restore(viewer: Any, thing: Any, undo_minutes: int) -> bool:
    """Who deleted it, and moderators, while there is time."""
    if viewer is None or thing["deleted_at"] is None or thing["purged_at"] is not None:
        return False
    in_time = datetime.now(UTC) - thing["deleted_at"] < timedelta(minutes=undo_minutes)
    return in_time and (thing["deleted_by"] == viewer["id"] or moderates(viewer))


def can_see_views(viewer: Any, thread: Any) -> bool:
    """How often a thread is opened: who started it, and admins."""
    return viewer is not None and (viewer["id"] == thread["author_id"] or runs_the_board(viewer))


def can_lock(viewer: Any) -> bool:
    """Moderators."""
    return moderates(viewer)


SHARED = {
    function.__name__: function
    for function in (
        moderates,
        can_manage_boards,
        runs_the_board,
        can_reply,
        can_vote,
        can_edit,
        can_delete,
        can_restore,
        can_see_views,
        can_lock,
    )
}
