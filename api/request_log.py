"""One line in the log for each request: route, status, duration, and never what was sent."""

import time
from typing import Final
from uuid import uuid4

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.gateway.sessions import canonical_id

_REQUEST_ID: Final = b"x-request-id"

_log = structlog.get_logger("api.requests")


class RequestLog:
    """ASGI middleware. Gives the request an id, which is in every log line and in the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid4().hex
        status = 500
        began = time.perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (_REQUEST_ID, request_id.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                _log.info(
                    "request",
                    method=scope["method"],
                    route=route_of(scope),
                    status=status,
                    milliseconds=round(1000 * (time.perf_counter() - began), 1),
                    session_id=_session_of(scope),
                )


def route_of(scope: Scope) -> str:
    """The template, not the path: a path may hold anything that somebody typed."""
    return str(getattr(scope.get("route"), "path", "unknown"))


def _session_of(scope: Scope) -> str | None:
    """Only what is an id: anything can stand in its place."""
    return canonical_id(scope.get("path_params", {}).get("session_id", ""))
