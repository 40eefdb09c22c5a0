"""Every page as every role: what it links to is there, what it offers is allowed, and it is sound HTML."""

import re
from urllib.parse import quote, urljoin, urlsplit

import pytest

from board.answers import unsubscribing
from board.kit.db import queries
from tests import look, strict
from tests.conftest import ORIGIN
from tests.factories import make_thread
from tests.world import ROLES, World, whole_world  # noqa: F401

MOST_PAGES = 400


def _edit(text: str) -> dict:
    return {"form_key": "00000000-0000-0000-0000-000000000001", "text": text, "revision": "0"}


# What admins alone see: others are told that there is nothing, strangers are asked to sign in.
CLOSED = {"/boards/new", "/boards/{slug}/edit", "/jobs", "/health", "/metrics", "/mail"}
# And what moderators see too.
FOR_MODERATORS = {"/admin/people", "/admin/people/{id:id}", "/admin/log"}


def is_closed(route: str, role: str) -> bool:
    """Whether a page is not for this role; strangers may ask for all, and are asked to sign in."""
    if role in ("stranger", "admin"):
        return False
    return route in CLOSED or (route.startswith("/admin") and (role == "member" or route not in FOR_MODERATORS))


def seeds(world: World) -> dict[str, str]:
    """An address for each route that is read: itself, unless something in it is variable or needs a query."""
    plain = {route.path: route.path for route in world.client.app.routes if "GET" in route.methods}
    return {path: path for path in plain if "{" not in path} | {
        "/threads/{id:id}": world.thread.path,
        "/threads/new": "/threads/new?board=garden",
        "/messages/{id:id}": f"/messages/{world.message}",
        "/messages/{id:id}/edit": f"/messages/{world.message}/edit",
        "/messages/{id:id}/history": f"/messages/{world.message}/history",
        "/messages/{id:id}/quote": f"/messages/{world.message}/quote",
        "/pictures/{key}/{file}": f"/pictures/{world.key}/160.webp",
        "/account/exports/{id:id}": "/account/exports/7",
        "/receipts/{token}": "/receipts/receipt",
        "/account/passkeys/{id:id}": f"/account/passkeys/{world.passkey}",
        "/admin/people/{name}/factors": "/admin/people/alice/factors",
        "/people/{name}": "/people/alice",
        "/people/{name}/statistics": "/people/alice/statistics",
        "/patterns/{seed}.svg": "/patterns/0123ab.svg",
        "/boards/{slug}": "/boards/garden",
        "/boards/{slug}/edit": "/boards/garden/edit",
        "/forgot": "/forgot?sent",
        "/account/password": "/account/password?changed",
        "/admin/people/{name}/new-password": "/admin/people/bob/new-password",
        "/sign-in": "/sign-in?next=/threads/new",
        "/boards/{slug}/moderators": "/boards/garden/moderators",
        "/admin/people": "/admin/people?show=member",
        "/admin/people/{id:id}": f"/admin/people/{world.person}",
        "/traffic": "/traffic?range=week",
        "/threads/{id:id}/views": f"{world.own.path}/views",
        "/unsubscribe/{token}": urlsplit(unsubscribing.address(world.client.app.state.config, 1)).path,
        "/static/{file}": world.client.app.state.assets.url("board.css"),
    }


async def read(world: World, path: str):
    """Follow an address to its page, with at most three queries for each answer."""
    for _ in range(4):
        counted: list[str] = []
        token = queries.set(counted)
        answer = await world.client.get(path)
        queries.reset(token)
        # A page to answer on reads the message that it quotes, too; that of the parts asks once for all who look.
        assert len(counted) <= (5 if path == "/health" else 4 if "reply=" in path else 3), (path, counted)
        assert answer.status_code == 200 or answer.is_redirect, (path, answer.status_code, answer.text)
        if not answer.is_redirect:
            return path, answer
        path = urljoin(path, answer.headers["location"])
    raise AssertionError(f"{path} leads round and round")


