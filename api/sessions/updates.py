"""Updates of sessions: one attempt after another until the session itself has answered.

Temporal stores the answers of a run, and gives the stored one to a repeat. Each attempt has its own
id, which the session's answer names.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Final, Generic, TypeVar

from api.sessions.delivery import Delivery, Handle
from api.sessions.idempotency import Attempt, fingerprint, system_id
from api.sessions.known_views import KnownViews
from api.sessions.live_projection import LiveProjectionQueue
from api.sessions.turns import MessageSlots
from api.sessions.views import Views
from domain import ids
from domain.actors import Actor
from domain.errors import StageIncomplete, WizardError
from domain.session import messages
from domain.session.answers import NO_VIEW, UpdateResult, completed_actions, completed_view
from domain.session.state import revision_conflict
from domain.session.view import SessionView


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


PAYMENTS_LANE: Final = "/payments"
"""Stripe may take seconds, and saves do not wait for it: neither for its lane nor for its slots."""

Answer = TypeVar("Answer", UpdateResult, messages.Connected)


@dataclass(frozen=True)
class _Update(Generic[Answer]):
    name: str
    kind: type[messages.Request]
    fields: Mapping[str, Any]
    """Of its request, without those of an attempt."""
    answered_with: type[Answer]
    lane: str = ""
    """Updates of one lane of a session are sent one after the other."""


class _StoredAnswer(Exception):
    """Temporal keeps the answers of a run, and gives the stored one to a repeat."""

    def __init__(self, *, is_refusal: bool) -> None:
        super().__init__()
        self.is_refusal = is_refusal


class Updates:
    """Sends updates, and completes their answers."""

    def __init__(
        self,
        delivery: Delivery,
        views: Views,
        known: KnownViews,
        live_projection: LiveProjectionQueue,
        slots: MessageSlots,
    ) -> None:
        self._delivery = delivery
        self._views = views
        self._known = known
        self._live_projection = live_projection
        self._slots = slots
        self._payments_slots = MessageSlots()

    async def change(
        self,
        name: str,
        change: ChangeRequest,
        kind: type[messages.Request],
        *,
        lane: str = "",
        **arguments: Any,
    ) -> Changed:
        """Sends an update that changes the session.

        A stored success is answered with the session as it is now. After a stored refusal the
        update is sent again with an id of its own, and the session decides again.
        """
        begun = time.monotonic()
        await self._require_possible(change)
        arguments |= change.condition
        update = _Update(name, kind, _fields(name, change, arguments), UpdateResult, lane)
        try:
            answer, known = await self._send(change, update, change.attempt.id)
        except _StoredAnswer as stored:
            if not stored.is_refusal:
                view = await self._views.view(change.actor, change.session_id, consistent=True)
                # The first attempt may have been given up, and then it has not projected it.
                self._live_projection.add(view)
                return Changed(view, is_repeat=True)
            answer, known = await self._send(change, update, system_id("again"))
        return self._changed(answer, known, waited_ms=milliseconds_since(begun))

    async def connect(
        self, change: ChangeRequest, *, return_url: str, refresh_url: str
    ) -> messages.Connected:
        """See :meth:`api.sessions.client.SessionClient.connect`."""
        await self._require_possible(change)
        name, kind = ids.UPDATE_CONNECT_PAYMENTS, messages.ConnectPayments
        arguments = {"return_url": return_url, "refresh_url": refresh_url, **change.condition}
        update = _Update(
            name, kind, _fields(name, change, arguments), messages.Connected, PAYMENTS_LANE
        )
        try:
            connected, _known = await self._send(change, update, change.attempt.id)
        except _StoredAnswer:
            connected, _known = await self._send(change, update, system_id("again"))
        return connected

    async def _send(
        self, change: ChangeRequest, update: "_Update[Answer]", update_id: str
    ) -> "tuple[Answer, SessionView | None]":
        """Sends an update when it is its turn.

        Returns:
            The answer, and the view on which it builds.

        Raises:
            _StoredAnswer: Temporal returned the answer of an earlier attempt. It may be one of this
                call, which sends the update again if a run ends; it may build on another view.
            IdempotencyKeyReused: that attempt was another request.
            WizardError: the session refused the update.
        """
        session_id, begun = change.session_id, time.monotonic()
        attempt: str | None = None
        known: SessionView | None = None
        slots = self._payments_slots if update.lane == PAYMENTS_LANE else self._slots

        async def send(handle: Handle) -> Answer:
            nonlocal attempt, known
            attempt, known = token_hex(8), self._known.newest(session_id)
            request = update.kind(
                **update.fields,
                key=None if update_id == change.attempt.id else change.attempt.id,
                attempt=attempt,
                known_revision=known.revision if known else NO_VIEW,
            )
            async with slots.slot():
                answer: Answer = await handle.execute_update(
                    update.name, request, id=update_id, result_type=update.answered_with
                )
            return answer

        # A worker of an earlier version does not say which attempt it answers: then it is None.
        try:
            answer = await self._delivery.answered(
                change.actor, session_id, send, lane=session_id + update.lane
            )
        except WizardError as refusal:
            if refusal.extra.pop("attempt", None) not in (None, attempt):
                raise _StoredAnswer(is_refusal=True) from refusal
            self._complete_refusal(refusal, known, waited_ms=milliseconds_since(begun))
            raise
        change.attempt.require_same(update.fields["fingerprint"], answer.fingerprint)
        if answer.attempt not in (None, attempt):
            raise _StoredAnswer(is_refusal=False)
        return answer, known

    def _changed(
        self, answer: UpdateResult, known: SessionView | None, *, waited_ms: int
    ) -> Changed:
        view = completed_view(answer, known)
        if known is not None and answer.revision_before < known.revision:
            self._known.forget(view.session_id)
        self._known.note(view)
        actions = completed_actions(answer, view, execution_time_ms=waited_ms)
        self._live_projection.add(view, actions)
        return Changed(view, is_repeat=answer.is_repeat)

    def _complete_refusal(
        self, refusal: WizardError, known: SessionView | None, *, waited_ms: int
    ) -> None:
        """A refusal of a request that took effect in part has the session as it is now."""
        if "answer" in refusal.extra:
            answer = UpdateResult.model_validate(refusal.extra.pop("answer"))
            changed = self._changed(answer, known, waited_ms=waited_ms)
            refusal.extra["session"] = changed.view.model_dump(mode="json")
        elif isinstance(refusal, StageIncomplete) and "session" in refusal.extra:
            self._live_projection.add(SessionView.model_validate(refusal.extra["session"]))

    async def _require_possible(self, change: ChangeRequest) -> None:
        """
        Raises:
            RevisionConflict: whatever the session's revision is, it is none of the expected ones.
            SessionNotFound, Unavailable: as :meth:`Views.view` does.
        """
        if change.expected == ():
            change.require_match(
                await self._views.view(change.actor, change.session_id, consistent=True)
            )


def milliseconds_since(begun: float) -> int:
    """``begun`` is a time of the monotonic clock."""
    return round(1000 * (time.monotonic() - begun))


def _fields(name: str, change: ChangeRequest, arguments: dict[str, Any]) -> dict[str, Any]:
    return {
        "actor": change.actor,
        "fingerprint": fingerprint(name, arguments),
        **arguments,
    }
