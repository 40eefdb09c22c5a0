"""Pods as Kubernetes would run them, as far as podman goes: it plays the manifests as they are and runs no hooks or
probes by itself, so that those are run from the manifests here.
"""

import json
import re
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.ops.doors import Door, client
from tests.ops.images import ROOT
from tests.ops.machine import Machine

CONTROLLERS = Path("/sys/fs/cgroup")


def secrets(admin: str = "ada") -> str:
    """The manifests of a new board's secrets."""
    return subprocess.run([ROOT / "k8s" / "make-secrets", admin], check=True, stdout=-1, text=True).stdout


def kustomized(folder: str | Path, image: str = "") -> str:
    """The manifests of a folder under k8s/ or elsewhere, with that image of the app if one is named."""
    folder = ROOT / "k8s" / folder
    made = subprocess.run(["kubectl", "kustomize", str(folder)], check=True, stdout=-1, text=True).stdout
    # As `kustomize edit set image board=...` in an overlay would.
    return re.sub(r"image: board(:\S+)?$", f"image: {image}", made, flags=re.MULTILINE) if image else made


def eventually(true: Callable[[], object], within: float = 60, says: Callable[[], object] = str) -> None:
    """Wait until something is true; if it is not in time, say what there is to say."""
    until = time.monotonic() + within
    while not true():
        assert time.monotonic() < until, says()
        time.sleep(0.05)


class Pod:
    """The pod of a Deployment in some manifests. Its volumes stay from one play to the next."""

    def __init__(self, machine: Machine, manifests: str) -> None:
        self.machine, self.manifests = machine, manifests
        documents = [each for each in yaml.safe_load_all(manifests) if each]
        (deployment,) = [each for each in documents if each["kind"] == "Deployment"]
        self.spec: dict[str, Any] = deployment["spec"]["template"]["spec"]
        self.containers: dict[str, dict[str, Any]] = {each["name"]: each for each in self.spec["containers"]}
        self.name = f"{deployment['metadata']['name']}-pod"
        settings = [each["data"] for each in documents if "PUBLIC_ORIGIN" in each.get("data", {})]
        self.origin: str = settings[0]["PUBLIC_ORIGIN"] if settings else ""
        self.file = machine.share / f"{self.name}.yaml"
        self.file.write_text(manifests)
        self.address = ""
        self.door = Door(machine.pid, lambda: (self.address, 8000))

    def play(self) -> None:
        """Start it; wait for ready() afterwards."""
        self.machine.podman("kube", "play", f"/work/{self.file.name}")
        infra = json.loads(self.machine.podman("pod", "inspect", self.name))
        infra = (infra[0] if isinstance(infra, list) else infra)["InfraContainerID"]
        networks = self.inspect(infra)["NetworkSettings"]["Networks"]
        self.address = next(iter(networks.values()))["IPAddress"]

    def ready(self, within: float = 60) -> None:
        """Wait until the readiness probe of every container passes."""
        eventually(
            lambda: all(self.passes(name, "readinessProbe") for name in self.containers),
            within,
            lambda: "not ready\n" + "\n".join(map(self.logs, self.containers)),
        )

    def passes(self, container: str, probe: str) -> bool:
        """Ask a probe of the manifest once."""
        asked = self.containers[container][probe]
        if "exec" in asked:
            command = ("podman", "exec", self.called(container), *asked["exec"]["command"])
            return self.machine.run(*command, check=False).returncode == 0
        try:
            answer = httpx.get(self.door.url + asked["httpGet"]["path"], timeout=asked.get("timeoutSeconds", 1))
        except httpx.TransportError:
            return False
        return 200 <= answer.status_code < 400

    def stop(self) -> None:
        """End it as Kubernetes does, and remove it."""
        self.end()
        self.machine.podman("kube", "down", f"/work/{self.file.name}")

    def end(self) -> None:
        """In each container its preStop, then its signal, and no more time than the pod's grace."""
        with ThreadPoolExecutor() as threads:
            list(threads.map(self._end, self.containers))

    def _end(self, container: str) -> None:
        started, grace = time.monotonic(), self.spec["terminationGracePeriodSeconds"]
        hook = self.containers[container].get("lifecycle", {}).get("preStop", {}).get("exec", {}).get("command")
        if hook:
            self.machine.run("podman", "exec", self.called(container), *hook, check=False, timeout=grace)
        left = max(1, int(grace - (time.monotonic() - started)))
        self.machine.podman("stop", "--time", str(left), self.called(container))

    def kill(self, container: str) -> None:
        """SIGKILL to its first process, from outside; its restart policy starts it again."""
        self.machine.run("kill", "-KILL", str(self.inspect(self.called(container))["State"]["Pid"]))

    def run(self, container: str, *command: str) -> str:
        """What a program in a container prints."""
        return self.machine.podman("exec", self.called(container), *command)

    def ask(self, question: str) -> list[str]:
        """The lines that the database answers."""
        return self.run("postgres", "psql", "-XAtU", "postgres", "board", "-c", question).splitlines()

    def called(self, container: str) -> str:
        """The name that podman gives it."""
        return f"{self.name}-{container}"

    def logs(self, container: str) -> str:
        """All that it has said since it was played."""
        done = self.machine.run("podman", "logs", self.called(container), check=False)
        return f"{done.stdout}{done.stderr}"

    def inspect(self, name: str) -> dict[str, Any]:
        """What podman knows of a container."""
        answer: dict[str, Any] = json.loads(self.machine.podman("container", "inspect", name))[0]
        return answer

    def memory(self, container: str) -> dict[str, int]:
        """Bytes that it holds and no file has (`held`), its `limit`, and how many processes died of that (`killed`)."""
        path = self.inspect(self.called(container))["State"]["CgroupPath"].lstrip("/")
        old, new = CONTROLLERS / "memory" / path, CONTROLLERS / path
        if old.exists():
            counted, events = _pairs(old / "memory.stat"), _pairs(old / "memory.oom_control")
            limit = int((old / "memory.limit_in_bytes").read_text())
            return {"held": counted["total_rss"] + counted["total_shmem"], "limit": limit, "killed": events["oom_kill"]}
        counted, events = _pairs(new / "memory.stat"), _pairs(new / "memory.events")
        limit = int((new / "memory.max").read_text())
        return {"held": counted["anon"] + counted["shmem"], "limit": limit, "killed": events["oom_kill"]}

    def visitor(self, address: str = "192.0.2.1", **options: Any) -> httpx.Client:
        """A browser without JavaScript, outside of the cluster."""
        return client(self.door.url, self.origin, address, **options)

    def close(self) -> None:
        """Remove it, volumes and all."""
        self.machine.run("podman", "kube", "down", "--force", f"/work/{self.file.name}", check=False)
        self.door.close()


def _pairs(path: Path) -> dict[str, int]:
    return {name: int(number) for name, number in (line.split() for line in path.read_text().splitlines())}
