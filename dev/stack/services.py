"""The components of the stack, their needs and their environment."""

import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from dev.identity.clients import AUDIENCE, JWKS_PATH, WEB_CLIENT_ID
from dev.stack import postgres, temporal
from dev.stack.component import Component, http_status, succeeds
from dev.stack.ports import LOOPBACK, Ports
from dev.stack.state import Stack, StackError, StateDir
from payments.api_keys import TEST_KEYS
from payments.event_types import SUBSCRIBED_SNAPSHOTS, SUBSCRIBED_THIN

HTTP_OK = 200

STAND_IN_KEY = "sk_test_stand_in"
WEBHOOK_PATH = "/v1/webhooks/stripe"

RATE_LIMIT_OF_ONE_MACHINE = "60000/minute"
"""High, because scripts and benchmarks share one address, and often one user."""

LOCALHOST = "localhost"

OPERATOR_PERMISSION = "wizard:operate"
"""With which a token may decrypt payloads, unless the environment sets another one."""

FRONT_END_ORIGINS = "http://localhost:3000,http://localhost:5173"

# Settings for other clusters and databases in the developer's environment must not reach the stack.
# Only one process could listen on METRICS_ADDRESS.
_NOT_INHERITED = (
    *("DATABASE_", "JWT_", "METRICS_", "TEMPORAL_", "PG"),
    *("WEB_ISSUER", "WEB_SCOPE"),
)
_PUBLISH_PERMISSION = "JWT_PUBLISH_PERMISSION"
"""Inherited nevertheless, because it is no address: the identity gives it to those who sign in."""


@dataclass(frozen=True)
class Site:
    """The ports, addresses and state directory of one stack."""

    ports: Ports
    stack: Stack
    state: StateDir


def addresses(ports: Ports) -> Stack:
    """The addresses that follow from the ports."""
    api_urls = tuple(f"http://{LOOPBACK}:{port}" for port in ports.api)
    return Stack(
        api_url=api_urls[0],
        api_urls=api_urls,
        temporal_address=f"{LOOPBACK}:{ports.temporal}",
        temporal_ui_url=f"http://{LOOPBACK}:{ports.temporal_ui}",
        stripe_url=None if _real_stripe_key() else f"http://{LOOPBACK}:{ports.stripe}",
        identity_url=f"http://{LOOPBACK}:{ports.identity}",
        codec_url=f"http://{LOOPBACK}:{ports.codec}" if ports.codec else None,
        database_url=postgres.dsn(postgres.WORKER_ROLE, ports.postgres),
        database_api_url=postgres.dsn(postgres.API_ROLE, ports.postgres),
        database_admin_url=postgres.dsn(postgres.ADMIN_ROLE, ports.postgres),
    )


def whole_stack(site: Site) -> list[Component]:
    """All components; they stop in reverse order."""
    return [*backing_services(site), *application(site)]


def backing_services(site: Site) -> list[Component]:
    """The services that the application uses; in production they run elsewhere."""
    environment = environment_of(site)
    ports, state = site.ports, site.state
    health = temporal.health_url(site.stack.temporal_ui_url)
    keys = f"{site.stack.identity_url}{JWKS_PATH}"
    stripe = [_stripe_stand_in(site, site.stack.stripe_url)] if site.stack.stripe_url else []
    is_ready = [postgres.tool("pg_isready"), "-q", "-d", site.stack.database_admin_url]
    return [
        Component(
            name="postgres",
            command=_python("dev.stack.postgres", str(state.postgres), str(ports.postgres)),
            environment=environment,
            ready=lambda: succeeds(is_ready),
            stop_signal=signal.SIGINT,  # a fast shutdown: SIGTERM would wait for every client
        ),
        Component(
            name="temporal",
            command=temporal.command(
                state.temporal,
                port=ports.temporal,
                ui_port=ports.temporal_ui,
                codec_url=site.stack.codec_url,
            ),
            environment=environment,
            ready=lambda: http_status(health) == HTTP_OK,
        ),
        Component(
            name="identity",
            command=_python("dev.identity", str(state.identity), str(ports.identity)),
            environment={**environment, "IDENTITY_ORIGINS": _front_ends(site.stack, environment)},
            ready=lambda: http_status(keys) == HTTP_OK,
        ),
        *stripe,
    ]


def _front_ends(stack: Stack, environment: Mapping[str, str]) -> str:
    """The addresses of the front end: the API's, which serves it, and those of its own servers."""
    names = [
        url.replace(LOOPBACK, name) for url in stack.api_urls for name in (LOOPBACK, LOCALHOST)
    ]
    own = (environment.get("PUBLIC_URL", ""), environment["CORS_ORIGINS"])
    return ",".join([*names, *filter(None, own)])


def _stripe_stand_in(site: Site, url: str) -> Component:
    """The stand-in, which delivers the events that an operator subscribes to at Stripe."""
    webhook = {
        "url": f"{site.stack.api_url}{WEBHOOK_PATH}",
        "secret": site.state.stripe_webhook_secret(),
    }
    endpoints = [
        {**webhook, "connect": True, "payload": "thin", "enabled_events": SUBSCRIBED_THIN},
        {**webhook, "connect": True, "payload": "snapshot", "enabled_events": SUBSCRIBED_SNAPSHOTS},
    ]
    return Component(
        name="stripe",
        command=_python("dev.stripe_stand_in", str(site.state.stripe), str(site.ports.stripe)),
        environment={
            **environment_of(site),
            "STRIPE_STAND_IN_WEBHOOKS": json.dumps(endpoints),
        },
        ready=lambda: http_status(f"{url}/_stand_in/health") == HTTP_OK,
    )


