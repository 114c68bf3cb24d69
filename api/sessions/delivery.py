"""Delivers messages to a session's workflow, one at a time, and returns the results.

Temporal throttles clients if more than ten updates of one workflow are in flight: fifty concurrent
updates then take seconds, while each of fifty sequential updates takes milliseconds.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias, TypeVar

from temporalio.client import Client, WorkflowHandle

from api.sessions.rpc_errors import NO_ANSWER, Interrupted, NoOpenWorkflow, temporal_errors
from api.sessions.turns import Lanes
from api.sessions.views import Views
from domain import ids
from domain.actors import Actor
from domain.errors import Unavailable

ANSWER_TIMEOUT: Final = 10.0
"""Seconds to wait for a worker's answer before a change fails with 503."""

_PAUSES: Final = (0.01, 0.05, 0.25)
"""Seconds between attempts: the next run starts within milliseconds after one ended."""

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
        """Sends a message in its lane, and repeats it if a run of the session ended meanwhile.

        Args:
            send: sends the message to the workflow and awaits the answer; may be called repeatedly.
            lane: messages in the same lane are sent one after the other; by default the session's.

        Raises:
            SessionNotFound, SessionClosed, SessionLost: the session has no open workflow.
            Unavailable: no answer in time.
            WizardError: as the workflow raises it.
        """
        await self._views.require_member(actor, session_id)
        handle = self._client.get_workflow_handle(ids.session_workflow_id(session_id))
        try:
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
        except TimeoutError as error:
            raise Unavailable(NO_ANSWER) from error
        raise Unavailable
