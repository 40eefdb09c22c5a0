"""What runs Board for real: `make ops-test`. Root on a Debian that allows namespaces, the network for the first build.

machine   podman, without a way out: machine.podman("ps"), machine.run("ip", "address")     tests/ops/machine.py
image     the name of Board's image, built from the Dockerfile of this checkout             tests/ops/images.py
"""

import os
from collections.abc import Iterator

import pytest

from tests.ops import images
from tests.ops.machine import Machine, missing


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
    return images.build(version="9.9.9", revision="0123456789abcdef")


@pytest.fixture(scope="session")
def machine(image: str) -> Iterator[Machine]:
    """A machine that has the images and no way out."""
    machine = Machine()
    yield machine
    machine.close()
