"""What is chosen under Settings holds from the first paint on, on a phone, with JavaScript and without."""

from pathlib import Path

from tests import photos

# Colours of the tokens, as a browser tells them.
LIGHT, DARK = "rgb(251, 250, 247)", "rgb(21, 24, 26)"
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


def choose(person, *words: str) -> None:
    person.open("/settings")
    for each in words:
        person.page.get_by_label(each, exact=True).check()
    person.press("Save")
    person.page.get_by_role("status").get_by_text("Saved.").wait_for()


def test_colours_are_those_of_ones_choice_whatever_the_device_has(people):
    stranger = people(color_scheme="light")
    stranger.open("/")
    assert stranger.page.evaluate(BACKGROUND) == LIGHT
    choose(stranger, "Dark")
    stranger.open("/")
    assert stranger.page.evaluate(BACKGROUND) == DARK
    choose(stranger, "Light")
    stranger.page.emulate_media(color_scheme="dark")
    stranger.open("/")
    assert stranger.page.evaluate(BACKGROUND) == LIGHT
    # It goes along into the account.
    stranger.join("carol")
    assert stranger.page.evaluate(BACKGROUND) == LIGHT


def test_pictures_that_wait_for_a_tap_cost_nothing_until_then(people, javascript, tmp_path: Path):
    photo = tmp_path / "a.jpg"
    photo.write_bytes(photos.phone("JPEG"))
    path = people("alice").start_thread("My boat", "Look.", photo)
    reader, loaded = people(), []
    reader.page.on("request", lambda request: loaded.append(request.url) if "/pictures/" in request.url else None)
    choose(reader, "Only when tapped")
    for each in ("/", path):
        reader.page.goto(reader.site + each, wait_until="networkidle")
    assert loaded == []
    reader.page.locator("a.held").click()
    if javascript:
        reader.page.wait_for_function("document.querySelector('figure img')?.naturalWidth > 0")
        assert reader.page.url == reader.site + path, "it comes where it stood"
    else:
        reader.page.wait_for_url("**/pictures/**")
        # The browser's own page around a picture has a style, which our headers refuse.
        reader.troubles.clear()
    assert loaded


def test_settings_fit_on_a_phone_and_can_be_tapped(people):
    person = people("alice")
    person.open("/settings")
    labels = person.page.locator(".choices label").all()
    assert len(labels) > 15
    assert all(each.bounding_box()["height"] >= 43.5 for each in labels)
    assert person.page.evaluate("document.documentElement.scrollWidth") <= 360
