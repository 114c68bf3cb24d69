"""How large a request body may be, checked before anything reads or parses it."""

import re
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import InvalidRequest, PayloadTooLarge, WizardError

Respond: TypeAlias = Callable[[Scope, Receive, Send, WizardError], Awaitable[None]]
"""Answers a request with an error."""

_CONTENT_LENGTH: Final = re.compile(rb"[0-9]{1,19}")
"""RFC 9110, section 8.6: digits only. Nineteen of them count more bytes than any disk holds."""


class BodyLimit:
    """ASGI middleware: refuses bodies over ``max_bytes`` without keeping any of them.

    A declared length is judged before the first byte is read. What arrives is counted as well,
    because a length need not be declared, and may be wrong.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, respond: Respond) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._respond = respond

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._judge_declared_length(scope)
        if refusal is not None:
            await self._respond(scope, receive, send, refusal)
            return
        await self._run_counting(scope, receive, send)

    def _judge_declared_length(self, scope: Scope) -> WizardError | None:
        for name, value in scope["headers"]:
            if name.lower() != b"content-length":
                continue
            if not _CONTENT_LENGTH.fullmatch(value):
                return InvalidRequest("The header Content-Length is not a number of bytes.")
            if int(value) > self._max_bytes:
                return self._too_large()
        return None

    async def _run_counting(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = _Exchange(receive, send, self._max_bytes, self._too_large())
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except PayloadTooLarge as error:
            if error is not exchange.refusal:
                raise
        if exchange.refused and not exchange.answered:
            await self._respond(scope, receive, send, exchange.refusal)

    def _too_large(self) -> PayloadTooLarge:
        return PayloadTooLarge(f"The request's body is over {self._max_bytes} bytes.")


class _Exchange:
    """One request and its answer. Once the body is refused, an answer that the application has
    not begun yet is held back: frameworks turn the error into a less telling one."""

    def __init__(
        self, receive: Receive, send: Send, max_bytes: int, refusal: PayloadTooLarge
    ) -> None:
        self._receive = receive
        self._send = send
        self._remaining = max_bytes
        self.refusal = refusal
        self.refused = False
        self.answered = False

    async def receive(self) -> Message:
        if self.refused:
            raise self.refusal
        message = await self._receive()
        self._remaining -= len(message.get("body", b""))
        if self._remaining < 0:
            self.refused = True
            raise self.refusal
        return message

    async def send(self, message: Message) -> None:
        if self.refused and not self.answered:
            return
        self.answered = True
        await self._send(message)
