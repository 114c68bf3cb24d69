"""The state of one session, and its view."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from domain.actors import Actor
from domain.errors import (
    Publishing,
    RevisionConflict,
    SessionClosed,
    SessionLost,
    SessionNotFound,
)
from domain.json_values import JsonObject
from domain.schemas.ticket import TicketSection
from domain.session.run_rules import RunRules
from domain.session.view import (
    Publication,
    PublicationState,
    SessionView,
    StageErrorView,
    StageView,
    Status,
)
from domain.stages import STAGES, Section, Stage
from domain.validation.assessment import Assessment, Assessor, StageAssessment
from domain.validation.drafts import size_of
from domain.validation.parsing import parse_section
from domain.validation.publish_checks import AssessmentContext
from domain.values.payments import Payments

DEFAULT_SESSION_TTL_SECONDS: Final = 7 * 24 * 60 * 60


class SessionState(BaseModel):
    """Everything that a session stores. A change returns a modified copy."""

    model_config = ConfigDict(frozen=True)

    session_id: str
    owner: Actor
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    status: Status = Status.IN_PROGRESS
    current_stage: Stage = Stage.ORGANIZER_SETUP
    passed: list[Stage] = Field(default_factory=list)
    """The stages that the user has completed, whether or not they are still valid."""
    sections: dict[Section, JsonObject] = Field(default_factory=dict)
    section_revisions: dict[Section, int] | None = None
    """The revision that last changed each section. None in a state of an earlier version, until
    its next change: then every section may have changed at the current revision."""
    section_sizes: dict[Section, int] | None = None
    """Bytes of each section as JSON; None in a state of an earlier version."""
    tiers_issued: int = 0
    """How many tier ids the session has ever issued; ids are not reused."""
    terms_current: bool = False
    """Nothing has changed since the terms were accepted."""
    payments: Payments = Payments()
    publication: Publication = Publication()
    publisher: Actor | None = None
    """Who requested the publication that is scheduled or running."""
    publication_checked: int | None = None
    """The revision at which the scheduled publication was last checked; None before that."""
    event_id: str | None = None
    refuses_ended_sales: bool = False
    """Set by the rules of the run (:mod:`domain.session.run_rules`), as the next field."""
    follows_real_events: bool = False
    reminded_of: datetime | None = None
    """The deadline of the last reminder to the owner."""
    revision: int = 0

    @property
    def is_open(self) -> bool:
        return self.status is Status.IN_PROGRESS

    @property
    def is_publishing(self) -> bool:
        return self.publication.state is PublicationState.RUNNING

    def section(self, stage: Stage) -> JsonObject:
        return self.sections.get(stage.section) or {}

    def section_revision(self, section: Section) -> int:
        """The revision that last changed a section; 0 if none did."""
        if self.section_revisions is None:
            return self.revision
        return self.section_revisions.get(section, 0)

    def sizes(self) -> dict[Section, int]:
        """Bytes of each section as JSON."""
        if self.section_sizes is not None:
            return self.section_sizes
        return {section: size_of(data) for section, data in self.sections.items()}


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
        section_revisions={},
        section_sizes={},
    )


def following(state: SessionState, rules: RunRules) -> SessionState:
    """The state as a run with these rules judges it."""
    return state.model_copy(
        update={
            "refuses_ended_sales": rules.refuses_ended_sales,
            "follows_real_events": rules.follows_real_events,
        }
    )


def require_member(state: SessionState, actor: Actor) -> None:
    """
    Raises:
        SessionNotFound: the actor belongs to another tenant, which must not learn that the
            session exists.
    """
    if actor.tenant != state.owner.tenant:
        raise SessionNotFound


def require_open(state: SessionState) -> None:
    """
    Raises:
        SessionClosed: the session is completed, abandoned or expired.
    """
    if not state.is_open:
        raise closed_error(state.status)


def closed_error(status: Status) -> SessionClosed:
    return SessionClosed(
        f"The session is {status.value}. Start a new one.",
        extra={"session_status": status.value},
    )


def lost_error() -> SessionLost:
    return SessionLost(
        "Temporal ended the session before it was completed. Its data is being recovered into the "
        "read model: read the session later, and start a new one to continue."
    )


def require_editable(state: SessionState) -> None:
    """
    Raises:
        SessionClosed: the session is completed, abandoned or expired.
        Publishing: its publication is running.
    """
    require_open(state)
    if state.is_publishing:
        raise Publishing


def require_revision(state: SessionState, expected: Collection[int] | None, now: datetime) -> None:
    """
    Args:
        expected: the revisions of which one has to be the current one; None if any will do.

    Raises:
        RevisionConflict: with the current view as ``session`` in ``extra``, so that the client can
            merge and try again.
    """
    if expected is not None and state.revision not in expected:
        raise revision_conflict(view_of(state, now))


def revision_conflict(view: SessionView) -> RevisionConflict:
    return RevisionConflict(
        f"The session is at revision {view.revision}. Merge the changes, then try again.",
        extra={"session": view.model_dump(mode="json")},
    )


def context_of(
    state: SessionState,
    *,
    slug_taken: bool = False,
    may_publish: bool = True,
    publish_at: datetime | None = None,
) -> AssessmentContext:
    return AssessmentContext(
        payments=state.payments,
        published=state.publication.state is PublicationState.PUBLISHED,
        sponsors_completed=Stage.SPONSORS_MEDIA in state.passed,
        terms_current=state.terms_current,
        slug_taken=slug_taken,
        may_publish=may_publish,
        publish_at=publish_at,
        refuses_ended_sales=state.refuses_ended_sales,
        follows_real_events=state.follows_real_events,
        tiers_issued=state.tiers_issued,
    )


def takes_payment(state: SessionState) -> bool:
    """Whether any valid tier costs money. Free events never use Stripe."""
    ticket = parse_section(Stage.TICKET_SETUP, TicketSection, state.section(Stage.TICKET_SETUP))
    return ticket.data.takes_payment


def assess_session(
    state: SessionState, now: datetime, assessor: Assessor | None = None
) -> Assessment:
    """With the ``assessor`` of a session, only sections that were replaced are parsed again."""
    assessor = assessor or Assessor()
    return assessor.assess(state.sections, context=context_of(state), now=now)


def completed_stages(state: SessionState, assessment: Assessment) -> list[Stage]:
    """The stages that the user has completed and that are valid now, in the wizard's order."""
    return [stage for stage in STAGES if stage in state.passed and assessment.stages[stage].valid]


