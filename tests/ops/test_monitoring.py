"""The alert rules, as Prometheus' own tool reads them: they parse, and they ring when they should and only then."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

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


def test_they_ring_when_they_should_and_only_then(promtool, tmp_path):
    shutil.copy(RULES, tmp_path / "rules.yaml")
    shutil.copy(CASES, tmp_path / "cases.yaml")
    command = [promtool, "test", "rules", tmp_path / "cases.yaml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
