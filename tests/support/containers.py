"""The contents of Dockerfile and docker-compose.yml, read without Docker."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic_settings import BaseSettings

from settings import ApiSettings, CodecSettings, MigrationSettings, WorkerSettings

ROOT: Final = Path(__file__).parents[2]
DOCKERFILE: Final = ROOT / "Dockerfile"
COMPOSE: Final = ROOT / "docker-compose.yml"

SETTINGS: Final[Mapping[str, type[BaseSettings]]] = {
    "migrate": MigrationSettings,
    "api": ApiSettings,
    "worker": WorkerSettings,
    "codec": CodecSettings,
}
OURS: Final = tuple(SETTINGS)
"""The processes of the wizard."""

_VARIABLE: Final = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")


@dataclass(frozen=True)
class Service:
    name: str
    definition: Mapping[str, Any]

    @property
    def command(self) -> list[str]:
        return list(self.definition["command"])

    @property
    def health_check(self) -> list[str] | None:
        check = self.definition["healthcheck"]
        return None if check.get("disable") else list(check["test"][1:])

    @property
    def stop_grace_seconds(self) -> int:
        return int(self.definition["stop_grace_period"].removesuffix("s"))

    @property
    def names(self) -> set[str]:
        return set(self.definition["environment"])

    @property
    def required(self) -> set[str]:
        """Variables that have a value even if the operator sets none."""
        return {name for name, value in self.definition["environment"].items() if value is not None}

    def environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        """The process's environment if the operator has set these variables."""
        environment = {}
        for name, value in self.definition["environment"].items():
            if value is not None:
                environment[name] = interpolated(str(value), variables)
            elif name in variables:
                environment[name] = variables[name]
        return environment


def services() -> dict[str, Service]:
    definition = yaml.safe_load(COMPOSE.read_text())["services"]
    return {name: Service(name, service) for name, service in definition.items()}


def demanded_variables() -> dict[str, str]:
    """A value for each variable without which compose refuses the file."""
    return dict.fromkeys(re.findall(r"\$\{(\w+):\?", COMPOSE.read_text()), "filled-in")


def interpolated(text: str, variables: Mapping[str, str]) -> str:
    """
    Raises:
        KeyError: a required variable is not set.
    """

    def value(match: re.Match[str]) -> str:
        if match["kind"] == "-":
            return variables.get(match["name"]) or match["rest"]
        return variables[match["name"]]

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


def copied(stage: str = "build") -> list[str]:
    """Paths of the repository that a stage copies: ``build``, whose files the image contains, or
    ``web``, which builds the front end."""
    current = ""
    found: list[str] = []
    for instruction in dockerfile():
        if instruction.name == "FROM":
            current = instruction.text.rpartition(" AS ")[2]
        elif instruction.name == "COPY" and current == stage:
            found += shlex.split(instruction.text)[:-1]
    return found


def image_environment() -> dict[str, str]:
    return dict(
        pair.split("=", 1)
        for instruction in dockerfile()
        if instruction.name == "ENV"
        for pair in shlex.split(instruction.text)
    )
