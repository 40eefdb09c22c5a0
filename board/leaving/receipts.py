"""Receipts: what went with an account, for whoever has the address of the page. No receipt tells whose it is."""

import hashlib
import secrets

from starlette.requests import Request
from starlette.responses import Response

from board.kit.db import many, one, value
from board.kit.errors import NotFound
from board.kit.links import discreet
from board.kit.templates import page, see_other

_get = one("leaving/get_receipt")
_delete = value("leaving/delete_receipt")
delete_old = many("leaving/delete_old_receipts")

# For so long a receipt can be looked at.
DAYS = 30

# What is counted, in the order of the receipt: one, several, and what became of it.
_KINDS = {
    "messages": ("message", "messages", "removed, with what they said before"),
    "messages_kept": ("message", "messages", "left without a name"),
    "threads": ("thread", "threads", "removed, since nobody else had written in them"),
    "titles": ("title", "titles", "removed from threads in which others wrote"),
    "threads_kept": ("thread", "threads", "left without a name"),
    "quotes": ("quotation", "quotations", "in answers of others: the name taken out"),
    "pictures": ("picture", "pictures", "removed in every size, unless others use the same"),
    "votes": ("vote", "votes", "left counted, without whose they were"),
    "names": ("earlier name", "earlier names", "forgotten"),
    "passkeys": ("passkey", "passkeys", "forgotten"),
    "sessions": ("session", "sessions", "ended"),
    "addresses": ("e-mail address", "e-mail addresses", "forgotten"),
    "mails": ("mail", "mails", "forgotten"),
    "events": ("event", "events", "of the account forgotten"),
    "exports": ("export", "exports", "removed"),
}


def make_token() -> tuple[str, bytes]:
    """A token for the address of a receipt, and its hash, which is all that is stored."""
    token = secrets.token_urlsafe(24)
    return token, _hash(token)


def lines(counts: dict[str, int]) -> list[str]:
    """What went, a line for each kind of which there was anything."""
    shown = []
    for kind, (singular, plural, became) in _KINDS.items():
        if number := counts.get(kind):
            shown.append(f"{number:,} {singular if number == 1 else plural} {became}")
    return shown


async def show(request: Request) -> Response:
    """GET /receipts/{token}: when an account goes, and later what went with it."""
    async with request.app.state.database.connection() as connection:
        receipt = await _get(connection, token_hash=_hash(request.path_params["token"]))
    if receipt is None:
        raise NotFound("There is no receipt at this address, or not any more.")
    return discreet(page(request, "leaving/receipt.html", receipt=receipt, lines=lines(receipt["counts"]), days=DAYS))


async def forget(request: Request) -> Response:
    """POST /receipts/{token}: nobody is to see it again. Forgotten twice is forgotten."""
    async with request.app.state.database.connection() as connection:
        await _delete(connection, token_hash=_hash(request.path_params["token"]))
    return see_other(request, "/")


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()
