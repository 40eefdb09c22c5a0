"""The alert rules and the dashboard ask for what Board really tells, and every alert says what to do."""

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.conftest import Client
from tests.factories import fields, make_thread
from tests.photos import phone
from tests.test_metrics import scrape

FOLDER = Path(__file__).resolve().parents[1] / "k8s" / "monitoring"
ALERTS = yaml.safe_load((FOLDER / "alerts.yaml").read_text())["groups"][0]["rules"]
DASHBOARD = json.loads((FOLDER / "dashboard.json").read_text())


def asked() -> dict[str, list[str]]:
    """Every expression, by who asks it."""
    found = {f"alert {rule['alert']}": [rule["expr"]] for rule in ALERTS}
    for panel in DASHBOARD["panels"]:
        found[f"panel {panel['title']}"] = [target["expr"] for target in panel["targets"]]
    for annotation in DASHBOARD["annotations"]["list"]:
        found[f"annotation {annotation['name']}"] = [annotation["expr"]]
    return found


def selectors(expression: str) -> list[tuple[str, dict[str, str]]]:
    """The series that an expression selects: their name, and the labels it wants with their values."""
    found = []
    for name, braces in re.findall(r"\b((?:board|process)_\w+)(?:\{((?:[^{}\"]|\"[^\"]*\")*)\})?", expression):
        found.append((name, dict(re.findall(r'(\w+)\s*=~?\s*"([^"]*)"', braces))))
    return found


@pytest.fixture
async def told(app, alice, bob, stranger, tmp_path, monkeypatch):
    """What /metrics says of a site where a little of everything has happened, in a container."""
    group = {"memory.current": "9000000", "memory.max": "320000000", "memory.stat": "anon 1\ninactive_file 2000000"}
    for name, text in group.items():
        (tmp_path / name).write_text(f"{text}\n")
    monkeypatch.setattr("board.health.metrics._CGROUP", tmp_path)
    thread = await make_thread(alice)
    await bob.post(f"/messages/{thread.opening}/vote", data={"value": "1"})
    await alice.post("/threads", data=fields(title="A", board="general"), files={"files": ("a.jpg", phone("JPEG"))})
    app.router.routes.insert(0, type(app.routes[0])("/crash", _crash))
    async with Client(app) as client:
        client.event_hooks = {}
        client._transport.raise_app_exceptions = False
        await client.get("/crash")
    async with app.state.database.connection() as connection:
        await connection.execute("insert into jobs (kind, dead_at) values ('sweep', now())")
        for kind in ("backup", "drill"):
            await connection.execute(
                "insert into backups (kind, name, started_at) values ($1, 'a', now())",
                kind,
            )
    return await scrape(stranger)


async def _crash(_):
    raise RuntimeError


async def test_every_expression_asks_for_series_that_there_are(told):
    series = {}
    for name, labels in told:
        series.setdefault(name, []).append(dict(labels))
    for who, expressions in asked().items():
        for expression in expressions:
            wanted = selectors(expression)
            assert wanted or "up{" in expression, (who, expression)
            for name, labels in wanted:
                assert name in series, f"{who} asks for {name}, which /metrics does not tell"
                equal = {key: value for key, value in labels.items() if key != "job" and value.isalnum()}
                assert any(equal.items() <= each.items() for each in series[name]), f"{who} asks for {name}{labels}"
            for group in re.findall(r"by \(([\w, ]+)\)", expression):
                known = {"instance", "le"}.union(*(each for name, _ in wanted for each in series[name]))
                assert set(group.split(", ")) <= known, f"{who} groups by {group}"


async def test_only_copies_of_files_are_left_out_of_the_memory(told):
    assert told("memory_bytes") == 7_000_000
    assert told("memory_limit_bytes") == 320_000_000


def test_every_alert_says_what_to_do_and_where_to_read_on():
    headings = re.findall("^### (.*)$", (FOLDER / "README.md").read_text(), re.MULTILINE)
    anchors = {f"k8s/monitoring/README.md#{heading.lower()}" for heading in headings}
    linked = set()
    for rule in ALERTS:
        assert rule["labels"]["severity"] in ("critical", "warning"), rule["alert"]
        assert re.match(r"^[A-Z'{].*\.$", rule["annotations"]["summary"]), rule["alert"]
        assert re.match(r"^.*[.]$", rule["annotations"]["description"]), rule["alert"]
        assert rule["annotations"]["runbook_url"] in anchors, rule["alert"]
        linked.add(rule["annotations"]["runbook_url"])
    assert anchors == linked, "a heading that no alert leads to"


def test_every_setting_that_the_runbook_names_is_one():
    from board.kit.config import Config

    settings = {name.upper() for name in Config.__dataclass_fields__}
    for name in set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)(?:=[^`]*)?`", (FOLDER / "README.md").read_text())):
        assert name in settings or name.startswith("OTEL_"), name


def test_panels_stand_beside_each_other():
    places = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        squares = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not squares & places, panel["title"]
        assert place["x"] + place["w"] <= 24
        places |= squares
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
