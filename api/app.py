"""The API as an ASGI application."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from threading import Thread
from typing import Any, Final

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from temporalio.client import Client
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.auth import TokenVerifier, key_set_client
from api.copilot.agents import agent_for
from api.copilot.runs import CopilotRuns
from api.copilot.threads import Conversations
from api.copilot.turns import TurnReads
from api.deps import Services
from api.errors import install_error_handlers
from api.front_end.files import WebRoot
from api.front_end.policy import front_end_headers
from api.front_end.serving import FrontEnd
from api.live.hub import SessionHub
from api.live.members import MemberNames
from api.live.open_streams import OpenStreams
from api.live.session_streams import SessionStreams
from api.mcp.server import AgentServer
from api.media.uploads import Pictures
from api.middleware.body_limit import BodyLimit
from api.middleware.rate_limit import RateLimit, RateLimitPolicy, RequestCounters
from api.middleware.request_log import RequestLog
from api.middleware.security_headers import SecurityHeaders
from api.middleware.unhandled_errors import UnhandledErrors
from api.openapi import DESCRIPTION, openapi_document
from api.orders.client import OrderClient
from api.orders.sales import SalesClient
from api.pages.event_html import PublicSite
from api.pages.rendering import LegalLink
from api.readiness import ReadinessChecks
from api.routes import (
    config,
    copilot,
    copilot_context,
    docs,
    edge_function,
    events,
    health,
    history,
    mcp,
    media,
    orders,
    pages,
    payments,
    publication,
    sales,
    sessions,
    stages,
    stream,
    understanding,
    webhooks,
    wizard,
)
from api.routing import install_method_handler
from api.sessions.client import SessionClient
from api.sessions.erasure import Eraser
from api.sessions.live_projection import LiveProjectionQueue
from api.sessions.publishing import Publisher
from api.sessions.quota import OpenSessionQuota
from copilot.understanding import warm_up
from db.errors import IssuersChanged, WrongRole
from db.inbox import InboxWriter
from db.issuers import require_issuers
from db.media import MediaRegister
from db.order_reads import OrderReads
from db.pool import Pool, create_pool, wait_until_ready
from db.presence import MemberReads, Members
from db.projection import LiveProjection
from db.reads import EventReads, SessionReads
from db.roles import API, LISTENER
from db.threads import Threads
from observability.metrics import ApiMetrics
from observability.telemetry import Telemetry
from pictures.store import PictureStore
from settings import ApiSettings
from temporal.client import connect

VERSION: Final = "0.1.0"

_ROUTERS: Final = (
    stages.router,
    wizard.router,
    config.router,
    sessions.router,
    stream.router,
    payments.router,
    publication.router,
    copilot.router,
    copilot_context.router,
    understanding.router,
    history.router,
    pages.router,
    events.router,
    orders.router,
    sales.router,
    media.router,
    mcp.router,
    edge_function.router,
    webhooks.router,
    health.router,
    docs.router,
)
"""In the order of matching; most requests are for stages."""

_ALLOWED_HEADERS: Final = [
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "Prefer",
    "apikey",
    "x-client-info",
]
_EXPOSED_HEADERS: Final = [
    "ETag",
    "Idempotent-Replayed",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Preference-Applied",
    "X-Request-Id",
]

_STARTUP_WAIT: Final = 2.0
"""Seconds to wait for the database; after that, requests are accepted without it."""

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    settings: ApiSettings,
    *,
    temporal: Client | None = None,
    telemetry: Telemetry | None = None,
    on_refusal: Callable[[WrongRole | IssuersChanged], None] | None = None,
) -> FastAPI:
    """
    Args:
        temporal: replaces the client from the settings.
        on_refusal: ends the process if its database role or its first issuer is refused. That may
            be long after the start, when Postgres is there. Without it, the application never
            becomes ready.
    """
    telemetry = telemetry or Telemetry()
    front_end = _front_end(settings)
    app = _routed(front_end, _lifespan(settings, temporal, telemetry, on_refusal))
    app.state.metrics = ApiMetrics()
    app.state.client_config = config.ClientConfig.of(settings)
    app.state.protected_resource = mcp.ProtectedResource(settings)
    app.state.members = MemberNames()
    app.state.open_streams = OpenStreams()
    app.state.metrics.watch_streams(lambda: len(app.state.open_streams))
    # From the innermost to the outermost: an error response passes through all further out.
    app.add_middleware(
        BodyLimit,
        max_bytes=settings.max_body_bytes,
        by_path={
            webhooks.STRIPE_PATH: webhooks.MAX_EVENT_BYTES,
            media.UPLOAD_PATH: media.MAX_UPLOAD_BYTES,
        },
    )
    app.add_middleware(
        RateLimit,
        counters=RequestCounters(settings.redis_url),
        policy=RateLimitPolicy.from_settings(settings),
    )
    app.add_middleware(UnhandledErrors)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(settings.cors_origins),
        allow_methods=["GET", "HEAD", "POST", "PATCH", "DELETE"],
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
    """The application without a lifespan, for its OpenAPI document."""
    return _routed(FrontEnd(None), lifespan=None)


def _front_end(settings: ApiSettings) -> FrontEnd:
    if settings.web_folder is None:
        return FrontEnd(None)
    headers = front_end_headers(settings.sign_in_issuer, settings.media_address)
    return FrontEnd(WebRoot(settings.web_folder, headers))


def _routed(front_end: FrontEnd, lifespan: Lifespan | None) -> FastAPI:
    # ``include_router`` would build every route again, at the first request of each application.
    app = FastAPI(
        title="Event wizard",
        version=VERSION,
        description=DESCRIPTION,
        contact={"name": "The Event Wizard authors"},
        license_info={"name": "MIT", "identifier": "MIT"},
        routes=[route for router in _ROUTERS for route in router.routes],
        lifespan=lifespan,
        redirect_slashes=False,
        docs_url=None,
        openapi_url=None,
        redoc_url=None,
    )
    app.state.front_end = front_end
    app.router.default = front_end
    install_error_handlers(app)
    install_method_handler(app)

    def cached_document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = openapi_document(app)
        return app.openapi_schema

    app.openapi = cached_document  # type: ignore[method-assign]  # FastAPI's documented way to extend it
    return app


def _lifespan(
    settings: ApiSettings,
    temporal: Client | None,
    telemetry: Telemetry,
    on_refusal: Callable[[WrongRole | IssuersChanged], None] | None,
) -> Lifespan:
    """Accepts requests before the database is available, and answers them with 503 until then."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        dsn = settings.database_api_url.get_secret_value()
        pool = await create_pool(dsn, application_name="event-wizard-api", min_size=0)
        client = temporal or await connect(
            settings.key_ring, lazy=True, runtime=telemetry.runtime, plugins=telemetry.plugins
        )
        metrics: ApiMetrics = app.state.metrics
        live_projection = LiveProjectionQueue(LiveProjection(pool), metrics)
        hub = SessionHub(pool, settings.listen_dsn, LISTENER, metrics, on_wrong_role=on_refusal)
        app.state.services = None
        app.state.readiness_checks = ReadinessChecks(pool, client)

        async def start_services() -> None:
            try:
                await wait_until_ready(
                    pool,
                    API,
                    dsn,
                    check=partial(require_issuers, pool, settings.issuers_without_prefix),
                )
            except (WrongRole, IssuersChanged) as error:
                if on_refusal is not None:
                    on_refusal(error)
                raise
            live_projection.start()
            await hub.start()
            services = _services(
                settings,
                client,
                pool,
                live_projection,
                hub=hub,
                open_streams=app.state.open_streams,
                metrics=metrics,
            )
            services.streams.start()
            if settings.copilot_warm_up:
                Thread(target=warm_up, name="warm up", daemon=True).start()
            app.state.members.start(Members(pool))
            app.state.services = services

        startup = asyncio.create_task(start_services(), name="start services")
        await asyncio.wait([startup], timeout=_STARTUP_WAIT)
        if startup.done():
            startup.result()  # surfaces start-up errors
        app.state.agent_server = AgentServer(settings, VERSION)
        async with key_set_client() as http, app.state.agent_server.running():
            app.state.verifier = TokenVerifier.from_settings(settings, http)
            yield
        startup.cancel()
        if app.state.services is not None:
            await app.state.services.streams.stop()
        await app.state.members.stop()
        await hub.stop()
        await live_projection.stop()
        await pool.close()
        await asyncio.to_thread(telemetry.stop)

    return lifespan


