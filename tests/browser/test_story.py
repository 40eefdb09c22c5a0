"""What people come for, step by step on a phone, with JavaScript and without."""

import io
import re
import urllib.request
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests import photos

LOAD = {True: 0, False: 1}


@pytest.fixture
def more_settings() -> dict[str, str]:
    """Who is new may write more at once than a day allows."""
    return {"RATE_LIMITS": "0"}


@pytest.fixture
def jpeg(tmp_path: Path) -> Path:
    """A photo as a phone writes it: lying on its side, with the place in it."""
    path = tmp_path / "IMG_0001.jpg"
    path.write_bytes(photos.phone("JPEG", orientation=6))
    return path


@pytest.fixture
def heic(tmp_path: Path) -> Path:
    """The same from a phone that writes HEIC."""
    path = tmp_path / "IMG_0002.HEIC"
    path.write_bytes(photos.phone("HEIF", orientation=6))
    return path


def fetch(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read()


def test_a_thread_with_photos_is_started_answered_voted_sorted_and_deleted(people, javascript, jpeg, heic):
    alice = people("alice")
    path = alice.start_thread("The ferry this morning", "Taken from the *upper* deck.", jpeg, heic)
    pictures = alice.page.locator(".message figure img")
    assert pictures.count() == 2
    for number in range(2):
        _check_upright_and_clean(alice, pictures.nth(number))

    bob = people("bob")
    bob.open("/")
    bob.page.get_by_role("link", name="The ferry this morning").click()
    bob.page.get_by_role("heading", name="Answer").wait_for()
    bob.page.wait_for_load_state()
    with bob.loads_a_page() as watch:
        bob.answer("What a sky!")
    assert watch.loads == LOAD[javascript]
    _vote(bob, javascript)

    other = bob.start_thread("Another thread", "About nothing.")
    _sort(bob, javascript)

    alice.open(path)
    alice.press("Delete thread")
    alice.page.get_by_role("button", name="Undo the deletion").click()
    alice.page.get_by_role("heading", name="The ferry this morning").wait_for()
    alice.press("Delete thread")
    alice.page.get_by_role("button", name="Undo the deletion").wait_for()
    bob.open("/")
    assert bob.page.locator(".card").count() == 1
    bob.open(path)
    bob.page.get_by_text("There is no such thread, or it was deleted.").wait_for()
    assert other != path


def _check_upright_and_clean(person, picture) -> None:
    """As shown, wider than high; as sent, with the corners in their places and nothing else inside."""
    picture.scroll_into_view_if_needed()
    assert int(picture.get_attribute("width")) > int(picture.get_attribute("height"))
    source = picture.evaluate("async image => { await image.decode(); return image.currentSrc }")
    assert source.endswith(".webp")
    data = fetch(source)
    image = Image.open(io.BytesIO(data)).convert("RGB")
    assert image.width > image.height
    red = image.getpixel((image.width // 40, image.height // 40))
    yellow = image.getpixel((image.width - image.width // 40, image.height - image.height // 40))
    assert red[0] > 180
    assert red[1] < 90
    assert yellow[0] > 180
    assert yellow[1] > 180
    assert {name for name, _ in photos.webp_chunks(data)} <= {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
    assert photos.SECRET not in data


def _vote(person, javascript: bool) -> None:
    """Up, back, down: each in the page, and there after a reload."""
    vote = person.page.locator(".vote").first
    for button, score, pressed in (("Vote up", "1", True), ("Vote up", "0", False), ("Vote down", "-1", True)):
        with person.loads_a_page() as watch:
            vote.get_by_role("button", name=button).click()
            vote.locator("b", has_text=f"{score} points").wait_for()
        assert watch.loads == LOAD[javascript]
        state = vote.get_by_role("button", name=button).get_attribute("aria-pressed")
        assert state == ("true" if pressed else "false")
    person.page.reload()
    assert vote.locator("b").inner_text().startswith("-1")


def _sort(person, javascript: bool) -> None:
    """The order changes in the page, the address with it, and Back goes back."""
    person.open("/")
    titles = person.page.locator(".card h2")
    assert titles.first.inner_text() == "Another thread"
    with person.loads_a_page() as watch:
        person.page.get_by_role("link", name="Top", exact=True).click()
        person.page.get_by_role("link", name="Month", exact=True).wait_for()
    assert watch.loads == LOAD[javascript]
    assert titles.all_inner_texts() == ["Another thread", "The ferry this morning"]
    person.page.wait_for_url("**/?sort=top")
    person.page.go_back()
    person.page.get_by_role("link", name="Month", exact=True).wait_for(state="detached")
    person.page.wait_for_url(person.site + "/")


def test_a_message_is_edited_deleted_and_brought_back(people, javascript):
    alice, bob = people("alice"), people("bob")
    path = alice.start_thread("A thread", "The opening.")
    bob.open(path)
    bob.answer("Frist!")
    bob.page.get_by_role("link", name="Edit").click()
    bob.text.fill("First!")
    bob.press("Save")
    bob.page.get_by_role("link", name="edited").click()
    assert bob.page.locator(".message .text").all_inner_texts() == ["First!", "Frist!"]

    bob.open(path)
    with bob.loads_a_page() as watch:
        bob.press("Delete")
        bob.page.get_by_text("Deleted by its author").wait_for()
    assert watch.loads == LOAD[javascript]
    alice.open(path)
    assert alice.page.get_by_text("First!").count() == 0
    with bob.loads_a_page() as watch:
        bob.press("Undo")
        bob.page.get_by_text("First!").wait_for()
    assert watch.loads == LOAD[javascript]


def test_an_answer_quotes_links_back_and_keeps_what_was_typed(people, javascript):
    alice, bob = people("alice"), people("bob")
    path = alice.start_thread("A thread", "Shall we *sing*?")
    bob.open(path)
    if javascript:
        bob.text.fill("I think:")
    bob.page.get_by_role("link", name="Reply").click()
    expect(bob.text).to_have_value(re.compile("sing"))
    typed = bob.text.input_value()
    assert "> Shall we *sing*?" in typed
    assert typed.startswith("I think:") == javascript
    bob.answer(typed + "\nYes, let us.", shown="Yes, let us.")
    bob.page.get_by_text("answers #").wait_for()
    bob.page.get_by_text("answered by").wait_for()
    assert bob.text.input_value() == ""
    bob.page.get_by_role("link", name="answers #").click()
    bob.page.wait_for_url("**#message-*")


def test_a_bad_file_gets_a_sentence_and_nothing_is_lost(people, javascript, jpeg, tmp_path):
    alice = people("alice")
    drawing = tmp_path / "plan.svg"
    drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    path = alice.start_thread("A thread", "The opening.")
    alice.text.fill("Look at *these*.")
    alice.page.get_by_label("Pictures").set_input_files([jpeg, drawing])
    if javascript:
        alice.page.get_by_label("What IMG_0001.jpg shows").fill("A woman\nin a suit")
    alice.press("Send")
    alice.page.get_by_text("“plan.svg” is an SVG drawing").wait_for()
    assert alice.text.input_value() == "Look at *these*."
    if not javascript:
        alice.page.get_by_label("What it shows").fill("A woman\nin a suit")
    alice.press("Send")
    picture = alice.page.locator(".message figure img")
    picture.wait_for()
    assert picture.get_attribute("alt") == "A woman\nin a suit"
    assert alice.page.url.startswith(alice.site + path)


def test_preview_shows_the_message_and_keeps_the_form(people, javascript, jpeg):
    alice = people("alice")
    alice.start_thread("A thread", "The opening.")
    alice.text.fill("Is this **bold**?")
    alice.page.get_by_label("Pictures").set_input_files(jpeg)
    alice.press("Preview")
    preview = alice.page.get_by_role("region", name="Preview")
    assert preview.locator("strong").inner_text() == "bold"
    assert preview.locator("img").count() == 1
    assert alice.page.locator("#messages img").count() == 0
    alice.press("Send")
    alice.page.locator("#messages img").wait_for()


def test_a_sensitive_picture_waits_for_a_tap_and_a_moving_one_too(people, javascript, tmp_path):
    alice = people("alice")
    moving = tmp_path / "rain.gif"
    first, *rest = photos.frames(4)
    first.save(moving, save_all=True, append_images=rest, duration=100, loop=0)
    alice.start_thread("A thread", "The opening.", moving)
    play = alice.page.locator("a.play")
    source = play.locator("source")
    still = source.get_attribute("srcset")
    if javascript:
        play.click()
        assert source.get_attribute("srcset").endswith("/play.webp")
        play.click()
        assert source.get_attribute("srcset") == still
    else:
        assert play.get_attribute("href").endswith("/play.webp")
    alice.page.get_by_role("link", name="Edit").click()
    alice.page.get_by_label("Sensitive").check()
    alice.press("Save")
    assert not alice.page.locator("details a.play img").is_visible()
    alice.page.get_by_text("Sensitive picture: show").click()
    alice.page.locator("details a.play img").wait_for()


def test_more_is_loaded_in_the_page(people, javascript):
    alice = people("alice")
    path = ""
    for number in range(6):
        path = alice.start_thread(f"Thread {number}", "The opening.")
    for number in range(7):
        alice.answer(f"Answer {number}")
        alice.open(path)
    for place, rows, all_of_them in (("/", ".card", 6), (path, ".message", 8)):
        alice.open(place)
        shown = alice.page.locator(rows).count()
        assert shown < all_of_them
        with alice.loads_a_page() as watch:
            alice.page.get_by_role("link", name="Load more").click()
            alice.page.get_by_role("link", name="Load more").wait_for(state="detached")
        assert watch.loads == LOAD[javascript]
        now = alice.page.locator(rows).count()
        assert now == (all_of_them if javascript else all_of_them - shown)
