"""Limits the size of a request body, before anything reads or parses it."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import respond
from domain.errors import InvalidRequest, PayloadTooLarge, WizardError

_CONTENT_LENGTH: Final = re.compile(rb"[0-9]{1,19}")
"""RFC 9110, section 8.6: digits only, at most nineteen, so that conversion is cheap."""


class BodyLimit:
    """ASGI middleware that refuses bodies of more than ``max_bytes``, or of the limit that
    ``by_path`` has for the request's path.

    Content-Length is checked before the first byte is read. Arriving bytes are counted as well,
    because the header may be missing or wrong.
    """

    def __init__(
        self, app: ASGIApp, max_bytes: int, by_path: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._by_path = by_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        max_bytes = self._by_path.get(scope["path"], self._max_bytes)
        refusal = _check_content_length(scope, max_bytes)
        if refusal is not None:
            await respond(scope, receive, send, refusal)
            return
        await self._run_counting(scope, receive, send, max_bytes)

    async def _run_counting(
        self, scope: Scope, receive: Receive, send: Send, max_bytes: int
    ) -> None:
        exchange = _Exchange(receive, send, max_bytes)
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except PayloadTooLarge as error:
            if error is not exchange.refusal:
                raise
        if exchange.refusal is not None and not exchange.response_started:
            await respond(scope, receive, send, exchange.refusal)


def _check_content_length(scope: Scope, max_bytes: int) -> WizardError | None:
    for name, value in scope["headers"]:
        if name.lower() != b"content-length":
            continue
        if not _CONTENT_LENGTH.fullmatch(value):
            return InvalidRequest("Content-Length must be a number of bytes.")
        if int(value) > max_bytes:
            return _too_large(max_bytes)
    return None


def _too_large(max_bytes: int) -> PayloadTooLarge:
    return PayloadTooLarge(f"Request body must be at most {max_bytes} bytes.")


class _Exchange:
    """A request and its response. Once the body is refused, a response of the application that has
    not started is dropped, because frameworks replace the error with a less specific one."""

    def __init__(self, receive: Receive, send: Send, max_bytes: int) -> None:
        self._receive = receive
        self._send = send
        self._max_bytes = max_bytes
        self._received = 0
        self.refusal: PayloadTooLarge | None = None
        self.response_started = False

    async def receive(self) -> Message:
        if self.refusal is not None:
            raise self.refusal
        message = await self._receive()
        self._received += len(message.get("body", b""))
        if self._received > self._max_bytes:
            self.refusal = _too_large(self._max_bytes)
            raise self.refusal
        return message

    async def send(self, message: Message) -> None:
        if self.refusal is not None and not self.response_started:
            return
        self.response_started = True
        await self._send(message)
