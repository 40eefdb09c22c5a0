"""The playbook for a machine: clean, changes nothing when it only looks, and the second time nothing at all.

It runs in a Debian of its own, in namespaces: neither this machine's files nor its kernel's settings can be reached.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tests.ops.aws import find, lacking
from tests.ops.machine import debian, locked
from tests.ops.stack import ROOT

ANSIBLE = ROOT / "k8s" / "cloud" / "ansible"
PACKAGES = (
    "ansible-core git python3-apt sudo systemd unattended-upgrades chrony ca-certificates curl openssh-server nftables "
    "rclone openssl iproute2 procps"
)
# proc is read-only where the kernel's settings are, which are not all of a namespace's own.
ENTER = """
set -e
mount -t overlay overlay -o lowerdir={root},upperdir={work}/upper,workdir={work}/sheet {work}/new
cd {work}/new
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount --bind /dev dev
mount -t tmpfs tmpfs tmp
mount -t tmpfs tmpfs run
mkdir -p run/sshd
mkdir -p opt/board && mount --bind {playbook} opt/board
ip link set lo up
exec chroot . /bin/sh -c "$0"
"""
PLAY = "cd /opt/board && ansible-playbook -c local -i localhost, machine.yaml"
LEFT = ("root/.ansible", "var/log", "var/cache", "var/lib/apt", "usr/local/sbin/sysctl")
GIVEN = {
    "machine_swap_megabytes": 1,
    "machine_admins": [{"name": "ada", "key": "ssh-ed25519 AAAA ada"}],
    "machine_ssh_from": ["203.0.113.0/24"],
    "machine_backup_target": ":local:/srv/elsewhere",
}


class Server:
    """A Debian that the playbook may change."""

    def __init__(self) -> None:
        self._root = extracted(debian(PACKAGES))
        self.work = Path(tempfile.mkdtemp(prefix="board-server-"))
        for name in ("upper", "sheet", "new"):
            (self.work / name).mkdir()
        # As after apt-get update, which would need a network; and no way to the kernel.
        for name, text in (("var/lib/apt/periodic/update-success-stamp", ""), ("usr/local/sbin/sysctl", "#!/bin/sh\n")):
            path = self.work / "upper" / name
            path.parent.mkdir(parents=True)
            path.write_text(text)
            path.chmod(0o755)

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        enter = ENTER.format(root=self._root, work=self.work, playbook=ANSIBLE)
        spaces = ["--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child"]
        return subprocess.run(
            ["unshare", *spaces, "sh", "-c", enter, command],
            env={
                "PATH": "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
                "LANG": "C.UTF-8",
                "HOME": "/root",
                # There is no systemd to talk to; units are enabled all the same.
                "debian_chroot": "server",
                "SYSTEMD_OFFLINE": "1",
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def play(self, *options: str) -> list[str]:
        """Play it; return the tasks that changed something."""
        done = self.run(f"{PLAY} --extra-vars '{json.dumps(GIVEN)}' {' '.join(options)}")
        assert done.returncode == 0, (done.stdout[-3000:], done.stderr[-2000:])
        changed, task = [], ""
        for line in done.stdout.splitlines():
            if begun := re.match(r"(?:TASK|RUNNING HANDLER) \[(?:\w+ : )?(.*)\]", line):
                task = begun[1]
            if line.startswith("changed: "):
                changed.append(task)
        return changed

    def files(self) -> set[str]:
        """What differs from a new Debian, but for what every run leaves."""
        upper = self.work / "upper"
        found = {str(path.relative_to(upper)) for path in upper.rglob("*") if not path.is_dir() or path.is_symlink()}
        return {name for name in found if not name.startswith(LEFT)}


def extracted(tar: Path) -> Path:
    """What is in it, once per machine."""
    folder = tar.with_suffix("")
    with locked("server"):
        if not folder.exists():
            half = folder.with_suffix(".half")
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            subprocess.run(["tar", "-xf", tar, "-C", half, "--exclude=./dev/*"], check=True)
            half.rename(folder)
    return folder


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    lacking("ansible-lint")
    server = Server()
    yield server
    shutil.rmtree(server.work)


@pytest.fixture(scope="module")
def checked(server: Server) -> tuple[list[str], set[str]]:
    """What a look at a new machine finds, and which files it left."""
    return server.play("--check", "--diff"), server.files()


@pytest.fixture(scope="module")
def played(server: Server, checked: tuple) -> list[str]:
    """What can be set up without a network: all but k3s and Jenkins."""
    return server.play("--tags base,disk,firewall,offsite")


def test_the_playbook_is_clean():
    lacking("ansible-lint")
    path = f"{Path(find('ansible-lint')).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["ansible-lint", "--offline", "--strict", "--profile", "production", "machine.yaml"],
        cwd=ANSIBLE,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_needs_nothing_but_ansible_itself():
    for path in ANSIBLE.rglob("*.yaml"):
        modules = set(re.findall(r"\b(?:community|ansible)\.[a-z]+\.", path.read_text()))
        assert modules <= {"ansible.builtin."}, path


def test_a_look_tells_what_would_change_and_changes_nothing(checked):
    changes, files = checked
    assert {"Write the rules", "Write the settings of k3s", "Write the settings of Jenkins"} <= set(changes)
    assert files == set()


def test_the_second_time_nothing_is_changed(server, played):
    assert {"Write the rules", "Load the rules", "Put their keys there", "Make the swap file"} <= set(played)
    assert server.play("--tags base,disk,firewall,offsite") == []


def test_ssh_takes_the_admins_keys_alone(server, played):
    told = server.run("ssh-keygen -A >/dev/null && sshd -T").stdout
    for line in ("passwordauthentication no", "permitrootlogin no", "maxauthtries 3"):
        assert line in told
    assert server.run("cat /home/ada/.ssh/authorized_keys").stdout == "ssh-ed25519 AAAA ada\n"
    assert "(ALL) NOPASSWD: ALL" in server.run("sudo -l -U ada").stdout


def test_the_firewall_lets_in_the_web_and_one_network_by_ssh(server, played):
    loaded = server.run("nft --file /etc/nftables.conf && nft --file /etc/nftables.conf && nft list ruleset")
    rules = loaded.stdout
    assert loaded.returncode == 0, loaded.stderr
    assert "policy drop" in rules
    assert "tcp dport { 80, 443 } accept" in rules
    assert "tcp dport 22 ip saddr 203.0.113.0/24 accept" in rules
    assert rules.count("tcp dport") == 2


def test_updates_and_the_log_are_bounded(server, played):
    told = server.run("apt-config dump | grep -i unattended-upgrade").stdout
    assert 'APT::Periodic::Unattended-Upgrade "1";' in told
    assert 'Unattended-Upgrade::Automatic-Reboot "true";' in told
    assert "SystemMaxUse=500M" in server.run("cat /etc/systemd/journald.conf.d/board.conf").stdout


def test_backups_leave_the_machine_or_somebody_hears_of_it(server, played):
    folder = "/srv/volumes/pvc-1_board_board-backups"
    nothing = server.run("board-offsite")
    assert (nothing.returncode, "was the board deployed?" in nothing.stderr) == (1, True)
    server.run(f"mkdir -p {folder} && echo x > {folder}/old && touch -d '2 days ago' {folder}/old")
    old = server.run("board-offsite")
    assert (old.returncode, "no backup of the last 26 hours" in old.stderr) == (1, True)
    copied = server.run(f"echo new > {folder}/new && board-offsite && cat /srv/elsewhere/new")
    assert copied.returncode == 0, copied.stderr
    assert copied.stdout.endswith("new\n")
    spoilt = server.run(f"echo bad > {folder}/new; board-offsite; cat /srv/elsewhere/new")
    assert "rclone could not copy" in spoilt.stderr
    assert spoilt.stdout == "new\n"


def rendered(role: str, template: str) -> str:
    """A template with the defaults."""
    loader = FileSystemLoader(ANSIBLE / "roles" / role / "templates")
    environment = Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True)
    return environment.get_template(template).render(yaml.safe_load((ANSIBLE / "group_vars/all.yaml").read_text()))


def test_jenkins_has_the_credentials_the_label_and_the_plugins_of_the_jenkinsfile():
    settings = yaml.safe_load(rendered("jenkins", "jenkins.yaml.j2"))
    pipeline = (ROOT / "Jenkinsfile").read_text()
    (domain,) = settings["credentials"]["system"]["domainCredentials"]
    given = {value["id"] for each in domain["credentials"] for value in each.values()}
    assert set(re.findall(r"credentials\('([\w-]+)'\)", pipeline)) == given
    assert f"label '{settings['jenkins']['labelString']}'" in pipeline
    plugins = set(rendered("jenkins", "plugins.txt.j2").split())
    for step, plugin in {"junit ": "junit", "input {": "pipeline-input-step", "timestamps()": "timestamper"}.items():
        assert (step in pipeline) <= (plugin in plugins)
    assert {"workflow-aggregator", "git", "credentials-binding", "plain-credentials", "job-dsl"} <= plugins


@pytest.mark.parametrize("script", [("jenkins", "board-jenkins.j2"), ("offsite", "board-offsite.j2")])
def test_a_script_is_one_that_sh_can_read(script):
    text = rendered(*script)
    done = subprocess.run(["sh", "-n"], input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    if script[0] == "jenkins":
        assert r"go-template={{ index .data \"$1\" }}" in text


def test_the_deployer_reaches_its_two_namespaces_alone():
    made = [each for each in yaml.safe_load_all(rendered("k3s", "board.yaml.j2")) if each]
    bindings = [each for each in made if each["kind"] == "RoleBinding"]
    assert {each["metadata"]["namespace"] for each in bindings} == {"board", "board-test"}
    assert not [each for each in made if each["kind"].startswith("Cluster")]
