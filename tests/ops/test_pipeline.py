"""The pipeline's stages really run: from a commit to two pods that are live, and back when a release is bad."""

import json
import re

import pytest

from tests.ops import agent, images, pods
from tests.ops.agent import Agent
from tests.ops.doors import Door, client
from tests.ops.machine import Machine
from tests.ops.people import Person

SITES = {"test": "board-test.example", "production": "board.example"}
# Well on an empty board, so that the test environment finds nothing; broken where people have written.
BROKEN = """
FROM {image}
USER 0
WORKDIR /opt/board/lib/python3.13/site-packages/board/templates/threads
RUN sed -i '1s/^/{{% if page.rows %}}{{{{ no_such_name }}}}{{% endif %}}/' _threads.html
WORKDIR /
USER 10001:10001
"""
ANOTHER = "FROM {image}\nLABEL another=release\n"


@pytest.fixture(scope="module")
def jenkins(image):
    """An agent before an empty machine, on which the secrets of both environments are made."""
    agent.need("groovy", "docker-registry", "haproxy", "openssl")
    images.stand_in_postgres(pods.kustomized("overlays/test"))
    machine = Machine()
    one = Agent(machine, SITES)
    try:
        machine.podman("kube", "play", "-", input=pods.secrets())
        yield one
    finally:
        one.close()
        machine.close()


@pytest.fixture(scope="module")
def production(jenkins):
    """A person's way to production."""
    door = Door(jenkins.machine.pid, lambda: ("127.0.0.1", jenkins.ports["production"]))
    with client(door.url, f"https://{SITES['production']}") as browser:
        yield Person(browser)
    door.close()


@pytest.fixture(scope="module")
def first(jenkins):
    """The run of the first commit."""
    return jenkins.pipeline(TESTS="tests/test_ranking.py", BENCH="--help")


@pytest.fixture(scope="module")
def story(first, production):
    """What somebody wrote in production after the first release."""
    production.sign_up("alice")
    return production.start_thread("Kept", "Nothing of this may be lost.")


def pushed(jenkins: Agent, recipe: str) -> str:
    """Another release in the registry, made from the first one; its digest."""
    name, (image,) = f"{agent.REGISTRY}/board:other", jenkins.good("production")[-1:]
    (jenkins.folder / "recipe").write_text(recipe.format(image=image))
    done = jenkins.run("sh", "-c", f"podman build --quiet --format docker $BUILD_FLAGS -t {name} -f recipe k8s/with")
    assert done.returncode == 0, done.stdout
    jenkins.machine.podman("push", "--quiet", "--digestfile=/work/digest", name)
    return (jenkins.machine.share / "digest").read_text()


def stages(run) -> list[str]:
    """The stages that a run came to, in order."""
    return re.findall(r"^\[pipeline\] stage '([^']+)'$", run.stdout, re.MULTILINE)


def test_a_commit_on_main_comes_to_production(jenkins, first):
    assert first.returncode == 0, first.stdout
    live = {name: jenkins.live(name) for name in SITES}
    assert live["test"] == live["production"]
    assert live["test"].startswith(f"{agent.REGISTRY}/board@sha256:")
    print(first.stdout)


def test_what_was_tested_is_what_is_live(jenkins, first):
    tested = re.search(r"\+ k8s/test (sha256:\w+)", first.stdout)[1].removeprefix("sha256:")
    running = json.loads(jenkins.machine.podman("container", "inspect", "board-production-pod-app"))[0]
    assert running["Image"] == tested
    assert re.search(r"\| \d+ passed", first.stdout)


def test_its_reports_are_kept(first):
    assert re.search(r"junit: [1-9]\d* tests, 0 failed", first.stdout)
    archived = re.search(r"archived: (.*)", first.stdout)[1].split()
    assert {"junit.xml", "coverage.xml", "benchmarks.txt", "image.json", "release", "test.yaml", "production.yaml"} <= {
        *archived
    }


def test_no_secret_is_in_its_log(first):
    assert agent.PASSWORD not in first.stdout


def test_a_pull_request_is_tested_and_deploys_nothing(jenkins, first, story):
    before = jenkins.containers()
    run = jenkins.pipeline("-e", "CHANGE_ID=7", "-e", "BRANCH_NAME=PR-7", TESTS="tests/test_ranking.py")
    assert run.returncode == 0, run.stdout
    assert {*stages(run)} == {"Checkout", "Image", "Build", "Check", "Test", "Lint", "Scan"}
    assert jenkins.containers() == before


def test_a_failing_test_stops_everything(jenkins, first):
    before = jenkins.containers()
    run = jenkins.pipeline(TESTS="tests/test_ranking.py -k nothing")
    assert run.returncode == 1
    assert "Push" not in stages(run)
    assert jenkins.containers() == before


def test_an_earlier_build_is_deployed_without_building_and_taken_back_by_the_roll_back(jenkins, production, story):
    before, another = jenkins.live("production"), pushed(jenkins, ANOTHER)
    run = jenkins.pipeline("-p", f"VERSION={another}")
    assert run.returncode == 0, run.stdout
    assert "Build" not in stages(run)
    assert jenkins.live("production").endswith(another)
    assert "Nothing of this may be lost." in production.open(story).text

    run = jenkins.pipeline("-p", "ROLL_BACK=true")
    assert run.returncode == 0, run.stdout
    assert stages(run) == ["Checkout", "Roll back"]
    assert jenkins.live("production") == before
    assert jenkins.live("test").endswith(another), "only production is taken back"
    assert "Nothing of this may be lost." in production.open(story).text


def test_a_release_whose_smoke_fails_is_taken_back_and_nothing_is_lost(jenkins, production, story):
    before, broken = jenkins.live("production"), pushed(jenkins, BROKEN)
    run = jenkins.pipeline("-p", f"VERSION={broken}")
    assert run.returncode == 1
    assert "stage 'Smoke production' failed" in run.stdout, run.stdout
    assert "/ answered 500 instead of 200: " in run.stdout
    assert f"production: taking back {agent.REGISTRY}/board@{broken}" in run.stdout
    assert run.stdout.count("https://board.example is well.") == 1, "after the roll-back"
    assert jenkins.live("production") == before
    assert "Nothing of this may be lost." in production.open(story).text
    production.answer(story, "And we go on.")


def test_a_version_that_nobody_pushed_is_refused(jenkins, first):
    before = jenkins.containers()
    run = jenkins.pipeline("-p", "VERSION=0123abcd")
    assert run.returncode == 1
    assert "has no 0123abcd: give the whole digest" in run.stdout
    assert jenkins.containers() == before


def test_with_approval_on_a_no_keeps_it_out_of_production(jenkins, story):
    before = jenkins.live("production")
    run = jenkins.pipeline("--refuse", "-p", f"VERSION={pushed(jenkins, ANOTHER)}", BOARD_APPROVAL="yes")
    assert run.returncode == 1
    assert stages(run)[-1] == "Approve"
    assert jenkins.live("production") == before
