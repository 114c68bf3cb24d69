"""Settings that several processes share, and how a process reads its own."""

import os
import sys
from functools import cached_property
from typing import Annotated, Final, Literal, NoReturn, TypeVar

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.session.state import DEFAULT_SESSION_TTL_SECONDS
from settings.addresses import HttpAddress, MetricsAddress, PublicAddress, RootAddress
from settings.values import InUpperCase
from temporal.encryption.keys import KeyRing, PayloadKeys

TEN_YEARS: Final = 10 * 366 * 24 * 60 * 60


class CommonSettings(BaseSettings):
    """Settings of every process."""

    model_config = SettingsConfigDict(
        env_file=None, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], InUpperCase] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR"
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="json (one object per line), or console (for a terminal)"
    )
    payload_keys: PayloadKeys | None = Field(
        default=None,
        description="Keys that encrypt Temporal's payloads: id:base64 of 32 bytes, separated by "
        "commas. The first key encrypts, all decrypt. Required by the codec server",
        examples=["2031-05:…,2030-11:…"],
    )

    @cached_property
    def key_ring(self) -> KeyRing:
        """The keys that encrypt all payloads that Temporal stores."""
        return KeyRing.parse(self.payload_keys) if self.payload_keys else KeyRing()


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

    public_url: RootAddress | None = Field(
        default=None,
        description=(
            "Address of the public pages of events, to which Stripe sends buyers back. Default: "
            "the address that the API listens on"
        ),
        examples=["https://tickets.example.com"],
    )
    media_public_url: PublicAddress | None = Field(
        default=None,
        description=(
            "Address of the server that serves the pictures at /media/, such as a content "
            "delivery network in front of the API or of the bucket. Default: PUBLIC_URL"
        ),
        examples=["https://cdn.example.com"],
    )


class LifetimeSettings(CommonSettings):
    """How long a session may stay open, of the processes that start and close sessions."""

    session_ttl: int = Field(
        default=DEFAULT_SESSION_TTL_SECONDS,
        ge=1,
        le=TEN_YEARS,
        description="Seconds until a session expires (7 days)",
    )


SettingsT = TypeVar("SettingsT", bound=CommonSettings)

_TEXTS: Final = {
    "missing": "is required",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "decimal_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "decimal_max_places": "must have at most {decimal_places} decimal places",
    "bool_parsing": "must be true or false",
    "literal_error": "must be {expected}",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
}
"""By pydantic's type of an error."""


def load(kind: type[SettingsT]) -> SettingsT:
    """Reads the settings, or exits with one line per invalid setting."""
    try:
        return kind()
    except ValidationError as error:
        _refuse(error, kind)


def _refuse(error: ValidationError, kind: type[CommonSettings]) -> NoReturn:
    for problem in error.errors(include_url=False, include_input=False):
        field = "".join(str(part) for part in problem["loc"][:1])
        line = f"{field.upper()}: {_text_of(problem, field, kind)}" if field else _message(problem)
        sys.stderr.write(f"{line}\n")
    raise SystemExit(2)


def _text_of(problem: ErrorDetails, field: str, kind: type[CommonSettings]) -> str:
    if not os.environ.get(field.upper(), "unset").strip():
        is_required = kind.model_fields[field].is_required()
        return "must not be empty" + ("" if is_required else ". Set a value, or remove it")
    template = _TEXTS.get(problem["type"])
    return template.format_map(problem.get("ctx", {})) if template else _message(problem)


def _message(problem: ErrorDetails) -> str:
    """Of a validator of the project. One that checks several settings begins with their names."""
    return problem["msg"].removeprefix("Value error, ")
