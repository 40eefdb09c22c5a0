"""A second step and passkeys on a phone; Chromium itself plays the device that holds the passkeys."""

import re

import pyotp
import pytest

PASSWORD = "a long password"


@pytest.fixture
def more_settings(port: int) -> dict[str, str]:
    """An address that can have passkeys."""
    return {"PUBLIC_ORIGIN": f"http://localhost:{port}"}


@pytest.fixture
def site(site: str, more_settings: dict[str, str]) -> str:
    """By the name that it is reached by."""
    return more_settings["PUBLIC_ORIGIN"]


def device(person) -> None:
    """Give the phone a place for passkeys, and a finger that is always right."""
    session = person.page.context.new_cdp_session(person.page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_out(person) -> None:
    person.open("/help")
    person.page.get_by_role("button", name="Sign out").click()
    person.page.get_by_role("link", name="Sign in").first.wait_for()


def sign_in(person, name: str) -> None:
    person.open("/sign-in")
    person.page.locator("#name").fill(name)
    person.page.locator("#password").fill(PASSWORD)
    person.press("Sign in")


def set_up(person) -> tuple[str, list[str]]:
    """A second step with the forms of the pages: its secret, and the backup codes."""
    person.open("/account/two-step")
    person.page.get_by_label("Your password").fill(PASSWORD)
    person.press("Set it up")
    secret = person.page.locator(".key").inner_text().replace(" ", "")
    person.page.get_by_label("Code").fill(pyotp.TOTP(secret).now())
    person.press("Switch it on")
    person.page.get_by_role("heading", name="Your backup codes").wait_for()
    return secret, person.page.locator(".codes li").all_inner_texts()


def test_a_second_step_is_set_up_asked_for_and_a_device_trusted(people, javascript):
    alice = people("alice")
    _, codes = set_up(alice)
    assert len(codes) == 10
    with alice.page.expect_download() as download:
        alice.page.get_by_role("link", name="Download as text").click()
    assert codes[9] in download.value.path().read_text()
    alice.press("I have them")
    alice.page.get_by_text("It is on").wait_for()

    sign_out(alice)
    sign_in(alice, "alice")
    alice.page.get_by_label("Code of your app").fill("000000")
    alice.press("Go on")
    alice.page.get_by_text("This code is not right.").wait_for()
    alice.page.get_by_label("Code of your app").fill(codes[0])
    alice.page.get_by_label("Trust this device for 30 days").check()
    alice.press("Go on")
    alice.page.get_by_role("link", name="alice").wait_for()

    sign_out(alice)
    sign_in(alice, "alice")
    alice.page.get_by_role("link", name="alice").wait_for()


def test_passkeys_are_added_used_and_removed_or_the_page_says_what_they_need(people, javascript):
    alice = people("alice")
    alice.open("/account/passkeys")
    alice.page.get_by_label("Its name").fill("My phone")
    alice.page.get_by_label("Your password").fill(PASSWORD)
    if javascript:
        device(alice)
    alice.press("Go on")
    if not javascript:
        alice.page.get_by_text("does not run JavaScript").wait_for()
        assert not alice.page.get_by_role("button", name="Make the passkey").is_visible()
        sign_out(alice)
        alice.open("/sign-in")
        # Chromium shows <noscript> only where scripts are blocked by its settings, not by its tools for developers.
        assert "To sign in with a passkey needs JavaScript" in alice.page.content()
        assert not alice.page.get_by_role("button", name="Sign in with a passkey").is_visible()
        return
    alice.press("Make the passkey")
    alice.page.get_by_role("link", name="My phone").wait_for()
    _, _ = set_up(alice)
    sign_out(alice)
    alice.open("/sign-in?next=/boards")
    if alice.page.get_by_role("heading", name="Sign in").count():
        alice.press("Sign in with a passkey")
    alice.page.wait_for_url("**/boards")
    alice.page.get_by_role("link", name="alice").wait_for()

    sign_out(alice)
    alice.open("/help")
    sign_in_by_password_and_passkey(alice)

    alice.open("/account/passkeys")
    alice.page.get_by_text(re.compile("last used")).wait_for()
    alice.page.get_by_role("link", name="My phone").click()
    alice.page.get_by_label("Your password").fill(PASSWORD)
    alice.press("Remove")
    alice.page.get_by_role("heading", name="Passkeys").wait_for()
    assert alice.page.get_by_role("link", name="My phone").count() == 0


def sign_in_by_password_and_passkey(person) -> None:
    """The password, then the passkey in place of a code. The form is sent as it stands, before one is offered."""
    person.page.evaluate("""() => {
        const form = document.createElement("form");
        form.method = "post"; form.action = "/sign-in";
        for (const [name, value] of [["name", "alice"], ["password", "a long password"], ["next", "/boards"]])
            form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
        document.body.append(form); form.submit();
    }""")
    person.page.get_by_role("heading", name="Second step").wait_for()
    person.press("Use a passkey")
    person.page.wait_for_url("**/boards")
