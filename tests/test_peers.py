"""Who is believed, and who may look inside: by the address of the connection, never by what a header claims."""

import httpx
import pytest

from board.kit.peers import Insiders
from tests.conftest import ORIGIN

NETWORKS = "127.0.0.0/8, ::1,10.8.0.0/16"
OLD, NEW = "the old token of a year", "the new token of a year"


def at(app, address: str, port: int = 50_000, **options) -> httpx.AsyncClient:
    """A client at this address; port 0 if a trusted proxy told it."""
    transport = httpx.ASGITransport(app=app, client=(address, port))
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN, **options)


def scope(address: str | None, port: int = 50_000, **headers: str) -> dict:
    pairs = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    return {"client": address and (address, port), "headers": pairs}


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "10.8.3.4", "::ffff:10.8.3.4"])
def test_who_is_near_may(address):
    assert Insiders(NETWORKS, "").know(scope(address))


@pytest.mark.parametrize("address", ["10.9.0.1", "203.0.113.9", "::2", "::ffff:203.0.113.9", "", "unix:", None])
def test_who_is_elsewhere_may_not(address):
    assert not Insiders(NETWORKS, "").know(scope(address))
    assert not Insiders("none", "").know(scope("127.0.0.1"))


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "x_real_ip", "via"])
def test_who_comes_by_a_proxy_that_nobody_trusts_is_not_near_for_its_sake(header):
    assert not Insiders(NETWORKS, "").know(scope("10.8.0.1", **{header: "127.0.0.1"}))


def test_who_a_trusted_proxy_says_is_near_may():
    insiders = Insiders(NETWORKS, "")
    assert insiders.know(scope("10.8.3.4", 0, x_forwarded_for="10.8.3.4"))
    assert not insiders.know(scope("203.0.113.9", 0, x_forwarded_for="10.8.3.4, 203.0.113.9"))


@pytest.mark.parametrize("token", [OLD, NEW])
def test_while_a_token_is_changed_both_open(token):
    insiders = Insiders("none", f"{OLD}, {NEW}")
    assert insiders.know(scope("203.0.113.9", authorization=f"Bearer {token}"))
    assert insiders.know(scope("203.0.113.9", authorization=f"bearer {token} "))


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", OLD, f"Basic {OLD}", f"Bearer {OLD}x", "Bearer \xfc"])
@pytest.mark.parametrize("tokens", ["", f"{OLD},", f"{OLD},{NEW}"])
def test_another_token_does_not(sent, tokens):
    assert not Insiders("none", tokens).know(scope("203.0.113.9", authorization=sent))


def test_a_wrong_token_shuts_out_even_who_is_near():
    assert not Insiders(NETWORKS, OLD).know(scope("127.0.0.1", authorization=f"Bearer {NEW}"))
