"""Answers unhandled exceptions with a problem document, and logs their stacks.

The message of an exception may quote data of a request (``invalid literal for int(): '…'``). So it
is not logged, and the exception is not passed on to the server, which would log it.
"""

import traceback
from collections.abc import Iterator
from typing import Final

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import respond
from api.middleware.request_log import route_of
from domain.errors import InvalidRequest, WizardError

MAX_CAUSES: Final = 5

_log = structlog.get_logger(__name__)


class ResponseBrokenOff(Exception):
    """Makes the server close the connection, because a started response cannot be completed."""


class UnhandledErrors:
    """ASGI middleware. It is inside the middleware that adds headers, so that a front end of
    another origin can read the response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        response_started = False

        async def send_watched(message: Message) -> None:
            nonlocal response_started
            response_started = True
            await send(message)

        refusal: WizardError
        try:
            await self._app(scope, receive, send_watched)
        except ClientDisconnect:  # the response is only for the request log
            refusal = InvalidRequest("The request was interrupted.")
        except Exception as error:  # noqa: BLE001 - the outermost handler
            report_unhandled(scope, error)
            refusal = WizardError()
        else:
            return
        if response_started:
            raise ResponseBrokenOff
        await respond(scope, receive, send, refusal)


def report_unhandled(scope: Scope, error: BaseException) -> None:
    """Logs an error that has no other meaning, without its message."""
    causes = list(_causes(error))
    _log.error(
        "unhandled error",
        route=route_of(scope),
        error=" < ".join(type(cause).__qualname__ for cause in causes),
        stack="".join("".join(traceback.format_tb(cause.__traceback__)) for cause in causes),
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The exception, followed by its chain of causes."""
    for _ in range(MAX_CAUSES):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__