def view_of(state: SessionState, now: datetime, assessor: Assessor | None = None) -> SessionView:
    """The view at ``now``: validity and progress depend on it, because dates pass.

    With the ``assessor`` of the session, only sections that were replaced are parsed again.
    """
    assessment = assess_session(state, now, assessor)
    return SessionView(
        **fields_of(state, assessment),
        stages={
            stage: StageView(data=state.section(stage), **progress_of(assessment.stages[stage]))
            for stage in STAGES
        },
    )


def fields_of(state: SessionState, assessment: Assessment) -> dict[str, Any]:
    """The values of :class:`domain.session.view.SessionFields`."""
    return {
        "session_id": state.session_id,
        "user_id": state.owner.user_id,
        "organization_id": state.owner.organization_id,
        "status": state.status,
        "is_active": state.is_open,
        "current_stage": state.current_stage,
        "completed_stages": completed_stages(state, assessment),
        "completion_percentage": assessment.completion_percentage,
        "completion_details": assessment.completion_details,
        "payments": state.payments,
        "publication": state.publication,
        "event_id": state.event_id,
        "revision": state.revision,
        "created_at": state.created_at,
        "updated_at": state.updated_at,
        "expires_at": state.expires_at,
    }


def progress_of(assessed: StageAssessment) -> dict[str, Any]:
    """The values of :class:`domain.session.view.StageProgress`."""
    return {
        "valid": assessed.valid,
        "completion": assessed.completion,
        "errors": [
            StageErrorView(
                pointer=error.pointer, code=error.code, params=error.params, message=error.message
            )
            for error in assessed.errors
        ],
    }
