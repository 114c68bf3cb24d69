"""Each setting with values that are refused: the line names the setting and says what is wrong, and
never quotes the value."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from settings import ApiSettings, CodecSettings, MigrationSettings, WorkerSettings, load
from settings.common import CommonSettings

Refusal = Callable[[type[CommonSettings], dict[str, str | None]], str]
"""What a process with changed settings writes before it ends."""

SECRET: Final = "hunter2-hunter2-hunter2-hunter2-hunter2"
KEY: Final = b64encode(b"hunter2-hunter2-hunter2-hunter2-").decode()
API: Final = {
    "DATABASE_API_URL": "postgresql://wizard_api:hunter2@localhost/wizard",
    "JWT_ISSUER": "https://issuer.example",
    "JWT_AUDIENCE": "event-wizard",
    "JWT_SECRET": SECRET,
    "ID_SECRET": "hunter2-hunter2-hunter2-hunter2-for-ids",
}
COMPLETE: Final[dict[type[CommonSettings], dict[str, str]]] = {
    ApiSettings: API,
    WorkerSettings: {"DATABASE_URL": "postgresql://wizard_worker:hunter2@localhost/wizard"},
    CodecSettings: {
        **API,
        "PAYLOAD_KEYS": f"k1:{KEY}",
        "OPERATOR_PERMISSION": "wizard:operate",
    },
    MigrationSettings: {"DATABASE_MIGRATION_URL": "postgresql://owner:hunter2@localhost/wizard"},
}

EMPTY: Final = "must not be empty"
EMPTY_OPTIONAL: Final = "must not be empty. Set a value, or remove it"
MEANINGFUL_IF_EMPTY: Final = {
    *(name.upper() for name in ApiSettings.model_fields if "rate_limit" in name),
    *("WEB_ROOT", "CORS_ORIGINS", "CODEC_CORS_ORIGINS", "TRUSTED_PROXIES", "LEGAL_LINKS"),
    *("JWT_JWKS_URL", "STRIPE_WEBHOOK_SECRETS", "NOTIFICATION_SECRETS"),
    *("PLATFORM_FEE_FIXED", "WORKER_BUILD_ID", "COPILOT_MODEL"),
    *("ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "OPENAI_API_KEY"),
}
"""Empty lists, no limit, or none."""

ADDRESS: Final = "must begin with http:// or https://, and a host"
NO_USER: Final = "must not contain a user name or password"
PORT: Final = "must have a port from 1 to 65535 after the host, or none"
HTTPS_IN_PUBLIC: Final = "must use https, except on this machine or in its network"
HOST: Final = "must have a host in ASCII letters, without a wildcard"
ADDRESSES: Final = {
    "tickets.example.com": ADDRESS,
    "ftp://a.example": ADDRESS,
    "https://": ADDRESS,
} | {
    "https://u:hunter2@a.example": NO_USER,
    "https://a.example:99999": PORT,
    "https://a.example:0": PORT,
    "https://a.example?x=hunter2": "must end before the ? or #",
    "https://*.example.com": HOST,
    "https://münchen.example": HOST,
    "https://a .example": "must not contain spaces or line breaks",
}
PUBLIC: Final = {**ADDRESSES, "http://tickets.example.com": HTTPS_IN_PUBLIC}
ORIGINS: Final = {
    "null": "origin 1 is null, which pages of any site can send: list your own origins",
    "https://a.example,https://*.example.com": "origin 2 has a wildcard: list each origin",
    "*": "origin 1 has a wildcard: list each origin",
    "app.example.com": f"origin 1 {ADDRESS}",
    "https://u:hunter2@a.example": f"origin 1 {NO_USER}",
    "https://a.example/": "origin 1 must be as browsers send it: https://a.example",
    "https://a.example/app": "origin 1 must be as browsers send it: https://a.example",
    "https://A.example": "origin 1 must be as browsers send it: https://a.example",
    "https://a.example:443": "origin 1 must be as browsers send it: https://a.example",
    "https://a.example:99999": f"origin 1 {PORT}",
}
TOO_MANY: Final = (
    "has too many addresses: any client in it could claim the address of another. "
    "List your proxies, or a network like 10.0.0.0/8"
)
NETWORKS: Final = {
    "*": "must list IP addresses or networks like 10.0.0.0/8",
    "proxy.internal": "must list IP addresses or networks like 10.0.0.0/8",
    "10.0.0.1/8": "must list IP addresses or networks like 10.0.0.0/8",
    "10.0.0.0/8,0.0.0.0/0": f"network 2 {TOO_MANY}",
    "0.0.0.0/1,128.0.0.0/1": f"network 1 {TOO_MANY}",
    "::/0": f"network 1 {TOO_MANY}",
    "2000::/3": f"network 1 {TOO_MANY}",
    "::ffff:0:0/96": f"network 1 {TOO_MANY}",
}
POSTGRES: Final = {
    "localhost/wizard": "must begin with postgresql://",
    "mysql://u:hunter2@h/wizard": "must begin with postgresql://",
    "postgresql://u:hunter2@h": "must name the database after the host, like /wizard",
    "postgresql://u:hunter2#x@h/wizard": "must be postgresql://role:password@host:port/database, "
    "with %23 for # and so on in the password",
    "postgresql://u:hunter2@h:99999/wizard": "must be postgresql://role:password@host:port/"
    "database, with %23 for # and so on in the password",
}
RATE: Final = 'must be a rate like "600/minute" or "600/minute;20/second", or empty for no limit'
RATES: Final = dict.fromkeys(["often", "0/minute", "-1/minute", "600", "600/minute;0/second"], RATE)
SECONDS: Final = {
    "-1": "must be at least 0",
    "99999999999999999999": "must be at most 3162240000",
    "1.5": "must be a whole number",
    "soon": "must be a whole number",
}
PER_SECOND: Final = {
    "0": "must be more than 0",
    "-1": "must be more than 0",
    "nan": "must be a finite number",
    "1001": "must be at most 1000.0",
    "many": "must be a number",
}
PERMISSION: Final = "must be one permission, without spaces, commas and *"
PERMISSIONS: Final = dict.fromkeys(["*", "a,b", "a b"], PERMISSION)
KEYS: Final = {
    "hunter2": "key 1 must be written as id:base64, where an id has up to 32 letters, digits, "
    "dots, hyphens and underscores",
    "k1:hunter2": "the key k1 is not base64",
    "k1:aHVudGVyMg==": "the key k1 has 7 bytes instead of 32",
    f"k1:{KEY},k1:{KEY}": "two keys have the id k1",
    ",": "must have a key",
}
PORTS: Final = {
    "0": "must be at least 1",
    "65536": "must be at most 65535",
    "http": "must be a whole number",
}
HOSTS: Final = dict.fromkeys(
    ["http://a.example", "*", "127.0.0.1:8000", "a b"],
    "must be an IP address or the name of a host, without a port",
)
COUNTS: Final = {"-1": "must be at least 0", "9999999": "must be at most 1000000"}

REFUSED: Final[dict[type[CommonSettings], dict[str, dict[str, str]]]] = {
    ApiSettings: {
        "LOG_LEVEL": {"TRACE": "must be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"},
        "LOG_FORMAT": {"xml": "must be 'json' or 'console'"},
        "PAYLOAD_KEYS": KEYS,
        "METRICS_ADDRESS": {
            **dict.fromkeys(
                ["localhost:9464", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:99999"],
                "must be an IP address and a port, like 127.0.0.1:9464",
            ),
            "127.0.0.1:8000": "must have another port than API_PORT",
            "0.0.0.0:8000": "must have another port than API_PORT",
        },
        "OTEL_EXPORTER_OTLP_ENDPOINT": ADDRESSES,
        "PUBLIC_URL": {
            **PUBLIC,
            "https://a.example/wizard": "must end after the host or the port: the API has the "
            "paths below it",
        },
        "MEDIA_PUBLIC_URL": PUBLIC,
        "JWT_ISSUER": {
            "http://issuer.example": "must use https, except on this machine",
            "https://a.example,=https://a.example": "must list each issuer once",
            "https://*.example": "issuer 1 must be the claim iss of its tokens",
            "=": "issuer 1 must be the claim iss of its tokens",
            "https://u:hunter2@a.example": f"issuer 1 {NO_USER}",
            "https://a.example,https://b.example:x": f"issuer 2 {PORT}",
        },
        "JWT_AUDIENCE": {
            ",": EMPTY,
            "*": "must not be *: name the audience, or the clients after azp:",
            "azp:*": "must not be *: name the audience, or the clients after azp:",
            "azp:|": "must have a client after azp:",
            "first,second": "must list one audience, or one for each JWT_ISSUER in the same order",
        },
        "JWT_SECRET": {
            "hunter2": "must have at least 32 bytes",
            " " * 40: EMPTY_OPTIONAL,
        },
        "JWT_PUBLISH_PERMISSION": PERMISSIONS,
        "DATABASE_API_URL": POSTGRES,
        "DATABASE_LISTEN_URL": POSTGRES,
        "API_HOST": HOSTS,
        "API_PORT": PORTS,
        "ID_SECRET": {
            "hunter2": "must have at least 32 characters",
            SECRET: "must differ from JWT_SECRET, which the issuer has",
        },
        "SESSION_TTL": {"0": "must be at least 1", "99999999999": "must be at most 316224000"},
        "MAX_BODY_BYTES": {
            "1024": "must be at least 131072",
            "100000000": "must be at most 1048576",
            "512K": "must be a whole number",
        },
        "LEGAL_LINKS": dict.fromkeys(
            ["Imprint", "Imprint=http://a.example", "=https://a.example", "Imprint=https://"],
            "must be names and https addresses, such as Imprint=https://…",
        ),
        "WEB_ROOT": {"/no/such/folder": "must be a folder with index.html"},
        "CORS_ORIGINS": ORIGINS,
        "WEB_ISSUER": {"https://other.example": "must be one of JWT_ISSUER"},
        "WEB_SCOPE": {"profile": "must contain openid"},
        "MEDIA_QUOTA": {"-1": "must be at least 0", "9" * 20: "must be at most 1000000000000000"},
        "RATE_LIMIT": RATES,
        "RATE_LIMIT_PER_ADDRESS": RATES,
        "RATE_LIMIT_ORDERS": RATES,
        "RATE_LIMIT_MEDIA": RATES,
        "COPILOT_RATE_LIMIT": RATES,
        "RATE_LIMIT_WEBHOOKS": RATES,
        "COPILOT_WARM_UP": {"maybe": "must be true or false"},
        "HOLDS_PER_ADDRESS": COUNTS,
        "REDIS_URL": {
            "http://:hunter2@redis.example": "must begin with redis:// or rediss://, and a host",
            "redis://": "must begin with redis:// or rediss://, and a host",
            "redis://redis.example:99999": PORT,
        },
        "TRUSTED_PROXIES": NETWORKS,
        "MAX_OPEN_SESSIONS": {"0": "must be at least 1", "9999999": "must be at most 1000000"},
        "STRIPE_WEBHOOK_SECRETS": {
            "sk_test_hunter2": "secret 1 must be whsec_..., platform:whsec_... or "
            "connect:whsec_...",
        },
        "STRIPE_LIVEMODE": {"live": "must be true or false"},
        "COPILOT_MODEL": {
            "gpt-5": "must be anthropic:…, google:… or openai:…, and the name of a model",
            "openai:gpt-5": "requires OPENAI_API_KEY",
        },
        "COPILOT_BASE_URL": ADDRESSES,
        "COPILOT_MAX_TOKENS": {"1": "must be at least 256", "9999999": "must be at most 1000000"},
        "MEDIA_STORE": {
            "/var/lib/pictures": "must begin with file:///, s3://, gs:// or az://",
            "file://pictures": "must name a folder like file:///var/lib/pictures, with three "
            "slashes",
            "s3://u:hunter2@bucket": "must not contain credentials or options: they have their "
            "own settings",
        },
    },
    WorkerSettings: {
        "DATABASE_URL": POSTGRES,
        "STRIPE_API_KEY": {
            "pk_test_hunter2": "must be a secret key (sk_…), and is a publishable key",
            "whsec_hunter2": "must be an API key (sk_…), and is the secret of a webhook endpoint",
            "hunter2": "must be a key like sk_test_…, sk_live_…, rk_test_… or rk_live_…",
            "sk_test_": "must be a key like sk_test_…, sk_live_…, rk_test_… or rk_live_…",
            "sk_test_hunter2 x": "must be a key like sk_test_…, sk_live_…, rk_test_… or rk_live_…",
        },
        "STRIPE_API_BASE": {**ADDRESSES, "http://127.0.0.1:12111": "requires STRIPE_API_KEY"},
        "STRIPE_ACTIVITIES_PER_SECOND": PER_SECOND,
        "ORDER_STRIPE_ACTIVITIES_PER_SECOND": PER_SECOND,
        "PLATFORM_FEE_PERCENT": {
            "150": "must be less than 100",
            "-1": "must be at least 0",
            "2.555": "must have at most 2 decimal places",
            "NaN": "must be a finite number",
            "a tenth": "must be a number",
        },
        "PLATFORM_FEE_FIXED": {
            "50": "must be currencies and amounts in minor units, like eur:50,usd:50",
            "eur:50,eur:60": "has eur twice",
            "xxx:50": "has xxx, which Stripe does not support",
        },
        "WORKER_BUILD_ID": dict.fromkeys(
            ['v1" OR "', "v" * 201],
            "must be at most 200 letters, digits, dots, hyphens, underscores and +",
        ),
        "WORKER_MAX_CACHED_WORKFLOWS": {
            "0": "must be at least 1",
            "9" * 20: "must be at most 100000",
        },
        "WORKER_READY_FILE": dict.fromkeys(
            ["/no/such/folder/ready", str(Path.home())], "must be a file in a folder that exists"
        ),
        "SESSION_ABANDON_AFTER": {
            **SECONDS,
            "604800": "must be less than SESSION_TTL (604800), which is the same for API and "
            "worker",
        },
        "SESSION_REMIND_BEFORE": {
            **SECONDS,
            "604800": "must be less than SESSION_TTL (604800), which is the same for API and "
            "worker",
        },
        "SESSION_RETENTION": SECONDS,
        "STRIPE_EVENT_RETENTION": SECONDS,
        "ORDER_RETENTION": SECONDS,
        "NOTIFICATION_RETENTION": SECONDS,
        "NOTIFICATION_URL": {
            "http://hunter2.example/": "must use https, except on this machine",
            "https://u:hunter2@a.example": NO_USER,
            "https://a.example:99999/": PORT,
            "https://a.example/hunter2": "set it and NOTIFICATION_SECRETS, or neither",
        },
        "NOTIFICATION_SECRETS": {
            "hunter2": "secret 1 must be whsec_ followed by at least 24 bytes in base64",
        },
    },
    CodecSettings: {
        "OPERATOR_PERMISSION": PERMISSIONS,
        "CODEC_HOST": HOSTS,
        "CODEC_PORT": PORTS,
        "CODEC_CORS_ORIGINS": ORIGINS,
        "PAYLOAD_KEYS": KEYS,
    },
    MigrationSettings: {"DATABASE_MIGRATION_URL": POSTGRES},
}
WITHOUT_A_CASE: Final = {
    *("WEB_CLIENT_ID", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "OPENAI_API_KEY"),
    "JWT_JWKS_URL",
}
"""Any text, or tried with its neighbours below."""

COMBINATIONS: Final[dict[str, dict[str, str | None]]] = {
    "JWT_JWKS_URL: set it or JWT_SECRET, because tokens cannot be verified without one": {
        "JWT_SECRET": None
    },
    "JWT_SECRET: set either JWT_JWKS_URL or JWT_SECRET, not both": {
        "JWT_JWKS_URL": "https://a.example/jwks"
    },
    "JWT_JWKS_URL: must use https, except on this machine": {
        "JWT_SECRET": None,
        "JWT_JWKS_URL": "http://a.example/jwks",
    },
    "JWT_JWKS_URL: must list one URL for each JWT_ISSUER, in the same order": {
        "JWT_SECRET": None,
        "JWT_JWKS_URL": "https://a.example,https://b.example",
    },
    f"JWT_JWKS_URL: URL 1 {ADDRESS}": {"JWT_SECRET": None, "JWT_JWKS_URL": "a.example/jwks"},
    "JWT_ISSUER: must use https if the process serves other machines": {
        "JWT_ISSUER": "http://127.0.0.1:8100",
        "API_HOST": "0.0.0.0",
    },
    "COPILOT_BASE_URL: requires a COPILOT_MODEL that begins with openai:": {
        "COPILOT_MODEL": "anthropic:claude",
        "COPILOT_BASE_URL": "https://llm.example/v1",
    },
}

TEMPORAL: Final[dict[str, dict[str, str]]] = {
    "TEMPORAL_ADDRESS": {
        "": EMPTY_OPTIONAL,
        **dict.fromkeys(
            ["http://127.0.0.1:7233", "temporal", "temporal:port", "temporal:7233/x"],
            "must be a host and a port, like 127.0.0.1:7233",
        ),
    },
    "TEMPORAL_NAMESPACE": {"": EMPTY_OPTIONAL},
    "TEMPORAL_TLS_CLIENT_CERT_PATH": {"/no/such/file": "must be a file that can be read"},
}


def cases() -> Iterator[tuple[type[CommonSettings], str, str, str]]:
    for kind, settings in REFUSED.items():
        for name, values in settings.items():
            for value, fault in values.items():
                yield kind, name, value, fault
    for kind in (ApiSettings, WorkerSettings, MigrationSettings):
        for name, values in TEMPORAL.items():
            for value, fault in values.items():
                yield kind, name, value, fault


def empty_cases() -> Iterator[tuple[type[CommonSettings], str, str]]:
    for kind in COMPLETE:
        for name, field in kind.model_fields.items():
            if name.upper() not in MEANINGFUL_IF_EMPTY:
                yield kind, name.upper(), EMPTY if field.is_required() else EMPTY_OPTIONAL


@pytest.fixture
def loading(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without settings."""
    for kind in COMPLETE:
        for name in kind.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


