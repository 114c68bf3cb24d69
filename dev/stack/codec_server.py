"""``python -m dev.stack.codec_server IDENTITY``: the codec server, for a UI without a sign-in.

``codec_server.py`` admits tokens of operators alone. In production, the Temporal UI passes on the
token of the person who has signed in to it. The development server's UI has no sign-in, and so no
token to pass on. Here, requests of its pages get a token that the development identity signs, whose
state directory is ``IDENTITY``. The codec server verifies it, as it does any other.

Only this module adds tokens, and only here: it listens on the loopback address whatever the
settings are, and the image has no ``dev`` and no signing key.
"""

import sys
from collections.abc import Collection
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from api.server import serve
from codec_server import create_app
from dev.identity.issuer import Issuer
from dev.stack.ports import LOOPBACK
from observability import logs
from settings import CodecSettings, load

OPERATOR: Final = "operator"
"""The user of the tokens."""

TTL_SECONDS: Final = 60


class OperatorTokens:
    """Adds an operator's token to requests of pages of these origins that have none.

    A browser sends the origin with each POST, and pages cannot choose it. So another page in the
    developer's browser remains without a token, also under a name that resolves to this machine.
    """

    def __init__(
        self, app: ASGIApp, *, origins: Collection[str], issuer: Issuer, permission: str
    ) -> None:
        self._app = app
        self._origins = origins
        self._issuer = issuer
        self._permission = permission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._lacks_token(Headers(scope=scope)):
            MutableHeaders(scope=scope)["Authorization"] = f"Bearer {self._token()}"
        await self._app(scope, receive, send)

    def _lacks_token(self, headers: Headers) -> bool:
        return "Authorization" not in headers and headers.get("Origin") in self._origins

    def _token(self) -> str:
        return self._issuer.token(user=OPERATOR, permissions=[self._permission], ttl=TTL_SECONDS)


def main() -> None:
    settings = load(CodecSettings)
    logs.configure(settings.log_level, settings.log_format)
    app = create_app(settings)
    app.add_middleware(
        OperatorTokens,
        origins=settings.codec_cors_origins,
        issuer=Issuer.last_opened(Path(sys.argv[1])),
        permission=settings.operator_permission,
    )
    serve(app, LOOPBACK, settings.codec_port)


if __name__ == "__main__":
    main()
