"""What is kept of leaving for a while only: exports that were offered, receipts, names that were held back."""

from board.kit.db import many
from board.kit.worker import Site
from board.leaving import exports, receipts

_free_names = many("leaving/free_names")


async def tidy_leaving(site: Site) -> int:
    """Exports, receipts and held names whose time is over."""
    removed = await exports.remove_old(site)
    async with site.database.connection() as connection:
        removed += len(await receipts.delete_old(connection, days=receipts.DAYS))
        return removed + len(await _free_names(connection))
