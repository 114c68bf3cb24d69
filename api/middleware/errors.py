"""Bugs: answered with a problem document, and logged with the place where they happened.

An error's message may quote what somebody sent (``invalid literal for int(): '…'``), so it is not
logged, and does not reach the server, which would log it.
"""

import traceback
from collections.abc import Iterator
from typing import Final

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.middleware.body_limit import Respond
from api.middleware.request_log import route_of
from domain.errors import InvalidRequest, WizardError

MAX_CAUSES: Final = 5

_log = structlog.get_logger(__name__)


class AnswerBrokenOff(Exception):
    """Makes the server close a connection on which an answer has begun that cannot be ended."""


class UnhandledErrors:
    """ASGI middleware. It stands below those that add headers, so that a front end of another
    origin can read the answer as well."""

    def __init__(self, app: ASGIApp, respond: Respond) -> None:
        self._app = app
        self._respond = respond

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answered = False

        async def send_noting(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        refusal: WizardError
        try:
            await self._app(scope, receive, send_noting)
        except ClientDisconnect:  # nobody reads the answer, but the log shows that it was no bug
            refusal = InvalidRequest("The request broke off.")
        except Exception as error:  # noqa: BLE001 - the last one to catch it
            _report(scope, error)
            refusal = WizardError()
        else:
            return
        if answered:
            raise AnswerBrokenOff
        await self._respond(scope, receive, send, refusal)


def _report(scope: Scope, error: BaseException) -> None:
    causes = list(_causes(error))
    _log.error(
        "unhandled error",
        route=route_of(scope),
        error=" < ".join(type(each).__qualname__ for each in causes),
        stack="".join("".join(traceback.format_tb(each.__traceback__)) for each in causes),
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and what led to it."""
    for _ in range(MAX_CAUSES):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__
