"""Settings that several processes share, and how a process reads its own."""

import sys
from functools import cached_property
from typing import Literal, NoReturn, TypeVar

from pydantic import Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from settings.values import HttpAddress, MetricsAddress
from temporal.encryption.keys import KeyRing, PayloadKeys


class CommonSettings(BaseSettings):
    """Settings of every process."""

    model_config = SettingsConfigDict(
        env_file=None, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR"
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="json (one object per line), or console (for a terminal)"
    )
    payload_keys: PayloadKeys = Field(
        default=SecretStr(""),
        description="Keys that encrypt Temporal's payloads: id:base64 of 32 bytes, separated by "
        "commas. The first key encrypts, all decrypt. Required by the codec server",
        examples=["2031-05:…,2030-11:…"],
    )

    @cached_property
    def key_ring(self) -> KeyRing:
        """The keys that encrypt all payloads that Temporal stores."""
        return KeyRing.parse(self.payload_keys)


class ObservedSettings(CommonSettings):
    """Where the process exports metrics and traces; nowhere unless set."""

    metrics_address: MetricsAddress | None = Field(
        default=None,
        description="IP address and port that serve the metrics of Temporal's SDK and of the "
        "worker; each process needs a separate one. Off unless set",
        examples=["127.0.0.1:9464"],
    )
    otel_exporter_otlp_endpoint: HttpAddress | None = Field(
        default=None,
        description="Receives OpenTelemetry traces, by OTLP over HTTP. Off unless set",
        examples=["http://127.0.0.1:4318"],
    )


class AddressSettings(CommonSettings):
    """Where people reach the deployment, of the processes that tell others."""

    public_url: HttpAddress | None = Field(
        default=None,
        description=(
            "Address of the public pages of events, to which Stripe sends buyers back. Default: "
            "the address that the API listens on"
        ),
        examples=["https://tickets.example.com"],
    )
    media_public_url: HttpAddress | None = Field(
        default=None,
        description=(
            "Address of the server that serves the pictures at /media/, such as a content "
            "delivery network in front of the API or of the bucket. Default: PUBLIC_URL"
        ),
        examples=["https://cdn.example.com"],
    )


SettingsT = TypeVar("SettingsT", bound=CommonSettings)


def load(kind: type[SettingsT]) -> SettingsT:
    """Reads the settings, or exits with one line per invalid setting."""
    try:
        return kind()
    except ValidationError as error:
        _refuse(error)


def _refuse(error: ValidationError) -> NoReturn:
    for problem in error.errors(include_url=False, include_input=False):
        name = "_".join(str(part) for part in problem["loc"][:1]).upper() or "settings"
        sys.stderr.write(f"{name}: {_text_of(problem)}\n")
    raise SystemExit(2)


def _text_of(problem: ErrorDetails) -> str:
    if problem["type"] == "missing":
        return "is required"
    return problem["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
