"""The page where one chooses which browsers are told, and what a browser says of itself."""

import base64
import json
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from starlette.requests import Request
from starlette.responses import Response

from board.kit import forms
from board.kit.db import many, one, value
from board.kit.errors import NotFound
from board.kit.sessions import signed_in
from board.kit.templates import page, see_other

_get_keys = one("push/get_keys")
_list = many("push/list")
_subscribe = value("push/subscribe")
_unsubscribe = value("push/unsubscribe")

_MOST = 20
_HERE = "/account/push"
_ODD = "This browser’s push service is not one that the board knows. Try another browser, or have mail instead."
_MANY = f"You are told in {_MOST} browsers already. Remove one first."


@signed_in
async def show(request: Request) -> Response:
    """GET /account/push"""
    return await _page(request)


@signed_in
async def subscribe(request: Request) -> Response:
    """POST /account/push with what the browser's `PushSubscription` says as JSON: tell this browser from now on."""
    config, viewer = request.app.state.config, request.state.viewer
    async with forms.read(request) as form:
        found = read(form.text("subscription", "What the browser said", most=4_000), config.push_hosts)
    if found is None:
        return await _page(request, _ODD)
    async with request.app.state.database.connection() as connection:
        subscribed = await _subscribe(
            connection, account_id=viewer["id"], session_id=viewer["session_id"], most=_MOST, **found
        )
    return see_other(request, _HERE) if subscribed else await _page(request, _MANY)


@signed_in
async def unsubscribe(request: Request) -> Response:
    """POST /account/push/{id}/remove"""
    async with request.app.state.database.connection() as connection:
        await _unsubscribe(connection, id=request.path_params["id"], account_id=request.state.viewer["id"])
    return see_other(request, _HERE)


def read(text: str, hosts: str) -> dict[str, str] | None:
    """The endpoint and the keys of a subscription as JSON; None for one that is wrong, or leads to another host.

    Whoever subscribes chooses where the board sends requests: only to the hosts of push services.
    """
    try:
        found = json.loads(text)
        endpoint, keys = str(found["endpoint"]), found["keys"]
        point, secret = _bytes(keys["p256dh"]), _bytes(keys["auth"])
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if len(secret) != 16 or len(endpoint) > 1000 or not endpoint.isascii() or not _is_known(endpoint, hosts):
        return None
    return {"endpoint": endpoint, "p256dh": keys["p256dh"], "auth": keys["auth"]}


async def _page(request: Request, error: str = "") -> Response:
    config = request.app.state.config
    if not config.push_hosts:
        raise NotFound("This board sends no push messages.")
    async with request.app.state.database.connection() as connection:
        rows: list[Any] = await _list(connection, account_id=request.state.viewer["id"])
        keys = await _get_keys(connection)
    return page(
        request,
        "push/show.html",
        422 if error else 200,
        browsers=rows,
        key=keys["public_key"] if keys else "",
        error=error,
    )


def _is_known(endpoint: str, hosts: str) -> bool:
    parts = urlsplit(endpoint)
    if parts.scheme != "https" or parts.username or parts.password:
        return False
    host = (parts.hostname or "").lower()
    known = [each.strip().lower() for each in hosts.split(",")]
    return any(host == each or (each.startswith("*.") and host.endswith(each[1:])) for each in known)


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
