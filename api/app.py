"""The API as an ASGI application."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final

import httpx
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from temporalio.client import Client
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api import errors, openapi
from api.auth import TokenVerifier
from api.deps import Services
from api.middleware.body_limit import BodyLimit
from api.middleware.errors import UnhandledErrors
from api.middleware.rate_limit import RateLimit, RateLimitPolicy, RequestCounters
from api.middleware.request_log import RequestLog
from api.middleware.security_headers import SecurityHeaders
from api.readiness import ReadinessChecks
from api.routes import (
    edge_function,
    events,
    health,
    history,
    payments,
    publication,
    sessions,
    stages,
    webhooks,
    wizard,
)
from api.sessions.client import SessionClient
from api.sessions.erasure import Eraser
from api.sessions.live_projection import LiveProjectionQueue
from api.sessions.publishing import Publisher
from api.sessions.quota import OpenSessionQuota
from db.inbox import InboxWriter
from db.pool import Pool, create_pool, wait_for_schema
from db.projection import LiveProjection
from db.reads import EventReads, SessionReads
from observability.metrics import ApiMetrics
from observability.telemetry import Telemetry
from settings import ApiSettings
from temporal.client import connect

VERSION: Final = "0.1.0"

DESCRIPTION: Final = """\
Organizers create an event in six stages. Each session is a durable workflow: nothing that was
typed is lost, and nothing is published twice. Errors are problem documents (RFC 9457).
"""

_ROUTERS: Final = (
    stages.router,
    wizard.router,
    sessions.router,
    payments.router,
    publication.router,
    history.router,
    events.router,
    edge_function.router,
    webhooks.router,
    health.router,
)
"""In the order in which they are tried, after the route of a save."""

_ALLOWED_HEADERS: Final = [
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Prefer",
    "apikey",
    "x-client-info",
]
_EXPOSED_HEADERS: Final = [
    "ETag",
    "Location",
    "Retry-After",
    "Preference-Applied",
    "X-Request-Id",
]

_USUAL_WAIT: Final = 2.0
"""Seconds. Where the database is there, as it usually is, no request comes too early."""

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    settings: ApiSettings, *, temporal: Client | None = None, telemetry: Telemetry | None = None
) -> FastAPI:
    """``temporal`` takes the place of the client that the environment describes."""
    telemetry = telemetry or Telemetry()
    app = _routed(_lifespan(settings, temporal, telemetry))
    app.state.metrics = ApiMetrics()
    # From the innermost to the outermost: what refuses stands below what a refusal passes through.
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes, respond=errors.respond)
    app.add_middleware(
        RateLimit,
        counters=RequestCounters(settings.redis_url),
        policy=RateLimitPolicy.from_settings(settings),
        respond=errors.respond,
    )
    app.add_middleware(UnhandledErrors, respond=errors.respond)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(settings.cors_origins),
        allow_methods=["GET", "POST", "PATCH", "DELETE"],
        allow_headers=_ALLOWED_HEADERS,
        expose_headers=_EXPOSED_HEADERS,
        max_age=600,
    )
    app.add_middleware(RequestLog, observe=app.state.metrics.request)
    app.add_middleware(SecurityHeaders)
    if settings.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.trusted_proxies))
    telemetry.instrument(app)
    return app


def describe_app() -> FastAPI:
    """The routes alone, for their description."""
    return _routed(None)


def _routed(lifespan: Lifespan | None) -> FastAPI:
    app = FastAPI(
        title="Event wizard",
        version=VERSION,
        description=DESCRIPTION,
        lifespan=lifespan,
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
    )
    # The application's own, and first: FastAPI takes its time to find a route within a router.
    app.router.routes.extend(stages.saves.routes)
    for router in _ROUTERS:
        app.include_router(router)
    openapi.install_docs_page(app)
    errors.install(app)

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = openapi.document(app)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's documented way to extend it
    return app


def _lifespan(settings: ApiSettings, temporal: Client | None, telemetry: Telemetry) -> Lifespan:
    """The API answers at once: until it has its database, with what is missing."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        dsn = settings.database_api_url.get_secret_value()
        pool = await create_pool(dsn, application_name="event-wizard-api", min_size=0)
        client = temporal or await connect(
            settings.key_ring, lazy=True, runtime=telemetry.runtime, plugins=telemetry.plugins
        )
        told: ApiMetrics = app.state.metrics
        write_behind = LiveProjectionQueue(LiveProjection(pool), told)
        app.state.services = None
        app.state.dependencies = ReadinessChecks(pool, client)

        async def begin() -> None:
            await wait_for_schema(pool, dsn)
            write_behind.start()
            app.state.services = _services(settings, client, pool, write_behind, told)

        beginning = asyncio.create_task(begin(), name="beginning")
        await asyncio.wait([beginning], timeout=_USUAL_WAIT)
        if beginning.done():
            beginning.result()  # raises what is no waiting
        async with httpx.AsyncClient() as http:
            app.state.verifier = TokenVerifier.from_settings(settings, http)
            yield
        beginning.cancel()
        await write_behind.stop()
        await pool.close()
        await asyncio.to_thread(telemetry.stop)

    return lifespan


def _services(
    settings: ApiSettings,
    client: Client,
    pool: Pool,
    write_behind: LiveProjectionQueue,
    told: ApiMetrics,
) -> Services:
    session_reads, event_reads = SessionReads(pool), EventReads(pool)
    sessions = SessionClient(
        client,
        session_reads,
        write_behind,
        OpenSessionQuota(session_reads, settings.max_open_sessions),
        told,
        ttl_seconds=settings.session_ttl,
    )
    return Services(
        temporal=client,
        pool=pool,
        sessions=sessions,
        publishing=Publisher(sessions, session_reads, event_reads),
        erasing=Eraser(client, sessions, session_reads),
        session_reads=session_reads,
        event_reads=event_reads,
        inbox=InboxWriter(pool),
        webhook_secrets=settings.stripe_webhook_secrets,
        livemode=settings.stripe_livemode,
        metrics=told,
    )
