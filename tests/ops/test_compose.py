"""compose.yaml: the two containers of the pod for people without Kubernetes, played by podman-compose."""

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import yaml

from tests import photos
from tests.ops.doors import Door, client
from tests.ops.images import ROOT
from tests.ops.machine import ENVIRONMENT, Machine
from tests.ops.people import Person
from tests.ops.pods import eventually

COMPOSE = Path(sys.executable).with_name("podman-compose")
PHOTO = ("phone.jpg", photos.phone("JPEG"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory, image) -> Path:
    """What somebody has who cloned the repository and made the secrets."""
    folder = tmp_path_factory.mktemp("compose")
    shutil.copy(ROOT / "compose.yaml", folder)
    shutil.copytree(ROOT / "k8s", folder / "k8s")
    made = subprocess.run([folder / "k8s" / "make-secrets", "--env", "ada"], check=True, stdout=-1, text=True).stdout
    (folder / ".env").write_text(f"{made}BOARD_IMAGE={image}\n")
    return folder


@pytest.fixture(scope="module")
def compose(folder, manifests):
    """Runs podman-compose in a machine of its own: compose("up", "--detach")."""
    machine = Machine(see=[folder])
    # It looks for the files here, and for podman there.
    inside = ["nsenter", "-t", machine.pid, "-m", "-n", "-p", "-r", "-w", "--", "env", "-i"]
    inside += [f"{name}={value}" for name, value in ENVIRONMENT.items()]
    podman = folder / "podman"
    podman.write_text(f'#!/bin/sh\nexec {shlex.join(map(str, inside))} podman "$@"\n')
    podman.chmod(0o755)

    def run(*arguments: str) -> str:
        command = [COMPOSE, "--podman-path", podman, *arguments]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    door = Door(machine.pid, lambda: ("127.0.0.1", 8000))
    run.url = door.url
    yield run
    door.close()
    machine.close()


def ready(url: str) -> bool:
    """Whether people may come."""
    try:
        return httpx.get(f"{url}/health/ready").status_code == 200
    except httpx.TransportError:
        return False


def test_it_comes_up_with_one_command_and_keeps_everything_when_it_is_taken_down(compose):
    compose("up", "--detach")
    eventually(lambda: ready(compose.url), says=lambda: compose("logs"))
    with client(compose.url, "http://localhost:8000") as browser:
        alice = Person(browser)
        alice.sign_up("alice")
        thread = alice.start_thread("Hello", "Look.", PHOTO)
        pictures = alice.pictures(thread)
        compose("down")
        compose("up", "--detach")
        eventually(lambda: ready(compose.url), says=lambda: compose("logs"))
        assert "database system was shut down at" in compose("logs", "postgres")
        assert alice.pictures(thread) == pictures
        assert alice.open(pictures[0]).content


def test_it_has_the_settings_limits_and_locks_of_the_pod(pod):
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert services.keys() == pod.containers.keys()
    for name, service in services.items():
        container = pod.containers[name]
        assert service["command"] == container["args"]
        assert set(service["environment"]) - {"PUBLIC_ORIGIN", "MAIL_FROM"} == {
            each["name"] for each in container["env"]
        }
        assert service["mem_limit"].replace("m", "Mi") == container["resources"]["limits"]["memory"]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert service["security_opt"] == ["no-new-privileges"]
    made_with = next(
        each["value"] for each in pod.containers["postgres"]["env"] if each["name"] == "POSTGRES_INITDB_ARGS"
    )
    assert services["postgres"]["environment"]["POSTGRES_INITDB_ARGS"] == made_with
    assert services["postgres"]["image"] == pod.containers["postgres"]["image"]
