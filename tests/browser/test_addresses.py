"""An address, a forgotten password and what happened, on a phone: by the links in real mails."""

import asyncio
import re
import time
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import pytest

OLD, NEW = "a long password", "four other words too"


@pytest.fixture
def mailed(own_database):
    """Waits for the newest mail to an address, and tells the link in it. (Without SMTP_URL its text is kept.)"""

    async def find(address: str, path: str) -> str:
        connection = await asyncpg.connect(own_database)
        try:
            text = await connection.fetchval(
                "select text from mails where recipient = $1 and state = 'shown' order by id desc limit 1", address
            )
        finally:
            await connection.close()
        links = re.findall(rf"\S+{path}\S+", text or "")
        return links[0] if links else ""

    def wait(address: str, path: str) -> str:
        # In a thread of its own: playwright leaves its event loop running in this one.
        with ThreadPoolExecutor(1) as thread:
            for _ in range(150):
                if link := thread.submit(asyncio.run, find(address, path)).result():
                    return link
                time.sleep(0.1)
        raise AssertionError(f"no mail to {address} with {path}")

    return wait


def add_address(person, address: str) -> None:
    person.open("/account/address")
    person.page.get_by_label("Address").fill(address)
    person.page.locator("#current_password").fill(OLD)
    person.press("Send me a link")
    person.page.get_by_text("A link is on its way to").wait_for()


def test_an_address_is_confirmed_and_brings_a_new_password(people, mailed):
    alice = people("alice")
    add_address(alice, "alice@example.org")
    alice.page.goto(mailed("alice@example.org", "/address/confirm"))
    alice.press("Yes, it is mine")
    alice.page.get_by_role("heading", name="Your e-mail address").wait_for()
    assert alice.page.locator("main strong").first.inner_text() == "alice@example.org"

    phone = people()
    phone.open("/sign-in")
    phone.page.get_by_role("link", name="I forgot my password").click()
    phone.page.get_by_label("Your name, or your e-mail address").fill("ALICE@example.org")
    phone.press("Send me a link")
    phone.page.get_by_role("heading", name="Look into your mail").wait_for()
    link = mailed("alice@example.org", "/reset")
    phone.page.goto(link)
    phone.page.get_by_label("New password").fill("password1234")
    phone.press("Set the password")
    phone.page.get_by_role("alert").wait_for()
    phone.page.get_by_label("New password").fill(NEW)
    phone.press("Set the password")
    phone.page.get_by_role("heading", name="You have a new password").wait_for()
    phone.page.get_by_role("main").get_by_role("link", name="Sign in").click()
    phone.page.get_by_label("Name").fill("alice")
    phone.page.get_by_label("Password").fill(NEW)
    phone.press("Sign in")
    phone.page.get_by_role("link", name="alice").first.wait_for()
    phone.open("/account/security")
    phone.page.get_by_text("A new password was set by a link").wait_for()

    alice.open("/account/security")
    alice.page.get_by_role("heading", name="Sign in").wait_for()
    phone.page.goto(link)
    phone.page.get_by_role("heading", name="This link is over").wait_for()


def test_a_password_is_changed(people):
    alice = people("alice")
    alice.open("/account/password")
    alice.page.get_by_label("Your password until now").fill("not my password")
    alice.page.get_by_label("New password").fill(NEW)
    alice.press("Change it")
    alice.page.get_by_text("This is not your password.").wait_for()
    alice.page.get_by_label("Your password until now").fill(OLD)
    alice.page.get_by_label("New password").fill(NEW)
    alice.press("Change it")
    alice.page.get_by_text("It is changed.").wait_for()


def test_a_form_behind_a_link_is_taken_where_the_browser_tells_its_origin_alone(people, site, mailed):
    alice = people("alice")
    add_address(alice, "alice@example.org")
    # http, and not this machine by its name: as a board in a house, or an old phone, no Sec-Fetch-Site.
    link = mailed("alice@example.org", "/address/confirm").replace("127.0.0.1", "board.test")
    phone = people()
    phone.page.goto(link)
    sent = []
    phone.page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    phone.press("Yes, it is mine")
    phone.page.get_by_role("heading", name="The address is yours").wait_for()
    headers = sent[0].all_headers()
    assert "sec-fetch-site" not in headers
    assert headers["origin"] == site.replace("127.0.0.1", "board.test")
    assert "token" not in headers.get("referer", "")
    # Chromium says that it leaves this header out over http.
    phone.troubles = [each for each in phone.troubles if "Cross-Origin-Opener-Policy" not in each]