def load_with(
    kind: type[CommonSettings], changed: dict[str, str | None], loading: pytest.MonkeyPatch
) -> CommonSettings:
    for name, value in {**COMPLETE[kind], **changed}.items():
        if value is None:
            loading.delenv(name, raising=False)
        else:
            loading.setenv(name, value)
    return load(kind)


@pytest.fixture
def refusal_of(loading: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Refusal:
    def refuse(kind: type[CommonSettings], changed: dict[str, str | None]) -> str:
        with pytest.raises(SystemExit) as stopped:
            load_with(kind, changed, loading)
        assert stopped.value.code == 2
        return capsys.readouterr().err

    return refuse


@pytest.mark.parametrize(("kind", "name", "value", "fault"), list(cases()))
def test_a_refused_value_stops_the_process_with_one_line(
    kind: type[CommonSettings], name: str, value: str, fault: str, refusal_of: Refusal
) -> None:
    shown = refusal_of(kind, {name: value})

    assert shown == f"{name}: {fault}\n"
    assert "hunter2" not in shown


@pytest.mark.parametrize("text", ["", "  "])
@pytest.mark.parametrize(("kind", "name", "fault"), list(empty_cases()))
def test_an_empty_value_stops_the_process_with_one_line(
    kind: type[CommonSettings], name: str, fault: str, text: str, refusal_of: Refusal
) -> None:
    assert refusal_of(kind, {name: text}) == f"{name}: {fault}\n"


@pytest.mark.parametrize(("line", "changed"), COMBINATIONS.items())
def test_a_contradiction_stops_the_process_with_one_line(
    line: str, changed: dict[str, str | None], refusal_of: Refusal
) -> None:
    assert refusal_of(ApiSettings, changed) == f"{line}\n"


def test_every_setting_has_a_value_that_is_refused() -> None:
    tried = {name for settings in REFUSED.values() for name in settings}
    settings = {name.upper() for kind in COMPLETE for name in kind.model_fields}

    assert settings - tried == WITHOUT_A_CASE


@pytest.mark.parametrize("kind", COMPLETE)
def test_a_missing_setting_is_required(kind: type[CommonSettings], refusal_of: Refusal) -> None:
    missing: dict[str, str | None] = dict.fromkeys(COMPLETE[kind])
    required = [name for name, field in kind.model_fields.items() if field.is_required()]

    lines = refusal_of(kind, missing).splitlines()

    assert lines == [f"{name.upper()}: is required" for name in required]


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (ApiSettings, "LOG_LEVEL", "debug"),
        (ApiSettings, "CORS_ORIGINS", "https://a.example,http://localhost:5173,https://[::1]:8443"),
        (ApiSettings, "CORS_ORIGINS", ""),
        (ApiSettings, "TRUSTED_PROXIES", "10.0.0.0/8,fc00::/7,2400:cb00::/32,127.0.0.1"),
        (ApiSettings, "MAX_BODY_BYTES", "1048576"),
        (ApiSettings, "PUBLIC_URL", "https://tickets.example.com/"),
        (ApiSettings, "PUBLIC_URL", "http://wizard.localhost:9000"),
        (ApiSettings, "PUBLIC_URL", "http://192.168.1.7:8000"),
        (ApiSettings, "MEDIA_PUBLIC_URL", "https://cdn.example.com/prefix"),
        (ApiSettings, "REDIS_URL", "rediss://:hunter2@redis.example:6380/2"),
        (ApiSettings, "METRICS_ADDRESS", "[::1]:9464"),
        (ApiSettings, "API_HOST", "::"),
        (ApiSettings, "DATABASE_API_URL", "postgres://wizard_api:a%23b@db:5432/wizard?sslmode=on"),
        (ApiSettings, "JWT_PUBLISH_PERMISSION", "org:events:publish"),
        (ApiSettings, "RATE_LIMIT", ""),
        (WorkerSettings, "STRIPE_API_KEY", "rk_live_hunter2"),
        (WorkerSettings, "SESSION_ABANDON_AFTER", "0"),
        (WorkerSettings, "SESSION_TTL", "3600"),
    ],
)
def test_a_sensible_value_is_accepted(
    kind: type[CommonSettings], name: str, value: str, loading: pytest.MonkeyPatch
) -> None:
    assert load_with(kind, {name: value}, loading)
