"""Logs each request: route, status and duration, but no data that was sent.

Reports it to the metrics as well. A stream is logged at its end, with the number of its messages.
"""

import time
from collections.abc import Callable
from secrets import token_hex
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import noted_problem
from api.live.sse import noted_stream
from domain.ids import canonical_id
from observability.logs import session_fields

_REQUEST_ID: Final = b"x-request-id"

Observe = Callable[[str, str, int, float | None, str | None], None]
"""Takes method, route, status, seconds (None for a stream), and the error code if there is one."""

_log = structlog.get_logger("api.requests")


class RequestLog:
    """ASGI middleware. Gives the request an id, for its log lines and its response."""

    def __init__(self, app: ASGIApp, observe: Observe | None = None) -> None:
        self._app = app
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = token_hex(16)
        status = 500
        started_at = time.perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])  # some responses have an enum
                message["headers"] = [*message["headers"], (_REQUEST_ID, request_id.encode())]
            await send(message)

        bound = structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            self._report(scope, status, time.perf_counter() - started_at)
            structlog.contextvars.reset_contextvars(**bound)

    def _report(self, scope: Scope, status: int, seconds: float) -> None:
        method, route = scope["method"], route_of(scope)
        problem, stream = noted_problem(scope), noted_stream(scope)
        session_id = _session_id_of(scope)
        _log.info(
            "request",
            method=method,
            route=route,
            status=status,
            milliseconds=round(1000 * seconds, 1),
            **(session_fields(session_id) if session_id else {}),
            **({"problem": problem} if problem else {}),
            **({"messages": stream.messages, "ended_by": stream.ended_by} if stream else {}),
        )
        if self._observe is not None:
            self._observe(method, route, status, None if stream else seconds, problem)


def route_of(scope: Scope) -> str:
    """The template of the route. The path itself is not logged, because it may contain any text."""
    return str(getattr(scope.get("route"), "path", "unknown"))


def _session_id_of(scope: Scope) -> str | None:
    """The session id in the path; None if there is none, or if it is not a UUID."""
    return canonical_id(scope.get("path_params", {}).get("session_id", ""))
