"""What is wrong with a page, beyond what the parser notices: labels, headings, ids, forms, inline code."""

import re
from xml.etree.ElementTree import Element

import httpx

from tests import look

LABELABLE = ("input", "select", "textarea", "meter", "output", "progress", "button")


def faults(response: httpx.Response, root: Element) -> list[str]:
    """A sentence for each fault of a whole page."""
    every = [each for each in root.iter() if isinstance(each.tag, str)]
    found = [*_page(root, every), *_inline(response.text, every), *_fields(every), *_forms(every)]
    names = [each.get("id") for each in every if each.get("id") is not None]
    found += [f"the id {name} is there twice" for name in sorted({name for name in names if names.count(name) > 1})]
    for each in every:
        if each.tag == "img" and each.get("alt") is None:
            found.append("a picture without alt")
        if each.tag == "img" and not (each.get("width") and each.get("height")):
            found.append("a picture without width and height")
        if each.tag in ("a", "button") and not (_name(each) or _hidden(each)):
            found.append(f"nothing to read in {each.tag} {each.attrib}")
        if each.tag == "a" and not each.get("href"):
            found.append("a link to nowhere")
        if each.tag == "time" and not each.get("datetime"):
            found.append("a time without datetime")
        for attribute in ("aria-describedby", "for"):
            if each.get(attribute) is not None and each.get(attribute) not in names:
                found.append(f"{attribute} names {each.get(attribute)}, which is not there")
    return found


def _page(root: Element, every: list[Element]) -> list[str]:
    found = []
    if root.get("lang") != "en":
        found.append("no language")
    headings = [int(each.tag[1]) for each in every if each.tag in ("h1", "h2") and look.words(each)]
    if headings.count(1) != 1:
        found.append(f"{headings.count(1)} h1")
    if headings[:1] != [1]:
        found.append("the first heading is no h1")
    if not look.words(next(root.iter("title"))):
        found.append("no title")
    if len(list(root.iter("main"))) != 1:
        found.append("not one main")
    return found


def _inline(text: str, every: list[Element]) -> list[str]:
    found = []
    for each in every:
        if each.tag == "style" or (each.tag == "script" and (each.get("src") is None or (each.text or "").strip())):
            found.append(f"inline {each.tag}")
        for name, value in each.attrib.items():
            if name == "style" or name.startswith("on") or "hx-on" in name or value.strip().startswith("javascript:"):
                found.append(f"{name} in {each.tag}")
            if name.startswith("hx-") and each.tag != "hx-partial":
                found.append(f"{name} without data-")
    if re.search(r"\{[{%#]|[}%#]\}", text):
        found.append("a sign of a template")
    return found


def _fields(every: list[Element]) -> list[str]:
    labels = [each for each in every if each.tag == "label"]
    named = {each.get("for") for each in labels}
    # A label is for the first field in it, and for that one only.
    inside = [next((field for field in label.iter() if field.tag in LABELABLE), None) for label in labels]
    found = []
    for each in every:
        if each.tag not in ("input", "select", "textarea") or each.get("type") == "hidden":
            continue
        if each.get("id") not in named and not each.get("aria-label") and not any(each is field for field in inside):
            found.append(f"no label for {each.tag} {each.get('name') or each.get('id')}")
        if not each.get("name") and each.get("readonly") is None:
            found.append(f"{each.tag} {each.get('id')} has no name")
    return found


def _forms(every: list[Element]) -> list[str]:
    found = []
    for form in (each for each in every if each.tag == "form"):
        if form.get("method") != ("get" if form.get("role") == "search" else "post"):
            found.append("a form that does not post, and does not search")
        if not form.get("action") and form.get("id") != "act":
            found.append("a form without an action")
        if form.get("data-hx-post") and form.get("data-hx-post") != form.get("action"):
            found.append("a form that posts elsewhere with htmx")
        if form.get("id") == "act":
            continue
        if not [each for each in form.iter("button") if each.get("type", "submit") == "submit"]:
            found.append("a form without a button")
        if [each for each in form.iter("input") if each.get("type") == "file"] and form.get("enctype") is None:
            found.append("files in a form that does not send them")
    act = [each for each in every if each.get("id") == "act"]
    buttons = [each for each in every if each.tag == "button" and each.get("formaction")]
    links = [each for each in every if each.get("data-hx-get")]
    found += [f"{each.attrib} belongs to no form" for each in buttons if each.get("form") != "act" or not act]
    found += [
        f"htmx goes elsewhere: {each.attrib}"
        for each in links
        if each.get("href", each.get("action")) != each.get("data-hx-get")
    ]
    return found


def _name(element: Element) -> str:
    """What a screen reader says of a link or a button."""
    return element.get("aria-label") or look.words(element) or "".join(e.get("alt", "") for e in element.iter("img"))


def _hidden(element: Element) -> bool:
    return element.get("aria-hidden") == "true" and element.get("tabindex") == "-1"
