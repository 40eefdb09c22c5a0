"""The pod of k8s/base, played from what kustomize prints: it serves, it is closed, and it ends without a loss."""

import base64
import re
import time

import pytest
import yaml

from tests import photos
from tests.ops.people import Person
from tests.ops.pods import kustomized

PHOTO = ("phone.jpg", photos.phone("JPEG"))


@pytest.fixture
def secret(manifests):
    """A value of one of the secrets: secret("board-admin", "password")."""
    found = {each["metadata"]["name"]: each for each in yaml.safe_load_all(manifests) if each["kind"] == "Secret"}
    return lambda name, key: base64.b64decode(found[name]["data"][key]).decode()


def test_somebody_without_javascript_joins_and_posts_a_picture(pod, newcomer):
    thread = newcomer("alice").start_thread("Hello", "Look.", PHOTO)
    with pod.visitor() as browser:
        stranger = Person(browser)
        (place,) = stranger.pictures(thread)
        assert stranger.open(place).headers["content-type"] == "image/jpeg"


def test_the_first_admin_signs_in_with_what_the_secret_says(pod, secret):
    with pod.visitor() as browser:
        admin = Person(browser)
        admin.sign_in(secret("board-admin", "name"), secret("board-admin", "password"))
        assert "Sign out" in admin.open("/help").text


def test_every_probe_of_every_container_passes(pod):
    for name, container in pod.containers.items():
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            assert pod.passes(name, probe), (name, probe)
            assert probe in container


def test_without_a_database_the_app_lives_and_is_not_ready(pod):
    pod.machine.podman("pause", pod.called("postgres"))
    try:
        while pod.passes("app", "readinessProbe"):  # an answer is good for a second
            pass
        assert pod.passes("app", "livenessProbe")
        assert not pod.passes("postgres", "readinessProbe")
    finally:
        pod.machine.podman("unpause", pod.called("postgres"))
    pod.ready()


@pytest.mark.parametrize(("container", "user"), [("app", "10001"), ("postgres", "999")])
def test_a_container_is_nobody_special_and_can_write_only_to_its_volumes(pod, container, user):
    status = dict(line.split(":\t", 1) for line in pod.run(container, "cat", "/proc/1/status").splitlines())
    assert set(status["Uid"].split()) == {user}
    assert int(status["CapEff"], 16) == int(status["CapPrm"], 16) == int(status["CapBnd"], 16) == 0
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    mounts = [line.split() for line in pod.run(container, "cat", "/proc/1/mounts").splitlines()]
    assert next(options for _, where, _, options, *_ in mounts if where == "/").startswith("ro")


def test_the_folder_of_the_data_is_closed_at_every_start(pod):
    folder = "/var/lib/postgresql/18/docker"
    assert pod.run("postgres", "stat", "-c", "%a %u", folder) == "700 999"
    # What a volume that is handed to a group looks like.
    pod.run("postgres", "chmod", "g+rwx", folder)
    pod.kill("postgres")
    pod.ready()
    assert pod.run("postgres", "stat", "-c", "%a", folder) == "700"


def test_the_app_is_no_superuser_and_the_loopback_is_not_trusted(pod, secret):
    def ask(user: str, password: str, question: str):
        command = f"PGPASSWORD='{password}' psql -XAtw -h 127.0.0.1 -U {user} -d board -c \"{question}\""
        return pod.machine.run("podman", "exec", pod.called("app"), "sh", "-c", command, check=False)

    assert ask("postgres", "", "select 1").returncode
    assert ask("postgres", secret("board-database", "password"), "select 1").returncode
    answer = ask("board", secret("board-database", "password"), "select usesuper from pg_user where usename = user")
    assert answer.stdout.strip() == "f"


def test_no_secret_is_in_the_manifests_of_the_repository():
    made = list(yaml.safe_load_all(kustomized("base")))
    assert not [each for each in made if each["kind"] == "Secret"]
    (deployment,) = [each for each in made if each["kind"] == "Deployment"]
    for container in deployment["spec"]["template"]["spec"]["containers"]:
        for variable in container["env"]:
            hidden = re.search("PASSWORD|KEY|TOKEN|URL|ADMIN", variable["name"])
            assert ("secretKeyRef" in variable.get("valueFrom", {})) == bool(hidden), variable["name"]


def test_the_whole_pod_fits_512_mebibytes(pod):
    assert sum(pod.memory(name)["limit"] for name in pod.containers) <= 512 * 1024 * 1024


def test_stopped_and_played_again_all_is_there_and_postgresql_was_shut_down_cleanly(pod, newcomer):
    alice = newcomer("alice")
    thread = alice.start_thread("Before the end", "Still here?", PHOTO)
    pictures = alice.pictures(thread)
    began = time.monotonic()
    pod.stop()
    assert time.monotonic() - began < pod.spec["terminationGracePeriodSeconds"]
    pod.play()
    pod.ready()
    said = pod.logs("postgres")
    assert "database system was shut down at" in said
    assert "not properly shut down" not in said
    # The signing keys are the same, and so is the session.
    assert alice.pictures(thread) == pictures
    assert alice.open(pictures[0]).content
    alice.answer(thread, "Yes.")


def test_postgresql_ends_after_the_app_and_turns_nobody_out(pod):
    pod.end()
    said, status = pod.logs("postgres"), pod.inspect(pod.called("app"))["State"]["ExitCode"]
    pod.stop()
    pod.play()
    pod.ready()
    assert status == 0
    assert "received fast shutdown request" in said
    assert "terminating connection due to administrator command" not in said
    assert "database system is shut down" in said
