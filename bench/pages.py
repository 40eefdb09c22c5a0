"""Pages: against the constant answer, and on a big board against a small one."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from bench import boards, client, report
from bench.boards import Server
from bench.report import Line
from bench.scene import Results, Scene, sign_in

# What a page may cost more on the big board.
GROWTH = 1.3
ORDERS = ("activity", "hot", "top&period=week", "top&period=all", "new", "controversial")


def thread(scene: Scene) -> list[Line]:
    """A thread of 50 messages, as strangers and members see it."""
    path, cookie = scene.big.page, _member(scene)
    known = {"If-None-Match": scene.app.get(path)[1].get("etag", "")}
    with _references(scene) as (constant, uncached):
        tasks = {
            "constant": _task(scene, constant, "/"),
            "shared": _task(scene, scene.app, path),
            "unchanged": _task(scene, scene.app, path, known),
            "member": _task(scene, scene.app, path, cookie),
            "miss": _task(scene, uncached, path),
        }
        found = scene.measure(tasks)
    name = "thread page, 50 messages"
    return [
        Line("constant 10 KB by Starlette", "1", detail=report.told(found["constant"])),
        _compared(found, f"{name} / constant", "shared", 0.25),
        _compared(found, f"{name}, never cached / constant", "miss", None),
        _compared(found, f"{name}, signed in / constant", "member", None),
        _compared(found, f"{name}, 304 / constant", "unchanged", None),
    ]


def front(scene: Scene) -> list[Line]:
    """The front page, as strangers and members see it."""
    cookie = _member(scene)
    with _references(scene) as (constant, uncached):
        tasks = {
            "constant": _task(scene, constant, "/"),
            "shared": _task(scene, scene.app, "/"),
            "member": _task(scene, scene.app, "/", cookie),
            "miss": _task(scene, uncached, "/"),
        }
        found = scene.measure(tasks)
    name = "front page, 25 threads"
    return [
        Line("constant 10 KB by Starlette", "1", detail=report.told(found["constant"])),
        _compared(found, f"{name} / constant", "shared", None),
        _compared(found, f"{name}, never cached / constant", "miss", None),
        _compared(found, f"{name}, signed in / constant", "member", None),
    ]


def growth(scene: Scene) -> list[Line]:
    """Every list, with the database asked each time: the time on the big board, in times on the small one."""
    big, small = scene.big, scene.small
    paths = {f"front page by {order.replace('&period=', ' of ')}": (f"/?sort={order}",) * 2 for order in ORDERS}
    paths |= {
        "a board's page": ("/boards/general",) * 2,
        "longest thread, first page": (big.first, small.first),
        "longest thread, last page": (big.last, small.last),
        "longest thread, best first": (f"{big.first}?sort=best", f"{small.first}?sort=best"),
        "a person's threads": (big.person, small.person),
        "a person's messages": (f"{big.person}?show=messages", f"{small.person}?show=messages"),
    }
    asked = [boards.serve(each.url, scene.folder, PAGE_CACHE_SECONDS=0) for each in (big, small)]
    with asked[0] as one, asked[1] as other:
        tasks = {}
        for name, (on_big, on_small) in paths.items():
            tasks[f"{name} big"] = _task(scene, one, on_big)
            tasks[f"{name} small"] = _task(scene, other, on_small)
        found = scene.measure(tasks)
    return [_grown(found, name) for name in paths]


def _member(scene: Scene) -> dict[str, str]:
    reader = scene.big.readers[:1]
    return {"Cookie": sign_in(scene.big, reader)[reader[0]]}


@contextmanager
def _references(scene: Scene) -> Iterator[tuple[Server, Server]]:
    """The constant answer, and the big board with every request a miss."""
    with (
        boards.constant(scene.folder) as constant,
        boards.serve(scene.big.url, scene.folder, PAGE_CACHE_SECONDS=0) as uncached,
    ):
        yield constant, uncached


def _task(scene: Scene, server: Server, path: str, headers: dict[str, str] | None = None) -> partial:
    client.warm(server, path, headers)
    return partial(client.get, server, path, scene.seconds, headers)


def _compared(found: Results, what: str, name: str, bar: float | None) -> Line:
    return report.at_least(what, found.ratio(name, "constant"), bar, report.told(found[name]))


def _grown(found: Results, name: str) -> Line:
    big, small = f"{name} big", f"{name} small"
    detail = "; ".join(f"{found[each].per_second:,.0f}/s, p50 {found[each].p50:.1f} ms" for each in (big, small))
    return report.at_most(f"{name}, big / small", found.ratio(small, big), GROWTH, detail)
