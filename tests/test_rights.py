"""The table of rights through HTTP, cell by cell: the page offers it or not, the POST is refused or not."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from board.permissions import RIGHTS, ROLES
from tests import look
from tests.conftest import Client
from tests.entrance import PASSWORD
from tests.factories import Made, fields, make_message, make_thread, row
from tests.routes import cheaply

# Whose a thing is, and where: the viewer's own in a board they do not moderate, and others' in one they do or do not.
PLACES = ("own", "here", "away")


@dataclass
class World:
    """Who looks, at what, and what the tries need besides."""

    client: Client
    role: str
    thread: Made
    message: int
    mod: Client
    other: Client


@pytest.fixture
async def world(app, join, alice, mod, bob, request) -> World:
    """A thread and an answer, of the viewer's own or of alice's; for who moderates a board, `here` is that board."""
    role, place = request.param
    await row(app, "insert into boards (slug, name) values ('garden', 'The garden')")
    client = Client(app)
    if role != "stranger":
        client = await join("vera", "member" if role == "board_moderator" else role)
    if role == "board_moderator":
        await row(
            app, "insert into board_moderators select $1, id from boards where slug = 'garden'", client.account["id"]
        )
    # Written by the board's own functions: who waits has none, but one who had might have to wait again.
    author = client if place == "own" and client.account else alice
    thread = await make_thread(author, board="garden" if place == "here" else "general")
    message = await make_message(author, thread)
    yield World(client, role, thread, message, mod, bob)
    await client.aclose()


async def offers(world: World, path: str, target: str) -> bool:
    """Whether a page has a link, a form or a button that leads there."""
    page = await world.client.get(path, follow_redirects=True)
    root = look.tree(page)
    found = [*look.actions(root), *look.links(root), *(each.get("action", "") for each in root.iter("form"))]
    return page.status_code == 200 and any(each.split("?")[0].split("#")[0] == target for each in found)


async def taken(world: World, method: str, path: str, **sent: str) -> bool:
    """Whether a request is answered with what was asked for: not refused, not hidden, not sent to sign in."""
    answer = await world.client.request(method, path, data=sent or None)
    assert answer.status_code in (200, 303, 403, 404), (path, answer.status_code, answer.text)
    assert answer.status_code < 400 or look.words(next(look.tree(answer).iter("main")))
    return answer.status_code < 400 and not answer.headers.get("location", "").startswith("/sign-in")


async def read(world: World) -> list[bool]:
    paths = ("/", world.thread.path, f"/messages/{world.message}/history", "/people/alice", "/help/rights")
    return [await taken(world, "GET", path) for path in paths]


async def reply(world: World) -> list[bool]:
    path = f"{world.thread.path}/messages"
    return [await offers(world, world.thread.path, path), await taken(world, "POST", path, **fields())]


async def start(world: World) -> list[bool]:
    sent = fields(title="A title", board="general")
    return [await offers(world, "/threads/new", "/threads"), await taken(world, "POST", "/threads", **sent)]


async def vote(world: World) -> list[bool]:
    path = f"/messages/{world.message}/vote"
    return [await offers(world, world.thread.path, path), await taken(world, "POST", path, value="1")]


async def edit(world: World) -> list[bool]:
    path = f"/messages/{world.message}/edit"
    sent = fields(text="Other words.", revision="0")
    told = [
        await offers(world, world.thread.path, path),
        await taken(world, "GET", path),
        await taken(world, "POST", path, **sent),
    ]
    stored = await row(world.client.app, "select text from messages where id = $1", world.message)
    return [*told, stored["text"] == "Other words."]


async def delete(world: World) -> list[bool]:
    found = []
    for path in (f"/messages/{world.message}/delete", f"{world.thread.path}/delete"):
        found += [await offers(world, world.thread.path, path), await taken(world, "POST", path)]
    kept = await row(
        world.client.app,
        "select m.deleted_at is null and t.deleted_at is null from messages m, threads t where m.id = $1 and t.id = $2",
        world.message,
        world.thread.id,
    )
    return [*found, not kept[0]]


async def restore(world: World) -> list[bool]:
    """One's own deletions; of others' those by a third, so that nobody but who keeps the peace may undo them."""
    found = []
    async with world.client.app.state.database.connection() as connection:
        own = world.thread.author if world.client.account and world.thread.author == world.client.account["id"] else 0
        by = own or world.mod.account["id"]
        for table, id_ in (("messages", world.message), ("threads", world.thread.id)):
            await connection.execute(f"update {table} set deleted_at = now(), deleted_by = $1 where id = $2", by, id_)
            path = f"/{table}/{id_}/restore"
            found += [await offers(world, world.thread.path, path)]
    found += [await taken(world, "POST", f"{world.thread.path}/restore")]
    if found[-1]:
        found += [await offers(world, world.thread.path, f"/messages/{world.message}/restore")]
    found += [await taken(world, "POST", f"/messages/{world.message}/restore")]
    return found[1:]


async def lock(world: World) -> list[bool]:
    path = f"{world.thread.path}/lock"
    told = [await offers(world, world.thread.path, path), await taken(world, "POST", path)]
    return [
        *told,
        (await row(world.client.app, "select locked_at is not null from threads where id = $1", world.thread.id))[0],
    ]


async def see_views(world: World) -> list[bool]:
    path = f"{world.thread.path}/views"
    return [await offers(world, world.thread.path, path), await taken(world, "GET", path)]


async def invite(world: World) -> list[bool]:
    path = "/account/invitations"
    sent = {"form_key": str(uuid.uuid4()), "note": ""}
    return [await offers(world, path, path), await taken(world, "POST", path, **sent)]


async def admit(world: World) -> list[bool]:
    object.__setattr__(world.client.app.state.config, "sign_up", "approval")
    return [await offers(world, "/", "/admin/applications"), await taken(world, "GET", "/admin/applications")]


async def see_people(world: World) -> list[bool]:
    paths = ("/admin/people", f"/admin/people/{world.other.account['id']}", "/admin/log")
    return [await offers(world, "/", "/admin/people"), *[await taken(world, "GET", path) for path in paths]]


async def see_addresses(world: World) -> list[bool]:
    person = world.other.account["id"]
    await row(world.client.app, "insert into addresses values ($1, true, 'b@example.org', 'b@example.org')", person)
    found = []
    for path in (f"/admin/people/{person}", "/admin/people?q=b@example.org"):
        answer = await world.client.get(path, follow_redirects=True)
        found.append("b@example.org" in answer.text if "q=" not in path else f"person-{person}" in answer.text)
    return found


async def help_in(world: World, path: str, end: str = "") -> list[bool]:
    """A page for those who can not sign in any more, which asks for one's own password."""
    page = f"/admin/people/{world.other.account['id']}"
    cheaply(world.client.app)
    password = await world.client.app.state.passwords.hash(PASSWORD)
    await row(world.client.app, "update accounts set password_hash = $1", password)
    found = [await offers(world, page, path), await taken(world, "GET", path)]
    return [*found, await taken(world, "POST", path + end, current_password=PASSWORD)]


