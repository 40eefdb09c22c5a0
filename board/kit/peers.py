"""Who is at the other end of a connection: whom to believe, and who may look inside."""

import ipaddress
import secrets

from starlette.types import Scope

_FORWARDED = frozenset((b"x-forwarded-for", b"forwarded", b"x-real-ip", b"via"))


def came_by_trusted_proxy(scope: Scope) -> bool:
    """Whether the client's address is one that a trusted proxy told.

    uvicorn gives the port 0 to an address from X-Forwarded-For, which it believes of trusted proxies only; no
    connection has that port. A proxy that tells ports as well counts as unknown: better too little belief.
    """
    client = scope.get("client")
    return client is not None and client[1] == 0


class Insiders:
    """Who may look at the inside of a server: who comes from one of these networks, or bears one of these tokens.

    `networks` are addresses and networks with commas between, or "none"; `tokens` too, so that a new one can be given
    out before the old one ends. Raises ValueError for what is no network.
    """

    def __init__(self, networks: str, tokens: str) -> None:
        listed = [each.strip() for each in networks.split(",") if each.strip() not in ("", "none")]
        self._networks = [ipaddress.ip_network(each, strict=False) for each in listed]
        self._tokens = [each.strip().encode() for each in tokens.split(",") if each.strip()]

    def know(self, scope: Scope) -> bool:
        """Whether this request is from one of them."""
        headers = scope["headers"]
        token = next((text for name, text in headers if name == b"authorization"), b"")
        kind, _, sent = token.partition(b" ")
        if kind.lower() == b"bearer":
            return any(secrets.compare_digest(sent.strip(), each) for each in self._tokens)
        # The address of a proxy that nobody trusts says nothing of who is behind it.
        direct = not any(name in _FORWARDED for name, _ in headers)
        return (direct or came_by_trusted_proxy(scope)) and self._is_near(scope.get("client"))

    def _is_near(self, client: tuple[str, int] | None) -> bool:
        try:
            address = ipaddress.ip_address(client[0] if client else "")
        except ValueError:
            return False
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in network for network in self._networks)