def _real_stripe_key() -> str | None:
    """
    Raises:
        StackError: the key is live, so a development stack would make real charges.
    """
    key = os.environ.get("STRIPE_API_KEY")
    if key and not key.startswith(TEST_KEYS):
        raise StackError("STRIPE_API_KEY must be a key of Stripe's test mode")
    return key


def application(site: Site) -> list[Component]:
    """The migration, the worker and the API. They wait for their services themselves, so that they
    load their code meanwhile, which takes longer than a start of the services."""
    environment = environment_of(site)
    ready_file = site.state.worker_ready
    return [
        Component(
            name="migration",
            command=[sys.executable, "migrate.py"],
            environment=environment,
        ),
        Component(
            name="logins",
            command=_allow_logins(site.stack.database_admin_url),
            environment=environment,
            needs=("migration",),
        ),
        Component(
            name="worker",
            command=[sys.executable, "worker.py"],
            environment={**environment, "WORKER_READY_FILE": str(ready_file)},
            before_start=lambda: ready_file.unlink(missing_ok=True),
            ready=ready_file.exists,
        ),
        *([_codec(site, site.stack.codec_url)] if site.stack.codec_url else []),
        *(_api(number, site, environment) for number in range(len(site.ports.api))),
    ]


def _codec(site: Site, url: str) -> Component:
    """The codec server, which admits the pages of this stack's Temporal UI."""
    ui = [site.stack.temporal_ui_url.replace(LOOPBACK, name) for name in (LOOPBACK, LOCALHOST)]
    return Component(
        name="codec",
        command=_python("dev.stack.codec_server", str(site.state.identity)),
        environment={
            "OPERATOR_PERMISSION": OPERATOR_PERMISSION,
            **environment_of(site),
            "CODEC_HOST": LOOPBACK,
            "CODEC_PORT": str(site.ports.codec),
            "CODEC_CORS_ORIGINS": ",".join(ui),
        },
        needs=("identity",),
        ready=lambda: http_status(f"{url}/healthz") == HTTP_OK,
    )


def environment_of(site: Site) -> dict[str, str]:
    """The environment of every process: the developer's own, and the addresses of the services."""
    own = {
        name: value
        for name, value in os.environ.items()
        if name == _PUBLISH_PERMISSION or not name.startswith(_NOT_INHERITED)
    }
    defaults = {
        "LOG_FORMAT": "console",
        "CORS_ORIGINS": FRONT_END_ORIGINS,
        "ID_SECRET": site.state.id_secret(),
        "MEDIA_STORE": site.state.media.as_uri(),
        **dict.fromkeys(
            ("RATE_LIMIT", "RATE_LIMIT_PER_ADDRESS", "RATE_LIMIT_ORDERS", "RATE_LIMIT_MEDIA"),
            RATE_LIMIT_OF_ONE_MACHINE,
        ),
    }
    stack = site.stack
    return {
        **defaults,
        **own,
        "PYTHONUNBUFFERED": "1",
        "DATABASE_URL": stack.database_url,
        "DATABASE_API_URL": stack.database_api_url,
        "DATABASE_MIGRATION_URL": stack.database_admin_url,
        "TEMPORAL_ADDRESS": stack.temporal_address,
        "JWT_ISSUER": stack.identity_url,
        "JWT_AUDIENCE": AUDIENCE,
        "JWT_JWKS_URL": f"{stack.identity_url}{JWKS_PATH}",
        "WEB_CLIENT_ID": WEB_CLIENT_ID,
        "API_HOST": LOOPBACK,
        **_stripe_environment(site),
    }


def _stripe_environment(site: Site) -> dict[str, str]:
    if site.stack.stripe_url is None:
        return {}
    return {
        "STRIPE_API_KEY": STAND_IN_KEY,
        "STRIPE_API_BASE": site.stack.stripe_url,
        "STRIPE_WEBHOOK_SECRETS": site.state.stripe_webhook_secret(),
    }


def _api(number: int, site: Site, environment: Mapping[str, str]) -> Component:
    return Component(
        name="api" if number == 0 else f"api-{number + 1}",
        command=_python("api"),
        environment={**environment, "API_PORT": str(site.ports.api[number])},
        ready=lambda: http_status(f"{site.stack.api_urls[number]}/readyz") == HTTP_OK,
    )


def _allow_logins(admin_url: str) -> list[str]:
    """Lets the roles log in, because migrations create them without LOGIN. Trust authentication is
    enough on the loopback address."""
    statements = [f"ALTER ROLE {role} LOGIN" for role in (postgres.API_ROLE, postgres.WORKER_ROLE)]
    commands = [part for statement in statements for part in ("-c", statement)]
    return [postgres.tool("psql"), "-X", "-v", "ON_ERROR_STOP=1", *commands, admin_url]


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]
