"""The manifests in ops/kubernetes, read without a cluster."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from tests.support.containers import ROOT

MANIFESTS: Final = ROOT / "ops" / "kubernetes"
SECRETS: Final = MANIFESTS / "secrets.example.yaml"

Object = Mapping[str, Any]


def objects_of(path: Path) -> list[Object]:
    return list(yaml.safe_load_all(path.read_text()))


def manifest_files() -> list[Path]:
    return sorted(path for path in MANIFESTS.rglob("*.yaml") if path.name != "kustomization.yaml")


def of_kind(*kinds: str) -> dict[str, Object]:
    """By their names, which are unique among these kinds."""
    manifests = (manifest for path in manifest_files() for manifest in objects_of(path))
    found = [manifest for manifest in manifests if manifest["kind"] in kinds]
    by_name = {manifest["metadata"]["name"]: manifest for manifest in found}
    assert len(by_name) == len(found)
    return by_name


@dataclass(frozen=True)
class Workload:
    """A deployment or a job, with its only container."""

    name: str
    pod: Object

    @property
    def container(self) -> Object:
        (container,) = self.pod["containers"]
        return dict(container)

    @property
    def ports(self) -> dict[str, int]:
        return {port["name"]: port["containerPort"] for port in self.container.get("ports", ())}

    @property
    def probes(self) -> dict[str, Object]:
        return {name: probe for name, probe in self.container.items() if name.endswith("Probe")}

    def sources(self) -> Iterator[tuple[str, str]]:
        """The kinds and names of the objects that its environment comes from."""
        for source in self.container.get("envFrom", ()):
            ((reference, value),) = source.items()
            kind = {"configMapRef": "ConfigMap", "secretRef": "Secret"}[reference]
            yield kind, value["name"]

    def settings(self) -> dict[str, str]:
        """The variables of its environment. Those of secrets are empty."""
        environment: dict[str, str] = {}
        for kind, name in self.sources():
            manifest = of_kind(kind)[name]
            values = manifest.get("data") or manifest["stringData"]
            assert not values.keys() & environment.keys(), f"{self.name}: {name}"
            environment |= values
        return environment


def workloads() -> dict[str, Workload]:
    return {
        name: Workload(name, manifest["spec"]["template"]["spec"])
        for name, manifest in of_kind("Deployment", "Job").items()
    }


def optional_names(path: Path) -> dict[str, set[str]]:
    """Variables that are commented out, by the objects that they belong to."""
    documents = path.read_text().split("---\n")
    return {
        yaml.safe_load(document)["metadata"]["name"]: set(
            re.findall(r'^  # (\w+): ""$', document, re.MULTILINE)
        )
        for document in documents
    }
