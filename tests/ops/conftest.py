"""What runs Board for real: `make ops-test`. Root on a Debian that allows namespaces, the network for the first build.

    machine   podman, without a way out: machine.podman("ps"), machine.run("ip", "address")      tests/ops/machine.py
    image     the name of Board's image, built from the Dockerfile of this checkout              tests/ops/images.py
    pod       k8s/base, played and ready: pod.visitor(), pod.kill("app"), pod.stop(), pod.play() tests/ops/pods.py
    newcomer  people with forms alone: newcomer("alice").start_thread(...)                       tests/ops/people.py
    stack     k8s/cloud/terraform on a simulator of AWS, which is aws                             tests/ops/stack.py

Two builds never run at once, and a second machine costs 50 ms: `Pod(Machine(), manifests)` for a test of its own.
"""

import itertools
import os
from collections.abc import Callable, Iterator

import pytest

from tests.ops import images
from tests.ops.machine import Machine, missing
from tests.ops.people import Person
from tests.ops.pods import Pod, kustomized, secrets
from tests.ops.stack import aws, pytest_collection_finish, stack  # fixtures, and their early start  # noqa: F401

_numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip with a clear line where the machine can not do it; in CI that is a failure."""
    lacking = missing()
    if lacking and os.environ.get("CI") == "true":
        pytest.exit(lacking, returncode=1)
    for item in items if lacking else ():
        item.add_marker(pytest.mark.skip(reason=lacking))


@pytest.fixture(scope="session")
def image() -> str:
    """The name of Board's image."""
    return images.build()


@pytest.fixture(scope="session")
def manifests(image: str) -> str:
    """All that the pod is made of: k8s/base with that image, and new secrets."""
    text = f"{kustomized('base', image)}---\n{secrets('ada')}"
    images.stand_in_postgres(text)
    return text


@pytest.fixture(scope="session")
def machine(image: str) -> Iterator[Machine]:
    """A machine that has the images and no way out."""
    machine = Machine()
    yield machine
    machine.close()


@pytest.fixture(scope="session")
def pod(machine: Machine, manifests: str) -> Iterator[Pod]:
    """The pod, ready. Who stops it plays it again."""
    pod = Pod(machine, manifests)
    pod.play()
    pod.ready()
    yield pod
    pod.close()


@pytest.fixture
def newcomer(pod: Pod) -> Iterator[Callable[[str], Person]]:
    """Makes somebody who has just joined, from an address of their own."""
    browsers = []

    def make(name: str) -> Person:
        number = next(_numbers)
        browsers.append(pod.visitor(f"198.51.100.{number}"))
        person = Person(browsers[-1])
        person.sign_up(f"{name}{number}")
        return person

    yield make
    for browser in browsers:
        browser.close()
