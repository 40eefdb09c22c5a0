"""What the pages of figures say: a few large figures, plots with their words, and tables."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from board.kit import figures, sketches
from board.traffic.counter import OTHER
from board.traffic.series import Series, Step, total

Figure = Callable[[Step], float | None]

# Of what a plot or a large figure is made: its words, its figure in a step, and how that is written.
_VIEWS = ("Page views", lambda step: step.views, "{:,.0f}".format)
_VISITORS = ("Visitors", lambda step: step.visitors, "{:,.0f}".format)
_REQUESTS = ("Requests", lambda step: step.requests, "{:,.0f}".format)
_BYTES = ("Data sent", lambda step: step.bytes, figures.size)
_PACE = ("95 % of pages within", lambda step: step.quantile(0.95), figures.seconds)
VIEWS = (_VIEWS,)
SUMMARY = (_VIEWS, _VISITORS)
EVERYTHING = (_VIEWS, _VISITORS, _REQUESTS, _BYTES, _PACE)

_LABELS = {
    "kind": {"person": "People who are not signed in", "member": "Members", "bot": "Bots and other programs"},
    "status": {
        "2xx": "2xx: answered",
        "3xx": "3xx: elsewhere, or as it was",
        "4xx": "4xx: refused",
        "5xx": "5xx: failed",
        "none": "left before the answer",
    },
    "device": {"phone": "Phone", "tablet": "Tablet", "desktop": "Desktop", "other": "Other"},
    "referrer": {"": "None told", OTHER: "Others"},
    "language": {"": "None told", OTHER: "Others"},
    "route": {"": "No such address"},
}
_HEADINGS = (
    ("kind", "Who asks", "requests"),
    ("status", "Answers", "requests"),
    ("referrer", "Where people come from", "views"),
    ("device", "Devices", "views"),
    ("language", "Languages", "views"),
)


def tiles(series: Series, what: Any) -> list[dict[str, str]]:
    """The large figures of a window."""
    now, before = total(series.now), total(series.before)
    return [
        {
            "label": label if figure is not _VISITORS[1] or series.window.step != "hour" else "Visitors today",
            "figure": write(figure(now)),
            "before": write(figure(before)),
            "change": figures.change(figure(now) or 0, figure(before) or 0),
        }
        for label, figure, write in what
    ]


def plots(series: Series, what: Any) -> list[dict[str, Any]]:
    """A plot for each figure that is known of every step, with its words for those who do not see it."""
    if series.window.step == "hour":
        what = [each for each in what if each is not _VISITORS]
    return [_plot(series, *each) for each in what]


def _plot(series: Series, label: str, figure: Figure, write: Callable[[float], str]) -> dict[str, Any]:
    now, before = [figure(step) for step in series.now], [figure(step) for step in series.before]
    window, drawing = series.window, figures.draw(now, before)
    highest = max(range(len(now)), key=lambda place: now[place] or 0)
    words = f"{window.label}, one point for each {window.step}. "
    words += (
        f"Most: {write(now[highest] or 0)} ({window.text(window.starts[highest])}). " if now[highest] else "Nothing. "
    )
    middle = window.starts[len(window.starts) // 2]
    return {
        "name": label.split(maxsplit=1)[0].lower(),
        "title": label,
        "words": words + "The dashed line is the time before.",
        "drawing": drawing,
        "scale": [write(drawing.top), write(drawing.top / 2) if drawing.top > 1 or figure is _PACE[1] else "", "0"],
        "times": [window.short(window.starts[0]), window.short(middle), window.short(window.starts[-1])],
    }


def steps(series: Series, what: Any) -> dict[str, Any]:
    """The figures of the plots as a table, the newest first."""
    if series.window.step == "hour":
        what = [each for each in what if each is not _VISITORS]
    rows = [
        {"label": series.window.text(start), "cells": [write(figure(step)) for _, figure, write in what]}
        for start, step in zip(series.window.starts, series.now, strict=True)
    ]
    return {"heading": "All figures", "columns": ["Time (UTC)", *(label for label, *_ in what)], "rows": rows[::-1]}


def tables(sums: list[Any], times: list[Any], threads: list[Any]) -> list[dict[str, Any]]:
    """The tables below the plots, from the columns of traffic/get_report."""
    by_dimension: dict[str, list[Any]] = defaultdict(list)
    for dimension, *row in sums:
        by_dimension[dimension].append(row)
    opened = [{"label": title, "link": f"/threads/{id}", "cells": [f"{views:,}"]} for id, title, views in threads]
    return [
        {"heading": "Threads opened most, in whole days", "columns": ["Thread", "Views"], "rows": opened},
        *(_shares(name, heading, unit, by_dimension[name]) for name, heading, unit in _HEADINGS),
        _routes(by_dimension["route"], times),
    ]


def _shares(name: str, heading: str, unit: str, rows: list[Any]) -> dict[str, Any]:
    every = sum(requests for _, requests, *_ in rows) or 1
    return {
        "heading": heading,
        "columns": [heading, unit.capitalize(), "Share", "Change", "Data"],
        "rows": [
            {
                "label": _LABELS[name].get(key, key),
                "share": round(100 * requests / every, 1),
                "cells": [
                    f"{requests:,}",
                    f"{100 * requests / every:.0f} %",
                    figures.change(requests, before),
                    figures.size(size),
                ],
            }
            for key, requests, _, size, before in rows
        ],
    }


def _routes(rows: list[Any], times: list[Any]) -> dict[str, Any]:
    buckets: dict[str, dict[int, int]] = defaultdict(dict)
    for route, bucket, requests in times:
        buckets[route][bucket] = requests
    return {
        "heading": "Addresses",
        "columns": ["Address", "Requests", "Change", "Views", "Data", "50 %", "95 %", "99 %"],
        "rows": [
            {
                "label": _LABELS["route"].get(route, route.replace(":id}", "}")),
                "cells": [
                    f"{requests:,}",
                    figures.change(requests, before),
                    f"{views:,}" if views else "",
                    figures.size(size),
                    *(figures.seconds(sketches.quantile(buckets[route], share)) for share in (0.5, 0.95, 0.99)),
                ],
            }
            for route, requests, views, size, before in rows
        ],
    }
