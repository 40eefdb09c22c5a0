"""Reads a page as a browser does: elements, words, and forms with all that they would send."""

import uuid
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import httpx

File = tuple[str, bytes]


def tree(response: httpx.Response) -> Element:
    """The elements of a page or a fragment."""
    if response.text.startswith("<!DOCTYPE"):
        return html5lib.parse(response.text, namespaceHTMLElements=False)
    return html5lib.parseFragment(response.text, container="ol", namespaceHTMLElements=False)


def words(element: Element | None) -> str:
    """What stands in an element, with single spaces."""
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def by_id(root: Element, id: str) -> Element:
    """The one element with this id."""
    found = [each for each in root.iter() if each.get("id") == id]
    assert len(found) == 1, (id, len(found))
    return found[0]


def with_class(root: Element, name: str) -> list[Element]:
    """The elements of a class, in order."""
    return [each for each in root.iter() if isinstance(each.tag, str) and name in (each.get("class") or "").split()]


def ids(root: Element, prefix: str) -> list[int]:
    """The numbers in ids that begin so: messages of a page, threads of a list."""
    return [
        int(each.get("id", "").removeprefix(prefix))
        for each in root.iter()
        if (each.get("id") or "").startswith(prefix) and each.tag == "li"
    ]


def messages(response: httpx.Response) -> list[int]:
    """The ids of the messages on a page, in order."""
    return ids(tree(response), "message-")


def message(response: httpx.Response, id: int) -> Element:
    """A message on a page."""
    return by_id(tree(response), f"message-{id}")


def card(response: httpx.Response, id: int) -> Element:
    """A thread's card in a list."""
    return by_id(tree(response), f"thread-{id}")


def errors(response: httpx.Response) -> list[str]:
    """The sentences that say what is wrong."""
    return [words(each) for each in with_class(tree(response), "error") if each.get("hidden") is None]


def links(root: Element) -> list[str]:
    """Where the links lead."""
    return [each.get("href", "") for each in root.iter("a")]


def actions(root: Element) -> list[str]:
    """Where the buttons of the page's one form send."""
    return [each.get("formaction", "") for each in root.iter("button") if each.get("formaction")]


def form(response: httpx.Response) -> Element:
    """The form with a message on the page."""
    return next(each for each in tree(response).iter("form") if "composer" in (each.get("class") or ""))


def fields(form: Element) -> dict[str, Any]:
    """What a browser would send of a form that nobody touched: name -> value, or a list of several."""
    sent: dict[str, Any] = {}

    def add(name: str, value: str) -> None:
        earlier = sent.get(name)
        sent[name] = value if earlier is None else [*earlier, value] if isinstance(earlier, list) else [earlier, value]

    for each in _controls(form):
        name, kind = each.get("name", ""), each.get("type", "text")
        if each.tag == "textarea":
            add(name, each.text or "")
        elif each.tag == "select":
            options = list(each.iter("option"))
            chosen = next((option for option in options if option.get("selected") is not None), options[0])
            add(name, chosen.get("value", ""))
        elif each.tag == "input" and kind in ("hidden", "text", "password", "email"):
            add(name, each.get("value", ""))
        elif each.tag == "input" and kind in ("checkbox", "radio") and each.get("checked") is not None:
            add(name, each.get("value", "on"))
    return sent


async def submit(
    client: httpx.AsyncClient, page: httpx.Response, *files: File, htmx: bool = False, **changes: Any
) -> httpx.Response:
    """Fill in the form with a message that is on the page, and send it to where it says."""
    element = form(page)
    assert element.get("method") == "post"
    return await send(client, element.get("action", ""), *files, htmx=htmx, **{**fields(element), **changes})


async def send(client: httpx.AsyncClient, path: str, *files: File, htmx: bool = False, **fields: Any) -> httpx.Response:
    """Post fields and files as multipart, as a browser does."""
    fields = {"form_key": str(uuid.uuid4()), "text": "", "action": "send", **fields}
    content, kind = multipart(fields, files)
    headers = {"Content-Type": kind} | ({"HX-Request": "true"} if htmx else {})
    return await client.post(path, content=content, headers=headers)


def multipart(fields: dict[str, Any], files: tuple[File, ...] = (), name: str = "files") -> tuple[bytes, str]:
    """A body with fields and files, names of files escaped as browsers do, and its Content-Type."""
    boundary = uuid.uuid4().hex
    parts = [
        f'Content-Disposition: form-data; name="{key}"\r\n\r\n'.encode() + str(value).encode()
        for key, values in fields.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    # A file input that nobody touched sends one part without a name and without bytes.
    for filename, data in files or (("", b""),):
        shown = filename.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        head = f'Content-Disposition: form-data; name="{name}"; filename="{shown}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + data)
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return body + b"--" + boundary.encode() + b"--\r\n", f"multipart/form-data; boundary={boundary}"


def _controls(element: Element) -> list[Element]:
    """The fields of a form, without those in a <template>, which are not there yet."""
    found = []
    for child in element:
        if child.tag == "template":
            continue
        found += [child] if child.tag in ("input", "textarea", "select") else _controls(child)
    return found
