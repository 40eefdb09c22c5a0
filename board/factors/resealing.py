"""After SECRET_KEYS has a new key in front, all that is sealed goes under it, so that the old one can go."""

from typing import Any

from board.factors.two_step import purpose
from board.kit.db import Database, many, value
from board.kit.seals import Seals, Unopened

_list = many("factors/list_sealed")
_reseal = value("factors/reseal")

_SOME = 500


async def reseal(database: Database, seals: Seals) -> int:
    """Return how many secrets were sealed anew. What no key opens is left alone: its key may come back."""
    after, done, full = 0, 0, True
    while full:
        async with database.connection() as connection:
            rows = await _list(connection, after=after, size=_SOME)
            for row in rows:
                done += await _renewed(connection, seals, row)
        full = len(rows) == _SOME
        after = rows[-1]["account_id"] if rows else 0
    return done


async def _renewed(connection: Any, seals: Seals, row: Any) -> bool:
    try:
        anew = seals.renew(purpose(row["account_id"]), row["secret"])
    except Unopened:
        return False
    if anew is None:
        return False
    account_id = await _reseal(connection, account_id=row["account_id"], sealed=row["secret"], anew=anew)
    return account_id is not None
