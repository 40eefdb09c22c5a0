"""How it looks: no page scrolls sideways, what is tapped is large enough, the keyboard's place is seen."""

from pathlib import Path

import pytest

from tests import photos

WIDTHS = (240, 360, 768, 1280)
TOUCH = 44

# What a finger meets that is smaller than 44 px: links inside a line of text are the exception of WCAG 2.5.8.
SMALL = """
() => [...document.querySelectorAll(`button, input:not([type=hidden]):not([type=checkbox]), select, textarea, summary,
  nav a, .button, .more a, .actions > a, .top a, .bottom a, .checks label`)]
  .filter(each => each.offsetParent && each.getBoundingClientRect().height < 43.5)
  .map(each => each.outerHTML.slice(0, 80))
"""


@pytest.fixture
def javascript() -> bool:
    """The look does not depend on scripts."""
    return True


@pytest.fixture
def paths(people, tmp_path: Path):
    """A board with long words, pictures and code; its pages."""
    alice = people("alice_with_a_long_name")
    files = []
    for number in range(3):
        files.append(tmp_path / f"{number}.jpg")
        files[-1].write_bytes(photos.phone("JPEG", orientation=number + 1))
    text = f"https://example.org/{'long/' * 40}\n\n```\n{'code ' * 60}\n```\n\n> quote\n\n{'W' * 200}\n\n- one\n- two"
    path = alice.start_thread("A" * 70 + " title of some length", text, *files)
    alice.answer("Yes.")
    edit = alice.page.get_by_role("link", name="Edit").last.get_attribute("href")
    pages = ["/", path, "/threads/new", edit, "/boards", "/help", "/people/alice_with_a_long_name", "/nothing"]
    return alice, [*pages, "/traffic", f"{path}/views"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_scrolls_sideways_and_everything_can_be_tapped(paths, scheme):
    person, pages = paths
    person.page.emulate_media(color_scheme=scheme)
    for width in WIDTHS:
        person.page.set_viewport_size({"width": width, "height": 800})
        for path in pages:
            person.open(path)
            wide = person.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} px wide at {width}"
            assert person.page.evaluate(SMALL) == [], path


def test_strangers_pages_fit_too(people):
    stranger = people()
    for width in WIDTHS:
        stranger.page.set_viewport_size({"width": width, "height": 800})
        for path in ("/", "/sign-in", "/sign-up", "/help"):
            stranger.open(path)
            assert stranger.page.evaluate("document.documentElement.scrollWidth") <= width
            assert stranger.page.evaluate(SMALL) == [], path


def test_the_keyboard_can_be_followed(people):
    stranger = people()
    stranger.open("/sign-in")
    stranger.page.keyboard.press("Tab")
    assert stranger.page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert stranger.page.locator(".skip").bounding_box()["y"] >= 0
    for _ in range(5):
        stranger.page.keyboard.press("Tab")
        outline = stranger.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"


def test_nothing_moves_while_pictures_load(paths):
    person, pages = paths
    person.page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(e => window.shift += e.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    for path in pages[:2]:
        person.open(path)
        person.page.wait_for_load_state("networkidle")
        assert person.page.evaluate("window.shift") == 0, path


def test_a_front_page_takes_few_requests(paths):
    person, _ = paths
    context = person.page.context.browser.new_context()
    page = context.new_page()
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.resource_type))
    page.goto(person.site + "/")
    page.wait_for_load_state("networkidle")
    assert len([kind for kind in seen if kind not in ("image", "other")]) <= 4
    context.close()
