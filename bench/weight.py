"""What goes over the line, what the server holds, and how soon it is there."""

import statistics

from bench import boards, report
from bench.report import Line
from bench.scene import Scene

KB = 1000
ENCODINGS = ("zstd", "br", "gzip", "")
START_SECONDS = 1.5
MEMORY_MB = 120


def weight(scene: Scene) -> list[Line]:
    """Bytes of pages and files as a current browser gets them, and by encoding."""
    html = scene.app.get("/", {})[2]
    files = {
        "front page, 25 threads, HTML": ("/", 8 * KB),
        "thread page, 50 messages, HTML": (scene.big.page, None),
        "CSS": (boards.asset(html, "board", "css"), 6 * KB),
        "JavaScript of our own": (boards.asset(html, "board", "js"), 3 * KB),
        "htmx": (boards.asset(html, "htmx", "js"), None),
    }
    lines = [_weighed(scene, what, path, bar) for what, (path, bar) in files.items()]
    cold = sum(len(scene.app.get(path)[2]) for what, (path, _) in files.items() if not what.startswith("thread"))
    return [
        *lines,
        report.at_most("all of a first visit to the front page", cold, None, "without pictures", "{:,.0f} B"),
    ]


def start(scene: Scene) -> list[Line]:
    """From the start of the process to its first answer."""
    times = []
    for _ in range(3):
        with boards.serve(scene.big.url, scene.folder) as server:
            server.get("/help")
            times.append(server.started_in)
    seconds = statistics.median(times)
    return [report.at_most("start on a migrated database", seconds, START_SECONDS, "until it listens", "{:.2f} s")]


def memory(scene: Scene) -> list[Line]:
    """Of the server that was there all the time, without PostgreSQL."""
    return [report.at_most("memory of the server at the end", scene.app.memory(), MEMORY_MB, "resident", "{:.0f} MB")]


def _weighed(scene: Scene, what: str, path: str, bar: float | None) -> Line:
    sizes = {each or "plain": len(scene.app.get(path, {"Accept-Encoding": each})[2]) for each in ENCODINGS}
    _, headers, body = scene.app.get(path)
    detail = ", ".join(f"{name} {size:,}" for name, size in sizes.items())
    return report.at_most(what, len(body), bar, f"{headers.get('content-encoding', 'plain')}; {detail}", "{:,.0f} B")
