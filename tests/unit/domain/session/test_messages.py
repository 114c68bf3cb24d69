"""Everything that crosses Temporal or Postgres is read back unchanged."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from temporalio.contrib.pydantic import pydantic_data_converter

from domain.actors import Actor
from domain.json_values import JsonObject, same_json
from domain.session import messages
from domain.session.actions import Action, ActionName
from domain.session.answers import NO_VIEW, UpdateResult, answer_of
from domain.session.messages import (
    Abandon,
    AccountCheck,
    CancelPublication,
    Carried,
    CompleteStage,
    Handled,
    MoveToStage,
    PaymentAccountChanged,
    Publish,
    Restore,
    SaveStage,
    SessionStart,
    StageData,
    Transition,
)
from domain.session.projection import Projected
from domain.session.repeats import HandledRequest
from domain.session.state import SessionState, assess_session, view_of
from domain.session.view import (
    Publication,
    PublicationError,
    PublicationState,
    PublicationStep,
    SessionView,
    Status,
    StepState,
)
from domain.stages import STAGES, Section
from domain.values.payments import PaymentReason, Payments, PaymentStatus
from tests.unit.domain.samples import NOW
from tests.unit.domain.strategies import JSON_VALUES

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
IDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
MOMENTS = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
OBJECTS: st.SearchStrategy[JsonObject] = st.dictionaries(TEXT, JSON_VALUES, max_size=4)
DRAFTS = st.dictionaries(st.sampled_from(Section), OBJECTS)
STAGE = st.sampled_from(STAGES)
FINGERPRINTS = st.none() | TEXT
REVISIONS = st.integers(0, 2**31)

ACTORS = st.builds(
    Actor,
    user_id=IDS,
    organization_id=st.none() | IDS,
    email=st.none() | TEXT,
    may_publish=st.booleans(),
)
ACTIONS = st.builds(
    Action,
    revision=st.integers(1, 2**31),
    name=st.sampled_from(ActionName),
    stage=st.none() | STAGE,
    actor_id=st.none() | IDS,
    at=MOMENTS,
    sections=st.none() | st.dictionaries(TEXT, OBJECTS, max_size=2),
    detail=st.none() | TEXT,
    idempotency_key=st.none() | TEXT,
)
PUBLICATIONS = st.builds(
    Publication,
    state=st.sampled_from(PublicationState),
    steps=st.lists(
        st.builds(PublicationStep, name=TEXT, state=st.sampled_from(StepState), at=MOMENTS),
        max_size=3,
    ),
    error=st.none() | st.builds(PublicationError, code=TEXT, message=TEXT),
    publish_at=st.none() | MOMENTS,
)
PAYMENTS = st.builds(
    Payments,
    account_id=st.none() | TEXT,
    status=st.sampled_from(PaymentStatus),
    reason=st.none() | st.sampled_from(PaymentReason).map(str),
    requirements=st.lists(TEXT, max_size=2),
    livemode=st.none() | st.booleans(),
    payouts_enabled=st.none() | st.booleans(),
    default_currency=st.none() | TEXT,
    checked_at=st.none() | MOMENTS,
)
STATES = st.builds(
    SessionState,
    session_id=IDS,
    owner=ACTORS,
    created_at=MOMENTS,
    updated_at=MOMENTS,
    expires_at=MOMENTS,
    status=st.sampled_from(Status),
    current_stage=STAGE,
    section_sizes=st.none() | st.dictionaries(st.sampled_from(Section), REVISIONS),
    section_revisions=st.none() | st.dictionaries(st.sampled_from(Section), REVISIONS),
    passed=st.lists(STAGE, unique=True),
    sections=DRAFTS,
    tiers_issued=REVISIONS,
    terms_current=st.booleans(),
    payments=PAYMENTS,
    publication=PUBLICATIONS,
    publisher=st.none() | ACTORS,
    publication_checked=st.none() | REVISIONS,
    event_id=st.none() | IDS,
    revision=REVISIONS,
)
VIEWS = STATES.map(lambda state: view_of(state, NOW))
HANDLED = st.builds(Handled, fingerprint=FINGERPRINTS, refused_as=st.none() | TEXT)
CARRIED = st.builds(
    Carried,
    state=STATES,
    processed=st.dictionaries(IDS, HANDLED, max_size=3),
    handled=st.lists(
        st.builds(HandledRequest, IDS, FINGERPRINTS, st.integers(0, 2**31), st.booleans()),
        max_size=3,
    ),
    unprojected=st.lists(ACTIONS, max_size=2),
    account_check=st.none()
    | st.builds(
        AccountCheck,
        accepts_stored=st.booleans(),
        failures=st.integers(0, 20),
        not_before=st.none() | MOMENTS,
    ),
)
UPDATE: dict[str, Any] = {
    "actor": ACTORS,
    "fingerprint": FINGERPRINTS,
    "expected_revision": st.none() | REVISIONS,
    "expected_revisions": st.lists(REVISIONS, max_size=3).map(tuple),
    "key": st.none() | IDS,
    "attempt": st.none() | IDS,
    "known_revision": st.none() | st.integers(NO_VIEW, 2**31),
}
SIGNAL: dict[str, Any] = {"actor": ACTORS, "message_id": IDS}

SPECIAL: dict[type[BaseModel], st.SearchStrategy[BaseModel]] = {
    Action: ACTIONS,
    SessionState: STATES,
    SessionView: VIEWS,
    Carried: CARRIED,
    Handled: HANDLED,
    SessionStart: st.builds(
        SessionStart,
        session_id=IDS,
        owner=ACTORS,
        created_at=st.none() | MOMENTS,
        ttl_seconds=st.integers(1, 10**9),
        carried=st.none() | CARRIED,
    ),
    StageData: st.builds(StageData, stage=STAGE, data=OBJECTS, **SIGNAL),
    Transition: st.builds(Transition, from_stage=STAGE, to_stage=STAGE, **SIGNAL),
    SaveStage: st.builds(SaveStage, stage=STAGE, data=OBJECTS, **UPDATE),
    CompleteStage: st.builds(CompleteStage, stage=STAGE, data=st.none() | OBJECTS, **UPDATE),
    MoveToStage: st.builds(MoveToStage, from_stage=STAGE, to_stage=STAGE, **UPDATE),
    Publish: st.builds(Publish, publish_at=st.none() | MOMENTS, **UPDATE),
    CancelPublication: st.builds(CancelPublication, **UPDATE),
    Abandon: st.builds(Abandon, **UPDATE),
    PaymentAccountChanged: st.builds(
        PaymentAccountChanged, account_id=IDS, payments=st.none() | PAYMENTS
    ),
    Restore: st.builds(Restore, revision=REVISIONS, sections=DRAFTS, **UPDATE),
    UpdateResult: st.builds(
        lambda request, state, actions: answer_of(
            request, state, assess_session(state, NOW), actions
        ),
        st.builds(Abandon, **UPDATE),
        STATES,
        st.lists(ACTIONS, max_size=2).map(tuple),
    ),
    Projected: st.builds(Projected, view=VIEWS, actions=st.lists(ACTIONS, max_size=2).map(tuple)),
}


COMMON: dict[str, Any] = {**UPDATE, "expires_at": MOMENTS}


def every_message() -> dict[type[BaseModel], st.SearchStrategy[BaseModel]]:
    """``SPECIAL`` and the messages whose required fields are all in ``COMMON``."""
    declared = [
        member
        for member in vars(messages).values()
        if isinstance(member, type)
        and issubclass(member, BaseModel)
        and member.__module__ == messages.__name__
        and not member.__name__.startswith("_")
    ]
    simple = {
        kind: st.builds(
            kind,
            **{name: COMMON[name] for name in kind.model_fields if name in COMMON},
        )
        for kind in declared
        if kind not in SPECIAL
    }
    return {**SPECIAL, **simple}


MESSAGES = every_message()


def through_json(message: BaseModel) -> BaseModel:
    return type(message).model_validate_json(message.model_dump_json())


def through_temporal(message: BaseModel) -> BaseModel:
    converter = pydantic_data_converter.payload_converter
    [received] = converter.from_payloads(converter.to_payloads([message]), [type(message)])
    assert isinstance(received, BaseModel)
    return received


@pytest.mark.parametrize("round_trip", [through_json, through_temporal])
@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=6)
def test_message_survives_serialization(
    kind: type[BaseModel], round_trip: Callable[[BaseModel], BaseModel], data: st.DataObject
) -> None:
    message = data.draw(MESSAGES[kind])
    received = round_trip(message)
    assert type(received) is kind
    assert received == message
    assert same_json(received.model_dump(mode="json"), message.model_dump(mode="json"))


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
def test_messages_are_immutable(kind: type[BaseModel]) -> None:
    assert kind.model_config.get("frozen") is True


def test_unknown_fields_of_a_newer_release_are_ignored() -> None:
    sent = {"actor": {"user_id": "ada", "roles": ["x"]}, "fingerprint": "f", "reason": "new"}
    assert Abandon.model_validate(sent) == Abandon(actor=Actor(user_id="ada"), fingerprint="f")


@pytest.mark.parametrize("user_id", ["", "x" * 256, None, 5])
def test_an_actor_without_a_proper_id_is_refused(user_id: Any) -> None:
    with pytest.raises(ValidationError):
        Actor.model_validate({"user_id": user_id})
