"""k8s/cloud/terraform, applied to a simulator of AWS."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ops.aws import REGION, Aws, find

ROOT = Path(__file__).parents[2]
STACK = ROOT / "k8s" / "cloud" / "terraform"
PROVIDER = "registry.terraform.io/hashicorp/aws"
SERVICES = "acm autoscaling cloudwatchlogs ec2 ecr eks elbv2 iam rds route53 s3 s3control secretsmanager sts"
VARIABLES = {
    "region": REGION,
    "domain": "board.example.org",
    "hosted_zone": "example.org",
    "protected": "false",
    "operator_networks": '["203.0.113.7/32"]',
    "addons": "{}",  # moto has none
}
# What moto does not keep, or makes otherwise; the stack itself knows nothing of moto.
GAPS = {
    'aws_db_instance" "this': "lifecycle {\n ignore_changes = [performance_insights_enabled]\n}",
    'aws_db_parameter_group" "this': "lifecycle {\n create_before_destroy = true\n ignore_changes = [parameter]\n}",
    'aws_eks_cluster" "this': "lifecycle {\n ignore_changes = [access_config, vpc_config]\n}",
    'aws_eks_node_group" "this': (
        "lifecycle {\n ignore_changes = [remote_access, update_config, scaling_config[0].desired_size]\n}"
    ),
    'aws_launch_template" "node': "lifecycle {\n ignore_changes = [tag_specifications]\n}",
    'aws_vpc_security_group_ingress_rule" "database': "lifecycle {\n ignore_changes = [description]\n}",
    'aws_vpc_security_group_ingress_rule" "node': "lifecycle {\n ignore_changes = [description]\n}",
    'aws_vpc_security_group_egress_rule" "balancer': "lifecycle {\n ignore_changes = [description]\n}",
    'aws_autoscaling_attachment" "ingress': "count = 0",  # its node groups have no autoscaling group
}


def find_provider() -> Path | None:
    """The folder that holds providers as `terraform init -plugin-dir` wants them: usual places, or any under /opt."""
    home = Path.home()
    usual = [
        *([Path(os.environ["TF_PLUGIN_DIR"])] if "TF_PLUGIN_DIR" in os.environ else []),
        *(home / ".terraform.d" / name for name in ("plugins", "plugin-cache")),
        *(home / ".local/share/terraform/plugins", Path("/usr/local/share/terraform/plugins")),
        Path("/usr/share/terraform/plugins"),
        *sorted(Path("/opt").glob("*")),
    ]
    return next((folder for folder in usual if (folder / PROVIDER).is_dir()), None)


def missing() -> str:
    """What this machine lacks, as a sentence; empty if nothing."""
    for tool in ("terraform", "moto_server"):
        if not find(tool):
            return f"no {tool} here"
    return "" if find_provider() else f"no {PROVIDER} in TF_PLUGIN_DIR, ~/.terraform.d/plugins or below /opt"


def needed() -> None:
    """Skip where the machine lacks something; in CI that is a failure."""
    if missing() and os.environ.get("CI") == "true":
        pytest.fail(missing(), pytrace=False)
    if missing():
        pytest.skip(missing())


class Terraform:
    """A copy of the stack that speaks to moto."""

    def __init__(self) -> None:
        self.aws, self._folder = Aws(), Path(tempfile.mkdtemp(prefix="board-stack-"))
        self._said: dict[int, Path] = {}
        self.aws.client("route53").create_hosted_zone(Name=VARIABLES["hosted_zone"], CallerReference="tests")
        for path in [*STACK.glob("*.tf"), STACK / ".terraform.lock.hcl"]:
            shutil.copy(path, self._folder)
        (self._folder / "override.tf").write_text(_override(self.aws.url))
        self.run("init", f"-plugin-dir={find_provider()}")
        self._applying = self._start("apply", "-auto-approve")

    def stop(self) -> None:
        """End it, and forget the simulator."""
        self._applying.kill()
        self._applying.wait()
        self.aws.stop()
        shutil.rmtree(self._folder)

    def finished(self) -> str:
        """What apply said, once it has ended well."""
        return self._ended(self._applying, 0)

    def run(self, command: str, *options: str, status: int = 0) -> str:
        """Run a command; return what it says."""
        return self._ended(self._start(command, *options), status)

    def _ended(self, process: subprocess.Popen, status: int) -> str:
        process.wait(600)
        said = self._said[process.pid].read_text()
        assert process.returncode == status, said[-6000:]
        return said

    def _start(self, command: str, *options: str) -> subprocess.Popen:
        environment = {**os.environ, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        environment |= {f"TF_VAR_{name}": value for name, value in VARIABLES.items()}
        environment |= {"TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
        environment.pop("TF_CLI_CONFIG_FILE", None)
        flags = ["-no-color"] if command in ("output", "validate") else ["-no-color", "-input=false"]
        # To a file: nobody reads while it works in the background, and a full pipe would stop it.
        path = self._folder / f"said-{len(self._said)}"
        with path.open("w") as said:
            process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "terraform", command, *flags, *options],
                cwd=self._folder,
                env=environment,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        self._said[process.pid] = path
        return process


def _override(url: str) -> str:
    endpoints = "\n".join(f'    {service} = "{url}"' for service in SERVICES.split())
    gaps = "\n".join(f'resource "{name}" {{\n{text}\n}}' for name, text in GAPS.items())
    return f"""
terraform {{
  backend "local" {{}}
}}
provider "aws" {{
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  s3_use_path_style           = true
  endpoints {{
{endpoints}
  }}
}}
{gaps}
"""


_STARTED = pytest.StashKey[Terraform]()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin at once, if any test asks for it: the provider waits for three minutes, and others work."""
    asked = any("stack" in getattr(item, "fixturenames", ()) for item in session.items)
    if asked and not session.config.option.collectonly and not missing():
        session.stash[_STARTED] = Terraform()


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Iterator[Terraform]:
    """The stack; `finished()` waits until all of it is there."""
    needed()
    stack = request.session.stash[_STARTED]
    yield stack
    stack.stop()


@pytest.fixture
def aws(stack: Terraform) -> Aws:
    """What the stack is applied to."""
    return stack.aws
