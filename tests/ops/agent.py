"""A Jenkins agent, as far as a pipeline can tell: a checkout, podman, a registry to push to, and an Ingress with TLS.

Containers, ports and images are those of a machine of its own (tests/ops/machine.py); other tools are this machine's.
"""

import os
import resource
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.ops import images
from tests.ops.machine import Machine

PIPELINE = Path(__file__).with_name("pipeline.groovy")
REGISTRY = "127.0.0.1:5000"
PASSWORD = "words to push with"
HTPASSWD = "jenkins:$2b$04$eD3dFHok78UOvYCU6sIfxeHXOssAjMLUAuYf/Rn1h4CkW3MMp7qTS"
REGISTRY_SETTINGS = """
version: 0.1
log: {{level: warn}}
storage: {{filesystem: {{rootdirectory: {folder}/images}}}}
http: {{addr: "{registry}"}}
auth: {{htpasswd: {{realm: board, path: {folder}/htpasswd}}}}
"""
INGRESS_SETTINGS = """
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
frontend ingress
    bind 127.0.0.1:8443 ssl crt {folder}/both.pem
    http-request set-header X-Forwarded-Proto https
    option forwardfor
    use_backend %[req.hdr(host),lower]
"""
BACKEND = """
backend {host}
    server pod 127.0.0.1:{port}
"""


def need(*tools: str) -> None:
    """Skip with a clear line where a tool is missing; in CI that is a failure."""
    lacking = [tool for tool in tools if not shutil.which(tool)]
    if lacking:
        say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        say(f"pipelines need {', '.join(lacking)}: see .ci/run")


def environment() -> dict[str, str]:
    """This process's own, and where Groovy finds a Java that it knows."""
    found = sorted(Path("/usr/lib/jvm").glob("java-1[17]-openjdk-*"))
    return {**os.environ, **({"JAVA_HOME": str(found[-1])} if found else {})}


