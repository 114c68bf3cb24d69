"""What Dockerfile and docker-compose.yml say, read without Docker."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
DOCKERFILE: Final = ROOT / "Dockerfile"
COMPOSE: Final = ROOT / "docker-compose.yml"

OURS: Final = ("migrate", "api", "worker", "codec")

_VARIABLE: Final = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")


@dataclass(frozen=True)
class Service:
    name: str
    described: Mapping[str, Any]

    @property
    def command(self) -> list[str]:
        return list(self.described["command"])

    @property
    def health_check(self) -> list[str] | None:
        check = self.described["healthcheck"]
        return None if check.get("disable") else list(check["test"][1:])

    @property
    def names(self) -> set[str]:
        return set(self.described["environment"])

    @property
    def required(self) -> set[str]:
        """What has a value whatever the operator leaves out."""
        return {name for name, value in self.described["environment"].items() if value is not None}

    def environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        """What the process gets where the operator has set these variables."""
        got = {}
        for name, value in self.described["environment"].items():
            if value is not None:
                got[name] = interpolated(str(value), variables)
            elif name in variables:
                got[name] = variables[name]
        return got


def services() -> dict[str, Service]:
    described = yaml.safe_load(COMPOSE.read_text())["services"]
    return {name: Service(name, service) for name, service in described.items()}


def interpolated(text: str, variables: Mapping[str, str]) -> str:
    """
    Raises:
        KeyError: a variable that has to be set is not.
    """

    def value(found: re.Match[str]) -> str:
        if found["kind"] == "-":
            return variables.get(found["name"]) or found["rest"]
        return variables[found["name"]]

    return _VARIABLE.sub(value, text)


@dataclass(frozen=True)
class Instruction:
    name: str
    text: str


def dockerfile() -> list[Instruction]:
    lines = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE)
    joined = lines.replace("\\\n", " ")
    parts = [line.partition(" ") for line in joined.splitlines() if line.strip()]
    return [Instruction(name, text.strip()) for name, _, text in parts]


def copied() -> list[str]:
    """What comes from the repository into the image."""
    return [
        source
        for instruction in dockerfile()
        if instruction.name == "COPY" and not instruction.text.startswith("--")
        for source in shlex.split(instruction.text)[:-1]
    ]


def image_environment() -> dict[str, str]:
    return dict(
        pair.split("=", 1)
        for instruction in dockerfile()
        if instruction.name == "ENV"
        for pair in shlex.split(instruction.text)
    )
