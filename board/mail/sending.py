"""The job that sends a mail: tried again while the server is away, given up when it says never.

A mail is sent once if nobody dies: it is marked before its job is done, a mark that the database does not take is
tried again, and a server that is told to stop finishes the mail that it is sending. Killed between the two it is sent
again with the same Message-ID, by which mailboxes drop the copy. The other order would lose it, and it may be the only
way in.
"""

import asyncio
import contextlib
import logging
from typing import Any

from board.kit import mail
from board.kit.db import many, one, value
from board.kit.errors import Unavailable
from board.kit.worker import Kind, Site

log = logging.getLogger("board.mail")

_get = one("mail/get_waiting")
_end = value("mail/end")
_note = value("mail/note")
_prune = many("mail/prune")

_LATE = "It could not be sent while it was of use."
_MARK_SECONDS = (0, 0.5, 1, 2, 4, 8)
_LAST_WORDS_SECONDS = 4.0
_LONGEST_ERROR = 1000


async def send_mail(site: Site, payload: dict[str, Any]) -> None:
    """Send one mail, unless it is sent already or nobody wants it any more. Raises Unavailable to be tried again."""
    sending = asyncio.create_task(_send(site, payload["mail"]))
    try:
        await asyncio.shield(sending)
    except asyncio.CancelledError:
        # Half of a mail may be with the server: to give up now would be to send it twice.
        await asyncio.wait([sending], timeout=_LAST_WORDS_SECONDS)
        sending.cancel()
        raise


async def prune_mails(site: Site) -> int:
    """Mails of last week, and with them to whom they went."""
    async with site.database.connection() as connection:
        return len(await _prune(connection, days=7))


async def _send(site: Site, mail_id: int) -> None:
    async with site.database.connection() as connection:
        row = await _get(connection, id=mail_id)
    if row is None:
        return
    if not site.config.smtp_url:
        log.info("There is no SMTP_URL, so this mail is shown here.\nTo: %s\n%s\n\n%s", *_words(row))
        return await _mark(site, mail_id, "shown")
    if row["late"]:
        return await _mark(site, mail_id, "failed", _LATE)
    try:
        await mail.deliver(mail.Server.of(site.config), _letter(row))
    except mail.Refused as error:
        log.warning("mail %d: %s", mail_id, error.sentence)
        await _mark(site, mail_id, "failed", _reason(error))
    except Unavailable as error:
        async with site.database.connection() as connection:
            await _note(connection, id=mail_id, error=_reason(error))
        raise
    else:
        await _mark(site, mail_id, "sent")


async def _mark(site: Site, mail_id: int, state: str, error: str = "") -> None:
    """Write down what became of a mail, also if the database is away for seconds. Raises Unavailable after that."""
    for pause in _MARK_SECONDS:
        await asyncio.sleep(pause)
        with contextlib.suppress(Unavailable):
            async with site.database.connection() as connection:
                await _end(connection, id=mail_id, state=state, error=error)
            return
    raise Unavailable("What became of the mail could not be written down.")


def _letter(row: Any) -> mail.Letter:
    return mail.Letter(
        to=row["recipient"],
        subject=row["subject"],
        text=row["text"],
        message_id=row["message_id"],
        written_at=row["created_at"],
        unsubscribe=row["unsubscribe"],
    )


def _words(row: Any) -> tuple[str, str, str]:
    return row["recipient"], row["subject"], row["text"]


def _reason(error: mail.Refused | Unavailable) -> str:
    """With the server's own words, for the page of the admins: they may name the address, so no log has them."""
    said = str(getattr(error.__cause__, "message", "") or "")
    return f"{error.sentence} {said}".replace("\0", "").strip()[:_LONGEST_ERROR]


# Tried about hourly in the end, for over a day: `useful_until` ends it before the attempts do.
KIND = Kind(send_mail, timeout=120, attempts=60)