async def make_password_links(world: World) -> list[bool]:
    return await help_in(world, "/admin/people/bob/new-password")


async def remove_factors(world: World) -> list[bool]:
    return await help_in(world, "/admin/people/bob/factors", "/remove")


async def suspend(world: World) -> list[bool]:
    path = f"/admin/people/{world.other.account['id']}"
    told = [
        await offers(world, path, f"{path}/suspend"),
        await taken(world, "POST", f"{path}/suspend", days="7", reason="Spam."),
    ]
    return [*told, await offers(world, path, f"{path}/unsuspend"), await taken(world, "POST", f"{path}/unsuspend")]


async def give_roles(world: World) -> list[bool]:
    path, board = f"/admin/people/{world.other.account['id']}", "/boards/general/moderators"
    found = [await offers(world, path, f"{path}/{what}") for what in ("trust", "role")] + [
        await offers(world, board, board)
    ]
    found += [await taken(world, "POST", board, name="bob")]
    found += [await taken(world, "POST", f"{board}/{world.other.account['id']}/dismiss")]
    found += [await taken(world, "POST", f"{path}/trust", trust="given", reason="")]
    return [*found, await taken(world, "POST", f"{path}/role", role="moderator", reason="")]


async def manage_boards(world: World) -> list[bool]:
    sent = {"name": "News", "description": ""}
    return [
        await offers(world, "/boards", "/boards/new"),
        await offers(world, "/boards", "/boards/general/edit"),
        await taken(world, "GET", "/boards/new"),
        await taken(world, "POST", "/boards", slug="news", **sent),
        await taken(world, "POST", "/boards/general/edit", **sent),
    ]


async def run_board(world: World) -> list[bool]:
    paths = ("/health", "/jobs", "/mail", "/traffic")
    client = world.client.app.state.config
    assert client.traffic_public is False
    world.client.app.state.insiders.know = lambda scope: False
    return [await offers(world, "/", path) for path in paths] + [await taken(world, "GET", path) for path in paths]


TRIES: dict[str, Callable[[World], Awaitable[list[bool]]]] = {
    try_.__name__: try_
    for try_ in (
        read,
        reply,
        start,
        vote,
        edit,
        delete,
        restore,
        lock,
        see_views,
        invite,
        admit,
        see_people,
        see_addresses,
        make_password_links,
        remove_factors,
        suspend,
        give_roles,
        manage_boards,
        run_board,
    )
}


def expected(cell: str, place: str) -> bool:
    """What a cell means for a thing of one's own elsewhere, for others' in a board one moderates, for others' away."""
    return {
        "yes": True,
        "no": False,
        "own": place == "own",
        "others": place != "own",
        "board": place == "here",
        "own+board": place != "away",
    }[cell]


def cells() -> list:
    """Each role for each action; those that are about a thing, in each place."""
    return [
        pytest.param((role, place), action, id=f"{action}-{role}-{place}")
        for action, rights in RIGHTS.items()
        for role in ROLES
        for place in (PLACES if set(rights.cells) - {"yes", "no"} else ("away",))
        if role != "stranger" or place != "own"
    ]


def test_every_action_of_the_table_is_tried():
    assert set(TRIES) == set(RIGHTS)


@pytest.mark.parametrize(("world", "action"), cells(), indirect=["world"])
async def test_a_cell_of_the_table_is_what_pages_offer_and_requests_meet(world, action):
    place = "own" if world.client.account and world.thread.author == world.client.account["id"] else ""
    place = place or ("here" if await _in_garden(world) else "away")
    answers = await TRIES[action](world)
    assert set(answers) == {expected(RIGHTS[action].of(world.role), place)}, answers


async def _in_garden(world: World) -> bool:
    return bool((await row(world.client.app, "select board_id > 1 from threads where id = $1", world.thread.id))[0])


def test_the_cells_that_are_tried_tell_every_word_of_the_table():
    assert {cell for rights in RIGHTS.values() for cell in rights.cells} == {
        "yes",
        "no",
        "own",
        "others",
        "board",
        "own+board",
    }
