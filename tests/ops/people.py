"""What people do on a board that runs somewhere, with forms and links alone."""

import hashlib
import itertools
import re
from typing import Any

import httpx

from tests import look

PASSWORD = "four words and more"
Picture = tuple[str, bytes]


class Person:
    """Somebody at a browser without JavaScript. Each method returns only what the board has acknowledged."""

    def __init__(self, browser: httpx.Client) -> None:
        self.browser = browser
        self.name = ""

    def sign_up(self, name: str) -> None:
        """Join."""
        self.name = name
        page = self.open("/sign-up")
        form = next(each for each in look.tree(page).iter("form") if each.get("action") == "/sign-up")
        sent = {**look.fields(form), "name": name, "password": PASSWORD, **_worked(form)}
        answer = self.browser.post("/sign-up", data=sent)
        assert answer.status_code == 303, answer.text

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        """Come back."""
        answer = self.browser.post("/sign-in", data={"name": name, "password": password, "next": "/"})
        assert answer.status_code == 303, answer.text

    def start_thread(self, title: str, text: str, *pictures: Picture) -> str:
        """Start a thread; where it is."""
        return self._send(self.open("/threads/new?board=general"), *pictures, title=title, text=text)

    def answer(self, thread: str, text: str, *pictures: Picture) -> str:
        """Write a message in a thread; where it is."""
        return self._send(self.open(thread), *pictures, text=text)

    def vote(self, message: int, value: int = 1) -> None:
        """Vote on a message."""
        answer = self.browser.post(f"/messages/{message}/vote", data={"value": value})
        assert answer.status_code == 303, answer.text

    def open(self, path: str) -> httpx.Response:
        """A page, wherever it leads."""
        answer = self.browser.get(path, follow_redirects=True)
        assert answer.status_code == 200, (answer.status_code, answer.text)
        return answer

    def pictures(self, path: str) -> list[str]:
        """Where the pictures of a page are."""
        return re.findall(r'src="(/pictures/[^"]+)"', self.open(path).text)

    def _send(self, page: httpx.Response, *pictures: Picture, **changes: Any) -> str:
        form = look.form(page)
        body, kind = look.multipart({"action": "send", **look.fields(form), **changes}, pictures)
        answer = self.browser.post(form.get("action", ""), content=body, headers={"Content-Type": kind})
        assert answer.status_code == 303, (answer.status_code, look.errors(answer) or answer.text)
        return answer.headers["location"]


def _worked(form: Any) -> dict[str, str]:
    """What a browser computes when many are joining, as static/js/pages/work.js does it."""
    for field in form.iter("input"):
        if key := field.get("data-work"):
            most = 1 << (256 - int(field.get("data-bits", "0")))
            tries = map(str, itertools.count())
            return {"work": next(n for n in tries if _sha256(f"{key}:{n}") < most)}
    return {}


def _sha256(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest())
