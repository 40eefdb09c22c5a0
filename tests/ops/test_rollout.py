"""A new release takes over while people read, vote and write: nobody notices, and nothing that was done is lost."""

import asyncio
import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ops.crowd import ORIGIN, Crowd
from tests.ops.replicas import Replica, Service

SWITCH = Path(__file__).resolve().parents[2] / "k8s" / "switch"

# Answers what k8s/switch asks of two Deployments and a Service, whose state is a file.
KUBECTL = """#!{python}
import json, sys
from pathlib import Path
file = Path({state!r})
state, told = json.loads(file.read_text()), " ".join(sys.argv[1:])
colour = "green" if "board-green" in told else "blue"
if "get service" in told:
    print(state["serves"])
elif "get deployment" in told:
    print(state[colour]["available" if "available" in told else "replicas"])
elif "rollout status" in told:
    sys.exit(state[colour]["available"] < state[colour]["replicas"])
elif "scale deployment" in told:
    state[colour]["replicas"] = int(sys.argv[-1])
elif "patch service" in told:
    state["serves"] = json.loads(sys.argv[-1])["spec"]["selector"]["colour"]
draft = file.with_suffix(".new")
draft.write_text(json.dumps(state))
draft.rename(file)  # whoever reads it finds all of it
"""


@pytest.fixture
def settings(config, own_database, tmp_path):
    """What the replicas and the tests agree on."""
    return dataclasses.replace(
        config, database_url=own_database, secret_keys="k" * 32, storage_url=(tmp_path / "pictures").as_uri()
    )


@pytest.fixture
def make_replica(settings, tmp_path):
    """Makes a replica of the site."""
    environment = {
        "DATABASE_URL": settings.database_url,
        "SECRET_KEYS": settings.secret_keys,
        "STORAGE_URL": settings.storage_url,
        "DATA_DIR": str(tmp_path),
        "PUBLIC_ORIGIN": ORIGIN,
        "RATE_LIMITS": "0",
        "DRAIN_SECONDS": "2",
        "KEEP_ALIVE_SECONDS": "75",
    }
    return lambda colour="": Replica(environment, tmp_path / "log", colour)


async def test_a_rolling_update_costs_nobody_a_request(settings, make_replica):
    service = Service()
    async with service.open() as address:
        old = [await service.add(make_replica()) for _ in range(2)]
        async with Crowd(address, settings).at_work() as crowd:
            for replica in old:
                await service.add(make_replica())
                assert await replica.end() == 0
            await asyncio.sleep(0.5)
        await crowd.assert_nothing_is_lost()
        assert crowd.requests > 100
        assert len(service.served) == 4
        assert all(service.served.values())


class Cluster:
    """Two colours, and the kubectl that k8s/switch finds."""

    def __init__(self, folder: Path) -> None:
        self.file, self.folder = folder / "state.json", folder / "bin"
        self.folder.mkdir()
        stub = self.folder / "kubectl"
        stub.write_text(KUBECTL.format(python=sys.executable, state=str(self.file)))
        stub.chmod(0o755)
        self.set(serves="blue", blue={"replicas": 1, "available": 1}, green={"replicas": 1, "available": 1})

    def set(self, **state) -> None:
        """How things stand."""
        self.file.write_text(json.dumps(state))

    def serves(self, replica: Replica) -> bool:
        """Whether the Service selects it."""
        return json.loads(self.file.read_text())["serves"] == replica.colour

    def switch(self, colour: str) -> subprocess.CompletedProcess[str]:
        """k8s/switch COLOUR"""
        path = f"{self.folder}:/usr/bin:/bin"
        return subprocess.run([SWITCH, colour], env={"PATH": path}, capture_output=True, text=True, check=False)


@pytest.fixture
def cluster(tmp_path):
    """Blue serves, green is ready."""
    return Cluster(tmp_path)


async def test_switching_to_green_and_back_costs_nobody_a_request(settings, make_replica, cluster):
    service = Service(cluster.serves)
    async with service.open() as address:
        blue, green = [await service.add(make_replica(colour)) for colour in ("blue", "green")]
        async with Crowd(address, settings).at_work() as crowd:
            for colour, replica in (("green", green), ("blue", blue), ("green", green)):
                before = service.served.get(replica, 0)
                switched = await asyncio.to_thread(cluster.switch, colour)
                assert switched.returncode == 0, switched.stderr
                await asyncio.sleep(0.5)
                assert service.served[replica] > before
            assert await blue.end() == 0
        await crowd.assert_nothing_is_lost()


def test_switching_refuses_while_the_target_is_not_ready(cluster):
    cluster.set(serves="blue", blue={"replicas": 1, "available": 1}, green={"replicas": 2, "available": 1})
    refused = cluster.switch("green")
    assert refused.returncode == 1
    assert refused.stderr == "k8s/switch: board-green is not ready: people stay with blue\n"
    assert json.loads(cluster.file.read_text())["serves"] == "blue"


def test_switching_wakes_a_colour_that_was_put_to_sleep_and_refuses_what_is_not_there(cluster):
    cluster.set(serves="", blue={"replicas": 1, "available": 1}, green={"replicas": 0, "available": 0})
    assert cluster.switch("green").stderr == "k8s/switch: board-green is not ready: people stay with nobody\n"
    assert json.loads(cluster.file.read_text())["green"]["replicas"] == 1
    cluster.set(serves="blue", blue={"replicas": 1, "available": 1}, green={"replicas": "", "available": ""})
    assert cluster.switch("green").stderr == "k8s/switch: there is no board-green: k8s/deploy green RELEASE\n"


def test_switching_first_gives_the_target_as_many_replicas_as_serve(cluster):
    cluster.set(serves="blue", blue={"replicas": 8, "available": 8}, green={"replicas": 2, "available": 2})
    assert cluster.switch("green").returncode == 1
    state = json.loads(cluster.file.read_text())
    assert (state["green"]["replicas"], state["serves"]) == (8, "blue")
    state["green"]["available"] = 8
    cluster.set(**state)
    assert cluster.switch("green").stdout == "People are with green now. Back: k8s/switch blue\n"


def test_switching_needs_a_colour(cluster):
    assert cluster.switch("red").returncode == 2
