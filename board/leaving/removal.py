"""An account goes for good: in small transactions, each of which may be the last before the process is killed.

What was done is not there any more when it is looked for, so whoever goes on needs no memory. The account's own row
goes last; until then it is nobody's, and every page shows what is left of it as by a deleted person.
"""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from board import images, mail
from board.kit import markup
from board.kit.db import many, one, value
from board.kit.worker import Site
from board.leaving import exports, receipts

log = logging.getLogger("board.leaving")

hold_admins = many("leaving/hold_admins")
may_go = value("leaving/may_go")
get_departure = one("leaving/get_departure")
_list_due = many("leaving/list_due")
_begin = one("leaving/begin")
_make_nobody = value("leaving/make_nobody")
_count_small = one("leaving/count_small")
_add_counts = value("leaving/add_counts")
_pick_messages = value("leaving/pick_messages")
_rename_quotes = value("leaving/rename_quotes")
_hold_messages = many("leaving/hold_messages")
_hold_threads = many("leaving/hold_threads")
_unsign_messages = value("leaving/unsign_messages")
_remove_messages = one("leaving/remove_messages")
_pick_threads = many("leaving/pick_threads")
_unsign_threads = many("leaving/unsign_threads")
_remove_threads = many("leaving/remove_threads")
_unsign_deleted = (many("leaving/unsign_deleted_messages"), many("leaving/unsign_deleted_threads"))
_unsign_votes = value("leaving/unsign_votes")
_note_mailed = value("leaving/note_mailed")
_is_mail_waiting = value("leaving/is_mail_waiting")
_hold_account = value("leaving/hold_account")
_has_rest = value("leaving/has_rest")
_delete_account = value("leaving/delete_account")

# Rows in a transaction. 500 messages with their sums are held for a fifth of a second; of threads fewer, since each may
# have thousands of messages to be looked through.
BATCH, THREADS = 500, 20
# For how long nobody may take the name of somebody who left, nor one that looks like it.
NAME_DAYS = 90
# The receipt may be this long on its way before the account goes without it.
_MAIL_PATIENCE = timedelta(days=1)


async def remove_departed(site: Site) -> int:
    """Remove the accounts whose time has come; return how many are gone. One that can not go holds up no other."""
    async with site.database.connection() as connection:
        due = await _list_due(connection)
    gone, failure = 0, None
    for row in due:
        try:
            if row["begun"] or await _began(site, row["account_id"]):
                gone += await _remove(site, row["account_id"])
        except Exception as error:
            log.exception("an account that is to go is still there; it is tried again")
            failure = error
    if failure:
        raise failure
    return gone


async def _remove(site: Site, account_id: int) -> bool:
    """Go on where whoever was at it before has stopped; whether the account is gone."""
    async with site.database.connection() as connection:
        departure = await get_departure(connection, account_id=account_id)
    for step in (_take_messages, _take_threads, _take_deletions, _take_votes):
        while await step(site, departure):
            pass
    await exports.forget_all(site, account_id)
    return await _is_told(site, departure) and await _finished(site, account_id)


async def _began(site: Site, account_id: int) -> bool:
    """Close the account's doors, unless it is the last admin's: that one waits for another to be appointed."""
    async with site.database.transaction() as connection:
        await hold_admins(connection)
        if not await may_go(connection, account_id=account_id):
            log.warning("the last admin can not leave: appoint another")
            return False
        counts = dict(await _count_small(connection, account_id=account_id))
        minutes = site.config.undo_minutes
        begun = await _begin(connection, account_id=account_id, days=NAME_DAYS, minutes=minutes)
        if begun is None:
            return False
        await _make_nobody(connection)
        avatars = [begun["avatar_key"]] if begun["avatar_key"] else []
        await _count(connection, account_id, pictures=len(avatars), **counts)
        await images.check_later(connection, avatars)
    return True


