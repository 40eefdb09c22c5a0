"""Mail to people: written in the transaction that it tells of, sent by a job until a server has taken it.

Without SMTP_URL it is written to the log and shown to admins instead.
"""

import functools
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from board.kit import queue
from board.kit.config import Config
from board.kit.db import one, value
from board.kit.templates import FILTERS, TEMPLATES

# The kind of the job, which is given the id of a mail.
SEND = "send_mail"

# How much of it waits, failed or is only shown.
count = one("mail/count")

_create = value("mail/create")


class Mailer:
    """Writes mails: templates of plain text, whose first line is their subject."""

    def __init__(self, config: Config) -> None:
        self._config = config

    async def send(
        self,
        connection: Any,
        to: str,
        template: str,
        *,
        account_id: int | None = None,
        useful_minutes: int = 1440,
        unsubscribe: str = "",
        **context: Any,
    ) -> int:
        """Leave a mail to be sent once the caller's transaction commits; return its id.

        `template` is below templates/, such as "addresses/verify.txt", and knows `config`, `site` (the board's name)
        and `origin` (for links) besides the context. With the account goes a mail that still waits. After
        `useful_minutes` it is not tried any more. `unsubscribe` is where one POST ends mails of this kind.
        """
        subject, text = self._render(template, context)
        mail_id = await _create(
            connection,
            account_id=account_id,
            template=template,
            recipient=to,
            subject=subject,
            text=text,
            unsubscribe=unsubscribe,
            minutes=useful_minutes,
        )
        await queue.enqueue(connection, SEND, {"mail": mail_id}, key=str(mail_id))
        return int(mail_id)

    def _render(self, template: str, context: dict[str, Any]) -> tuple[str, str]:
        config = self._config
        given = {"config": config, "site": config.site_name, "origin": config.address, **context}
        head, _, text = _texts().get_template(template).render(given).partition("\n")
        return head.removeprefix("Subject: ").strip(), text.strip() + "\n"


@functools.cache
def _texts() -> Environment:
    """The templates as plain text: nothing is escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(FILTERS)
    return environment
