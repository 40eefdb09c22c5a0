"""Push messages: encrypted for the browser that asked, about what is still there, and only to push services."""

import base64
import json
import os
from typing import Any

import http_ece
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from board import jobs, push
from board.kit.seals import Seals
from board.kit.worker import Worker
from tests import look
from tests.factories import make_message, make_thread, row
from tests.mailbox import site_of

ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/abc"


@pytest.fixture(autouse=True)
async def keys(app, config) -> None:
    """As a job of the site makes them."""
    assert await push.prepare(app.state.database, Seals(config))


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Browser:
    """What a browser makes when it subscribes, and can read afterwards."""

    def __init__(self, endpoint: str = ENDPOINT) -> None:
        self.endpoint, self.secret = endpoint, os.urandom(16)
        self.key = ec.generate_private_key(ec.SECP256R1())

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def says(self, **changes) -> str:
        keys = {"p256dh": text(self.point), "auth": text(self.secret)}
        return json.dumps({"endpoint": self.endpoint, "expirationTime": None, "keys": keys} | changes)

    def reads(self, body: bytes) -> dict:
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm"))


class Service:
    """A push service on this machine: it takes what is posted, or answers as it is told."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, Any, bytes]] = []
        self.status, self.url = 201, ""

    async def take(self, request: web.Request) -> web.Response:
        self.taken.append((request.path, request.headers, await request.read()))
        return web.Response(status=self.status, text="")


@pytest.fixture
async def service():
    service = Service()
    app = web.Application()
    app.router.add_post("/{browser}", service.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    service.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield service
    await runner.cleanup()


async def subscribe(person, browser: Browser):
    return await person.post("/account/push", data={"subscription": browser.says()})


async def listen(person, service: Service) -> Browser:
    """A browser of a person that is reached at a service of this machine, where no form may lead."""
    browser = Browser(f"https://updates.push.services.mozilla.com/{person.account['name']}")
    assert (await subscribe(person, browser)).status_code == 303
    here = f"{service.url}/{person.account['name']}"
    await row(person.app, "update push_subscriptions set endpoint = $1 where endpoint = $2", here, browser.endpoint)
    return browser


async def work(app) -> list:
    """Do what waits; return how each job went."""
    await row(app, "update jobs set run_at = now() where kind = 'send_push'")
    return [
        result
        for _, result in [each async for each in Worker(site_of(app), {push.PUSH: jobs.KINDS[push.PUSH]}, []).drain()]
    ]


async def count(app) -> int:
    return (await row(app, "select count(*) from push_subscriptions"))[0]


async def test_alice_is_told_of_an_answer_in_words_that_only_her_browser_reads(app, service, alice, bob):
    browser = await listen(alice, service)
    thread = await make_thread(alice, "My boat")
    await make_message(alice, thread, "To myself.")
    message = await make_message(bob, thread, "Which colour?")
    assert await work(app) == [None]
    ((path, headers, body),) = service.taken
    assert path == "/alice"
    assert browser.reads(body) == {"title": "bob answered you", "body": "My boat", "path": f"/messages/{message}"}
    assert b"boat" not in body
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["TTL"] == "86400"
    token, key = (each.split("=", 1)[1] for each in headers["Authorization"].removeprefix("vapid ").split(","))
    assert key == (await row(app, "select public_key from push_keys"))[0]
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["aud"] == service.url


async def test_who_is_answered_in_a_thread_of_another_is_told_and_not_who_started_it(app, service, alice, bob, thread):
    await listen(alice, service)
    await listen(bob, service)
    mine = await make_message(bob, thread, "Mine.")
    assert await work(app) == [None]
    await make_message(alice, thread, "To bob.", reply_to=mine)
    assert await work(app) == [None]
    assert [path for path, *_ in service.taken] == ["/alice", "/bob"]


async def test_nobody_is_told_of_what_was_deleted_meanwhile(app, service, alice, bob, thread):
    await listen(alice, service)
    message = await make_message(bob, thread)
    await bob.post(f"/messages/{message}/delete")
    assert await work(app) == [None]
    assert service.taken == []


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_forgotten(app, service, alice, bob, thread, status):
    await listen(alice, service)
    await make_message(bob, thread)
    service.status = status
    assert await work(app) == [None]
    assert await count(app) == 0


async def test_a_service_that_fails_is_tried_again(app, service, alice, bob, thread):
    await listen(alice, service)
    await make_message(bob, thread)
    service.status = 503
    (failure,) = await work(app)
    assert "503" in str(failure)
    service.status = 201
    assert await work(app) == [None]
    assert len(service.taken) == 2 and await count(app) == 1


async def test_who_signs_out_in_a_browser_is_told_there_no_more(app, service, alice, bob, thread):
    await listen(alice, service)
    await alice.post("/sign-out")
    await make_message(bob, thread)
    assert await work(app) == []
    assert await count(app) == 0


async def test_a_browser_is_shown_and_removed_by_its_owner_alone(app, alice, bob):
    assert (await subscribe(alice, Browser())).headers["location"] == "/account/push"
    page = await alice.open("/account/push")
    forms = [each.get("action", "") for each in look.tree(page).iter("form")]
    (remove,) = [each for each in forms if each.endswith("/remove")]
    assert (await bob.post(remove)).status_code == 303
    assert await count(app) == 1
    assert "/remove" not in (await bob.open("/account/push")).text
    assert (await alice.post(remove)).status_code == 303
    assert (await alice.post(remove)).status_code == 303
    assert await count(app) == 0


async def test_the_same_browser_twice_is_one_and_goes_over_to_who_signs_in_there(app, alice, bob):
    browser = Browser()
    await subscribe(alice, browser)
    await subscribe(alice, browser)
    assert await count(app) == 1
    await subscribe(bob, browser)
    assert tuple(await row(app, "select account_id from push_subscriptions")) == (bob.account["id"],)


async def test_before_the_key_is_made_the_page_asks_to_come_back(app, alice):
    await row(app, "delete from push_keys")
    page = await alice.open("/account/push")
    assert "Come back in a minute." in page.text and "data-push" not in page.text


async def test_the_key_is_made_once_and_sealed(app, config, alice, bob):
    assert not await push.prepare(app.state.database, Seals(config))
    pages = [await each.open("/account/push") for each in (alice, bob)]
    stored = await row(app, "select sealed, public_key from push_keys")
    assert all(f'data-push="{stored["public_key"]}"' in page.text for page in pages)
    private = base64.urlsafe_b64decode(Seals(config).open("push", stored["sealed"]) + "=")
    assert len(private) == 32
    assert text(private) not in stored["sealed"]
    derived = ec.derive_private_key(int.from_bytes(private), ec.SECP256R1()).public_key()
    assert text(derived.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)) == stored["public_key"]


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://127.0.0.1/x",
        "https://evil.example/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilpush.services.mozilla.com/x",
        "https://fcm.googleapis.com@evil.example/x",
        "https://user:word@fcm.googleapis.com/x",
        "https://[::1]/x",
        "https://fcm.googleapis.com/" + "x" * 1000,
        "file:///etc/passwd",
        "",
    ],
)
async def test_nobody_makes_the_board_post_elsewhere(app, alice, endpoint):
    answer = await subscribe(alice, Browser(endpoint))
    assert answer.status_code == 422
    assert "not one that the board knows" in answer.text
    assert await count(app) == 0


@pytest.mark.parametrize(
    "said",
    ["", "{}", "[]", "no", "[" * 3000, '{"endpoint": 7}', Browser().says(keys={"p256dh": "AAAA", "auth": "AAAA"}),
     Browser().says(keys=None), Browser().says(keys={"p256dh": text(Browser().point), "auth": text(b"short")})],
)  # fmt: skip
async def test_what_is_no_subscription_is_refused(app, alice, said):
    answer = await alice.post("/account/push", data={"subscription": said})
    assert answer.status_code == 422
    assert await count(app) == 0


async def test_there_is_an_end_to_the_browsers_of_one_person(app, alice):
    for number in range(20):
        await subscribe(alice, Browser(f"{ENDPOINT}{number}"))
    answer = await subscribe(alice, Browser())
    assert answer.status_code == 422 and "20 browsers already" in answer.text
    assert await count(app) == 20


async def test_the_worker_is_at_the_root_and_asked_for_anew(stranger):
    answer = await stranger.open("/sw.js")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert 'addEventListener("push"' in answer.text
