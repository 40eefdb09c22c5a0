"""Leaving on a phone: the copy is made while one looks on and works from a folder; the account goes, and comes back."""

import os
import zipfile
from pathlib import Path

import pytest

from tests import photos

PASSWORD = "a long password"


@pytest.fixture
def shoot(javascript: bool):
    """Keeps what somebody sees in $SHOTS, in light and dark."""

    def keep(person, name: str) -> None:
        if folder := os.environ.get("SHOTS"):
            for scheme in ("light", "dark"):
                person.page.emulate_media(color_scheme=scheme)
                script = "" if javascript else "-plain"
                person.page.screenshot(path=Path(folder) / f"leaving-{name}{script}-{scheme}.png", full_page=True)

    return keep


def fits(person) -> None:
    """Nothing is wider than the phone."""
    width = person.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360, (person.page.url, width)


def confirm(person, button: str) -> None:
    person.page.get_by_label("Your password").fill(PASSWORD)
    fits(person)
    person.press(button)


def test_a_copy_of_everything_is_made_and_read_from_a_folder(people, javascript, tmp_path, shoot):
    picture = tmp_path / "photo.jpg"
    picture.write_bytes(photos.phone("JPEG", orientation=6))
    alice = people("alice")
    path = alice.start_thread("The ferry this morning", "Taken from the *upper* deck. [Here](/boards)", picture)
    alice.open("/account/export")
    shoot(alice, "ask")
    confirm(alice, "Make my copy")
    alice.page.locator("#export h2").wait_for()
    alice.page.wait_for_load_state()
    ready = alice.page.get_by_role("link", name="Download the ZIP")
    if javascript:
        with alice.loads_a_page() as watch:
            ready.wait_for()
        assert watch.loads == 0, "the part asks for itself"
        requests: list[str] = []
        alice.page.on("request", lambda request: requests.append(request.url))
        alice.page.wait_for_timeout(3500)
        assert requests == [], "and stops asking"
    else:
        while not ready.count():
            shoot(alice, "wait")
            alice.page.get_by_role("link", name="See how far it is").click()
    fits(alice)
    shoot(alice, "ready")
    with alice.page.expect_download() as download:
        ready.click()
    assert download.value.suggested_filename.startswith("board-20")
    folder = tmp_path / "copy"
    zipfile.ZipFile(download.value.path()).extractall(folder)
    _read(alice, folder, path, shoot)


def _read(person, folder: Path, path: str, shoot) -> None:
    """The copy in the same browser, from the folder."""
    page = person.page
    page.goto((folder / "index.html").as_uri())
    shoot(person, "copy")
    fits(person)
    page.get_by_role("link", name="1 thread").click()
    page.get_by_role("link", name="The ferry this morning").click()
    shown = page.locator("article img")
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 800
    assert page.get_by_role("link", name="Here").get_attribute("href") == f"{person.site}/boards"
    assert page.locator("article em").inner_text() == "upper"
    fits(person)
    shoot(person, "message")
    page.get_by_role("link", name="Overview").first.click()
    page.get_by_role("link", name="The account, and what is in the files").click()
    fits(person)
    shoot(person, "facts")


def test_an_account_goes_and_is_kept_after_all(people, shoot):
    alice, bob = people("alice"), people("bob")
    path = alice.start_thread("The ferry this morning", "Taken from the upper deck.")
    alice.open("/account/delete")
    alice.page.get_by_label("Leave my messages, without my name").check()
    shoot(alice, "delete")
    alice.page.get_by_label("Your password").fill("not my password")
    alice.press("Delete my account in 7 days")
    alice.page.get_by_text("This is not your password").wait_for()
    assert alice.page.get_by_label("Leave my messages, without my name").is_checked()
    confirm(alice, "Delete my account in 7 days")
    alice.page.get_by_text("You are signed out everywhere").wait_for()
    fits(alice)
    shoot(alice, "going")
    bob.open(path)
    bob.page.get_by_role("link", name="alice").first.wait_for()

    alice.page.locator("main").get_by_role("link", name="Sign in").click()
    alice.page.get_by_label("Name").fill("alice")
    alice.page.get_by_label("Password").fill(PASSWORD)
    alice.press("Sign in")
    alice.page.get_by_role("button", name="Keep my account").wait_for()
    fits(alice)
    shoot(alice, "keep")
    alice.open("/")
    alice.page.get_by_text("Your account goes on").wait_for()
    shoot(alice, "banner")
    alice.page.get_by_role("link", name="Keep it?").click()
    alice.press("Keep my account")
    alice.page.get_by_role("button", name="Delete my account in 7 days").wait_for()
    assert alice.page.get_by_text("Your account goes on").count() == 0
