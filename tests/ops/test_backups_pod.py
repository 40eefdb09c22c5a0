"""The CronJobs of k8s/base, played beside the pod as they are: a backup, its drill, and a restore beside the board."""

import json
import re

import yaml

from tests import photos
from tests.ops.pods import Pod

PHOTO = ("phone.jpg", photos.phone("JPEG"))


def job(pod: Pod, manifests: str, name: str) -> tuple[int, str]:
    """Do once what a CronJob does; its status and what it said."""
    documents = [each for each in yaml.safe_load_all(manifests) if each]
    (cron,) = [each for each in documents if each["kind"] == "CronJob" and each["metadata"]["name"] == f"board-{name}"]
    template = cron["spec"]["jobTemplate"]["spec"]["template"]
    spec = template["spec"]
    del spec["affinity"]
    # There is no Service here, and no fsGroup.
    spec["hostAliases"] = [{"ip": pod.address, "hostnames": ["board-database"]}]
    own_volumes(pod)
    made = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": f"board-{name}", **template["metadata"]},
        "spec": spec,
    }
    settings = [each for each in documents if each["kind"] == "ConfigMap"]
    pod.machine.write(f"/work/{name}.yaml", yaml.safe_dump_all([*settings, made]))
    container = f"board-{name}-{spec['containers'][0]['name']}"
    pod.machine.podman("kube", "play", f"/work/{name}.yaml")
    try:
        status = int(pod.machine.podman("wait", container))
        done = pod.machine.run("podman", "logs", container, check=False)
    finally:
        pod.machine.podman("pod", "rm", "--force", f"board-{name}")
    return status, f"{done.stdout}{done.stderr}"


def own_volumes(pod: Pod) -> None:
    """As fsGroup does."""
    if pod.machine.run("podman", "volume", "exists", "board-backups", check=False).returncode:
        pod.machine.podman("volume", "create", "board-backups")
    for name in ("board-backups", "board-pictures"):
        (volume,) = json.loads(pod.machine.podman("volume", "inspect", name))
        pod.machine.run("chown", "10001:10001", volume["Mountpoint"])


def test_what_people_post_is_saved_drilled_and_restored_beside(pod, manifests, newcomer):
    newcomer("alice").start_thread("Worth keeping", "Words.", PHOTO)
    status, said = job(pod, manifests, "backup")
    assert status == 0, said
    assert re.search(r"Backup \S+Z: [\d,]+ bytes, of which [\d,]+ are new", said)
    status, said = job(pod, manifests, "drill")
    assert status == 0, said
    assert "The drill passed: this backup can be restored." in said
    databases = "select datname from pg_database where not datistemplate order by 1"
    assert pod.ask(databases) == ["board", "postgres"]
    status, said = job(pod, manifests, "restore")
    assert status == 0, said
    assert pod.ask(databases) == ["board", "board_restored", "postgres"]
    count = "select count(*) from messages where text = 'Words.'"
    restored = pod.run("postgres", "psql", "-XAtU", "postgres", "board_restored", "-c", count)
    assert restored.strip() == pod.ask(count)[0]
    hashes = "cd /data/{} && find . -type f -exec sha256sum {{}} + | sort"
    kept, back = (pod.run("app", "sh", "-c", hashes.format(each)) for each in ("pictures", "pictures-restored"))
    assert kept == back
    assert len(kept.splitlines()) > 4
    pod.run("postgres", "dropdb", "-U", "postgres", "board_restored")
    kinds = "select kind || ' ' || coalesce(problem, 'good') from backups order by id"
    assert pod.ask(kinds)[-2:] == ["backup good", "drill good"]
