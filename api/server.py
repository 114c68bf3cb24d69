"""How an ASGI application is served: the same for the API and for the codec server.

HTTP/1.1 with an end to patience: uvicorn's protocol waits for ever for a request to be complete.
A client that sends slowly, or stops, blocks no worker, because everything is asynchronous; but it
holds a connection, and with enough of those nobody else gets one.
"""

import gc
import json
from asyncio import Transport
from asyncio.events import TimerHandle
from http import HTTPStatus
from typing import Any, ClassVar, Final

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.deps import MAX_WAIT_SECONDS
from observability.process import end_on_signal, end_process

GRACE_SECONDS: Final = int(MAX_WAIT_SECONDS) + 5
"""From SIGTERM on no connection is taken, and what was asked before is answered: also the request
that waits longest, for a publication."""


def serve(app: FastAPI, host: str, port: int) -> None:
    """Until the process is told to stop; it ends with it."""
    end_on_signal()  # uvicorn raises the signal again once it has drained
    gc.freeze()  # what is loaded stays: looking through it would hold every request up for 0.1 s
    uvicorn.run(
        app,
        host=host,
        port=port,
        http=HttpProtocol,
        ws="none",
        proxy_headers=False,  # the application's own: uvicorn would trust every local process
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=65,
    )
    end_process()


MAX_HEAD_BYTES: Final = 65_536
"""Request line and headers together. A token has 8 KiB at most."""

_TITLES: Final = {
    HTTPStatus.REQUEST_TIMEOUT: "The request did not arrive in time",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "The request's headers are too large",
}


class HeadTooLarge(Exception):
    """Stops the parser."""


class HttpProtocol(HttpToolsProtocol):
    """Times in seconds."""

    receive_timeout: ClassVar[float] = 20.0
    """From the first byte of a request to its last: 128 KiB at 50 kbit/s. Also for the first byte
    on a new connection."""

    send_timeout: ClassVar[float] = 20.0
    """For how long a client may leave an answer unread once all buffers are full."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._receiving: TimerHandle | None = None
        self._sending: TimerHandle | None = None
        self._in_head = False
        self._head_bytes = 0
        self._unparsed_bytes = 0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # uvicorn's own signature
        super().connection_made(transport)
        self._await_request()

    def data_received(self, data: bytes) -> None:
        self._await_request()
        super().data_received(data)
        if self._in_head:  # the parser keeps a header to itself until it is whole
            self._unparsed_bytes += len(data)
            if self._unparsed_bytes > MAX_HEAD_BYTES:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._await_request()
        self._in_head = True
        self._head_bytes = self._unparsed_bytes = 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._count_head(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._count_head(len(name) + len(value))

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        _cancel(self._receiving)
        self._receiving = None

    def send_400_response(self, msg: str) -> None:
        """What uvicorn does when the parser has stopped."""
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        else:
            super().send_400_response(msg)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._sending = self.loop.call_later(self.send_timeout, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        _cancel(self._sending)

    def connection_lost(self, exc: Exception | None) -> None:
        _cancel(self._receiving)
        _cancel(self._sending)
        super().connection_lost(exc)

    def _await_request(self) -> None:
        if self._receiving is None:
            self._receiving = self.loop.call_later(self.receive_timeout, self._give_up)

    def _give_up(self) -> None:
        if self._expects_an_answer():
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.transport.close()

    def _expects_an_answer(self) -> bool:
        """Neither has one begun, nor is the connection one that was only opened."""
        if self.cycle is not None and not self.cycle.response_complete:
            return not self.cycle.response_started
        return self._in_head

    def _count_head(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > MAX_HEAD_BYTES:
            raise HeadTooLarge

    def _refuse(self, status: HTTPStatus) -> None:
        """Ends the connection; a request that is being worked on is told so."""
        if self.transport.is_closing():
            return
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write(_answer(status))
        self.transport.close()


def _answer(status: HTTPStatus) -> bytes:
    problem: dict[str, object] = {
        "type": "about:blank",
        "title": _TITLES[status],
        "status": status.value,
        "detail": f"{_TITLES[status]}.",
        "code": status.phrase.lower().replace(" ", "_"),
        "errors": [],
    }
    body = json.dumps(problem).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        "content-type: application/problem+json\r\n"
        f"content-length: {len(body)}\r\n"
        "connection: close\r\n\r\n"
    )
    return head.encode() + body


def _cancel(timer: TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