class Agent:
    """`sites` names the host of each environment; each listens on a port of its own behind the Ingress."""

    def __init__(self, machine: Machine, sites: dict[str, str]) -> None:
        self.machine, self.sites = machine, sites
        self.folder = machine.share / "workspace"
        self.tools = machine.share / "tools"
        self._servers: list[subprocess.Popen] = []
        self.ports = {name: 8001 + number for number, name in enumerate(sites)}
        self._make_tools()
        self._make_checkout()
        self._start_registry()
        self._start_ingress({sites[name]: port for name, port in self.ports.items()})
        limits = (("nofile", resource.RLIMIT_NOFILE), ("nproc", resource.RLIMIT_NPROC))
        ulimits = ["--ulimit={}={}:{}".format(name, *resource.getrlimit(limit)) for name, limit in limits]
        self.environment = {
            **environment(),
            "PATH": f"{self.tools}:{os.environ['PATH']}",
            "BUILD_FLAGS": shlex.join(["--isolation=chroot", "--pull=never", *ulimits]),
            "DEPLOY_WITH": "podman",
            "PUBLISH": " ".join(f"{name}=127.0.0.1:{port}" for name, port in self.ports.items()),
            "RELEASES": str(machine.share / "releases"),
            "READY_SECONDS": "180",
            "SMOKE_AT": "127.0.0.1:8443",
            "SSL_CERT_FILE": str(machine.share / "ingress" / "certificate.pem"),
            "TEST_PACKAGES": "",
        }

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """A command in the checkout, as a person at the agent would give it."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def pipeline(self, *options: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """A run of the Jenkinsfile with all its credentials; `options` are those of pipeline.groovy."""
        credentials = (f"board-registry=jenkins:{PASSWORD}", *(f"board-kubeconfig-{name}=@none" for name in self.sites))
        settings = {"BOARD_REPOSITORY": f"{REGISTRY}/board", **settings}
        given = [word for each in credentials for word in ("-c", each)]
        given += [word for name, text in settings.items() for word in ("-e", f"{name}={text}")]
        return self.run("groovy", str(PIPELINE), "Jenkinsfile", *given, *options)

    def live(self, environment: str) -> str:
        """The release that an environment runs."""
        return self.machine.podman("container", "inspect", "--format={{.ImageName}}", f"board-{environment}-pod-app")

    def good(self, environment: str) -> list[str]:
        """The releases that were found good there, newest first."""
        return (self.machine.share / "releases" / environment).read_text().split()

    def containers(self) -> str:
        """All that there are, with their images; others after any deploy."""
        return self.machine.podman("ps", "--all", "--quiet", "--no-trunc")

    def close(self) -> None:
        """End what was started beside the machine."""
        for server in self._servers:
            server.terminate()
            server.wait()

    def _make_tools(self) -> None:
        """podman and Python, as if they ran inside: the one in its files, the other in its network alone."""
        inside = f"nsenter -t {self.machine.pid}"
        variables = "HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin PODMAN_IGNORE_CGROUPSV1_WARNING=1 LC_ALL=C.UTF-8"
        within = "cd /work/workspace && exec podman"
        podman = f"{inside} -m -n -p -r -w -- env -i {variables} sh -c '{within} \"$@\"' podman"
        self.tools.mkdir()
        for name, command in (("podman", podman), ("python3", f"{inside} -n -- {sys.executable}")):
            (self.tools / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
            (self.tools / name).chmod(0o755)

    def _make_checkout(self) -> None:
        images.copy(images.ROOT, self.folder)
        (self.folder / ".venv").symlink_to(Path(sys.executable).parents[1])
        me = ["-c", "user.name=jenkins", "-c", "user.email=jenkins@board.example"]
        for command in (["init", "--quiet"], ["add", "--all"], [*me, "commit", "--quiet", "--message", "A commit"]):
            subprocess.run(["git", *command], cwd=self.folder, check=True)

    def _start_registry(self) -> None:
        folder = self.machine.share / "registry"
        folder.mkdir()
        (folder / "htpasswd").write_text(HTPASSWD)
        (folder / "settings.yaml").write_text(REGISTRY_SETTINGS.format(folder=folder, registry=REGISTRY))
        self.machine.write("/etc/containers/registries.conf", f'[[registry]]\nlocation="{REGISTRY}"\ninsecure=true\n')
        self._serve(5000, "docker-registry", "serve", str(folder / "settings.yaml"))
        # Who plays a pod fetches its image; who pushes signs in anew.
        self.machine.podman("login", "--username=jenkins", f"--password={PASSWORD}", REGISTRY)

    def _start_ingress(self, ports: dict[str, int]) -> None:
        folder = self.machine.share / "ingress"
        folder.mkdir()
        names = ",".join(f"DNS:{host}" for host in ports)
        options = "req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2 -subj /CN=board.example"
        files = ["-keyout", "key.pem", "-out", "certificate.pem", "-addext", f"subjectAltName={names}"]
        subprocess.run(["openssl", *options.split(), *files], cwd=folder, check=True, capture_output=True)
        (folder / "both.pem").write_text((folder / "certificate.pem").read_text() + (folder / "key.pem").read_text())
        backends = [BACKEND.format(host=host, port=port) for host, port in ports.items()]
        (folder / "settings").write_text(INGRESS_SETTINGS.format(folder=folder) + "".join(backends))
        self._serve(8443, "haproxy", "-f", str(folder / "settings"))

    def _serve(self, port: int, *command: str) -> None:
        """Start a server in the machine's network, and wait until it listens."""
        log = self.machine.share / f"{command[0]}.log"
        enter = ["nsenter", "-t", str(self.machine.pid), "-n", "--"]
        with log.open("w") as file:
            self._servers.append(subprocess.Popen([*enter, *command], stdout=file, stderr=file))
        until = time.monotonic() + 20
        listens = f"grep -q ':{port:04X} 00000000:0000 0A' /proc/net/tcp"
        while self.machine.run("sh", "-c", listens, check=False).returncode:
            assert self._servers[-1].poll() is None, log.read_text()
            assert time.monotonic() < until, f"{command[0]} does not listen on {port}"
            time.sleep(0.05)