async def _take_messages(site: Site, departure: Any) -> int:
    """A batch of messages: their text or their author's name, and that name in what quotes them."""
    account_id = departure["account_id"]
    async with site.database.transaction() as connection:
        ids = await _pick_messages(connection, account_id=account_id, batch=BATCH)
        for name in departure["names"] if ids else ():
            marked, strong = f"> **{markup.escape(name)}:**", f"<strong>{name}:</strong>"
            renamed = await _rename_quotes(connection, ids=ids, marked=marked, strong=strong)
            await _count(connection, account_id, quotes=renamed)
    if ids:
        async with site.database.transaction() as connection:
            held = await _hold_messages(connection, account_id=account_id, ids=ids)
            await _hold_threads(connection, ids=[row["thread_id"] for row in held])
            await _let_go(connection, departure, [row["id"] for row in held], site.config.undo_minutes)
    return len(ids)


async def _let_go(connection: Any, departure: Any, ids: list[int], minutes: int) -> None:
    account_id = departure["account_id"]
    if departure["keeps_messages"]:
        unsigned = await _unsign_messages(connection, account_id=account_id, ids=ids)
        await _count(connection, account_id, messages_kept=unsigned)
        return
    gone = await _remove_messages(connection, account_id=account_id, ids=ids, minutes=minutes)
    await _count(connection, account_id, messages=gone["removed"], pictures=len(gone["pictures"]))
    await images.check_later(connection, gone["pictures"])


async def _take_threads(site: Site, departure: Any) -> int:
    """A batch of threads. What others wrote in them stays."""
    account_id = departure["account_id"]
    async with site.database.transaction() as connection:
        ids = [row["id"] for row in await _pick_threads(connection, account_id=account_id, batch=THREADS)]
        if departure["keeps_messages"]:
            await _unsign_threads(connection, account_id=account_id, ids=ids)
            await _count(connection, account_id, threads_kept=len(ids))
        else:
            rows = await _remove_threads(connection, account_id=account_id, ids=ids)
            gone = sum(row["gone"] for row in rows)
            await _count(connection, account_id, threads=gone, titles=len(rows) - gone)
    return len(ids)


async def _take_deletions(site: Site, departure: Any) -> int:
    """A batch of what a moderator removed of others."""
    async with site.database.transaction() as connection:
        return sum(
            [len(await each(connection, account_id=departure["account_id"], batch=BATCH)) for each in _unsign_deleted]
        )


async def _take_votes(site: Site, departure: Any) -> int:
    """A batch of votes: what they count stays."""
    async with site.database.transaction() as connection:
        votes = await _unsign_votes(connection, account_id=departure["account_id"], batch=BATCH)
        await _count(connection, departure["account_id"], votes=votes)
    return int(votes)


async def _is_told(site: Site, departure: Any) -> bool:
    """Mail the receipt while there is an address; whether it has left, or has had its time."""
    if not departure["address"]:
        return True
    account_id = departure["account_id"]
    async with site.database.transaction() as connection:
        if departure["mailed_at"] is not None:
            waits = await _is_mail_waiting(connection, account_id=account_id)
            return not waits or datetime.now(UTC) - departure["mailed_at"] > _MAIL_PATIENCE
        counts = (await get_departure(connection, account_id=account_id))["counts"]
        await mail.Mailer(site.config).send(
            connection,
            departure["address"],
            "leaving/receipt.txt",
            account_id=account_id,
            lines=receipts.lines(counts),
            name_days=NAME_DAYS,
        )
        await _note_mailed(connection, account_id=account_id)
    return False


async def _finished(site: Site, account_id: int) -> bool:
    """Remove the row itself, unless something came in meanwhile that was sent before the doors were closed."""
    async with site.database.transaction() as connection:
        await _hold_account(connection, account_id=account_id)
        if await _has_rest(connection, account_id=account_id):
            return False
        return await _delete_account(connection, account_id=account_id) is not None


async def _count(connection: Any, account_id: int, **counts: int) -> None:
    counts = {kind: number for kind, number in counts.items() if number}
    if counts:
        await _add_counts(connection, account_id=account_id, counts=counts)
