"""Writes ``docs/settings.md`` and ``.env.example`` from the descriptions in ``settings/``.

``python -m dev.settings_reference`` (``make settings``) writes both.
"""

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from pictures.settings import PictureSettings
from settings import (
    ApiSettings,
    CodecSettings,
    MigrationSettings,
    TokenSettings,
    WorkerSettings,
)
from settings.assistant import AssistantSettings
from settings.common import (
    AddressSettings,
    CommonSettings,
    LifetimeSettings,
    ObservedSettings,
)

ROOT: Final = Path(__file__).parents[1]
REFERENCE: Final = ROOT / "docs" / "settings.md"
EXAMPLE: Final = ROOT / ".env.example"

PROCESSES: Final[dict[str, type[BaseSettings]]] = {
    "API": ApiSettings,
    "worker": WorkerSettings,
    "codec server": CodecSettings,
    "migration": MigrationSettings,
}

SECTIONS: Final[dict[str, type[BaseSettings]]] = {
    "Logs and encryption": CommonSettings,
    "Metrics and traces": ObservedSettings,
    "Public addresses": AddressSettings,
    "Sessions": LifetimeSettings,
    "Tokens": TokenSettings,
    "API": ApiSettings,
    "Worker": WorkerSettings,
    "Assistant": AssistantSettings,
    "Pictures": PictureSettings,
    "Codec server": CodecSettings,
    "Migration": MigrationSettings,
}

TEMPORAL: Final = {
    "TEMPORAL_ADDRESS": ("127.0.0.1:7233", "Temporal's front end"),
    "TEMPORAL_NAMESPACE": ("default", "The namespace"),
    "TEMPORAL_API_KEY": ("", "API key of Temporal Cloud"),
    "TEMPORAL_TLS_CLIENT_CERT_PATH": ("", "Client certificate, for mutual TLS"),
    "TEMPORAL_TLS_CLIENT_KEY_PATH": ("", "Its private key"),
}
"""Defaults and descriptions by name. The SDK reads these itself (environment configuration)."""

INTRODUCTION: Final = """\
# Settings

Every process reads its settings from environment variables. An invalid value or combination stops
the process with one line on stderr. [.env.example](../.env.example) has the same list as a file to
copy. `make settings` writes both from the descriptions in [settings/](../settings).

The tenant of a token is the first of its claims `app_metadata.organization_id`, `org_id` and
`o.id`, or else the user (`sub`). Every member of an organization may work on its sessions.
"""

EXAMPLE_HEADER: Final = """\
# Settings of the processes, read from the environment; docs/settings.md has them as a table.
# A commented line shows the default, or an example if the default is empty.
# The embedded stack (`make run`, `make demo`) sets all of this itself.
"""


class Setting(NamedTuple):
    name: str
    processes: str
    default: str
    """Empty if there is no default, or if the setting is required."""
    example: str
    is_required: bool
    description: str


def settings_of(section: type[BaseSettings]) -> Iterator[Setting]:
    """The settings that the class itself defines, in order."""
    inherited = {name for base in section.__bases__ for name in getattr(base, "model_fields", {})}
    for name, field in section.model_fields.items():
        if name not in inherited:
            yield _setting(name, field)


def _setting(name: str, field: FieldInfo) -> Setting:
    users = [process for process, kind in PROCESSES.items() if name in kind.model_fields]
    return Setting(
        name=name.upper(),
        processes="all" if len(users) == len(PROCESSES) else ", ".join(users),
        default="" if field.is_required() else _as_text(field.default),
        example=str((field.examples or [""])[0]),
        is_required=field.is_required(),
        description=field.description or "",
    )


def _as_text(default: object) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    return str(default) if default or default == 0 else ""


def reference() -> str:
    """The text of ``docs/settings.md``."""
    temporal = [
        Setting(name, "all", default, "", is_required=False, description=description)
        for name, (default, description) in TEMPORAL.items()
    ]
    parts = [INTRODUCTION]
    parts += [_table(title, settings_of(section)) for title, section in SECTIONS.items()]
    parts.append(_table("Temporal", temporal))
    return "\n".join(parts)


def _table(title: str, settings: Iterator[Setting] | list[Setting]) -> str:
    rows = [
        f"## {title}\n",
        "| setting | process | default | description |",
        "| --- | --- | --- | --- |",
    ]
    for setting in settings:
        default = f"`{setting.default}`" if setting.default else "none"
        row = (
            f"`{setting.name}`",
            setting.processes,
            "required" if setting.is_required else default,
            setting.description,
        )
        rows.append("| " + " | ".join(row) + " |")
    return "\n".join(rows) + "\n"


def example() -> str:
    """The text of ``.env.example``."""
    lines = [EXAMPLE_HEADER]
    for title, section in SECTIONS.items():
        lines.append(_ruled(title))
        for setting in settings_of(section):
            lines += _commented(setting.description)
            value = setting.default or setting.example
            lines.append(f"{'' if setting.is_required else '# '}{setting.name}={value}\n")
    lines.append(_ruled("Temporal"))
    for name, (default, description) in TEMPORAL.items():
        lines += [*_commented(description), f"# {name}={default}\n"]
    return "\n".join(lines)


def _ruled(title: str) -> str:
    return f"# --- {title} ".ljust(99, "-") + "\n"


def _commented(description: str) -> list[str]:
    return textwrap.wrap(
        f"{description}.", 99, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False
    )


if __name__ == "__main__":
    REFERENCE.write_text(reference())
    EXAMPLE.write_text(example())
