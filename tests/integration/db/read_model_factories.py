"""Sessions, actions and events as the wizard creates them, and helpers that change them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from domain.actors import Actor
from domain.errors import FieldError
from domain.json_values import JsonObject
from domain.publishing.build_event import build_event
from domain.publishing.event import Event
from domain.session.actions import Action, ActionName
from domain.session.projection import Projected
from domain.session.view import (
    Publication,
    PublicationError,
    PublicationState,
    PublicationStep,
    SessionView,
    StageErrorView,
    StageView,
    Status,
    StepState,
)
from domain.stages import STAGES, Section, Stage
from domain.values.payments import Payments, PaymentStatus
from tests.unit.domain.samples import HYBRID, NOW, assessment_of, valid_sections

ADA = Actor(user_id="ada", email="ada@example.com")
BOB = Actor(user_id="bob")
ADA_AT_ACME = Actor(user_id="ada", organization_id="acme")
EVE_AT_ACME = Actor(user_id="eve", organization_id="acme")
EVE_AT_OTHER = Actor(user_id="eve", organization_id="other")
NAMED_LIKE_ORGANIZATION = Actor(user_id="acme")

MOMENT = datetime(2030, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def session_view(owner: Actor = ADA, **changed: Any) -> SessionView:
    """A session with half of its stages completed; keywords replace fields of the view."""
    sections = valid_sections(venue={"mode": "hybrid", "name": "Grüne Höhle 🎪"})
    assessment = assessment_of(sections)
    fields: dict[str, Any] = {
        "session_id": str(uuid4()),
        "user_id": owner.user_id,
        "organization_id": owner.organization_id,
        "status": Status.IN_PROGRESS,
        "current_stage": Stage.VENUE_SETUP,
        "completed_stages": [Stage.ORGANIZER_SETUP, Stage.EVENT_SETUP],
        "completion_percentage": assessment.completion_percentage,
        "completion_details": assessment.completion_details,
        "stages": {
            stage: StageView(
                data=sections[stage.section],
                valid=found.valid,
                completion=found.completion,
                errors=[
                    StageErrorView(
                        pointer=error.pointer,
                        code=error.code,
                        params=error.params,
                        message=error.message,
                    )
                    for error in found.errors
                ],
            )
            for stage, found in assessment.stages.items()
        },
        "payments": Payments(),
        "publication": Publication(),
        "event_id": None,
        "revision": 3,
        "created_at": MOMENT,
        "updated_at": MOMENT + timedelta(minutes=5),
        "expires_at": MOMENT + timedelta(days=7),
        **changed,
    }
    return SessionView(is_active=fields["status"] is Status.IN_PROGRESS, **fields)


def new_session(owner: Actor = ADA) -> SessionView:
    empty = StageView(data={}, valid=False, completion=0, errors=[])
    return session_view(
        owner,
        current_stage=Stage.ORGANIZER_SETUP,
        completed_stages=[],
        completion_percentage=0,
        completion_details=dict.fromkeys(STAGES, 0),
        stages=dict.fromkeys(STAGES, empty),
        revision=0,
        updated_at=MOMENT,
    )


def failed_session(owner: Actor = ADA_AT_ACME) -> SessionView:
    """A session with a value in every field that can be set at the same time."""
    return session_view(
        owner,
        payments=Payments(
            account_id="acct_1",
            status=PaymentStatus.RESTRICTED,
            requirements=["individual.verification.document"],
            livemode=False,
            payouts_enabled=False,
            default_currency="eur",
            checked_at=MOMENT,
        ),
        publication=Publication(
            state=PublicationState.FAILED,
            steps=[PublicationStep(name="reserve", state=StepState.UNDONE, at=MOMENT)],
            error=PublicationError(
                code="slug_taken",
                message="Another event has this address.",
                errors=[
                    FieldError(
                        stage=Stage.EVENT_SETUP, pointer="/slug", code="slug_taken", message="!"
                    )
                ],
            ),
            publish_at=MOMENT + timedelta(days=1),
        ),
        event_id=str(uuid4()),
    )


def with_stage_data(view: SessionView, stage: Stage, data: dict[str, Any]) -> SessionView:
    changed = view.stages[stage].model_copy(update={"data": data})
    return view.model_copy(update={"stages": {**view.stages, stage: changed}})


def at_revision(view: SessionView, revision: int) -> SessionView:
    """A later revision of the session; the event's title contains the revision."""
    later = with_stage_data(view, Stage.EVENT_SETUP, {"title": f"Revision {revision}"})
    return later.model_copy(
        update={"revision": revision, "updated_at": MOMENT + timedelta(seconds=revision)}
    )


def action(revision: int = 1, **changed: Any) -> Action:
    fields: dict[str, Any] = {
        "revision": revision,
        "name": ActionName.SAVE_STAGE,
        "stage": Stage.EVENT_SETUP,
        "actor_id": "ada",
        "at": MOMENT + timedelta(seconds=revision),
        "sections": {"event": {"title": f"Revision {revision}"}},
        "idempotency_key": f"key-{revision}",
        **changed,
    }
    return Action(**fields)


def projection_of(view: SessionView, actions: tuple[Action, ...] = ()) -> Projected:
    return Projected(view=view, actions=actions)


def event(
    owner: Actor = ADA,
    *,
    session_id: str | None = None,
    sections: Mapping[Section, JsonObject] | None = None,
    **changed: Any,
) -> Event:
    """A draft event with all defaults resolved; keywords replace fields of the event."""
    draft = build_event(
        session_id=session_id or str(uuid4()),
        owner=owner,
        sections=sections or valid_sections(venue=HYBRID),
        payments=Payments(),
        now=NOW,
    )
    return draft.model_copy(update=changed)
