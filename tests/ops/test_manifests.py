"""The manifests of every overlay: valid for Kubernetes, and of one piece, which no validator looks at."""

import dataclasses
import functools
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from obstore.store import S3Store
from starlette.routing import Match

from board.app import create_app
from board.kit.config import Config

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(path.parent for path in (ROOT / "k8s").glob("overlays/*/kustomization.yaml"))
UNITS = {"": 1, "m": 0.001, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
MEMORY_OF_THE_POD = 512 * UNITS["Mi"]

every_overlay = pytest.mark.parametrize("overlay", [path.name for path in FOLDERS])


@functools.cache
def manifests(overlay: str) -> list[dict]:
    """What `kubectl apply -k` would send."""
    command = ["kubectl", "kustomize", str(ROOT / "k8s/overlays" / overlay)]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    assert made.stderr == ""
    return list(yaml.safe_load_all(made.stdout))


def of_kind(overlay: str, *kinds: str) -> dict[str, dict]:
    """The documents of these kinds by name."""
    return {each["metadata"]["name"]: each for each in manifests(overlay) if each["kind"] in kinds}


def templates(overlay: str) -> dict[str, dict]:
    """The pod templates, with their labels, by kind and name of what makes the pods."""
    found = {}
    for each in manifests(overlay):
        spec = each.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec:
            found[f"{each['kind']} {each['metadata']['name']}"] = spec["template"]
    return found


def containers(overlay: str) -> list[dict]:
    return [
        container
        for pod in templates(overlay).values()
        for container in [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]
    ]


def amount(text: Any) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(\D*)", str(text)).groups()
    return float(number) * UNITS[unit]


def selected(overlay: str, selector: dict) -> list[dict]:
    """The pods with these labels."""
    pods = templates(overlay).values()
    return [pod for pod in pods if selector.items() <= pod["metadata"].get("labels", {}).items()]


def ports(pods: list[dict]) -> set:
    """Names and numbers of the ports that the pods have."""
    every = [port for pod in pods for each in pod["spec"]["containers"] for port in each.get("ports", [])]
    return {port["name"] for port in every} | {port["containerPort"] for port in every}


def settings(overlay: str, container: dict) -> dict[str, str]:
    """What a container finds in its environment, as far as the manifests tell."""
    known = {name: each["data"] for name, each in of_kind(overlay, "ConfigMap").items()}
    found = {}
    for source in container.get("envFrom", []):
        found |= known[source["configMapRef"]["name"]] if "configMapRef" in source else {}
    return found | {each["name"]: each.get("value", "") for each in container.get("env", [])}


@functools.cache
def guides() -> str:
    """What is written for whoever runs it."""
    return "".join(path.read_text() for path in (ROOT / "k8s").rglob("*.md"))


def ours(overlay: str) -> list[dict]:
    """The containers of Board's image."""
    return [each for each in containers(overlay) if not each["image"].startswith("postgres:")]


def test_there_is_an_overlay_for_each_way_to_run_it():
    assert {"test", "production", "scaled", "blue", "green"} <= {path.name for path in FOLDERS}


@every_overlay
@pytest.mark.parametrize("version", ["1.32", kubernetes_validate.latest_version()])
def test_kubernetes_takes_them(overlay, version):
    for each in manifests(overlay):
        kubernetes_validate.validate(each, version, strict=True)


def test_a_typing_error_would_be_found():
    wrong = {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "spec": {"maxUnavailble": 1}}
    with pytest.raises(kubernetes_validate.ValidationError, match="maxUnavailble"):
        kubernetes_validate.validate(wrong, "1.32", strict=True)


def test_the_files_are_clean_yaml():
    listed = subprocess.run(
        ["git", "ls-files", "*.yaml", "*.yml"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    command = [sys.executable, "-m", "yamllint", "--strict", *listed.stdout.split()]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.stdout + checked.stderr == ""


@every_overlay
def test_everything_is_in_one_namespace_and_bears_the_name(overlay):
    assert {each["metadata"]["namespace"] for each in manifests(overlay)} in ({"board"}, {"board-test"})
    assert {each["metadata"]["labels"]["app.kubernetes.io/name"] for each in manifests(overlay)} == {"board"}


@every_overlay
def test_a_mount_has_its_volume_and_a_volume_its_source(overlay):
    for pod in templates(overlay).values():
        volumes = {each["name"]: each for each in pod["spec"].get("volumes", [])}
        every = [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]
        mounted = [mount["name"] for container in every for mount in container.get("volumeMounts", [])]
        assert set(mounted) == set(volumes)
        for volume in volumes.values():
            assert len(volume) == 2, f"{volume['name']} needs one source"
            if "persistentVolumeClaim" in volume:
                assert volume["persistentVolumeClaim"]["claimName"] in of_kind(overlay, "PersistentVolumeClaim")
            if "configMap" in volume:
                assert volume["configMap"]["name"] in of_kind(overlay, "ConfigMap")
            if "secret" in volume:
                assert volume["secret"]["optional"]
                assert f"`{volume['secret']['secretName']}`" in guides()


@pytest.fixture(scope="module")
def secrets() -> dict[str, set[str]]:
    """The keys of each secret that k8s/make-secrets makes."""
    made = subprocess.run([ROOT / "k8s/make-secrets", "ada"], capture_output=True, text=True, check=True).stdout
    return {each["metadata"]["name"]: set(each["data"]) for each in yaml.safe_load_all(made)}


@every_overlay
def test_what_the_environment_is_taken_from_is_there_or_described(overlay, secrets):
    for container in containers(overlay):
        for source in container.get("envFrom", []):
            name = (source.get("configMapRef") or source.get("secretRef"))["name"]
            assert name in of_kind(overlay, "ConfigMap") or f"`{name}`" in guides(), name
        for variable in container.get("env", []):
            if reference := variable.get("valueFrom", {}).get("secretKeyRef"):
                made = reference["key"] in secrets.get(reference["name"], ())
                told = reference.get("optional") and f"`{reference['key']}`" in guides()
                assert made or told, reference


@every_overlay
def test_every_variable_is_a_setting_and_has_a_value_that_works(overlay):
    known = {field.name.upper() for field in dataclasses.fields(Config)}
    for container in ours(overlay):
        found = settings(overlay, container)
        buckets = {name: value for name, value in found.items() if name.startswith("AWS_")}
        S3Store("pictures", config=buckets)  # raises for a name that it does not know
        assert set(found) - set(buckets) <= known
        Config.from_environment(found)


@every_overlay
def test_the_proxy_is_the_first_to_close_a_connection(overlay):
    (deployment,) = of_kind(overlay, "Deployment").values()
    app = deployment["spec"]["template"]["spec"]["containers"][0]
    assert float(settings(overlay, app)["KEEP_ALIVE_SECONDS"]) > 60, "nginx's patience"


@every_overlay
def test_requests_are_within_limits_and_memory_has_one(overlay):
    for container in containers(overlay):
        requests, limits = container["resources"]["requests"], container["resources"]["limits"]
        assert {"cpu", "memory"} <= set(requests)
        assert "memory" in limits
        for what in set(requests) & set(limits):
            assert amount(requests[what]) <= amount(limits[what]), container["name"]


@pytest.mark.parametrize("overlay", ["test", "production"])
def test_the_pod_of_app_and_database_is_held_to_512_mib(overlay):
    pod = templates(overlay)["Deployment board"]["spec"]
    assert {each["name"] for each in pod["containers"]} == {"app", "postgres"}
    assert sum(amount(each["resources"]["limits"]["memory"]) for each in pod["containers"]) <= MEMORY_OF_THE_POD


@every_overlay
def test_selectors_find_the_pods_that_they_mean(overlay):
    for each in of_kind(overlay, "Deployment").values():
        assert each["spec"]["selector"]["matchLabels"].items() <= each["spec"]["template"]["metadata"]["labels"].items()
    for kind, path in (("Service", "selector"), ("PodDisruptionBudget", "selector"), ("NetworkPolicy", "podSelector")):
        for name, each in of_kind(overlay, kind).items():
            if kind == "Service" and overlay in ("blue", "green"):
                assert path not in each["spec"], "k8s/switch alone says whom it selects"
                continue
            selector = each["spec"][path]
            assert selected(overlay, selector.get("matchLabels", selector)), f"{kind} {name} selects nobody"
    for each in of_kind(overlay, "HorizontalPodAutoscaler").values():
        assert each["spec"]["scaleTargetRef"]["name"] in of_kind(overlay, "Deployment")


@every_overlay
def test_ports_agree_from_the_ingress_to_the_process(overlay):
    site = selected(overlay, {"app.kubernetes.io/component": "site"})
    for service in of_kind(overlay, "Service").values():
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports(site)
    for policy in of_kind(overlay, "NetworkPolicy").values():
        pods = selected(overlay, policy["spec"]["podSelector"]["matchLabels"])
        assert {port["port"] for rule in policy["spec"].get("ingress", []) for port in rule["ports"]} <= ports(pods)
    for ingress in of_kind(overlay, "Ingress").values():
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                backend = path["backend"]["service"]
                service = of_kind(overlay, "Service")[backend["name"]]
                assert backend["port"]["name"] in {port["name"] for port in service["spec"]["ports"]}
    for container in ours(overlay):
        for port in container.get("ports", []):
            assert port["containerPort"] == int(settings(overlay, container).get("PORT", Config().port))


@every_overlay
def test_probes_ask_for_addresses_that_the_app_has(overlay):
    app = create_app(Config(database_url="postgresql://nobody"), with_jobs=False)
    for container in containers(overlay):
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            if not (asked := container.get(probe, {}).get("httpGet")):
                continue
            assert asked["port"] in {port["name"] for port in container["ports"]}
            scope = {"type": "http", "method": "GET", "path": asked["path"]}
            assert any(route.matches(scope)[0] == Match.FULL for route in app.routes), asked["path"]


@every_overlay
def test_the_address_is_the_same_for_the_app_and_the_ingress(overlay):
    (ingress,) = of_kind(overlay, "Ingress").values()
    hosts = {rule["host"] for rule in ingress["spec"]["rules"]}
    assert hosts == {host for tls in ingress["spec"]["tls"] for host in tls["hosts"]}
    for container in ours(overlay):
        origin = settings(overlay, container).get("PUBLIC_ORIGIN")
        assert {f"https://{host}" for host in hosts} == {origin}


@every_overlay
def test_no_container_may_more_than_it_needs(overlay):
    for pod in templates(overlay).values():
        assert pod["spec"]["serviceAccountName"] in of_kind(overlay, "ServiceAccount")
        assert pod["spec"]["automountServiceAccountToken"] is False
        assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
        assert pod["spec"]["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in containers(overlay):
        may = container["securityContext"]
        assert (may["readOnlyRootFilesystem"], may["allowPrivilegeEscalation"]) == (True, False)
        assert may["capabilities"] == {"drop": ["ALL"]}
        assert may["runAsUser"] > 0


@pytest.mark.parametrize("overlay", ["scaled", "blue", "green"])
def test_replicas_have_no_state_and_time_to_end(overlay):
    assert of_kind(overlay, "PersistentVolumeClaim") == {}
    (deployment,) = of_kind(overlay, "Deployment").values()
    assert deployment["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert "replicas" not in deployment["spec"], "a deploy would undo what the autoscaler did"
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    given = settings(overlay, container)
    pause = float(container["lifecycle"]["preStop"]["exec"]["command"][-1])
    in_flight = 10
    assert pod["terminationGracePeriodSeconds"] >= pause + float(given["DRAIN_SECONDS"]) + in_flight
    assert given["STORAGE_URL"].startswith("s3://")
    assert container["args"] == ["serve"]
    (job,) = of_kind(overlay, "Job").values()
    assert job["spec"]["template"]["spec"]["containers"][0]["args"] == ["migrate"]
    assert job["spec"]["template"]["spec"]["containers"][0]["image"] == container["image"]
