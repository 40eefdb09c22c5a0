"""An address is somebody's once a link that was mailed there came back. Nobody is told whether another has it."""

from typing import Any

from starlette.requests import Request

from board.kit import clients, mailboxes
from board.kit.db import one
from board.kit.quotas import Quota

# The purpose of the link.
VERIFY = "verify address"
VERIFY_MINUTES = 2 * 24 * 60

# Mail that anybody can have sent: at once, and again in so many seconds.
BY_ACCOUNT = Quota("mail by account", 8, 24 * 3600)
BY_ADDRESS = Quota("mail by address", 10, 12 * 3600)
BY_NETWORK = Quota("mail by network", 30, 3600)

_ask = one("addresses/ask")


async def ask_to_verify(request: Request, connection: Any, account_id: int, address: str) -> None:
    """Let an address, as mailboxes.clean() gives it, wait for its link, which is mailed when the transaction commits.

    Who has had many such mails gets no more for a while. That is not told: it could be somebody else's doing.
    """
    state, key = request.app.state, mailboxes.key(address)
    account = await _ask(connection, account_id=account_id, address=address, address_key=key)
    quotas = {BY_ACCOUNT: account_id, BY_ADDRESS: key, BY_NETWORK: clients.sender(request)}
    if await state.quotas.take(connection, quotas):
        token = await state.links.make(connection, VERIFY, account_id, {"address": address}, VERIFY_MINUTES)
        await state.mailer.send(
            connection,
            address,
            "addresses/verify.txt",
            account_id=account_id,
            useful_minutes=VERIFY_MINUTES,
            name=account["name"],
            link=state.links.address("/address/confirm", token),
        )
