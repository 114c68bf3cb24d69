"""The manifests in ops/kubernetes are valid, and match the processes and docker-compose.yml."""

import json
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from domain import ids
from settings import ApiSettings
from tests.support.containers import (
    OURS,
    ROOT,
    SETTINGS,
    demanded_variables,
    interpolated,
    services,
)
from tests.support.kubernetes import (
    MANIFESTS,
    SECRETS,
    Object,
    Workload,
    manifest_files,
    objects_of,
    of_kind,
    optional_names,
    workloads,
)

OLDEST: Final = "1.30"
"""The first Kubernetes with the sleep action of preStop."""

NEWEST: Final = "1.37"

WORKLOADS: Final = workloads()
COMPOSE: Final = services()
PATHS: Final = json.loads((ROOT / "docs" / "openapi.json").read_text())["paths"]
OF_THE_SCALER: Final = {
    *("endpoint", "namespace", "taskQueue", "queueTypes", "targetQueueSize"),
    *("activationTargetQueueSize", "workerDeploymentName", "workerDeploymentBuildId"),
}
"""Parameters of KEDA's scaler for Temporal."""

SECRET_VALUES: Final = {
    "PAYLOAD_KEYS": f"2031-05:{'A' * 43}=",
    "ID_SECRET": "i" * 32,
    **dict.fromkeys(
        ("DATABASE_MIGRATION_URL", "DATABASE_API_URL", "DATABASE_URL"),
        "postgresql://role:secret@postgres:5432/wizard",
    ),
}
"""Values that an operator might fill in."""

OF_OTHERS: Final = {"ScaledObject"}
"""Kinds that Kubernetes does not define."""

needs_kubectl = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is missing")


@pytest.fixture(params=OURS)
def ours(request: pytest.FixtureRequest) -> Workload:
    """A process of the wizard."""
    return WORKLOADS[request.param]


@pytest.fixture(params=sorted(WORKLOADS))
def workload(request: pytest.FixtureRequest) -> Workload:
    return WORKLOADS[request.param]


def check_schema(manifest: Object, version: str) -> None:
    validator = pytest.importorskip("kubernetes_validate", reason="run make setup")
    validator.validate(manifest, version, strict=True)


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize(
    "path", manifest_files(), ids=lambda path: str(path.relative_to(MANIFESTS))
)
def test_manifests_are_valid(path: Path, version: str) -> None:
    for manifest in objects_of(path):
        if manifest["kind"] not in OF_OTHERS:
            check_schema(manifest, version)


