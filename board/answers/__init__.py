"""News of answers, for those who want it: at once in their browsers, or by mail.

Several answers are one mail, never about what was deleted meanwhile, ended by a tap.
"""

from typing import Any

from board import mail, push
from board.answers.unsubscribing import address
from board.kit import queue
from board.kit.db import many, one, value
from board.kit.worker import Kind, Site

# The kind of the job, which is given the id of an account.
MAIL = "mail_answers"

_note = one("answers/note")
_take = many("answers/take")
_mailed = value("answers/mailed")

_SHOWN = 20
_LONGEST = 280


async def note(connection: Any, message_id: int) -> None:
    """See to it that whoever a new message answers comes to know; in the transaction that writes the message."""
    noted = await _note(connection, message_id=message_id)
    if noted is None:
        return
    account_id = noted["account_id"]
    if noted["by_push"]:
        await push.tell(connection, account_id, message_id)
    if noted["seconds"] is not None:
        # The first answer sets the time; those that come until then go along.
        await queue.enqueue(connection, MAIL, {"account": account_id}, key=str(account_id), delay=noted["seconds"])


async def mail_answers(site: Site, payload: dict[str, Any]) -> None:
    """One mail about all answers that are noted for an account."""
    account_id = payload["account"]
    async with site.database.transaction() as connection:
        rows = await _take(connection, account_id=account_id)
        if not rows:
            return
        await _mailed(connection, account_id=account_id)
        await mail.Mailer(site.config).send(
            connection,
            rows[0]["address"],
            "answers/answers.txt",
            account_id=account_id,
            unsubscribe=(link := address(site.config, account_id)),
            link=link,
            name=rows[0]["name"],
            answers=[{**row, "text": _shortened(row["text"])} for row in rows[:_SHOWN]],
            count=len(rows),
        )


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST].rsplit(' ', 1)[0]} …"


KIND = Kind(mail_answers)
