"""What watches the pod: Prometheus' own tool reads the alert rules, and the numbers and log lines come out of it."""

import base64
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import httpx
import pytest
import yaml

from tests.ops.images import ROOT
from tests.ops.machine import cache, locked

RULES = ROOT / "k8s" / "monitoring" / "alerts.yaml"
CASES = Path(__file__).with_name("alerts.yaml")


@pytest.fixture(scope="session")
def promtool() -> str:
    """Debian's promtool, taken out of its package: installed, that would start a Prometheus."""
    if found := shutil.which("promtool"):
        return found
    tool = cache() / "promtool"
    with locked("promtool"), tempfile.TemporaryDirectory() as folder:
        if not tool.exists():
            quietly = {"cwd": folder, "capture_output": True}
            subprocess.run(["apt-get", "-qq", "update"], check=True, **quietly)
            subprocess.run(["apt-get", "-qq", "download", "prometheus"], check=True, **quietly)
            (package,) = Path(folder).glob("prometheus_*.deb")
            subprocess.run(["dpkg-deb", "-x", package, folder], check=True, **quietly)
            shutil.move(Path(folder) / "usr" / "bin" / "promtool", tool)
    return str(tool)


def test_the_rules_are_rules(promtool):
    done = subprocess.run([promtool, "check", "rules", RULES], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_example_for_a_plain_prometheus_is_one(promtool):
    command = [promtool, "check", "config", "--syntax-only", RULES.with_name("scrape.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_they_ring_when_they_should_and_only_then(promtool, tmp_path):
    shutil.copy(RULES, tmp_path / "rules.yaml")
    shutil.copy(CASES, tmp_path / "cases.yaml")
    command = [promtool, "test", "rules", tmp_path / "cases.yaml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_bears_the_token_of_the_secret_and_nobody_else_sees_the_numbers(pod, manifests):
    monitor = yaml.safe_load(RULES.with_name("service-monitor.yaml").read_text())["spec"]["endpoints"][0]
    place = monitor["authorization"]["credentials"]
    documents = list(yaml.safe_load_all(manifests))
    (secret,) = [each for each in documents if each["kind"] == "Secret" and each["metadata"]["name"] == place["name"]]
    token = base64.b64decode(secret["data"][place["key"]]).decode()
    # By the Ingress, and from inside of the cluster.
    with pod.visitor() as visitor, httpx.Client(base_url=pod.door.url) as neighbour:
        for client in (visitor, neighbour):
            assert client.get(monitor["path"]).status_code == 403
            told = client.get(monitor["path"], headers={"Authorization": f"Bearer {token}"})
            assert told.status_code == 200
            assert "board_ready 1.0" in told.text


def test_every_line_of_a_request_is_an_object_that_names_no_address(pod):
    with pod.visitor("198.51.100.77") as visitor:
        number = visitor.get("/help").headers["x-request-id"]
    lines = [line for line in pod.logs("app").splitlines() if number in line]
    assert [json.loads(line)["route"] for line in lines] == ["/help"]
    assert "198.51.100.77" not in pod.logs("app")
