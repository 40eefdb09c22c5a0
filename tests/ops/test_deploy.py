"""Deploys to Kubernetes: first the migration, then the release; and back. The cluster is a stand-in."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ops.images import ROOT

REPOSITORY = "registry.example/board"
FIRST, SECOND, THIRD = (f"{REPOSITORY}@sha256:{digit * 64}" for digit in "123")


class Cluster:
    """What was done to it, line by line, and the scripts that do it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "cluster"
        self.checkout = folder / "checkout"
        self.folder.mkdir()
        (self.folder / "bad").touch()
        shutil.copytree(ROOT / "k8s", self.checkout / "k8s")
        tools = folder / "tools"
        tools.mkdir()
        (tools / "kubectl").write_text(f'#!/bin/sh\nexec {sys.executable} {ROOT}/tests/ops/kubectl.py "$@"\n')
        (tools / "kubectl").chmod(0o755)
        self.environment = {
            **os.environ,
            "PATH": f"{tools}:{os.environ['PATH']}",
            "KUBECTL": shutil.which("kubectl"),
            "CLUSTER": str(self.folder),
            "READY_SECONDS": "1",
        }

    def run(self, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        (self.folder / "log").write_text("")
        command = [self.checkout / "k8s" / script, *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def release(self, environment: str, release: str) -> None:
        """Deploy it and find it good."""
        for script in ("deploy", "mark"):
            done = self.run(script, environment, release)
            assert done.returncode == 0, done.stdout + done.stderr

    def breaks(self, word: str) -> None:
        """From now on what has this word in its manifest never gets well."""
        (self.folder / "bad").write_text(word)

    def done(self) -> list[str]:
        """What the last script did, in order, without what every deploy applies."""
        lines = (self.folder / "log").read_text().splitlines()
        return [line for line in lines if re.search(r"deployment|\bjob/|releases", line)]

    def live(self, name: str = "board") -> str:
        found = re.search(r'"image": "(registry[^"]+)"', (self.folder / f"deployment.apps-{name}").read_text())
        assert found
        return found[1]


@pytest.fixture
def cluster(tmp_path):
    return Cluster(tmp_path)


def test_the_one_pod_is_applied_and_waited_for(cluster):
    done = cluster.run("deploy", "production", FIRST)
    assert done.returncode == 0, done.stdout + done.stderr
    assert cluster.done() == ["apply deployment.apps/board", "wait for deployment.apps/board"]
    assert cluster.live() == FIRST
    assert done.stdout.startswith(f"production: from nothing to {FIRST}\n")


def test_the_process_is_told_its_release(cluster):
    cluster.run("deploy", "production", FIRST)
    assert f"RELEASE: {FIRST.partition('@')[2]}" in (cluster.checkout / "build" / "production.yaml").read_text()


def test_the_migration_is_through_before_the_release_comes(cluster):
    cluster.run("deploy", "scaled", FIRST)
    done = cluster.run("deploy", "scaled", SECOND)
    assert done.returncode == 0, done.stdout + done.stderr
    assert cluster.done() == [
        "delete job/board-migrate",
        "apply job/board-migrate",
        "apply deployment.apps/board",
        "apply job/board-migrate",
        "wait for deployment.apps/board",
    ]


def test_a_migration_that_went_through_is_not_made_again(cluster):
    assert cluster.run("migrate", "scaled", FIRST).returncode == 0
    assert cluster.done() == ["apply job/board-migrate"]
    assert cluster.run("deploy", "scaled", FIRST).returncode == 0
    assert "delete job/board-migrate" not in cluster.done()


def test_a_migration_that_fails_leaves_the_release_before_alone(cluster):
    cluster.release("scaled", FIRST)
    cluster.breaks("2" * 64)
    done = cluster.run("deploy", "scaled", SECOND)
    assert done.returncode == 1
    assert "scaled: the migration did not go through: see above, and build/reports/scaled.txt" in done.stderr
    assert cluster.live() == FIRST
    assert "apply deployment.apps/board" not in cluster.done()

    assert cluster.run("rollback", "scaled", SECOND).returncode == 0
    assert cluster.live() == FIRST, "not to what was before that one"


def test_a_release_that_never_gets_ready_is_told_and_taken_back(cluster):
    cluster.release("production", FIRST)
    cluster.breaks("2" * 64)
    done = cluster.run("deploy", "production", SECOND)
    assert done.returncode == 1
    assert "production: the release did not become ready" in done.stderr
    assert cluster.live() == SECOND
    assert cluster.run("rollback", "production", SECOND).returncode == 0
    assert cluster.live() == FIRST


def test_a_release_that_was_taken_back_is_no_place_to_go_back_to(cluster):
    cluster.release("production", FIRST)
    cluster.release("production", SECOND)
    assert cluster.run("rollback", "production").returncode == 0
    cluster.release("production", THIRD)
    assert cluster.run("rollback", "production").returncode == 0
    assert cluster.live() == FIRST


def test_each_roll_back_goes_to_what_was_good_before(cluster):
    for release in (FIRST, SECOND, THIRD):
        cluster.release("production", release)
    assert cluster.run("rollback", "production").returncode == 0
    assert cluster.live() == SECOND
    assert cluster.run("rollback", "production").returncode == 0
    assert cluster.live() == FIRST
    done = cluster.run("rollback", "production")
    assert done.returncode == 1
    assert "production: there is no earlier release to go back to" in done.stderr
    assert cluster.live() == FIRST


def test_a_release_that_nobody_found_good_is_no_place_to_go_back_to(cluster):
    cluster.release("production", FIRST)
    cluster.run("deploy", "production", SECOND)
    cluster.release("production", THIRD)
    cluster.run("rollback", "production")
    assert cluster.live() == FIRST


def test_each_colour_is_deployed_and_taken_back_alone(cluster):
    for colour, release in (("blue", FIRST), ("green", SECOND), ("green", THIRD)):
        cluster.release(colour, release)
    assert (cluster.live("board-blue"), cluster.live("board-green")) == (FIRST, THIRD)
    assert cluster.run("rollback", "green").returncode == 0
    assert (cluster.live("board-blue"), cluster.live("board-green")) == (FIRST, SECOND)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("production", "registry.example/board:latest"), "name the release as REPOSITORY@sha256:..., not"),
        (("production",), "name the release as REPOSITORY@sha256:..., not ''"),
        (("moon", FIRST), "there is no k8s/overlays/moon"),
        ((), "which environment: test, production or another folder of k8s/overlays"),
    ],
)
def test_what_can_not_be_deployed_is_refused_with_a_sentence(cluster, arguments, why):
    done = cluster.run("deploy", *arguments)
    assert done.returncode != 0
    assert why in done.stderr
    assert cluster.done() == []
