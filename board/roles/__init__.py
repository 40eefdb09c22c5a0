"""Roles: who earns trust, who moderates which board, and what admins and moderators do to people."""

from typing import Any

from board import notices
from board.kit.db import many
from board.kit.worker import Site
from board.mail import Mailer
from board.permissions import NEW_DAYS, ROLES, TRUST_CLEAN_DAYS, TRUST_DAYS, TRUST_POINTS, TRUST_VOTERS
from board.roles import log, moderators, people, person, rights

__all__ = ["log", "moderators", "people", "person", "rights", "settle"]

_settle = many("roles/settle")


async def settle(site: Site, batch: int = 500) -> int:
    """Look at everybody once a day: who is new no more, who has earned trust, who lost it. Return how many changed."""
    changed = 0
    while True:
        async with site.database.transaction() as connection:
            looked_at = await _settle(
                connection,
                new_days=NEW_DAYS,
                days=TRUST_DAYS,
                points=TRUST_POINTS,
                voters=TRUST_VOTERS,
                clean_days=TRUST_CLEAN_DAYS,
                batch=batch,
            )
            changed += await _tell(site, connection, looked_at)
        if len(looked_at) < batch:
            return changed


async def _tell(site: Site, connection: Any, looked_at: list[Any]) -> int:
    """Tell those who gained or lost trust; that a new one is a member now shows by itself."""
    moved = [row for row in looked_at if row["old_role"] != row["new_role"]]
    for row in moved:
        if "trusted" in (row["old_role"], row["new_role"]):
            details = {"old": ROLES[row["old_role"]].lower(), "new": ROLES[row["new_role"]].lower()}
            await notices.tell_later(Mailer(site.config), connection, row["id"], "role changed", **details)
    return len(moved)
