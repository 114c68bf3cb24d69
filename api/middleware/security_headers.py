"""Adds headers that protect browsers and private data to every response."""

from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
"""Values for JSON responses, which load, run and frame nothing. Cross-Origin-Resource-Policy does
not affect front ends of other origins, because they use CORS. Nothing is stored unless its route
allows it: most responses are private, and caches may store some errors otherwise."""

HSTS: Final = ("Strict-Transport-Security", "max-age=31536000")
"""Sent over TLS only (RFC 6797, section 7.2). It omits ``includeSubDomains``, because subdomains
may belong to other services."""

_ALWAYS: Final = tuple(Headers(HEADERS).raw)
_OVER_TLS: Final = (*_ALWAYS, *Headers(dict([HSTS])).raw)
"""In ASGI's format, with names in lower case."""


class SecurityHeaders:
    """ASGI middleware. Does not replace a header that the response has already."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = _OVER_TLS if scope["scheme"] == "https" else _ALWAYS
                present = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(header for header in added if header[0] not in present),
                ]
            await send(message)

        await self._app(scope, receive, send_with_headers)
