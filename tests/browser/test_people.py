"""One's own page on a phone: a picture, a new name, a search, and what others see of it."""

from pathlib import Path

import pytest

from tests import photos

PASSWORD = "a long password"


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    path = tmp_path / "me.jpg"
    path.write_bytes(photos.phone("JPEG", orientation=6))
    return path


def test_a_person_gets_a_face_a_name_and_a_history_that_is_searched_and_hidden(people, javascript, portrait):
    alice = people("alice")
    alice.start_thread("Ferries", "Words about ferry number 0.")
    for number in range(1, 6):
        alice.answer(f"Words about ferry number {number}.")
    alice.open("/account/profile")
    alice.page.get_by_label("A picture of you").set_input_files(portrait)
    alice.press("Use it")
    alice.page.get_by_text("This is your picture now.").wait_for()
    alice.page.get_by_label("A few words about you").fill("Likes *ferries*.")
    alice.press("Save")
    alice.page.get_by_text("Saved.").wait_for()

    bob = people("bob")
    bob.open("/people/alice?show=messages")
    face = bob.page.locator(".portrait img")
    assert face.evaluate("async image => { await image.decode(); return image.naturalWidth }") > 0
    assert bob.page.locator(".message").count() == 5
    bob.page.get_by_text("Search and filter").click()
    bob.page.get_by_label("Words").fill("FERRY 0")
    bob.press("Show")
    bob.page.get_by_text("Words about ferry number 0.").wait_for()
    assert bob.page.locator(".message").count() == 1
    bob.page.wait_for_url("**words=FERRY*")

    alice.open("/account/profile")
    alice.page.get_by_label("The list of what I wrote").select_option("nobody")
    alice.press("Save")
    alice.open("/account/profile")
    alice.page.locator("#name").fill("Alina")
    alice.page.locator("#current_password").fill(PASSWORD)
    alice.press("Change the name")
    alice.page.get_by_text("This is your name now.").wait_for()
    bob.open("/people/alice?show=messages")
    bob.page.get_by_role("heading", name="Alina").wait_for()
    assert bob.page.url.endswith("/people/Alina?show=messages")
    bob.page.get_by_text("Alina does not show this.").wait_for()
    assert bob.page.get_by_text("Words about ferry").count() == 0
