"""Who is at the other end of a connection, as far as that decides what to believe."""

from starlette.types import Scope


def came_by_trusted_proxy(scope: Scope) -> bool:
    """Whether the client's address is one that a trusted proxy told.

    uvicorn gives the port 0 to an address from X-Forwarded-For, which it believes of trusted proxies only; no
    connection has that port. A proxy that tells ports as well counts as unknown: better too little belief.
    """
    client = scope.get("client")
    return client is not None and client[1] == 0
