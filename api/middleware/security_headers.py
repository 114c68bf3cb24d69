"""What a browser must not do with an answer of ours, said in each of them."""

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
}
"""For data: nothing in it is loaded, run or framed. Front ends read it by CORS, which the
resource policy leaves alone."""

HSTS: Final = ("Strict-Transport-Security", "max-age=31536000")
"""Only said over TLS, where it counts (RFC 6797, section 7.2). Subdomains are not ours to speak
for."""

_ALWAYS: Final = tuple(Headers(HEADERS).raw)
_OVER_TLS: Final = (*_ALWAYS, *Headers(dict([HSTS])).raw)
"""As ASGI has them: names in lower case."""


class SecurityHeaders:
    """ASGI middleware. A page that needs another policy says so itself, and is left alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = _OVER_TLS if scope["scheme"] == "https" else _ALWAYS
                given = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(header for header in ours if header[0] not in given),
                ]
            await send(message)

        await self._app(scope, receive, send_with_headers)
