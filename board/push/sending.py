"""Sending a push message, encrypted for the browser: the push service in between reads nothing (RFC 8291)."""

import json
import logging
import time
from typing import Any

from board.kit import queue
from board.kit.db import many, one, value
from board.kit.errors import Unavailable
from board.kit.worker import Kind, Site
from board.push.keys import Keys

log = logging.getLogger("board.push")

# The kind of the job, which is given the ids of a message and of a browser.
PUSH = "send_push"

_list = many("push/list")
_get = one("push/get")
_forget = value("push/forget")

# A phone that is off for longer is told nothing: it would be no news.
_KEPT_SECONDS = 86_400
_SECONDS = 20


async def tell(connection: Any, account_id: int, message_id: int) -> None:
    """Leave a job for each browser of an account, in the transaction that writes the answer."""
    browsers = await _list(connection, account_id=account_id)
    jobs = {f"{message_id} {row['id']}": {"message": message_id, "browser": row["id"]} for row in browsers}
    await queue.enqueue_each(connection, PUSH, jobs)


async def send(site: Site, payload: dict[str, Any]) -> None:
    """Tell one browser of one answer, unless either is gone."""
    async with site.database.connection() as connection:
        row = await _get(connection, id=payload["browser"], message_id=payload["message"])
        if row is None:
            return
        keys = await Keys.of(connection, site.config)
    told = {
        "title": f"{row['author_name']} answered you",
        "body": row["title"],
        "path": f"/messages/{row['message_id']}",
    }
    if await _post(site, row, keys, json.dumps(told, ensure_ascii=False)):
        return
    async with site.database.connection() as connection:
        await _forget(connection, id=payload["browser"])


async def _post(site: Site, row: Any, keys: Keys, text: str) -> bool:
    """Whether the push service has it; False if it knows the browser no more. Raises Unavailable, to try again."""
    # Not at the top: they take 25 MB, and many boards never push.
    import aiohttp
    import pywebpush

    browser = {"endpoint": row["endpoint"], "keys": {"p256dh": row["p256dh"], "auth": row["auth"]}}
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS)) as session:
            await pywebpush.webpush_async(
                browser,
                text,
                vapid_private_key=keys.private,
                vapid_claims={"sub": _owner(site), "exp": int(time.time()) + 3600},
                ttl=_KEPT_SECONDS,
                timeout=aiohttp.ClientTimeout(total=_SECONDS),
                aiohttp_session=session,
            )
    except pywebpush.WebPushException as error:
        status = getattr(error.response, "status", 0)
        if status in (404, 410):
            return False
        raise Unavailable(f"The push service answered {status}.") from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Unavailable("The push service does not answer.") from error
    return True


def _owner(site: Site) -> str:
    """Whom a push service can ask about the board: an address of its own, as RFC 8292 wants it."""
    return site.config.address if site.config.secure else "mailto:nobody@board.invalid"


KIND = Kind(send, attempts=6)
