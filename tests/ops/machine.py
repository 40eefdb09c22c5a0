"""A machine with podman inside this one: a root file system of its own, its own processes, and no way out.

Debian makes that root file system once, under a folder named by its contents; each session lays a fresh sheet over it.
What a session does can not be seen from outside, except under the memory controller, and ends with it.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
SUITE = "trixie"  # the first Debian with podman 5, and of the official images
TOOLS = (
    "ca-certificates podman buildah runc netavark aardvark-dns nftables iptables catatonit conmon "
    "golang-github-containers-common passt iproute2 procps"
)
PYTHON = "ca-certificates python3 python3-venv netbase tzdata"
ENVIRONMENT = {
    "HOME": "/root",
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "PODMAN_IGNORE_CGROUPSV1_WARNING": "1",
    "LC_ALL": "C.UTF-8",
}
# Defaults that do not suppose systemd, version 2 of control groups, or the right to raise limits.
CONTAINERS = """
[containers]
default_ulimits = []
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
"""
STORAGE = """
[storage]
driver = "overlay"
graphroot = "/var/lib/containers/storage"
runroot = "/run/containers/storage"
[storage.options]
additionalimagestores = [{shared}]
"""
ENTER = """
set -e
mount -t overlay overlay -o lowerdir={root},upperdir={work}/upper,workdir={work}/sheet {work}/new
cd {work}/new
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
mkdir -p work var/lib/containers/storage var/lib/shared
mount --bind {share} work
mount --bind {storage} var/lib/containers/storage
mount --bind {images} var/lib/shared
for folder in {see}; do mkdir -p ".$folder"; mount --bind "$folder" ".$folder"; done
cp /etc/resolv.conf etc/resolv.conf
mkdir -p .old
pivot_root . .old
umount -l /.old
mount --make-rshared /
ip link set lo up
echo 1 > /work/.ready
exec catatonit -P
"""


def missing() -> str:
    """What this machine lacks to be one of these, as a sentence; empty if nothing."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "ops tests need root on Linux"
    for tool in ("unshare", "nsenter", "mmdebstrap", "kubectl"):
        if not shutil.which(tool):
            return f"ops tests need {tool}"
    if subprocess.run(["unshare", "--mount", "--net", "--pid", "--fork", "true"], check=False).returncode:
        return "ops tests need a machine that lets them have namespaces"
    return ""


def cache() -> Path:
    """The folder of what is made once per machine, shared by all checkouts."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(root) / "board-ops"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def locked(name: str) -> Iterator[None]:
    """One process at a time."""
    with (cache() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def key(*parts: str) -> str:
    """A name for what is made of these."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def debian(packages: str) -> Path:
    """A tar of Debian with these packages; 25 s the first time."""
    folder = Path("/etc/apt/sources.list.d")  # apt reads these two kinds alone
    sources = [*sorted(folder.glob("*.sources")), *sorted(folder.glob("*.list")), Path("/etc/apt/sources.list")]
    text = "\n".join(path.read_text() for path in sources if path.is_file())
    # Others' packages come from elsewhere, and security fixes from debian-security.
    mirror = re.search(r"^[^#\n]*?(https?://\S+/debian)/?(?:\s|$)", text, re.MULTILINE)
    assert mirror, "no Debian mirror in /etc/apt"
    tar = cache() / f"debian-{key(SUITE, packages)}.tar"
    with locked("debian"):
        if not tar.exists():
            half = tar.with_suffix(".half.tar")
            line = f"deb {mirror[1]} {SUITE} main"
            options = ["--variant=minbase", f"--include={packages.replace(' ', ',')}", "--quiet"]
            subprocess.run(["mmdebstrap", *options, SUITE, str(half), line], check=True)
            half.rename(tar)
    return tar


def _root() -> Path:
    tar = debian(TOOLS)
    root = tar.with_suffix("")
    with locked("root"):
        if not root.exists():
            half = root.with_suffix(".half")
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            subprocess.run(["tar", "-xf", tar, "-C", half], check=True)
            (half / "etc/containers").mkdir(exist_ok=True)
            (half / "etc/containers/containers.conf").write_text(CONTAINERS)
            half.rename(root)
    return root


class Machine:
    """The machine while it runs; `share` is a folder that it sees as /work.

    With `network` it has the network of its host, for building images, and its images outlive it. Without, it has a
    loopback and what podman makes; then it finds the images of the other, and can not change them. `see`: more folders
    of its host, under their own names.
    """

    def __init__(self, *, network: bool = False, see: Iterable[Path] = ()) -> None:
        root, sessions = _root(), cache() / "sessions"
        sessions.mkdir(exist_ok=True)
        _sweep(sessions)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=sessions))
        self.share, images = self.folder / "share", cache() / "images"
        storage = images if network else self.folder / "storage"
        for folder in (images, storage, self.share, *(self.folder / name for name in ("upper", "sheet", "new"))):
            folder.mkdir(exist_ok=True)
        places = {"root": root, "work": self.folder, "share": self.share, "storage": storage, "images": images}
        quoted = {name: shlex.quote(str(path)) for name, path in places.items()}
        script = ENTER.format(**quoted, see=shlex.join(map(str, see)))
        namespaces = ["--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"]
        namespaces += [] if network else ["--net"]
        log = self.folder / "log"
        with log.open("w") as file:
            # A session that is killed takes it along.
            command = ["setpriv", "--pdeathsig=KILL", "unshare", *namespaces, "sh", "-c", script]
            self._process = subprocess.Popen(command, start_new_session=True, stdout=file, stderr=file)
        while not (self.share / ".ready").exists():
            assert self._process.poll() is None, f"the machine did not start: {log.read_text()}"
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(0.02)
        # The first process inside: unshare's only child.
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        self.pid = int(children.read_text().split()[0])
        self.write("/etc/containers/storage.conf", STORAGE.format(shared="" if network else '"/var/lib/shared"'))

    def run(
        self, *command: str | Path, check: bool = True, input: str | None = None, timeout: float = 600
    ) -> subprocess.CompletedProcess[str]:
        """Run a program inside; what it prints is in the answer, and in the error if it fails."""
        inside = ["nsenter", "-t", str(self.pid), "-m", "-n", "-p", "-r", "-w", "--", *map(str, command)]
        done = subprocess.run(
            inside, env=ENVIRONMENT, input=input, capture_output=True, text=True, check=False, timeout=timeout
        )
        if check and done.returncode:
            raise AssertionError(f"{shlex.join(map(str, command))}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def podman(self, *arguments: str | Path, **options) -> str:
        """What podman prints, without the white space around it."""
        return self.run("podman", *arguments, **options).stdout.strip()

    def write(self, path: str, text: str) -> None:
        """Make a file inside."""
        self.run("sh", "-c", f"cat > {shlex.quote(path)}", input=text)

    def close(self) -> None:
        """End all containers, then all processes, then what they left."""
        self.run("podman", "pod", "rm", "--all", "--force", "--time", "0", check=False)
        self.run("podman", "rm", "--all", "--force", "--time", "0", check=False)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def _sweep(sessions: Path) -> None:
    """Remove what a killed session left."""
    for folder in sessions.iterdir():
        if not Path("/proc", folder.name.split("-")[0]).exists():
            shutil.rmtree(folder, ignore_errors=True)