def _services(
    settings: ApiSettings,
    client: Client,
    pool: Pool,
    live_projection: LiveProjectionQueue,
    *,
    hub: SessionHub,
    open_streams: OpenStreams,
    metrics: ApiMetrics,
) -> Services:
    session_reads, order_reads = SessionReads(pool), OrderReads(pool)
    event_reads = EventReads(pool, media_url=settings.media_address)
    sessions = SessionClient(
        client,
        session_reads,
        live_projection,
        OpenSessionQuota(session_reads, settings.max_open_sessions),
        metrics,
        ttl_seconds=settings.session_ttl,
    )
    return Services(
        temporal=client,
        pool=pool,
        sessions=sessions,
        hub=hub,
        streams=SessionStreams(pool, hub, sessions, session_reads, open_streams),
        publisher=Publisher(sessions, session_reads, event_reads, hub),
        eraser=Eraser(client, sessions, session_reads),
        session_reads=session_reads,
        member_reads=MemberReads(pool),
        event_reads=event_reads,
        orders=OrderClient(
            client,
            order_reads,
            id_secret=settings.id_secret,
            holds_per_address=settings.holds_per_address,
        ),
        copilot=CopilotRuns(
            agent_for(settings.model_options),
            TurnReads(sessions, session_reads, event_reads),
            Conversations(Threads(pool)),
            open_streams,
        ),
        sales=SalesClient(client, event_reads, order_reads),
        site=PublicSite(
            settings.public_address,
            settings.media_address,
            [LegalLink(name, url) for name, url in settings.named_legal_links],
        ),
        pictures=Pictures(
            MediaRegister(pool),
            PictureStore.from_url(settings.media_store) if settings.media_store else None,
            quota=settings.media_quota,
        ),
        inbox=InboxWriter(pool),
        webhook_secrets=settings.webhook_secrets,
        id_secret=settings.id_secret,
        livemode=settings.stripe_livemode,
        metrics=metrics,
    )
