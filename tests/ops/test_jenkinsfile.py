"""The Jenkinsfile keeps to Jenkins' model, and its steps are scripts that are there; a broken one is found out."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ops import agent
from tests.ops.images import ROOT

JENKINSFILE = (ROOT / "Jenkinsfile").read_text()
RUNBOOK = ROOT / "k8s" / "jenkins.md"
SCRIPTS = sorted(path for path in (ROOT / "k8s").iterdir() if path.is_file() and path.suffix == "")
SHELL = [path for path in SCRIPTS if path.read_text().startswith("#!/bin/sh")]


def check(path: Path) -> subprocess.CompletedProcess[str]:
    agent.need("groovy")
    command = ["groovy", str(agent.PIPELINE), str(path), "--check"]
    return subprocess.run(command, env=agent.environment(), capture_output=True, text=True, check=False, timeout=120)


def test_the_jenkinsfile_is_valid():
    done = check(ROOT / "Jenkinsfile")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("good", "bad", "why"),
    [
        ("    agent { label 'board' }\n", "", "missing required section 'agent'"),
        ("agent { label", "agnet { label", "unknown directive or step 'agnet' in pipeline"),
        ("skipDefaultCheckout()", "skipDefaultChekout()", "unknown option 'skipDefaultChekout'"),
        ("!params.ROLL_BACK &&", "!params.ROLLBACK &&", "no such parameter 'ROLLBACK'"),
        ("sh 'k8s/build'", "shh 'k8s/build'", "unknown directive or step 'shh' in steps"),
        ("sh 'k8s/build'", "sh comand: 'k8s/build'", "sh: unknown argument 'comand'"),
        ("sh 'k8s/build'", "if (true) { sh 'k8s/build' }", "logic belongs in a script"),
        ("stage('Lint')", "stage('Test')", "duplicate stage 'Test'"),
        ("steps { sh 'make lint' }", "", "stage 'Lint' needs exactly one of steps, stages, parallel"),
        ("unsuccessful {", "failed {", "unknown post condition 'failed'"),
        ("    post {\n        always", "    post {{\n        always", "startup failed"),
    ],
    ids=lambda text: text.strip()[:30],
)
def test_a_broken_one_is_refused_with_the_reason(tmp_path, good, bad, why):
    assert good in JENKINSFILE
    (tmp_path / "Jenkinsfile").write_text(JENKINSFILE.replace(good, bad, 1))
    done = check(tmp_path / "Jenkinsfile")
    assert done.returncode in (1, 2)
    assert "VALID" not in done.stdout.replace("INVALID", "")
    assert why in done.stdout + done.stderr


def test_every_step_is_a_script_that_can_be_run_by_hand():
    steps = re.findall(r"sh '([\w/]+)", JENKINSFILE)
    assert len(steps) > 10
    for step in {*steps} - {"make"}:
        assert (ROOT / step).stat().st_mode & 0o111, step


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_says_how_it_is_used(script):
    assert re.search(rf"k8s/{script.name}\b", script.read_text()), "its own call, at the top"
    assert script.stat().st_mode & 0o111


def test_the_scripts_pass_shellcheck():
    linter = Path(sys.executable).with_name("shellcheck")
    done = subprocess.run([linter, "-x", *SHELL], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("scanner", "why"),
    [
        ("grype", "SCANNER=grype, but it is not installed here: install it, or say SCANNER=none."),
        ("clam", "SCANNER=clam is unknown: say trivy, grype or none."),
    ],
)
def test_a_scanner_that_is_asked_for_and_not_there_is_a_failure(scanner, why):
    given = {"PATH": "/usr/bin:/bin", "SCANNER": scanner}
    done = subprocess.run([ROOT / "k8s/scan", "x"], env=given, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, f"{why}\n")


def test_the_runbook_knows_every_stage_credential_and_setting():
    text = RUNBOOK.read_text()
    names = re.findall(r"stage\('([^']+)'\)", JENKINSFILE)
    names += re.findall(r"credentials\('([^']+)'\)", JENKINSFILE)
    names += re.findall(r"env\.([A-Z_]+)", JENKINSFILE)
    for name in {*names}:
        assert f"`{name}`" in text or f"**{name}**" in text, name


def test_the_runbook_leads_on_from_every_alarm():
    alarms = re.findall(r"alert: (\w+)", (ROOT / "k8s" / "monitoring" / "alerts.yaml").read_text())
    headings = re.findall(r"^### (\w+)$", (ROOT / "k8s" / "monitoring" / "README.md").read_text(), re.MULTILINE)
    links = dict(re.findall(r"\[(Board\w+)\]\(monitoring/README.md#(\w+)\)", RUNBOOK.read_text()))
    assert links.keys() == {*alarms}
    assert {*links.values()} <= {heading.lower() for heading in headings}


def test_no_secret_stands_in_the_jenkinsfile():
    assert not re.search(r"(?i)(password|token|secret)\s*[:=]\s*['\"]\w", JENKINSFILE)
