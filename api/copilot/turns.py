"""Reads what an answer of the assistant is made from, with the rights of the person's token."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from api.copilot.run_input import DEFAULT_LOCALE, RunInput
from api.sessions.checks import checks_of_view
from api.sessions.client import SessionClient
from copilot.context import CopilotContext, Device, context_of
from copilot.conversation import Turn
from copilot.suggestions.basis import OwnEvent
from copilot.understanding.facts import Circumstances
from db.errors import DatabaseUnavailable
from db.reads import EventReads, SessionReads
from domain.actors import Actor
from domain.publishing.event import Event
from domain.session.view import SessionView
from domain.stages import Stage

MAX_OWN_EVENTS: Final = 50
"""The newest ones: suggestions are made from them."""


@dataclass(frozen=True)
class Presentation:
    """How a client shows answers. None of it gives a right."""

    stage: Stage | None = None
    """That is on screen; None for the current one."""
    device: Device = Device.DESKTOP
    locale: str = DEFAULT_LOCALE
    timezone: str | None = None


@dataclass(frozen=True)
class SessionSituation:
    context: CopilotContext
    circumstances: Circumstances
    own_events: Sequence[OwnEvent]
    """Other events of the tenant."""


class TurnReads:
    def __init__(
        self, sessions: SessionClient, session_reads: SessionReads, event_reads: EventReads
    ) -> None:
        self._sessions = sessions
        self._session_reads = session_reads
        self._event_reads = event_reads

    async def require_session(self, actor: Actor, session_id: str) -> None:
        """
        Raises:
            SessionNotFound, SessionLost, Unavailable: as :meth:`api.sessions.views.Views.view`.
        """
        await self._sessions.view(actor, session_id)

    async def turn(self, actor: Actor, asked: RunInput) -> tuple[Turn, Sequence[OwnEvent]]:
        """The turn of a run, and other events of the tenant.

        Raises:
            InvalidRequest, PayloadTooLarge: as :meth:`RunInput.conversation`.
            SessionNotFound, SessionLost, Unavailable: as :meth:`situation`.
        """
        messages, props = asked.conversation(), asked.forwarded_props
        shown = Presentation(props.stage, props.device, props.locale, props.timezone)
        situation = await self.situation(actor, props.session_id, shown)
        turn = Turn(
            messages,
            situation.context,
            asked.offered(),
            situation.circumstances,
            has_links=props.links,
        )
        return turn, situation.own_events

    async def situation(
        self, actor: Actor, session_id: str, shown: Presentation
    ) -> SessionSituation:
        """
        Raises:
            SessionNotFound, SessionLost, Unavailable: as :meth:`api.sessions.views.Views.view`.
        """
        view = await self._sessions.view(actor, session_id)
        now = datetime.now(UTC)
        checks, own_events = await asyncio.gather(
            checks_of_view(self._session_reads, view, actor, now),
            self._own_events(actor, session_id),
        )
        context = context_of(
            view,
            checks=checks,
            stage=shown.stage or view.current_stage,
            device=shown.device,
            locale=shown.locale,
            now=now,
            timezone=shown.timezone,
        )
        circumstances = Circumstances(
            now=now,
            locale=shown.locale,
            timezone=shown.timezone,
            currency=_currency(view),
            known={stage.section: part.data for stage, part in view.stages.items()},
        )
        return SessionSituation(context, circumstances, own_events)

    async def _own_events(self, actor: Actor, session_id: str) -> Sequence[OwnEvent]:
        """None if Postgres does not respond: suggestions are made without them."""
        try:
            page = await self._event_reads.list(actor, MAX_OWN_EVENTS, None)
        except DatabaseUnavailable:
            return ()
        return [_own_event(event) for event in page.items if event.session_id != session_id]


def _own_event(event: Event) -> OwnEvent:
    return OwnEvent(
        title=event.title,
        first_day=event.event_date,
        last_day=event.end_date,
        organizer=event.organizer,
        venue={"mode": event.venue_mode, **event.venue_data},
    )


def _currency(view: SessionView) -> str | None:
    """That of the tickets, else that of the Stripe account."""
    chosen = view.stages[Stage.TICKET_SETUP].data.get("currency")
    return chosen if isinstance(chosen, str) else view.payments.default_currency
