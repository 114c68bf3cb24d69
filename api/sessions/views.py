"""Reads views of sessions, and checks that the actor's tenant owns them."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowHandle,
)

from activities.erasure import is_being_erased
from api.sessions.known_lost import KnownLost
from api.sessions.known_views import KnownViews
from api.sessions.live_projection import LiveProjectionQueue
from api.sessions.rpc_errors import Interrupted, NoOpenWorkflow, temporal_errors
from api.sessions.turns import Lanes, MessageSlots
from db.errors import DatabaseUnavailable
from db.reads import SessionReads
from domain import ids
from domain.actors import Actor, Tenant, tenant
from domain.errors import SessionLost, SessionNotFound, Unavailable
from domain.session.state import closed_error, lost_error
from domain.session.view import SessionView
from temporal.failures import LOST_STATUSES
from temporal.search_attributes import ORGANIZATION_ID, USER_ID

QUERY_TIMEOUT: Final = timedelta(seconds=5)

READ_TIMEOUT: Final = 1.0
"""Seconds that a save without a response waits for Postgres."""

MAX_OWNERS: Final = 10_000
"""The size of the cache of owners; an owner never changes."""

FRESH_SECONDS: Final = 1.0

MAX_RECENT: Final = 100
"""Rows that are kept; each has up to 384 KiB of data."""


class SessionBeingErased(SessionNotFound):
    """The tenant's own session, whose erasure has begun. Its records may still exist."""


@dataclass(frozen=True)
class _Recent:
    """A row that is being read, or was, until ``expires_at`` of ``time.monotonic()``."""

    view: "asyncio.Task[SessionView | None]"
    expires_at: float


