"""Settings, read once from the environment; a bad combination stops the process with a clear line.

Three types, because three processes need different things: ``WorkerSettings``, ``ApiSettings``
and ``MigrationSettings``. Every name is documented in ``.env.example``, and a test holds the two
equal. How to reach Temporal is not among them: see ``workflows/connection.py``.
"""

import sys
from functools import cached_property
from typing import Annotated, Literal, NoReturn, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from domain.session import DEFAULT_SESSION_TTL_SECONDS

MIN_SECRET_BYTES = 32
"""RFC 7518, section 3.2: an HS256 key is at least as long as the hash."""

TEST_KEYS = ("sk_test_", "rk_test_")

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class _Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=None, frozen=True, extra="ignore")

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "console"] = "json"


class WorkerSettings(_Settings):
    """What ``worker.py`` needs."""

    database_url: SecretStr
    stripe_api_key: SecretStr | None = None
    stripe_api_base: str | None = None
    stripe_activities_per_second: float = Field(default=10, gt=0)
    worker_max_cached_workflows: int = Field(default=1000, ge=1)
    worker_ready_file: str | None = None

    @model_validator(mode="after")
    def _one_stripe(self) -> "WorkerSettings":
        if self.stripe_api_base is None:
            return self
        if self.stripe_api_key is None:
            raise ValueError("STRIPE_API_BASE needs STRIPE_API_KEY")
        if not self.stripe_api_key.get_secret_value().startswith(TEST_KEYS):
            raise ValueError("STRIPE_API_BASE is for test keys: a live key goes to Stripe alone")
        return self


class MigrationSettings(_Settings):
    """What ``python -m db.migrate`` needs: a role that owns the tables."""

    database_migration_url: SecretStr


class ApiSettings(_Settings):
    """What the gateway needs."""

    database_api_url: SecretStr
    api_host: str = "127.0.0.1"
    api_port: int = Field(default=8000, ge=1, le=65535)

    jwt_issuer: Annotated[tuple[str, ...], NoDecode] = Field(min_length=1)
    jwt_audience: str
    jwt_jwks_url: Annotated[tuple[str, ...], NoDecode] = ()
    jwt_secret: SecretStr | None = None
    jwt_publish_permission: str | None = Field(default=None, min_length=1)

    session_ttl: int = Field(default=DEFAULT_SESSION_TTL_SECONDS, ge=1, description="seconds")
    max_body_bytes: int = Field(default=131_072, ge=1024)
    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()

    stripe_webhook_secrets: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    stripe_livemode: bool = False

    @field_validator(
        "jwt_issuer", "jwt_jwks_url", "cors_origins", "stripe_webhook_secrets", mode="before"
    )
    @classmethod
    def _split_on_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @model_validator(mode="after")
    def _one_source_of_keys(self) -> "ApiSettings":
        if self.jwt_secret is None and not self.jwt_jwks_url:
            raise ValueError("set JWT_JWKS_URL or JWT_SECRET: nobody could be identified without")
        if self.jwt_secret is not None and self.jwt_jwks_url:
            raise ValueError("set JWT_JWKS_URL or JWT_SECRET, not both: one would never be used")
        if self.jwt_jwks_url and len(self.jwt_jwks_url) != len(self.jwt_issuer):
            raise ValueError(
                "JWT_JWKS_URL needs one address for each JWT_ISSUER, in the same order"
            )
        if self.jwt_secret and len(self.jwt_secret.get_secret_value().encode()) < MIN_SECRET_BYTES:
            raise ValueError(f"JWT_SECRET needs at least {MIN_SECRET_BYTES} bytes")
        for url in self.jwt_jwks_url:
            parts = urlsplit(url)
            if parts.scheme != "https" and parts.hostname not in LOOPBACK_HOSTS:
                raise ValueError("JWT_JWKS_URL must be https outside this machine")
        if "*" in self.cors_origins:
            raise ValueError("CORS_ORIGINS lists origins; a wildcard is not accepted")
        return self

    @cached_property
    def issuer_keys(self) -> dict[str, str | None]:
        """Issuer → address of its key set; None where tokens are signed with the secret."""
        if not self.jwt_jwks_url:
            return dict.fromkeys(self.jwt_issuer)
        return dict(zip(self.jwt_issuer, self.jwt_jwks_url, strict=True))


SettingsT = TypeVar("SettingsT", bound=_Settings)


def load(kind: type[SettingsT]) -> SettingsT:
    """Read settings, or end the process with one line for each thing that is wrong."""
    try:
        return kind()
    except ValidationError as error:
        _refuse(error)


def _refuse(error: ValidationError) -> NoReturn:
    for problem in error.errors(include_url=False, include_input=False):
        name = "_".join(str(part) for part in problem["loc"][:1]).upper() or "settings"
        sys.stderr.write(f"{name}: {problem['msg'].removeprefix('Value error, ')}\n")
    raise SystemExit(2)
