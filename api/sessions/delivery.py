"""Delivers messages to a session's workflow, one at a time, and returns its answers.

Temporal throttles clients when more than ten updates of one workflow are in flight, and then fifty
of them take seconds; one after the other they take milliseconds each.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias, TypeVar

from temporalio.client import Client, WorkflowHandle

from api.sessions.rpc_errors import Interrupted, NoOpenWorkflow, temporal_errors
from api.sessions.views import Views
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


class Lanes:
    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}

    @asynccontextmanager
    async def lane(self, session_id: str) -> AsyncIterator[None]:
        """Waits for its turn, in the order of asking."""
        lock = self._locks.setdefault(session_id, asyncio.Lock())
        self._users[session_id] = self._users.get(session_id, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._users[session_id] -= 1
            if not self._users[session_id]:
                del self._users[session_id], self._locks[session_id]
