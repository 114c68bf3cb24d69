"""The client of session workflows that the routes use: each method sends one message.

A change takes one call to Temporal, and none to Postgres.
"""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from api.sessions.delivery import Delivery
from api.sessions.idempotency import fingerprint
from api.sessions.known_views import KnownViews
from api.sessions.later_saves import LaterSaves, TakeBatch
from api.sessions.live_projection import LiveProjectionQueue
from api.sessions.quota import OpenSessionQuota
from api.sessions.rpc_errors import temporal_errors
from api.sessions.turns import MessageSlots
from api.sessions.updates import (
    PAYMENTS_LANE,
    Changed,
    ChangeRequest,
    Updates,
    milliseconds_since,
)
from api.sessions.views import Views
from db.errors import DatabaseUnavailable
from db.reads import SessionReads
from domain import ids
from domain.actors import Actor
from domain.errors import InvalidRequest, PayloadTooLarge, SessionNotFound, WizardError
from domain.json_values import JsonObject
from domain.session import messages
from domain.session.changes import Stamp, check_save
from domain.session.creation import carried_into_first_run, fill_in
from domain.session.run_rules import NEWEST_RULES, rules_of
from domain.session.state import following, start_session, view_of
from domain.session.view import SessionView
from domain.stages import Section, Stage
from domain.validation.drafts import check_patch
from observability.metrics import ApiMetrics
from temporal.search_attributes import at_start
from workflows.session import operator_page

TASK_TIMEOUT: Final = timedelta(seconds=2)
"""Workflow task timeout: if a worker is killed, another one repeats its task in time for the
response."""

ERASURE_TIMEOUT: Final = 1.0
"""Seconds to wait for Postgres before a session is started."""

Sections: TypeAlias = Mapping[Section, JsonObject]


