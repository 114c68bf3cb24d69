"""Serves an ASGI application with uvicorn: the API and the codec server.

Adds timeouts to uvicorn's HTTP/1.1 protocol, which waits without a limit for a request to be
complete. A client that sends slowly does not block other requests, but occupies a connection; many
such connections would exhaust the process.
"""

import json
import socket
from asyncio import Transport
from asyncio.events import TimerHandle
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ClassVar, Final

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.request_headers import MAX_WAIT_SECONDS
from observability.process import collect_garbage_rarely, end_on_signal, end_process

GRACE_SECONDS: Final = int(MAX_WAIT_SECONDS) + 5
"""The time for requests in progress after SIGTERM, including one that waits for a publication. New
connections are not accepted."""

KEEP_ALIVE_SECONDS: Final = 65
"""Longer than clients (5 s in httpx) and proxies (60 s) keep an idle connection: a request that is
sent while the server closes the connection fails."""


def serve(
    app: FastAPI, host: str, port: int, *, before_shutdown: Callable[[], None] = lambda: None
) -> None:
    """Serves until SIGTERM or SIGINT, and then ends the process.

    Args:
        before_shutdown: called before the server waits for open responses.
    """
    end_on_signal()  # uvicorn raises the signal again after its shutdown
    collect_garbage_rarely()
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=HttpProtocol,
        ws="none",
        proxy_headers=False,  # the application does it: uvicorn would trust all local processes
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    Server(config, before_shutdown).run()
    end_process()


class Server(uvicorn.Server):
    """Ends what does not end by itself before it waits for open responses."""

    def __init__(self, config: uvicorn.Config, before_shutdown: Callable[[], None]) -> None:
        super().__init__(config)
        self._before_shutdown = before_shutdown

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._before_shutdown()
        await super().shutdown(sockets)


MAX_HEAD_BYTES: Final = 65_536
"""Request line and headers together. A token has at most 8 KiB."""

_DETAILS: Final = {
    HTTPStatus.REQUEST_TIMEOUT: "The request did not arrive in time. Send it again.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: (
        f"Request line and headers must be at most {MAX_HEAD_BYTES} bytes."
    ),
}


class HeadTooLarge(Exception):
    """Stops the HTTP parser."""


class HttpProtocol(HttpToolsProtocol):
    """HTTP/1.1 with timeouts, in seconds, and a size limit for the request's head."""

    receive_timeout: ClassVar[float] = 20.0
    """From the first byte of a request to the last: 128 KiB at 50 kbit/s. Also the time from a new
    connection to its first byte, and from an early response to the end of the request."""

    receive_rate: ClassVar[int] = 65_536
    """Bytes per second. A request has the time that its declared length takes in addition, up to
    ``longest_upload``."""

    longest_upload: ClassVar[float] = 160.0

    send_timeout: ClassVar[float] = 20.0
    """How long a client may stop reading a response once all buffers are full."""

    send_timeout_at_shutdown: ClassVar[float] = 2.0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._receive_timer: TimerHandle | None = None
        self._send_timer: TimerHandle | None = None
        self._was_paused = False
        self._in_head = False
        self._head_bytes = 0
        self._unparsed_bytes = 0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # uvicorn's own signature
        super().connection_made(transport)
        _limit_unacknowledged(transport.get_extra_info("socket"))
        self._start_receive_timer()

    def data_received(self, data: bytes) -> None:
        self._start_receive_timer()
        super().data_received(data)
        if self._in_head:  # the parser reports a header only when it is complete
            self._unparsed_bytes += len(data)
            if self._unparsed_bytes > MAX_HEAD_BYTES:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._start_receive_timer()
        self._in_head = True
        self._was_paused = False
        self._head_bytes = self._unparsed_bytes = 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._count_head(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._count_head(len(name) + len(value))

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._extend_receive_timer()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        _cancel(self._receive_timer)
        self._receive_timer = None

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._receive_timer is not None:
            _cancel(self._receive_timer)
            self._receive_timer = None
            self._start_receive_timer()

    def send_400_response(self, msg: str) -> None:
        """Called by uvicorn if the parser fails."""
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        else:
            super().send_400_response(msg)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._start_send_timer(self.send_timeout)

    def resume_writing(self) -> None:
        super().resume_writing()
        _cancel(self._send_timer)

    def connection_lost(self, exc: Exception | None) -> None:
        _cancel(self._receive_timer)
        _cancel(self._send_timer)
        super().connection_lost(exc)

    def shutdown(self) -> None:
        super().shutdown()
        if self.flow.write_paused:
            _cancel(self._send_timer)
            self._start_send_timer(self.send_timeout_at_shutdown)

    def _start_send_timer(self, seconds: float) -> None:
        self._send_timer = self.loop.call_later(seconds, self.transport.abort)

    def _start_receive_timer(self) -> None:
        if self._receive_timer is None:
            self._receive_timer = self.loop.call_later(
                self.receive_timeout, self._on_receive_timeout
            )

    def _extend_receive_timer(self) -> None:
        declared = next((value for name, value in self.headers if name == b"content-length"), b"")
        if self._receive_timer is None or not declared.isdigit():
            return
        needed = min(int(declared) / self.receive_rate, self.longest_upload)
        ends_at = self._receive_timer.when() + needed
        _cancel(self._receive_timer)
        self._receive_timer = self.loop.call_at(ends_at, self._on_receive_timeout)

    def _on_receive_timeout(self) -> None:
        # While the application does not ask for the rest, the client is not late. From the question
        # on the client has the whole time again.
        if self.flow.read_paused or self._was_paused:
            self._was_paused = self.flow.read_paused
            self._receive_timer = None
            self._start_receive_timer()
        elif self._awaits_response():
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.transport.close()

    def _awaits_response(self) -> bool:
        """Whether a request has begun to arrive and no response has started."""
        if self.cycle is not None and not self.cycle.response_complete:
            return not self.cycle.response_started
        return self._in_head

    def _count_head(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > MAX_HEAD_BYTES:
            raise HeadTooLarge

    def _refuse(self, status: HTTPStatus) -> None:
        """Responds and closes the connection; a request in progress sees a disconnect."""
        if self.transport.is_closing():
            return
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write(_problem_response(status))
        self.transport.close()


UNACKNOWLEDGED_MILLISECONDS: Final = 30_000


def _limit_unacknowledged(connection: socket.socket) -> None:
    """Makes the kernel close the connection of a client that is gone without a word, or that takes
    nothing. Otherwise it sends again for a quarter of an hour, and the response stays open. Linux
    only; elsewhere the kernel's own limit counts."""
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        connection.setsockopt(
            socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MILLISECONDS
        )


def _problem_response(status: HTTPStatus) -> bytes:
    problem: dict[str, object] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": _DETAILS[status],
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
