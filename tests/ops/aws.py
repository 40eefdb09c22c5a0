"""AWS, near enough for Terraform and CloudFormation: moto on loopback. It keeps what it is told; it runs nothing."""

import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import boto3
import pytest

REGION = "eu-central-1"


def lacking(*tools: str) -> None:
    """Skip where a tool is missing, fail in CI."""
    missing = [tool for tool in tools if not find(tool)]
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"There is no {missing[0]}", pytrace=False)
    if missing:
        pytest.skip(f"no {missing[0]} here")


def find(tool: str) -> str | None:
    """A tool, from the environment that runs the tests or from the system."""
    return shutil.which(tool, path=str(Path(sys.executable).parent)) or shutil.which(tool)


class Aws:
    """A running moto; `client("s3")` looks into it."""

    def __init__(self) -> None:
        self.port = _free_port()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115
        # It ends with us, even if we are killed.
        command = ["setpriv", "--pdeathsig", "KILL", find("moto_server"), "-H", "127.0.0.1", "-p", str(self.port)]
        environment = {**os.environ, "MOTO_IAM_LOAD_MANAGED_POLICIES": "true"}
        self._process = subprocess.Popen(command, stdout=self._log, stderr=self._log, env=environment)
        self._wait()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, service: str) -> Any:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(service, endpoint_url=self.url, region_name=REGION, **keys)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self._log.close()

    def _wait(self) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end and self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        self._log.seek(0)
        pytest.fail(f"moto did not start:\n{self._log.read().decode()[-2000:]}", pytrace=False)


def _free_port() -> int:
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
