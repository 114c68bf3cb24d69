"""Erasing a session, as somebody who asks for it sees it."""

import asyncio
from typing import TYPE_CHECKING, Final

from temporalio.client import Client
from temporalio.service import RPCError

from activities.erasure import start_erasure
from api.sessions.client import ChangeRequest, SessionClient
from api.sessions.idempotency import Attempt, canonical_session_id
from api.sessions.rpc_errors import temporal_errors
from db.errors import DatabaseUnavailable
from domain.actors import Actor
from domain.errors import SessionClosed, SessionNotFound, Unavailable
from domain.session.erasure import erasure

if TYPE_CHECKING:
    from db.reads import SessionReads

WAIT: Final = 5.0
"""Seconds. What takes longer goes on by itself."""


class Eraser:
    def __init__(self, client: Client, sessions: SessionClient, reads: "SessionReads") -> None:
        self._client = client
        self._sessions = sessions
        self._reads = reads

    async def erase(self, change: ChangeRequest) -> bool:
        """Whether it is done; else it goes on. Repeating it is harmless.

        Raises:
            SessionNotFound: neither the tenant's session, nor one that it has erased.
            Publishing: a publication runs, which has to come to its end first.
            Unavailable: a repeat is safe.
        """
        actor, known = change.actor, canonical_session_id(change.session_id)
        if not await self._was_erased(actor, known):
            await self._close_unless_erased(actor, known)
        with temporal_errors():
            workflow_id = await start_erasure(
                self._client, erasure(known, actor.tenant, actor.user_id)
            )
        is_done = await self._done(workflow_id)
        self._sessions.forget(known)
        return is_done

    async def _was_erased(self, actor: Actor, session_id: str) -> bool:
        try:
            return await self._reads.was_erased(actor, session_id)
        except DatabaseUnavailable as error:
            raise Unavailable from error

    async def _close_unless_erased(self, actor: Actor, session_id: str) -> None:
        """Another erasure may get in between, after which there is no session to close."""
        try:
            await self._close(actor, session_id)
        except SessionNotFound:
            if not await self._was_erased(actor, session_id):
                raise

    async def _close(self, actor: Actor, session_id: str) -> None:
        """By the session itself: nobody else knows for certain that no publication begins."""
        view = await self._sessions.view(actor, session_id)
        if view.is_active:
            try:
                await self._sessions.abandon(ChangeRequest(actor, session_id, Attempt.of(None)))
            except SessionClosed:
                return

    async def _done(self, workflow_id: str) -> bool:
        try:
            async with asyncio.timeout(WAIT):
                await self._client.get_workflow_handle(workflow_id).result()
        except (TimeoutError, RPCError):
            return False
        return True
