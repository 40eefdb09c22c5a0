"""What was measured, as a table with the bars, and the machine that it was measured on."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.client import WRK, Figures

_README = Path(__file__).with_name("README.md")
_BEGIN, _END = "<!-- figures -->\n", "<!-- end -->\n"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table; `met` is None where there is no bar."""

    what: str
    value: str
    bar: str = ""
    met: bool | None = None
    detail: str = ""

    def cells(self) -> tuple[str, ...]:
        return self.what, self.value, self.bar, {None: "", True: "PASS", False: "MISS"}[self.met], self.detail


def at_least(what: str, value: float, bar: float | None, detail: str) -> Line:
    """A ratio that should be large."""
    return Line(what, f"{value:.3f}", *(("", None) if bar is None else (f">= {bar:g}", value >= bar)), detail)


def at_most(what: str, value: float, bar: float | None, detail: str, form: str = "{:.2f}") -> Line:
    """A number that should be small."""
    met = ("", None) if bar is None else (f"<= {form.format(bar)}", value <= bar)
    return Line(what, form.format(value), *met, detail)


def told(figures: Figures) -> str:
    """A measurement in absolute numbers, which hold for this machine in this minute."""
    parts = [f"{figures.per_second:,.0f}/s"]
    if figures.p99:
        parts.append(f"p50 {figures.p50:.1f}, p99 {figures.p99:.1f} ms")
    if figures.cpu:
        parts.append(f"CPU {figures.cpu:,.0f} us")
    if figures.client_share > 0.8:
        parts.append("client at its limit")
    return ", ".join(parts)


def table(groups: Mapping[str, list[Line]]) -> str:
    """Markdown that is legible as it is."""
    rows = [("what", "value", "bar", "", "in numbers")]
    for lines in groups.values():
        rows += [line.cells() for line in lines]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    rows.insert(1, tuple("-" * max(width, 1) for width in widths))
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |" for row in rows
    )


def machine(postgresql: str, load_before: float) -> str:
    """Where, with what, and how busy the machine was with other things."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, commit {_commit()}. {cores} cores ({_processor()}), {platform.system()}, "
        f"Python {platform.python_version()}, PostgreSQL {postgresql}, pages by {'wrk' if WRK else 'our own client'}. "
        f"Load average before the run {load_before:.1f}, at its end {os.getloadavg()[0]:.1f}."
    )


def write(text: str) -> None:
    """Put the figures into README.md, between its two marks."""
    before, _, rest = _README.read_text().partition(_BEGIN)
    _README.write_text(f"{before}{_BEGIN}\n{text}\n\n{_END}{rest.partition(_END)[2]}")


def say(text: str) -> None:
    """Progress, beside the table."""
    print(text, file=sys.stderr, flush=True)


def _commit() -> str:
    if not shutil.which("git"):
        return "unknown"

    def git(*words: str) -> str:
        found = subprocess.run(["git", *words], cwd=_README.parent, capture_output=True, text=True, check=False)
        return found.stdout.strip()

    changed = " with changes" if git("status", "--porcelain", "--untracked-files=no") else ""
    return f"{git('rev-parse', '--short', 'HEAD') or 'unknown'}{changed}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())