class Views:
    def __init__(
        self,
        client: Client,
        reads: SessionReads,
        live_projection: LiveProjectionQueue,
        known: KnownViews,
        slots: MessageSlots,
    ) -> None:
        self._client = client
        self._reads = reads
        self._live_projection = live_projection
        self._known = known
        self._owners: dict[str, Tenant] = {}
        self._recent: dict[str, _Recent] = {}
        self._lost = KnownLost()
        self._slots = slots
        self._lanes = Lanes()

    async def view(self, actor: Actor, session_id: str, *, consistent: bool = False) -> SessionView:
        """Reads the read model; or the workflow, if ``consistent`` or if the read model has no row.

        Raises:
            SessionNotFound: there is no such session, or another tenant owns it.
            SessionLost: Temporal ended the session, and the read model does not have its end yet.
            Unavailable: neither the read model nor the workflow responds.
        """
        view = None if consistent else await self._projected_view(actor, session_id)
        if view is None or not self._is_current(view):
            view = await self._workflow_view(actor, session_id)
        self._known.note(view)
        return view

    async def stored_view(self, actor: Actor, session_id: str) -> SessionView:
        """The newest view that there is without the workflow, which streams never ask: it has few
        slots for messages, and a thousand streams that open again after an outage would fill them.

        Raises:
            SessionNotFound, SessionLost: as :meth:`view` does.
            DatabaseUnavailable: the read model does not respond.
            Unavailable: the session has no row yet.
        """
        waiting = self._live_projection.newest(session_id)
        if waiting is not None:
            _require_tenant(actor, waiting)
        stored = await self._reads.get(actor, session_id)
        views = [view for view in (waiting, stored) if view is not None]
        if not views:
            await self._require_kept(actor, session_id)
            raise Unavailable("The session is not stored yet. Try again in a moment.")
        return max(views, key=lambda view: view.revision)

    async def started_view(self, actor: Actor, session_id: str) -> SessionView:
        """The view of a session that was started before; also looks whether it is lost.

        Raises:
            SessionNotFound, SessionLost, Unavailable: as :meth:`view` does.
        """
        view = await self._projected_view(actor, session_id)
        if view is None:
            return await self._workflow_view(actor, session_id)
        if view.is_active:
            await self._require_kept(actor, session_id)
        return view

    async def newest(self, actor: Actor, session_id: str) -> SessionView | None:
        """The newest view that this process has without the workflow; None if it has none.

        The caller has checked that the actor is a member. The row is read once in
        :data:`FRESH_SECONDS`, for all who ask meanwhile, because a save without a response must
        cost little more than its signal.
        """
        recent = self._recent.get(session_id)
        if recent is None or recent.expires_at < time.monotonic():
            recent = self._read_recent(actor, session_id)
        reading = recent.view
        stored = reading.result() if reading.done() else await asyncio.shield(reading)
        views = (self._live_projection.newest(session_id), self._known.newest(session_id), stored)
        found = [view for view in views if view is not None]
        return max(found, key=lambda view: view.revision, default=None)

    def _read_recent(self, actor: Actor, session_id: str) -> "_Recent":
        reading = asyncio.create_task(self._view_in_time(actor, session_id))
        recent = _Recent(reading, time.monotonic() + FRESH_SECONDS)
        self._recent.pop(session_id, None)
        self._recent[session_id] = recent
        if len(self._recent) > MAX_RECENT:
            del self._recent[next(iter(self._recent))]
        return recent

    async def _view_in_time(self, actor: Actor, session_id: str) -> SessionView | None:
        try:
            async with asyncio.timeout(READ_TIMEOUT):
                return await self._projected_view(actor, session_id)
        except TimeoutError:
            return None

    async def require_open(self, actor: Actor, session_id: str) -> None:
        """
        Raises:
            SessionClosed: with the status of the closed session.
            SessionNotFound, SessionLost, Unavailable: as :meth:`view` does.
        """
        view = await self._projected_view(actor, session_id)
        if view is None or view.is_active:
            view = await self._workflow_view(actor, session_id)
        if not view.is_active:
            raise closed_error(view.status)

    async def require_member(self, actor: Actor, session_id: str) -> None:
        """Checks the tenant before a message is sent: a signal has no response, and an update would
        load the workflow.

        Success is cached. A refusal is not, so that it takes as long as "not found".

        Raises:
            SessionNotFound, SessionLost, Unavailable: as :meth:`view` does.
        """
        if self._owners.get(session_id) == actor.tenant:
            return
        await self.view(actor, session_id)
        self.remember_owner(session_id, actor.tenant)

    def remember_owner(self, session_id: str, owner: Tenant) -> None:
        self._owners[session_id] = owner
        if len(self._owners) > MAX_OWNERS:
            del self._owners[next(iter(self._owners))]

    def forget_owner(self, session_id: str) -> None:
        self._owners.pop(session_id, None)
        self._recent.pop(session_id, None)

    async def _projected_view(self, actor: Actor, session_id: str) -> SessionView | None:
        """The newer of the stored row and the view that waits to be written: a worker may have
        written the row in the meantime."""
        waiting = self._live_projection.newest(session_id)
        if waiting is not None:
            _require_tenant(actor, waiting)
        try:
            stored = await self._reads.get(actor, session_id)
        except DatabaseUnavailable:
            stored = None
        views = [view for view in (waiting, stored) if view is not None]
        return max(views, key=lambda view: view.revision, default=None)

    def _is_current(self, view: SessionView) -> bool:
        """False if the session may be lost: then its open row is behind.

        Raises:
            SessionLost: it was lost a moment ago.
        """
        if not view.is_active:
            self._lost.forget(view.session_id)
            return True
        if self._lost.is_sure(view.session_id):
            raise lost_error()
        return not self._lost.knows(view.session_id)

    async def _workflow_view(self, actor: Actor, session_id: str) -> SessionView:
        try:
            status = await self._require_kept(actor, session_id)
        except SessionLost:
            recovered = await self._projected_view(actor, session_id)
            if recovered is None or recovered.is_active:
                raise
            return recovered
        handle = self._client.get_workflow_handle(ids.session_workflow_id(session_id))
        with _workflow_errors():
            view = await self._workflow_result_or_query(session_id, handle, status)
        _require_tenant(actor, view)
        self.remember_owner(session_id, actor.tenant)
        return view

    async def _workflow_result_or_query(
        self,
        session_id: str,
        handle: WorkflowHandle[Any, Any],
        status: WorkflowExecutionStatus | None,
    ) -> SessionView:
        """The result of a closed session is its last view. A query would need a worker of the
        session's build, which may no longer exist.

        Queries of one session are sent one after the other, so that a session without a worker does
        not take the slots of others.
        """
        if status is WorkflowExecutionStatus.COMPLETED:
            return SessionView.model_validate(await handle.result(rpc_timeout=QUERY_TIMEOUT))
        async with (
            asyncio.timeout(QUERY_TIMEOUT.total_seconds()),
            self._lanes.lane(session_id),
            self._slots.slot(),
        ):
            view: SessionView = await handle.query(
                ids.QUERY_SESSION, result_type=SessionView, rpc_timeout=QUERY_TIMEOUT
            )
        return view

    async def _require_kept(self, actor: Actor, session_id: str) -> WorkflowExecutionStatus | None:
        """Returns the status of the session's workflow, which Temporal has not ended.

        A session of another tenant is refused before its workflow is woken: the time that this
        takes would reveal that the session exists.

        Raises:
            SessionNotFound, SessionLost, Unavailable: as :meth:`view` does.
        """
        handle = self._client.get_workflow_handle(ids.session_workflow_id(session_id))
        try:
            with _workflow_errors():
                described = await handle.describe(rpc_timeout=QUERY_TIMEOUT)
        except SessionNotFound:
            self._lost.forget(session_id)
            raise
        _require_owner(actor, _owner_of(described))
        if described.status in LOST_STATUSES:
            await self._require_not_being_erased(session_id)
            self._lost.add(session_id)
            raise lost_error()
        self._lost.forget(session_id)
        return described.status

    async def _require_not_being_erased(self, session_id: str) -> None:
        """An erasure terminates the workflow before it erases the records.

        Raises:
            SessionBeingErased: the session is not lost, but about to be gone.
            Unavailable: Temporal does not respond.
        """
        with temporal_errors():
            is_gone = await is_being_erased(self._client, session_id, rpc_timeout=QUERY_TIMEOUT)
        if is_gone:
            self._lost.forget(session_id)
            raise SessionBeingErased


@contextmanager
def _workflow_errors() -> Iterator[None]:
    """
    Raises:
        SessionNotFound: there is no workflow.
        Unavailable: the workflow does not respond.
    """
    try:
        with temporal_errors():
            yield
    except NoOpenWorkflow:
        raise SessionNotFound from None
    except Interrupted:  # its last task failed, or no worker of its build is running
        raise Unavailable from None


def _require_tenant(actor: Actor, view: SessionView) -> None:
    _require_owner(actor, tenant(view.user_id, view.organization_id))


def _require_owner(actor: Actor, owner: Tenant | None) -> None:
    if owner != actor.tenant:
        raise SessionNotFound


def _owner_of(described: WorkflowExecutionDescription) -> Tenant | None:
    """The tenant in the search attributes; None if there is none."""
    attributes = described.typed_search_attributes
    user_id = attributes.get(USER_ID)
    return tenant(user_id, attributes.get(ORGANIZATION_ID)) if user_id else None
