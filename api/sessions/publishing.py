"""Publishes a session's event and waits for the outcome."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.live.hub import SessionHub
from api.sessions.client import SessionClient
from api.sessions.updates import Changed, ChangeRequest
from db.errors import DatabaseUnavailable
from db.reads import EventReads, SessionReads
from domain.actors import Actor
from domain.errors import (
    ERRORS,
    EventNotFound,
    PublishBlocked,
    PublishFailed,
    SessionClosed,
    SlugTaken,
    Unavailable,
    WizardError,
)
from domain.publishing.event import Event
from domain.session.view import PublicationState, SessionView, Status

_RETRY_SECONDS: Final = 1.0
"""After Postgres was unavailable. Otherwise, the hub announces every change of the row."""


@dataclass(frozen=True)
class PublishOutcome:
    """``event`` is None while it is not published."""

    view: SessionView
    event: Event | None
    is_repeat: bool


class Publisher:
    def __init__(
        self,
        sessions: SessionClient,
        session_reads: SessionReads,
        event_reads: EventReads,
        hub: SessionHub,
    ) -> None:
        self._sessions = sessions
        self._session_reads = session_reads
        self._event_reads = event_reads
        self._hub = hub

    async def publish(
        self, change: ChangeRequest, publish_at: datetime | None, *, wait_seconds: float
    ) -> PublishOutcome:
        """Requests the publication, and waits for its outcome.

        The workflow's update returns once the publication is accepted. The outcome is read from
        the read model, which receives it in the same transaction as the event. So a waiting request
        does not keep an update of the workflow open.

        Returns:
            The session, and the event unless the publication is scheduled, or still running after
            ``wait_seconds``.

        Raises:
            PublishBlocked: with every blocking check.
            PublishFailed: the publication failed and was undone.
            SessionClosed: the session is abandoned or expired.
            EventNotFound, Unavailable: the event cannot be read.
        """
        accepted = await self._accepted(change, publish_at)
        view, event = accepted.view, None
        if view.publication.state is PublicationState.RUNNING:
            view = await self._settled(change.actor, view, wait_seconds)
        if view.publication.state is PublicationState.FAILED:
            raise _failure(view)
        if view.event_id is not None:
            event = await self._event(change.actor, view.event_id)
        return PublishOutcome(view, event, is_repeat=accepted.is_repeat)

    async def _accepted(self, change: ChangeRequest, publish_at: datetime | None) -> Changed:
        try:
            return await self._sessions.publish(change, publish_at)
        except SessionClosed as closed:
            if closed.extra.get("session_status") != Status.COMPLETED:
                raise
            return Changed(await self._sessions.view(change.actor, change.session_id))

    async def _settled(self, actor: Actor, view: SessionView, wait_seconds: float) -> SessionView:
        deadline = time.monotonic() + wait_seconds
        with self._hub.subscribe(view.session_id) as changes:
            while (left := deadline - time.monotonic()) > 0:
                try:
                    stored = await self._session_reads.get(actor, view.session_id)
                except DatabaseUnavailable:
                    await changes.next(min(left, _RETRY_SECONDS))
                    continue
                if stored is not None and stored.revision >= view.revision:
                    view = stored
                    if view.publication.state is not PublicationState.RUNNING:
                        break
                await changes.next(left)
        return view

    async def _event(self, actor: Actor, event_id: str) -> Event:
        try:
            event = await self._event_reads.get(actor, event_id)
        except DatabaseUnavailable as error:
            raise Unavailable(
                "The event is published, but cannot be returned right now. Try again."
            ) from error
        if event is None:
            raise EventNotFound
        return event


def _failure(view: SessionView) -> WizardError:
    error = view.publication.error
    if error is None:
        return PublishFailed()
    kind = ERRORS.get(error.code, PublishFailed)
    if kind is SlugTaken:
        kind = PublishBlocked
    return kind(error.message, errors=error.errors)
