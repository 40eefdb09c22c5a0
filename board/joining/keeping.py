"""What joining leaves behind is swept: challenges that were solved, and accounts that were never let in."""

from board.kit.db import Database, many

_forget_challenges = many("joining/forget_challenges")
_forget_refused = many("joining/forget_refused")
_forget_unverified = many("joining/forget_unverified")

# So long the account of somebody who was refused says so, and an address may wait to be verified.
REFUSED_DAYS, UNVERIFIED_DAYS = 30, 14


async def forget_challenges(database: Database) -> int:
    """Solved challenges whose time is over; how many."""
    async with database.connection() as connection:
        return len(await _forget_challenges(connection))


async def forget_guests(database: Database) -> int:
    """Accounts that were refused, or never verified the address that they had to; how many. Their names are free."""
    async with database.connection() as connection:
        refused = await _forget_refused(connection, days=REFUSED_DAYS)
        return len(refused) + len(await _forget_unverified(connection, days=UNVERIFIED_DAYS))
