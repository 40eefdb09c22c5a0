"""A real server, a real Chromium as a phone: each test runs twice, with JavaScript and without."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, sync_playwright

ARGUMENTS = [
    "--no-sandbox",  # a container's root has no other way
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP board.test 127.0.0.1",  # a name that is not this machine by itself
]
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str:
    """Chromium of the system; as root on Debian it is installed; a developer without it is told."""
    if os.environ.get("CHROMIUM"):
        return os.environ["CHROMIUM"]
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", "-o", "DPkg::Lock::Timeout=500", *command], check=False, capture_output=True)
        found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        downloaded = subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"], check=False, capture_output=True, text=True
        )
        with sync_playwright() as playwright:
            found = playwright.chromium.executable_path
        if downloaded.returncode or not Path(found).exists():
            pytest.fail("No Chromium: install it (apt-get install chromium), or set CHROMIUM to its path.")
    return found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for this folder; its event loop would disturb the tests of the others."""
    path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def more_settings() -> dict[str, str]:
    """What a file's own tests set besides."""
    return {}


@pytest.fixture
def port() -> int:
    """One that is free."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def site(own_database: str, tmp_path: Path, port: int, more_settings: dict[str, str]) -> Iterator[str]:
    """The address of a real server on an empty board."""
    settings = {
        "DATABASE_URL": own_database,
        "DATA_DIR": str(tmp_path),
        "PORT": str(port),
        "PAGE_CACHE_SECONDS": "0",
        "THREADS_PER_PAGE": "5",
        "MESSAGES_PER_PAGE": "5",
        "TRAFFIC_PUBLIC": "1",
        **more_settings,
    }
    command = [sys.executable, "-m", "board", "serve"]
    with (tmp_path / "server.log").open("w") as log:
        server = subprocess.Popen(command, env={**os.environ, **settings}, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server)
        yield address
    finally:
        server.terminate()
        assert server.wait(15) == 0
        assert "Traceback" not in (tmp_path / "server.log").read_text()


def _wait_for(address: str, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(address + "/help", timeout=2).close()
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail("The server did not start.")


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts."""
    return request.param == "with JavaScript"


class Person:
    """Somebody with a phone of their own."""

    def __init__(self, context: BrowserContext, site: str, *, javascript: bool) -> None:
        self.javascript = javascript
        self.page: Page = context.new_page()
        self.site = site
        self.troubles: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        # A 4xx that a test provokes shows as an error in the console, and is none of the page's.
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            self.troubles.append(message.text)

    @property
    def text(self) -> Locator:
        """The field to write in."""
        return self.page.get_by_role("textbox", name="Message", exact=True)

    def open(self, path: str) -> None:
        self.page.goto(self.site + path)

    def join(self, name: str, password: str = "a long password") -> None:
        self.open("/sign-up")
        self.page.locator("#name").fill(name)
        self.page.locator("#password").fill(password)
        self.press("Join")
        self.page.get_by_role("link", name=name).wait_for()

    def press(self, name: str) -> None:
        self.page.locator("main").get_by_role("button", name=name, exact=True).first.click()

    def start_thread(self, title: str, text: str, *files: Path) -> str:
        """Start a thread and return its path."""
        self.open("/threads/new")
        self.page.get_by_label("Title").fill(title)
        self.text.fill(text)
        if files:
            self.page.get_by_label("Pictures").set_input_files(files)
        self.press("Start the thread")
        self.page.get_by_role("heading", name=title).wait_for()
        return self.page.url.removeprefix(self.site).partition("#")[0]

    def answer(self, text: str, shown: str = "") -> None:
        self.text.fill(text)
        self.press("Send")
        self.page.locator(".message .text", has_text=shown or text).last.wait_for()

    def loads_a_page(self) -> "Watch":
        """In a with block: whether the whole page was loaded anew."""
        return Watch(self.page)


class Watch:
    """Counts navigations."""

    def __init__(self, page: Page) -> None:
        self.page, self.loads = page, 0

    def __enter__(self) -> "Watch":
        self.page.on("domcontentloaded", self._count)
        return self

    def __exit__(self, *_: object) -> None:
        self.page.remove_listener("domcontentloaded", self._count)

    def _count(self, _: Page) -> None:
        self.loads += 1


@pytest.fixture
def people(browser: Browser, site: str, javascript: bool, request: pytest.FixtureRequest):
    """Makes people: `alice = people("alice")` joins; `people()` stays a stranger. $SHOTS: what they saw last."""
    made: list[tuple[BrowserContext, Person]] = []

    def make(name: str = "", **options) -> Person:
        context = browser.new_context(**{**PHONE, "java_script_enabled": javascript, **options})
        context.set_default_timeout(10_000)
        person = Person(context, site, javascript=javascript)
        made.append((context, person))
        if name:
            person.join(name)
        return person

    yield make
    for number, (context, person) in enumerate(made, 1):
        if folder := os.environ.get("SHOTS"):
            name = re.sub(r"\W+", "-", f"{request.node.name}-{number}")
            person.page.screenshot(path=Path(folder) / f"{name}.png")
        context.close()
        assert person.troubles == []
