"""What the routes work with, built once when the application starts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request
from pydantic import SecretStr
from temporalio.client import Client

from api.gateway.erasure import Erasing
from api.gateway.publishing import Publishing
from api.gateway.sessions import Sessions
from domain.errors import Unavailable
from observability.gateway_metrics import GatewayMetrics

if TYPE_CHECKING:
    from db.inbox import InboxWriter
    from db.pool import Pool
    from db.reads import EventReads, SessionReads


@dataclass(frozen=True)
class Services:
    temporal: Client
    pool: "Pool"
    sessions: Sessions
    publishing: Publishing
    erasing: Erasing
    session_reads: "SessionReads"
    event_reads: "EventReads"
    inbox: "InboxWriter"
    webhook_secrets: Sequence[SecretStr]
    livemode: bool
    metrics: GatewayMetrics


async def is_serving(request: Request) -> bool:
    """Whether there are services yet."""
    return request.app.state.services is not None


Serving = Annotated[bool, Depends(is_serving)]


async def services(request: Request) -> Services:
    """
    Raises:
        Unavailable: the gateway still waits for its database.
    """
    built: Services | None = request.app.state.services
    if built is None:
        raise Unavailable("The gateway is starting: /readyz says what it waits for.")
    return built


CurrentServices = Annotated[Services, Depends(services)]
