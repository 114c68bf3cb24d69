"""Erases a session and waits for the erasure workflow."""

import asyncio
from typing import Final

from temporalio.client import Client
from temporalio.service import RPCError

from activities.erasure import start_erasure
from api.sessions.client import SessionClient
from api.sessions.idempotency import Attempt
from api.sessions.rpc_errors import temporal_errors
from api.sessions.updates import ChangeRequest
from api.sessions.views import SessionBeingErased
from db.errors import DatabaseUnavailable
from db.reads import SessionReads
from domain.actors import Actor
from domain.errors import SessionClosed, SessionLost, SessionNotFound, Unavailable
from domain.session.erasure import erasure

MAX_WAIT: Final = 5.0
"""Seconds. An erasure that takes longer continues in the background."""


class Eraser:
    def __init__(self, client: Client, sessions: SessionClient, reads: SessionReads) -> None:
        self._client = client
        self._sessions = sessions
        self._reads = reads

    async def erase(self, change: ChangeRequest) -> bool:
        """Closes and erases a session. Idempotent.

        Returns:
            Whether the erasure is complete; otherwise it continues in the background.

        Raises:
            SessionNotFound: the tenant has no such session, and has not erased one.
            Publishing: a publication is running; the session can be erased after it.
            RevisionConflict: the session has none of the expected revisions.
            Unavailable: Postgres or Temporal is unreachable.
        """
        actor, session_id = change.actor, change.session_id
        if not await self._was_erased(actor, session_id):
            await self._close_unless_erased(change, session_id)
        with temporal_errors():
            workflow_id = await start_erasure(
                self._client, erasure(session_id, actor.tenant, actor.user_id)
            )
        is_complete = await self._is_complete(workflow_id)
        self._sessions.forget(session_id)
        return is_complete

    async def _was_erased(self, actor: Actor, session_id: str) -> bool:
        try:
            return await self._reads.was_erased(actor, session_id)
        except DatabaseUnavailable as error:
            raise Unavailable from error

    async def _close_unless_erased(self, change: ChangeRequest, session_id: str) -> None:
        """Ignores that the session is gone if a concurrent request has erased it, or does."""
        try:
            await self._close(change, session_id)
        except SessionBeingErased:
            return
        except SessionNotFound:
            if not await self._was_erased(change.actor, session_id):
                raise

    async def _close(self, change: ChangeRequest, session_id: str) -> None:
        """Closes it through its workflow, which compares the revision, and ensures that no
        publication starts.

        A lost session has no open workflow, and starts no publication. Its revision is unknown
        until it is recovered, so that a change that expects one is refused.
        """
        try:
            await self._abandon(change, session_id)
        except SessionLost:
            if change.expected is not None:
                raise

    async def _abandon(self, change: ChangeRequest, session_id: str) -> None:
        """The revision of a closed session no longer changes."""
        view = await self._sessions.view(change.actor, session_id)
        if view.is_active:
            attempt = Attempt.of(None)
            try:
                await self._sessions.abandon(
                    ChangeRequest(change.actor, session_id, attempt, change.expected)
                )
            except SessionClosed:
                view = await self._sessions.view(change.actor, session_id, consistent=True)
            else:
                return
        change.require_match(view)

    async def _is_complete(self, workflow_id: str) -> bool:
        try:
            async with asyncio.timeout(MAX_WAIT):
                await self._client.get_workflow_handle(workflow_id).result()
        except (TimeoutError, RPCError):
            return False
        return True