@pytest.mark.parametrize("folder", [".", "versioned-worker"])
@needs_kubectl
def test_kustomize_builds_valid_manifests(folder: str) -> None:
    built = subprocess.run(
        ["kubectl", "kustomize", str(MANIFESTS / folder)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert built.returncode == 0, built.stderr
    for manifest in yaml.safe_load_all(built.stdout):
        check_schema(manifest, NEWEST)
        if manifest["kind"] != "Namespace":
            assert manifest["metadata"]["namespace"] == "event-wizard"


def kustomization(folder: str) -> Any:
    return yaml.safe_load((MANIFESTS / folder / "kustomization.yaml").read_text())


def test_every_manifest_is_applied_but_secrets_and_optional_ones() -> None:
    applied = {MANIFESTS / name for name in kustomization(".")["resources"]}
    applied |= {MANIFESTS / "worker" / name for name in kustomization("worker")["resources"]}

    not_applied = set(manifest_files()) - applied
    assert {path for path in not_applied if path.parent.name != "optional"} == {SECRETS}


def test_the_image_is_that_of_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    (image,) = kustomization(".")["images"]

    assert (image["name"], image["newTag"]) == ("event-wizard", version)


def test_every_process_of_compose_is_deployed() -> None:
    assert set(WORKLOADS) == {*OURS, "redis"}


def test_a_process_runs_the_command_of_compose(ours: Workload) -> None:
    assert ours.container["image"] == "event-wizard"
    assert ours.container["command"] == COMPOSE[ours.name].command
    assert "args" not in ours.container


def test_redis_is_that_of_compose() -> None:
    redis = WORKLOADS["redis"]

    assert redis.container["image"] == interpolated(COMPOSE["redis"].definition["image"], {})
    assert redis.container["args"] == COMPOSE["redis"].command
    assert redis.probes["readinessProbe"]["exec"]["command"] == COMPOSE["redis"].health_check
    assert (
        of_kind("ConfigMap")["api"]["data"]["REDIS_URL"]
        == (COMPOSE["api"].environment(demanded_variables())["REDIS_URL"])
    )


def accepted(name: str) -> set[str]:
    """The variables that a process reads: its settings, and those of Temporal's client."""
    of_temporal = {name for name in COMPOSE["worker"].names if name.startswith("TEMPORAL_")}
    return {field.upper() for field in SETTINGS[name].model_fields} | of_temporal


def test_every_name_is_a_setting_of_the_process(ours: Workload) -> None:
    assert set(ours.settings()) <= accepted(ours.name)


def test_required_settings_are_set(ours: Workload) -> None:
    required = {
        name.upper()
        for name, field in SETTINGS[ours.name].model_fields.items()
        if field.is_required()
    }

    assert required <= set(ours.settings())


def test_optional_secrets_are_settings_of_the_process(ours: Workload) -> None:
    names = optional_names(SECRETS)
    for kind, source in ours.sources():
        if kind == "Secret":
            assert names[source] <= accepted(ours.name)


def test_the_values_are_valid(ours: Workload, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {name: value or SECRET_VALUES[name] for name, value in ours.settings().items()}
    for name, value in values.items():
        monkeypatch.setenv(name, value)

    SETTINGS[ours.name]()


def test_secrets_have_no_values() -> None:
    for manifest in objects_of(SECRETS):
        assert manifest["kind"] == "Secret"
        assert set(manifest["stringData"].values()) == {""}
    assert "Secret" not in {
        manifest["kind"]
        for path in manifest_files()
        if path != SECRETS
        for manifest in objects_of(path)
    }
    assert "ops/kubernetes/secrets.yaml" in (ROOT / ".gitignore").read_text().splitlines()


def test_pods_are_restricted(workload: Workload) -> None:
    assert workload.pod["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 10001 if workload.name in OURS else 999,
        "runAsGroup": 10001 if workload.name in OURS else 999,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert workload.container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert workload.pod["automountServiceAccountToken"] is False
    assert {"requests", "limits"} == workload.container["resources"].keys()
    assert "memory" in workload.container["resources"]["limits"]


def test_processes_write_to_tmp_alone(ours: Workload) -> None:
    (volume,) = ours.pod["volumes"]

    assert volume["emptyDir"].keys() == {"sizeLimit"}
    assert ours.container["volumeMounts"] == [{"name": volume["name"], "mountPath": "/tmp"}]


def test_services_do_not_set_ports(workload: Workload) -> None:
    """A link to the service ``api`` would set the setting ``API_PORT`` to an address."""
    assert "API_PORT" in accepted("api")
    assert workload.pod["enableServiceLinks"] is False


def test_probes_use_ports_and_paths_that_exist(workload: Workload) -> None:
    for probe in workload.probes.values():
        if "httpGet" in probe:
            assert probe["httpGet"]["port"] in workload.ports
            assert "get" in PATHS[probe["httpGet"]["path"]]
        elif "tcpSocket" in probe:
            assert probe["tcpSocket"]["port"] in workload.ports


def test_ports_are_those_of_the_settings() -> None:
    metrics = of_kind("ConfigMap")["addresses"]["data"]["METRICS_ADDRESS"].rpartition(":")[2]

    assert WORKLOADS["api"].ports == {
        "http": ApiSettings.model_fields["api_port"].default,
        "metrics": int(metrics),
    }
    assert WORKLOADS["worker"].ports == {"metrics": int(metrics)}
    assert WORKLOADS["codec"].ports == {
        "http": SETTINGS["codec"].model_fields["codec_port"].default
    }


def test_an_outage_neither_restarts_nor_removes_pods() -> None:
    """Only the start waits for Postgres and Temporal."""
    probes = WORKLOADS["api"].probes

    assert probes["startupProbe"]["httpGet"]["path"] == "/readyz"
    assert probes["readinessProbe"]["httpGet"]["path"] == "/healthz"
    assert probes["livenessProbe"]["httpGet"]["path"] == "/healthz"
    for probe in WORKLOADS["worker"].probes.values():
        assert probe["exec"]["command"] == COMPOSE["worker"].health_check
    assert WORKLOADS["worker"].probes.keys() == {"startupProbe", "livenessProbe"}


def test_grace_period_is_that_of_compose_after_prestop(ours: Workload) -> None:
    if ours.name == "migrate":
        return
    pre_stop = ours.container.get("lifecycle", {}).get("preStop", {}).get("sleep", {})
    grace = COMPOSE[ours.name].stop_grace_seconds

    assert ours.pod["terminationGracePeriodSeconds"] == grace + pre_stop.get("seconds", 0)


def test_labels_select_pods() -> None:
    labels = {
        name: manifest["spec"]["template"]["metadata"]["labels"]
        for name, manifest in of_kind("Deployment").items()
    }

    for name, deployment in of_kind("Deployment").items():
        spec = deployment["spec"]
        assert spec["selector"]["matchLabels"] == labels[name] == {"app": name}
        for spread in spec["template"]["spec"].get("topologySpreadConstraints", ()):
            assert spread["labelSelector"]["matchLabels"] == labels[name]
    for name, budget in of_kind("PodDisruptionBudget").items():
        assert budget["spec"]["selector"]["matchLabels"] == labels[name]
    for name, service in of_kind("Service").items():
        if name != "closed":
            assert service["spec"]["selector"] == labels[name]
            for port in service["spec"]["ports"]:
                assert port["targetPort"] in WORKLOADS[name].ports


def test_network_policies_name_ports_of_the_pods() -> None:
    for name, policy in of_kind("NetworkPolicy").items():
        selector = policy["spec"]["podSelector"]
        apps = [selector["matchLabels"]["app"]] if "matchLabels" in selector else []
        for expression in selector.get("matchExpressions", ()):
            apps += expression["values"]
        for rule in policy["spec"].get("ingress", ()):
            assert apps, name
            for port in rule["ports"]:
                assert all(port["port"] in WORKLOADS[app].ports for app in apps), name


def test_the_ingress_hides_the_metrics() -> None:
    (rule,) = of_kind("Ingress")["api"]["spec"]["rules"]
    backends = {path["path"]: path["backend"]["service"]["name"] for path in rule["http"]["paths"]}

    assert backends == {"/": "api", "/metrics": "closed"}
    assert "selector" not in of_kind("Service")["closed"]["spec"]
    assert rule["host"] in of_kind("ConfigMap")["addresses"]["data"]["PUBLIC_URL"]


def test_workers_scale_by_the_queues_that_more_workers_shorten() -> None:
    settings = of_kind("ConfigMap")["every-process"]["data"]
    scaled = of_kind("ScaledObject")["worker"]["spec"]

    assert scaled["scaleTargetRef"] == {"name": "worker"}
    queues = set()
    for trigger in scaled["triggers"]:
        metadata = trigger["metadata"]
        assert trigger["type"] == "temporal"
        assert metadata["endpoint"] == settings["TEMPORAL_ADDRESS"]
        assert metadata["namespace"] == settings["TEMPORAL_NAMESPACE"]
        assert metadata.keys() <= OF_THE_SCALER
        assert all(isinstance(value, str) for value in metadata.values())
        queues.add(metadata["taskQueue"])
    assert queues == {ids.TASK_QUEUE, ids.ORDERS_TASK_QUEUE}


def test_the_api_scales_its_deployment() -> None:
    target = of_kind("HorizontalPodAutoscaler")["api"]["spec"]["scaleTargetRef"]

    assert (target["kind"], target["name"]) == ("Deployment", "api")


def test_a_versioned_worker_names_its_release_everywhere() -> None:
    release = kustomization("versioned-worker")
    (image,) = release["images"]
    version = image["newTag"]
    (patch,) = (yaml.safe_load(entry["patch"]) for entry in release["patches"])
    (container,) = patch["spec"]["template"]["spec"]["containers"]
    (labels,) = release["labels"]

    assert release["nameSuffix"] == f"-{version.replace('.', '-')}"
    assert labels["pairs"] == {"release": version}
    assert labels["includeSelectors"] is True
    assert container["env"] == [{"name": "WORKER_BUILD_ID", "value": version}]
    assert "WORKER_BUILD_ID" in accepted("worker")
    assert container["name"] == WORKLOADS["worker"].container["name"]