async def walk(world: World) -> dict[str, object]:
    """All pages that links lead to from the seeds, by address, each checked; and that no link is dead."""
    todo = {path: "a seed" for route, path in seeds(world).items() if not is_closed(route, world.role)}
    pages: dict[str, object] = {}
    anchors: list[tuple[str, str, str]] = []
    while todo and len(pages) < MOST_PAGES:
        asked = next(iter(todo))
        source = todo.pop(asked)
        if asked in pages:
            continue
        try:
            path, page = await read(world, asked)
        except AssertionError as error:
            raise AssertionError(f"from {source}: {error}") from error
        pages[asked] = page
        if "#" in path:
            anchors.append((asked, path.partition("#")[2], source))
        if not page.headers["content-type"].startswith("text/html"):
            continue
        root = look.tree(page)
        assert strict.faults(page, root) == [], asked
        for address in addresses(root):
            parts = urlsplit(urljoin(ORIGIN + path, address))
            if f"{parts.scheme}://{parts.netloc}" != ORIGIN:
                continue
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.fragment and target == path.partition("#")[0]:
                assert look.by_id(root, parts.fragment) is not None, (path, address)
            elif parts.fragment:
                anchors.append((target, parts.fragment, path))
            if target not in pages:
                todo.setdefault(target, path)
    for target, anchor, source in anchors:
        if target in pages and world.role != "stranger":
            assert f'id="{anchor}"' in pages[target].text, f"{source} links to {target}#{anchor}"
    assert not todo
    return pages


def addresses(root) -> set[str]:
    """All addresses that a browser would fetch or go to."""
    found = set()
    for each in root.iter():
        for name in ("href", "src", "data-hx-get"):
            if each.get(name):
                found.add(each.get(name))
        if each.get("srcset"):
            found |= {part.split()[0] for part in each.get("srcset").split(",")}
    return {each for each in found if not each.startswith(("mailto:", "data:"))}


@pytest.mark.parametrize("world", ROLES, indirect=True)
async def test_every_link_leads_somewhere_and_every_button_is_allowed(app, world):
    read_routes = {route.path for route in app.routes if "GET" in route.methods}
    assert read_routes == set(seeds(world)), "a route has no address in seeds()"
    pages = await walk(world)
    assert len(pages) > 40
    patterns = {route.path: route.path_regex for route in app.routes if "GET" in route.methods}
    seen = {name for path in pages for name, regex in patterns.items() if regex.match(urlsplit(path).path)}
    assert set(patterns) - seen == {name for name in patterns if is_closed(name, world.role)} - seen

    await check_offers(
        app, world, {path: page for path, page in pages.items() if "html" in page.headers["content-type"]}
    )


async def check_offers(app, world, pages) -> None:
    """That no button or form is refused, and that all that this role may do is offered."""
    offers: dict[tuple[str, str], tuple[str, dict]] = {}
    for path, page in pages.items():
        root = look.tree(page)
        for button in (each for each in root.iter("button") if each.get("formaction")):
            sent = {button.get("name"): button.get("value")} if button.get("name") else {}
            offers[button.get("formaction"), str(sent)] = path, sent
        for form in (each for each in root.iter("form") if each.get("action") and each.get("method") == "post"):
            sent = look.fields(form)
            typed = {"text": "Words.", "title": "A title", "slug": "attic", "password": "long enough words"}
            typed |= {"address": "ada@example.org", "who": "bob", "reason": "A reason."}
            sent |= {name: text for name, text in typed.items() if name in sent and not sent[name]}
            if not sent.get("name", "x"):
                sent["name"] = "bob" if "moderators" in form.get("action") else "newcomer"
            offers[form.get("action"), ""] = path, sent
    kinds = {re.sub(r"\d+(\.[\w-]+)?", "N", action) for action, _ in offers}
    assert kinds == EXPECTED[world.role]
    for (action, _), (path, sent) in offers.items():
        cookies = dict(world.client.cookies)
        async with app.state.database.connection() as connection:
            attempt = connection.transaction()
            await attempt.start()
            answer = await world.client.post(action, data=sent)
            await attempt.rollback()
        for name, value in cookies.items():
            world.client.cookies.set(name, value, domain="testserver.local")
        # Nobody has the account that the page to sign in is filled in with, and these people have no password; to keep
        # one's name takes none. The form that only takes a picture is empty without one.
        secret = "current_password" in sent and action != "/account/name"
        expected = (
            400 if action == "/account/picture" else 422 if secret or action in ("/sign-in", "/account/push") else 303
        )
        expected = 200 if action.startswith("/unsubscribe/") else expected
        assert answer.status_code == expected, (path, action, sent, look.words(next(look.tree(answer).iter("main"))))


