"""A message's way to a session's workflow, and its answer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias, TypeVar

from temporalio.client import Client, WorkflowHandle

from api.gateway.lanes import Lanes
from api.gateway.rpc import Interrupted, NoOpenWorkflow, temporal_errors
from api.gateway.views import Views
from domain import ids
from domain.actors import Actor
from domain.errors import Unavailable

ANSWER_TIMEOUT: Final = 10.0
"""Seconds until a change that no worker has answered gives 503."""

# A run ends and the next one begins within milliseconds.
_PAUSES: Final = (0.01, 0.05, 0.25)

Handle: TypeAlias = "WorkflowHandle[Any, Any]"
Answer = TypeVar("Answer")


class Delivery:
    def __init__(self, client: Client, views: Views) -> None:
        self._client = client
        self._views = views
        self._lanes = Lanes()

    async def answered(
        self,
        actor: Actor,
        session_id: str,
        send: Callable[[Handle], Awaitable[Answer]],
        *,
        lane: str | None = None,
    ) -> Answer:
        """Sends a message in the session's lane, and again where one run of it just ended.

        Raises:
            SessionNotFound, SessionClosed: there is nobody to answer.
            Unavailable: no answer in time.
        """
        await self._views.require_member(actor, session_id)
        handle = self._client.get_workflow_handle(ids.session_workflow_id(session_id))
        with temporal_errors():
            async with asyncio.timeout(ANSWER_TIMEOUT), self._lanes.lane(lane or session_id):
                for pause in _PAUSES:
                    try:
                        with temporal_errors():
                            return await send(handle)
                    except Interrupted:
                        await asyncio.sleep(pause)
                    except NoOpenWorkflow:
                        await self._views.require_open(actor, session_id)
                        await asyncio.sleep(pause)
        raise Unavailable
