"""The client of session workflows that the routes use: each method sends one message.

A change takes one call to Temporal, and none to Postgres.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any, Final, Generic, TypeVar

from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from api.sessions.delivery import Delivery, Handle
from api.sessions.idempotency import Attempt, fingerprint, system_id
from api.sessions.known_views import KnownViews
from api.sessions.later_saves import LaterSaves, TakeBatch
from api.sessions.live_projection import LiveProjectionQueue
from api.sessions.quota import OpenSessionQuota
from api.sessions.rpc_errors import temporal_errors
from api.sessions.views import Views
from db.errors import DatabaseUnavailable
from db.reads import SessionReads
from domain import ids
from domain.actors import Actor
from domain.errors import SessionNotFound, StageIncomplete, WizardError
from domain.json_values import JsonObject
from domain.session import messages
from domain.session.answers import NO_VIEW, UpdateResult, completed_actions, completed_view
from domain.session.changes import check_save
from domain.session.run_rules import NEWEST_RULES
from domain.session.state import revision_conflict, start_session, view_of
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


@dataclass(frozen=True)
class ChangeRequest:
    """The context of a change: actor, session, attempt, and the revisions that it is based on."""

    actor: Actor
    session_id: str
    attempt: Attempt
    expected: tuple[int, ...] | None = None
    """The revisions of which one has to be the current one; None if the client accepts any. Empty
    if none can be."""

    @property
    def condition(self) -> dict[str, Any]:
        """Of the message, and so of its fingerprint."""
        if not self.expected:
            return {}
        several = {"expected_revisions": self.expected} if len(self.expected) > 1 else {}
        return {"expected_revision": max(self.expected), **several}

    def require_match(self, view: SessionView) -> None:
        """
        Raises:
            RevisionConflict: the view is of none of the expected revisions.
        """
        if self.expected is not None and view.revision not in self.expected:
            raise revision_conflict(view)


@dataclass(frozen=True)
class Changed:
    """The session after a change, or after the repeat of a change that was made before."""

    view: SessionView
    is_repeat: bool = False


Answer = TypeVar("Answer", UpdateResult, messages.Connected)


@dataclass(frozen=True)
class _Update(Generic[Answer]):
    name: str
    request: messages.Request
    answered_with: type[Answer]
    lane: str = ""
    """Updates of one lane of a session are sent one after the other."""


class _StoredAnswer(Exception):
    """Temporal keeps the answers of a run, and gives the stored one to a repeat."""

    def __init__(self, *, is_refusal: bool) -> None:
        super().__init__()
        self.is_refusal = is_refusal


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
        self._views = Views(client, reads, live_projection, self._known)
        self._delivery = Delivery(client, self._views)
        self._later_saves = LaterSaves(self._deliver)

    async def create(self, actor: Actor, session_id: str) -> tuple[SessionView, bool]:
        """Starts a session. Needs no worker: the API computes the first view.

        Returns:
            The session, and whether it is new.

        Raises:
            SessionNotFound: another tenant has a session with this id, or it is erased.
            SessionLost: Temporal ended the session with this id.
            RateLimited: the tenant has reached its limit of open sessions.
            Unavailable: Temporal is unreachable.
        """
        is_full, is_erased = await asyncio.gather(
            self._quota.is_full(actor), self._is_erased(session_id)
        )
        if is_full:
            return await self._existing(actor, session_id), False
        if is_erased:
            raise SessionNotFound
        now = datetime.now(UTC)
        state = start_session(session_id, actor, created_at=now, ttl_seconds=self._ttl_seconds)
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
        self._live_projection.add(view)
        return view, True

    async def _is_erased(self, session_id: str) -> bool:
        """False if Postgres is unavailable, so that sessions can be started: the read model refuses
        an erased session in any case."""
        try:
            async with asyncio.timeout(ERASURE_TIMEOUT):
                return await self._reads.is_erased(session_id)
        except (DatabaseUnavailable, TimeoutError):
            return False

    async def _existing(self, actor: Actor, session_id: str) -> SessionView:
        try:
            return await self._views.view(actor, session_id)
        except SessionNotFound:
            raise self._quota.refusal() from None

    async def view(self, actor: Actor, session_id: str, *, consistent: bool = False) -> SessionView:
        """See :meth:`api.sessions.views.Views.view`."""
        return await self._views.view(actor, session_id, consistent=consistent)

    async def save(self, change: ChangeRequest, stage: Stage, data: JsonObject) -> Changed:
        check_patch(stage, data)
        changed = await self._update(
            ids.UPDATE_SAVE_STAGE,
            change,
            messages.SaveStage,
            stage=stage,
            data=data,
            expected_revision=None,
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
        return await self._update(
            ids.UPDATE_COMPLETE_STAGE,
            change,
            messages.CompleteStage,
            stage=stage,
            data=data,
            expected_revision=None,
        )

    async def move(self, change: ChangeRequest, from_stage: Stage, to_stage: Stage) -> Changed:
        return await self._update(
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
        await self._require_possible(change)
        urls = {"return_url": return_url, "refresh_url": refresh_url}
        request = messages.ConnectPayments(
            actor=change.actor,
            fingerprint=fingerprint(ids.UPDATE_CONNECT_PAYMENTS, {**urls, **change.condition}),
            **urls,
            **change.condition,
        )
        update = _Update(ids.UPDATE_CONNECT_PAYMENTS, request, messages.Connected, "/payments")
        try:
            connected, _known = await self._send(change, update, change.attempt.id)
        except _StoredAnswer:
            connected, _known = await self._send(change, update, system_id("again"))
        return connected

    async def publish(self, change: ChangeRequest, publish_at: datetime | None) -> Changed:
        return await self._update(
            ids.UPDATE_PUBLISH, change, messages.Publish, publish_at=publish_at
        )

    async def abandon(self, change: ChangeRequest) -> Changed:
        return await self._update(ids.UPDATE_ABANDON, change, messages.Abandon)

    def forget(self, session_id: str) -> None:
        """Deletes what this process has cached of an erased session."""
        self._live_projection.forget(session_id)
        self._known.forget(session_id)
        self._views.forget_owner(session_id)

    async def restore(
        self, change: ChangeRequest, revision: int, sections: Mapping[Section, JsonObject]
    ) -> Changed:
        return await self._update(
            ids.UPDATE_RESTORE,
            change,
            messages.Restore,
            revision=revision,
            sections=dict(sections),
        )

    async def _update(
        self, name: str, change: ChangeRequest, kind: type[messages.Request], **arguments: Any
    ) -> Changed:
        """Sends an update, and completes its answer.

        Temporal stores the answers of a run, and gives the stored one to a repeat. A stored success
        is answered with the session as it is now. After a stored refusal the update is sent again
        with an id of its own, and the session decides anew.
        """
        await self._require_possible(change)
        arguments |= change.condition
        request = kind(actor=change.actor, fingerprint=fingerprint(name, arguments), **arguments)
        update = _Update(name, request, UpdateResult)
        try:
            answer, known = await self._send(change, update, change.attempt.id)
        except _StoredAnswer as stored:
            if not stored.is_refusal:
                view = await self._views.view(change.actor, change.session_id, consistent=True)
                return Changed(view, is_repeat=True)
            answer, known = await self._send(change, update, system_id("again"))
        return self._changed(answer, known)

    async def _send(
        self, change: ChangeRequest, update: "_Update[Answer]", update_id: str
    ) -> "tuple[Answer, SessionView | None]":
        """Sends an update when it is its turn.

        Returns:
            The answer, and the view on which it builds.

        Raises:
            _StoredAnswer: Temporal returned the answer of an earlier attempt.
            IdempotencyKeyReused: that attempt was another request.
            WizardError: the session refused the update.
        """
        session_id = change.session_id
        attempt, known = token_hex(8), None

        async def send(handle: Handle) -> Answer:
            nonlocal known
            known = self._known.newest(session_id)
            request = update.request.model_copy(
                update={
                    "key": None if update_id == change.attempt.id else change.attempt.id,
                    "attempt": attempt,
                    "known_revision": known.revision if known else NO_VIEW,
                }
            )
            answer: Answer = await handle.execute_update(
                update.name, request, id=update_id, result_type=update.answered_with
            )
            return answer

        # A worker of an earlier version does not say which attempt it answers.
        own = (None, attempt)
        try:
            answer = await self._delivery.answered(
                change.actor, session_id, send, lane=session_id + update.lane
            )
        except WizardError as refusal:
            if refusal.extra.pop("attempt", None) not in own:
                raise _StoredAnswer(is_refusal=True) from refusal
            self._complete_refusal(refusal, known)
            raise
        change.attempt.require_same(update.request.fingerprint, answer.fingerprint)
        if answer.attempt not in own:
            raise _StoredAnswer(is_refusal=False)
        return answer, known

    def _changed(self, answer: UpdateResult, known: SessionView | None) -> Changed:
        view = completed_view(answer, known)
        self._known.note(view)
        self._live_projection.add(view, completed_actions(answer, view))
        return Changed(view, is_repeat=answer.is_repeat)

    def _complete_refusal(self, refusal: WizardError, known: SessionView | None) -> None:
        """A refusal of a request that took effect in part has the session as it is now."""
        if "answer" in refusal.extra:
            answer = UpdateResult.model_validate(refusal.extra.pop("answer"))
            refusal.extra["session"] = self._changed(answer, known).view.model_dump(mode="json")
        elif isinstance(refusal, StageIncomplete) and "session" in refusal.extra:
            self._live_projection.add(SessionView.model_validate(refusal.extra["session"]))

    async def _require_possible(self, change: ChangeRequest) -> None:
        """
        Raises:
            RevisionConflict: whatever the session's revision is, it is none of the expected ones.
            SessionNotFound, Unavailable: as :meth:`view` does.
        """
        if change.expected == ():
            change.require_match(await self.view(change.actor, change.session_id, consistent=True))

    async def _deliver(self, actor: Actor, session_id: str, take_batch: TakeBatch) -> None:
        await self._delivery.answered(
            actor,
            session_id,
            lambda handle: handle.signal(ids.SIGNAL_STAGE_DATA, args=take_batch()),
        )
