"""The whole state of one session, and how it is shown."""

from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from domain.actors import Actor
from domain.errors import Publishing, RevisionConflict, SessionClosed, SessionNotFound
from domain.json_values import JsonObject
from domain.schemas.ticket import TicketSection
from domain.session.view import (
    Publication,
    PublicationState,
    SessionView,
    StageErrorView,
    StageView,
    Status,
)
from domain.stages import STAGES, Section, Stage
from domain.validation.assessment import Assessment, assess
from domain.validation.parsing import read
from domain.validation.publish_checks import Facts
from domain.validation.sections import Readings
from domain.values.payments import Payments

DEFAULT_SESSION_TTL_SECONDS: Final = 7 * 24 * 60 * 60


class SessionState(BaseModel):
    """Everything that a session has to remember. Changed only by copying.

    ``passed`` has the stages that the person went on from; ``terms_current`` is false as soon as
    anything was changed after the terms were accepted; ``tiers_issued`` counts the tier ids that
    were ever given out; ``publisher`` asked for the publication that is planned or running;
    ``reminded_of`` is the deadline that the owner was reminded of.
    """

    model_config = ConfigDict(frozen=True)

    session_id: str
    owner: Actor
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    status: Status = Status.IN_PROGRESS
    current_stage: Stage = Stage.ORGANIZER_SETUP
    passed: list[Stage] = Field(default_factory=list)
    sections: dict[Section, JsonObject] = Field(default_factory=dict)
    tiers_issued: int = 0
    terms_current: bool = False
    payments: Payments = Payments()
    publication: Publication = Publication()
    publisher: Actor | None = None
    event_id: str | None = None
    reminded_of: datetime | None = None
    revision: int = 0

    @property
    def is_open(self) -> bool:
        return self.status is Status.IN_PROGRESS

    @property
    def is_publishing(self) -> bool:
        return self.publication.state is PublicationState.RUNNING

    def section(self, stage: Stage) -> JsonObject:
        return self.sections.get(stage.section) or {}


def start_session(
    session_id: str,
    owner: Actor,
    *,
    created_at: datetime,
    ttl_seconds: int = DEFAULT_SESSION_TTL_SECONDS,
) -> SessionState:
    return SessionState(
        session_id=session_id,
        owner=owner,
        created_at=created_at,
        updated_at=created_at,
        expires_at=created_at + timedelta(seconds=ttl_seconds),
    )


def require_member(state: SessionState, actor: Actor) -> None:
    """
    Raises:
        SessionNotFound: the actor speaks for another tenant, who is not to learn that there is
            such a session.
    """
    if actor.tenant != state.owner.tenant:
        raise SessionNotFound


def require_open(state: SessionState) -> None:
    """
    Raises:
        SessionClosed: nothing can change any more.
    """
    if not state.is_open:
        raise closed_error(state.status)


def closed_error(status: Status) -> SessionClosed:
    return SessionClosed(
        f"The session is {status.value}: start a new one.",
        extra={"session_status": status.value},
    )


def require_editable(state: SessionState) -> None:
    """
    Raises:
        SessionClosed, Publishing: nothing can be edited, for good or for now.
    """
    require_open(state)
    if state.is_publishing:
        raise Publishing


def require_revision(state: SessionState, expected: int | None, now: datetime) -> None:
    """
    Raises:
        RevisionConflict: with the current view, so that the client can merge and try again.
    """
    if expected is not None and expected != state.revision:
        raise RevisionConflict(
            f"The session is at revision {state.revision}, not {expected}: "
            "look at what changed, then try again.",
            extra={"session": view_of(state, now).model_dump(mode="json")},
        )


def facts_of(
    state: SessionState,
    *,
    slug_taken: bool = False,
    may_publish: bool = True,
    publish_at: datetime | None = None,
) -> Facts:
    return Facts(
        payments=state.payments,
        published=state.publication.state is PublicationState.PUBLISHED,
        sponsors_completed=Stage.SPONSORS_MEDIA in state.passed,
        terms_current=state.terms_current,
        slug_taken=slug_taken,
        may_publish=may_publish,
        publish_at=publish_at,
        tiers_issued=state.tiers_issued,
    )


def takes_payment(state: SessionState) -> bool:
    """Whether any tier, as far as it is valid, costs money. Free events never touch Stripe."""
    ticket = read(Stage.TICKET_SETUP, TicketSection, state.section(Stage.TICKET_SETUP))
    return ticket.data.takes_payment


def assess_session(
    state: SessionState, now: datetime, readings: Readings | None = None
) -> Assessment:
    return assess(state.sections, facts=facts_of(state), now=now, readings=readings)


def completed_stages(state: SessionState, assessment: Assessment) -> list[Stage]:
    """The stages that were gone on from and are valid now, in the wizard's order."""
    return [each for each in STAGES if each in state.passed and assessment.stages[each].valid]


def view_of(state: SessionState, now: datetime, readings: Readings | None = None) -> SessionView:
    """The session as it is shown at a moment: progress depends on the clock, as dates pass."""
    assessment = assess_session(state, now, readings)
    return SessionView(
        session_id=state.session_id,
        user_id=state.owner.user_id,
        organization_id=state.owner.organization_id,
        status=state.status,
        is_active=state.is_open,
        current_stage=state.current_stage,
        completed_stages=completed_stages(state, assessment),
        completion_percentage=assessment.completion_percentage,
        completion_details=assessment.completion_details,
        stages={stage: _stage_view(state, stage, assessment) for stage in STAGES},
        payments=state.payments,
        publication=state.publication,
        event_id=state.event_id,
        revision=state.revision,
        created_at=state.created_at,
        updated_at=state.updated_at,
        expires_at=state.expires_at,
    )


def _stage_view(state: SessionState, stage: Stage, assessment: Assessment) -> StageView:
    judged = assessment.stages[stage]
    return StageView(
        data=state.section(stage),
        valid=judged.valid,
        completion=judged.completion,
        errors=[
            StageErrorView(pointer=each.pointer, code=each.code, message=each.message)
            for each in judged.errors
        ],
    )