class SessionClient:
    def __init__(
        self,
        client: Client,
        reads: SessionReads,
        live_projection: LiveProjectionQueue,
        quota: OpenSessionQuota,
        metrics: ApiMetrics,
        *,
        ttl_seconds: int,
    ) -> None:
        self._client = client
        self._reads = reads
        self._live_projection = live_projection
        self._quota = quota
        self._metrics = metrics
        self._ttl_seconds = ttl_seconds
        self._known = KnownViews()
        slots = MessageSlots()
        self._views = Views(client, reads, live_projection, self._known, slots)
        self._delivery = Delivery(client, self._views)
        self._updates = Updates(self._delivery, self._views, self._known, live_projection, slots)
        self._later_saves = LaterSaves(self._deliver)

    async def create(
        self, actor: Actor, session_id: str, *, sections: Sections | None = None, key: str = ""
    ) -> tuple[SessionView, bool]:
        """Starts a session. Needs no worker: the API computes the first view.

        Args:
            sections: the data that it begins with; ignored if it exists already.
            key: of the request, for the audit trail.

        Returns:
            The session, and whether it is new.

        Raises:
            SessionNotFound: another tenant has a session with this id, or it is erased.
            SessionLost: Temporal ended the session with this id.
            RateLimited: the tenant has reached its limit of open sessions.
            InvalidRequest, PayloadTooLarge: no session begins with this data; nothing is created.
            Unavailable: Temporal is unreachable.
        """
        begun = time.monotonic()
        is_full, is_erased = await asyncio.gather(
            self._quota.is_full(actor), self._is_erased(session_id)
        )
        if is_full:
            return await self._existing(actor, session_id, self._quota.refusal()), False
        if is_erased:
            raise SessionNotFound
        now = datetime.now(UTC)
        empty = start_session(session_id, actor, created_at=now, ttl_seconds=self._ttl_seconds)
        state = following(empty, rules_of(NEWEST_RULES))
        try:
            state, actions = fill_in(state, sections or {}, Stamp(now, actor, key))
        except (InvalidRequest, PayloadTooLarge) as refusal:
            return await self._existing(actor, session_id, refusal), False
        view = view_of(state, now)
        try:
            with temporal_errors():
                await self._client.start_workflow(
                    ids.WIZARD_SESSION,
                    messages.SessionStart(
                        session_id=session_id,
                        owner=actor,
                        created_at=now,
                        ttl_seconds=self._ttl_seconds,
                        rules=NEWEST_RULES,
                        carried=carried_into_first_run(state, actions),
                    ),
                    id=ids.session_workflow_id(session_id),
                    task_queue=ids.TASK_QUEUE,
                    id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                    task_timeout=TASK_TIMEOUT,
                    search_attributes=at_start(view),
                    static_summary=operator_page.summary(view),
                    static_details=operator_page.STATIC_DETAILS,
                )
        except WorkflowAlreadyStartedError:
            return await self._views.started_view(actor, session_id), False
        self._views.remember_owner(session_id, actor.tenant)
        self._known.note(view)
        timed = {"execution_time_ms": milliseconds_since(begun)}
        self._live_projection.add(view, [action.model_copy(update=timed) for action in actions])
        return view, True

    async def _is_erased(self, session_id: str) -> bool:
        """False if Postgres is unavailable, so that sessions can be started: the read model refuses
        an erased session in any case."""
        try:
            async with asyncio.timeout(ERASURE_TIMEOUT):
                return await self._reads.is_erased(session_id)
        except (DatabaseUnavailable, TimeoutError):
            return False

    async def _existing(self, actor: Actor, session_id: str, refusal: WizardError) -> SessionView:
        """The session if it exists, since a repeat creates nothing; otherwise the refusal."""
        try:
            return await self._views.view(actor, session_id)
        except SessionNotFound:
            raise refusal from None

    async def view(self, actor: Actor, session_id: str, *, consistent: bool = False) -> SessionView:
        """See :meth:`api.sessions.views.Views.view`."""
        return await self._views.view(actor, session_id, consistent=consistent)

    async def stored_view(self, actor: Actor, session_id: str) -> SessionView:
        """See :meth:`api.sessions.views.Views.stored_view`."""
        return await self._views.stored_view(actor, session_id)

    async def save(self, change: ChangeRequest, stage: Stage, data: JsonObject) -> Changed:
        check_patch(stage, data)
        changed = await self._updates.change(
            ids.UPDATE_SAVE_STAGE,
            change,
            messages.SaveStage,
            stage=stage,
            data=data,
            expected_revision=None,  # as in the fingerprints of earlier versions
        )
        self._metrics.saved("waiting")
        return changed

    async def save_later(self, change: ChangeRequest, stage: Stage, data: JsonObject) -> None:
        """Returns once Temporal has the save; the workflow applies it later, in order.

        Raises:
            SessionClosed, Publishing, PayloadTooLarge: by the newest view that the API has. A save
                that the workflow refuses later is recorded in the audit trail.
            Unavailable: too many saves of the session wait to be applied.
        """
        check_patch(stage, data)
        session_id = change.session_id
        await self._views.require_member(change.actor, session_id)
        newest = await self._views.newest(change.actor, session_id)
        if newest is not None:
            check_save(newest, stage, data, datetime.now(UTC))
        message = messages.StageData(
            stage=stage,
            data=data,
            actor=change.actor,
            message_id=change.attempt.id,
            fingerprint=fingerprint(ids.SIGNAL_STAGE_DATA, {"stage": stage, "data": data}),
        )
        seen_revision = newest.revision if newest else 0
        await self._later_saves.add(session_id, message, seen_revision=seen_revision)
        self._metrics.saved("async")

    async def complete(
        self,
        change: ChangeRequest,
        stage: Stage,
        data: JsonObject | None,
    ) -> Changed:
        if data is not None:
            check_patch(stage, data)
        return await self._updates.change(
            ids.UPDATE_COMPLETE_STAGE,
            change,
            messages.CompleteStage,
            stage=stage,
            data=data,
            expected_revision=None,  # as in the fingerprints of earlier versions
        )

    async def move(self, change: ChangeRequest, from_stage: Stage, to_stage: Stage) -> Changed:
        return await self._updates.change(
            ids.UPDATE_MOVE_TO_STAGE,
            change,
            messages.MoveToStage,
            from_stage=from_stage,
            to_stage=to_stage,
        )

    async def connect(
        self, change: ChangeRequest, *, return_url: str, refresh_url: str
    ) -> messages.Connected:
        """The tenant's account, and a new onboarding link.

        A repeat makes another link to the same account, because a link works only once. Connecting
        has its own lane, because Stripe may take seconds, and saves must not wait for it.
        """
        return await self._updates.connect(change, return_url=return_url, refresh_url=refresh_url)

    async def disconnect(self, change: ChangeRequest) -> Changed:
        """Has the lane of connecting, so that the two never run at the same time."""
        return await self._updates.change(
            ids.UPDATE_DISCONNECT_PAYMENTS, change, messages.DisconnectPayments, lane=PAYMENTS_LANE
        )

    async def publish(self, change: ChangeRequest, publish_at: datetime | None) -> Changed:
        return await self._updates.change(
            ids.UPDATE_PUBLISH, change, messages.Publish, publish_at=publish_at
        )

    async def cancel_publication(self, change: ChangeRequest) -> Changed:
        return await self._updates.change(
            ids.UPDATE_CANCEL_PUBLICATION, change, messages.CancelPublication
        )

    async def abandon(self, change: ChangeRequest) -> Changed:
        return await self._updates.change(ids.UPDATE_ABANDON, change, messages.Abandon)

    def forget(self, session_id: str) -> None:
        """Deletes what this process has cached of an erased session."""
        self._live_projection.forget(session_id)
        self._known.forget(session_id)
        self._views.forget_owner(session_id)

    async def restore(
        self, change: ChangeRequest, revision: int, sections: Mapping[Section, JsonObject]
    ) -> Changed:
        return await self._updates.change(
            ids.UPDATE_RESTORE,
            change,
            messages.Restore,
            revision=revision,
            sections=dict(sections),
        )

    async def _deliver(self, actor: Actor, session_id: str, take_batch: TakeBatch) -> None:
        await self._delivery.answered(
            actor,
            session_id,
            lambda handle: handle.signal(ids.SIGNAL_STAGE_DATA, args=take_batch()),
        )