_ANYBODY = {"/sign-in", "/sign-up", "/forgot", "/receipts/receipt", "/settings", "/unsubscribe/N"}
_MEMBER = _ANYBODY | {"/sign-out", "/threads", "/threads/N/messages", "/account/invitations"}
_MEMBER |= {f"/messages/N/{action}" for action in ("vote", "edit", "delete", "restore")} | {"/threads/N/delete"}
_MEMBER |= {"/account/sessions/end", "/account/sessions/N/end"}
_MEMBER |= {"/account/address", "/account/password", "/account/delete"}
_MEMBER |= {"/account/profile", "/account/picture", "/account/name"}
_MEMBER |= {"/account/push", "/account/two-step", "/account/passkeys/N/rename", "/account/passkeys/N/remove"}
_MODERATOR = _MEMBER | {"/threads/N/lock", "/threads/N/unlock", "/admin/people/N/suspend"}
EXPECTED = {
    "stranger": _ANYBODY,
    "member": _MEMBER,
    "moderator": _MODERATOR,
    # The only one can not leave.
    "admin": (_MODERATOR - {"/account/delete"})
    | {"/boards", "/boards/garden/edit", "/boards/general/edit", "/jobs/N/retry", "/jobs/N/drop"}
    | {"/mail/test"}
    | {f"/admin/people/{name}/new-password" for name in ("ada", "alice", "bob", "keith", "morag")}
    | {f"/boards/{board}/moderators{way}" for board in ("garden", "general") for way in ("", "/N/dismiss")}
    | {"/admin/people/N/role", "/admin/people/N/trust"},
}


@pytest.mark.parametrize("world", ["stranger", "member", "admin"], indirect=True)
async def test_pages_that_answer_a_form_are_sound_too(world):
    client, thread = world.client, world.thread
    text = {"text": "Words <b>& more</b>.", "title": "A \"title\" & 'more'", "board": "general"}
    answers = [
        await look.send(client, path, action=action, picture=[world.key], alt=["A cat"], revision=revision, **sent)
        for path in ("/threads", f"{thread.path}/messages", f"/messages/{world.message}/edit")
        for sent in (text, text | {"text": "", "title": ""}, text | {"text": "x" * 20_001, "drop": world.key})
        for action, revision in (("preview", 0), ("send", 7 if "edit" in path else 0))
    ]
    answers += [
        await client.get(path) for path in ("/nowhere", "/threads/999999", "/?sort=x", "/messages/999999/history")
    ]
    answers += [await client.post(path) for path in ("/", "/threads", "/threads/999999/delete", "/sign-in", "/sign-up")]
    answers += [await client.post(f"{thread.path}/delete", headers={"Origin": "https://evil.example"})]
    answers += [await client.post("/sign-up", data=_edit("") | {"name": "a", "password": "b"})]
    pages = [answer for answer in answers if not answer.is_redirect]
    assert len({answer.status_code for answer in pages}) >= 4
    assert len(pages) > 15
    for page in pages:
        assert strict.faults(page, look.tree(page)) == [], (page.request.method, page.url, page.status_code)


@pytest.mark.parametrize("name", ["Zoë", "李小龍", "o'neill"])
async def test_a_name_of_any_letters_has_a_page(join, stranger, name):
    await make_thread(await join(name))
    (link,) = [each for each in look.links(look.tree(await stranger.open("/"))) if each.startswith("/people/")]
    assert link == f"/people/{quote(name)}"
    assert look.words(next(look.tree(await stranger.open(link)).iter("h1"))) == name
