"""To whom a person shows what: their own choice, part by part. What they wrote still stands in its threads."""

from typing import Any

from board.permissions import moderates

# The parts, each a column show_... of accounts, and what the form says of it.
PARTS = {
    "history": "The list of what I wrote, and the search in it",
    "pictures": "The list of my pictures",
    "votes": "The votes that I received",
    "given": "The votes that I gave",
    "statistics": "My statistics",
    "joined": "When I joined, and who invited me",
}
AUDIENCES = {"everyone": "Everybody", "members": "Members", "nobody": "Only me"}

# Who keeps the peace has to see what somebody does here, but not what they like.
FOR_MODERATORS = ("history", "pictures", "votes", "joined")


def may_see(viewer: Any, person: Any, part: str) -> bool:
    """Whether the viewer, or a stranger (None), is shown this part of a person's page."""
    if viewer is not None and (viewer["id"] == person["id"] or (part in FOR_MODERATORS and moderates(viewer))):
        return True
    chosen = person[f"show_{part}"]
    return chosen == "everyone" or (chosen == "members" and viewer is not None)
