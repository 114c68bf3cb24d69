"""A session's state: who may change it and when, and its view."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.actors import Actor
from domain.errors import Publishing, RevisionConflict, SessionClosed, SessionNotFound
from domain.publishing.publication import fail_publication, finish_publication, start_publication
from domain.session.state import (
    SessionState,
    assess_session,
    completed_stages,
    context_of,
    require_editable,
    require_member,
    require_open,
    require_revision,
    start_session,
    view_of,
)
from domain.session.view import Publication, PublicationState, SessionView, Status
from domain.stages import STAGES, Section, Stage
from domain.values.payments import Payments, PaymentStatus
from tests.unit.domain.samples import (
    ADA,
    NOW,
    READY,
    ready_session,
    session,
    stamp,
    valid_sections,
)
from tests.unit.domain.strategies import JSON_VALUES, sections

CLOSED = [Status.COMPLETED, Status.ABANDONED, Status.EXPIRED]
RUNNING = Publication(state=PublicationState.RUNNING)


class TestStart:
    def test_new_session_is_empty_and_expires_after_seven_days(self) -> None:
        state = start_session("s-1", ADA, created_at=NOW)
        assert (state.session_id, state.owner, state.revision) == ("s-1", ADA, 0)
        assert (state.status, state.current_stage) == (Status.IN_PROGRESS, STAGES[0])
        assert (state.sections, state.passed, state.event_id) == ({}, [], None)
        assert state.created_at == state.updated_at == NOW
        assert state.expires_at == NOW + timedelta(days=7)
        assert state.payments.status is PaymentStatus.NOT_CONNECTED
        assert state.publication.state is PublicationState.NONE

    def test_ttl_sets_the_expiry(self) -> None:
        state = start_session("s-1", ADA, created_at=NOW, ttl_seconds=60)
        assert state.expires_at == NOW + timedelta(minutes=1)


class TestMembers:
    BOB = Actor(user_id="bob")
    ADA_AT_ACME = Actor(user_id="ada", organization_id="acme")
    BOB_AT_ACME = Actor(user_id="bob", organization_id="acme")

    @pytest.mark.parametrize(
        ("owner", "actor"),
        [(ADA, ADA), (ADA_AT_ACME, ADA_AT_ACME), (ADA_AT_ACME, BOB_AT_ACME)],
    )
    def test_require_member_same_tenant_passes(self, owner: Actor, actor: Actor) -> None:
        require_member(session(owner), actor)

    @pytest.mark.parametrize(
        ("owner", "actor"),
        [
            (ADA, BOB),
            (ADA, ADA_AT_ACME),
            (ADA_AT_ACME, ADA),
            (ADA_AT_ACME, Actor(user_id="bob", organization_id="other")),
            (Actor(user_id="acme"), ADA_AT_ACME),
            (ADA_AT_ACME, Actor(user_id="acme")),
        ],
    )
    def test_require_member_other_tenant_raises_not_found(self, owner: Actor, actor: Actor) -> None:
        with pytest.raises(SessionNotFound) as refusal:
            require_member(session(owner), actor)
        assert refusal.value.detail == SessionNotFound.default_detail
        assert refusal.value.extra == {}

    def test_email_is_not_in_the_repr_of_an_actor(self) -> None:
        assert "example.com" not in repr(ADA)
        assert str(self.ADA_AT_ACME.tenant) == "organization:acme"
        assert str(ADA.tenant) == "user:ada"


class TestGuards:
    def test_require_open_open_session_passes(self) -> None:
        require_open(session())
        require_editable(session())

    @pytest.mark.parametrize("status", CLOSED)
    def test_require_open_closed_session_raises(self, status: Status) -> None:
        for require in (require_open, require_editable):
            with pytest.raises(SessionClosed) as refusal:
                require(session(status=status, publication=RUNNING))
            assert refusal.value.extra == {"session_status": status.value}
            assert status.value in refusal.value.detail

    def test_require_editable_during_a_publication_raises(self) -> None:
        state = session(publication=RUNNING)
        require_open(state)
        with pytest.raises(Publishing):
            require_editable(state)

    @pytest.mark.parametrize(
        "publication",
        [state for state in PublicationState if state is not PublicationState.RUNNING],
    )
    def test_require_editable_without_a_running_publication_passes(
        self, publication: PublicationState
    ) -> None:
        require_editable(session(publication=Publication(state=publication)))

    @pytest.mark.parametrize("expected", [None, (3,), (1, 3)])
    def test_require_revision_current_or_absent_passes(
        self, expected: tuple[int, ...] | None
    ) -> None:
        require_revision(session(revision=3), expected, NOW)

    @pytest.mark.parametrize("expected", [(0,), (2,), (4,), (2, 4), ()])
    def test_revision_conflict_carries_the_current_view(self, expected: tuple[int, ...]) -> None:
        state = ready_session(revision=3)
        with pytest.raises(RevisionConflict) as refusal:
            require_revision(state, expected, NOW)
        shown = SessionView.model_validate(refusal.value.extra["session"])
        assert shown == view_of(state, NOW)


class TestContext:
    def test_context_is_taken_from_the_state(self) -> None:
        state = session(
            payments=READY, passed=[Stage.SPONSORS_MEDIA], terms_current=True, tiers_issued=4
        )
        context = context_of(state, slug_taken=True, may_publish=False, publish_at=NOW)
        assert (context.payments, context.tiers_issued, context.publish_at) == (READY, 4, NOW)
        assert context.sponsors_completed
        assert context.terms_current
        assert context.slug_taken
        assert not context.may_publish
        assert not context.published

    @pytest.mark.parametrize("publication", PublicationState)
    def test_only_a_published_session_is_published(self, publication: PublicationState) -> None:
        state = session(publication=Publication(state=publication))
        assert context_of(state).published is (publication is PublicationState.PUBLISHED)

    def test_tier_id_not_issued_is_an_error(self) -> None:
        tiers = [{"id": "tier-2", "name": "General", "unit_amount": 0}]
        state = session(sections=valid_sections(ticket={"tiers": tiers}), tiers_issued=1)
        [error] = assess_session(state, NOW).stages[Stage.TICKET_SETUP].errors
        assert (error.pointer, error.code) == ("/tiers/0/id", "unknown_id")


class TestCompletedStages:
    def test_completed_stages_are_passed_and_valid_in_order(self) -> None:
        state = session(
            sections=valid_sections(venue={}),
            tiers_issued=1,
            passed=[Stage.TICKET_SETUP, Stage.VENUE_SETUP, Stage.ORGANIZER_SETUP],
        )
        assert view_of(state, NOW).completed_stages == [Stage.ORGANIZER_SETUP, Stage.TICKET_SETUP]

    def test_valid_data_alone_completes_no_stage(self) -> None:
        assert view_of(session(sections=valid_sections()), NOW).completed_stages == []

    def test_a_stage_can_become_incomplete_over_time(self) -> None:
        state = ready_session()
        after_the_event = NOW + timedelta(days=70)
        assert Stage.EVENT_SETUP in view_of(state, NOW).completed_stages
        assert Stage.EVENT_SETUP not in view_of(state, after_the_event).completed_stages

    @given(sections(), st.sets(st.sampled_from(STAGES)))
    @settings(max_examples=50)
    def test_completed_stages_are_valid_now(self, drafts: Any, passed: set[Stage]) -> None:
        state = session(sections=drafts, passed=list(passed))
        listed = completed_stages(state, assess_session(state, NOW))
        view = view_of(state, NOW)
        assert listed == view.completed_stages == sorted(listed, key=STAGES.index)
        assert set(listed) == {stage for stage in passed if view.stages[stage].valid}


class TestView:
    def test_view_shows_the_state(self) -> None:
        owner = Actor(user_id="ada", organization_id="acme", email="ada@example.com")
        state = ready_session(owner, revision=7, event_id="event-1", payments=READY)
        view = view_of(state, NOW)
        assert (view.session_id, view.user_id, view.organization_id) == ("session-1", "ada", "acme")
        assert (view.revision, view.event_id, view.payments) == (7, "event-1", READY)
        assert (view.status, view.is_active) == (Status.IN_PROGRESS, True)
        assert view.current_stage is Stage.REVIEW_PUBLISH
        assert (view.created_at, view.updated_at) == (NOW, NOW)
        assert view.expires_at == state.expires_at

    @pytest.mark.parametrize("status", CLOSED)
    def test_a_closed_session_is_not_active(self, status: Status) -> None:
        assert not view_of(session(status=status), NOW).is_active

    def test_view_has_every_stage_with_data_and_errors(self) -> None:
        typed = {"title": "ab", "date": "soon"}
        view = view_of(session(sections={Section.EVENT: typed}), NOW)
        shown = view.stages[Stage.EVENT_SETUP]
        assert list(view.stages) == list(view.completion_details) == list(STAGES)
        assert (shown.data, shown.valid, shown.completion) == (typed, False, 0)
        assert [(error.pointer, error.code) for error in shown.errors] == [
            ("/title", "too_short"),
            ("/date", "invalid_format"),
            ("/type", "missing"),
            ("/startTime", "missing"),
        ]
        assert view.completion_details == {
            stage: shown.completion for stage, shown in view.stages.items()
        }

    def test_view_does_not_contain_the_email_of_the_owner(self) -> None:
        assert "ada@example.com" not in view_of(ready_session(), NOW).model_dump_json()

    def test_view_has_the_names_of_the_contract(self) -> None:
        shown = view_of(session(), NOW).model_dump(mode="json")
        assert shown["stages"]["eventSetup"].keys() == {"data", "valid", "completion", "errors"}
        assert shown.keys() == {
            "session_id",
            "user_id",
            "organization_id",
            "status",
            "is_active",
            "current_stage",
            "completed_stages",
            "completion_percentage",
            "completion_details",
            "stages",
            "payments",
            "publication",
            "event_id",
            "revision",
            "created_at",
            "updated_at",
            "expires_at",
        }


class TestReviewIsComplete:
    def test_review_is_complete_only_after_publication(self) -> None:
        state = ready_session()
        running = start_publication(state, stamp()).state
        failed = fail_publication(running, Publishing(), stamp()).state
        published = finish_publication(running, "event-1", stamp()).state

        def review(shown: SessionState) -> int:
            return view_of(shown, NOW).completion_details[Stage.REVIEW_PUBLISH]

        assert [review(shown) for shown in (state, running, failed, published)] == [99, 99, 99, 100]
        assert view_of(published, NOW).completion_percentage == 100

    def test_publishing_completes_empty_sponsors(self) -> None:
        state = ready_session(sections=valid_sections(sponsor={}), passed=[])
        running = start_publication(state, stamp()).state
        assert view_of(running, NOW).completion_details[Stage.SPONSORS_MEDIA] == 0
        published = finish_publication(running, "event-1", stamp()).state
        assert view_of(published, NOW).completion_percentage == 100
        assert view_of(published, NOW).completed_stages == list(STAGES)


@given(
    st.dictionaries(
        st.sampled_from(Section),
        st.dictionaries(st.text(max_size=4), JSON_VALUES, max_size=4),
        max_size=3,
    ),
    st.sampled_from(Status),
    st.lists(st.sampled_from(STAGES), unique=True),
)
@settings(max_examples=100)
def test_any_state_and_its_view_survive_json(
    drafts: Any, status: Status, passed: list[Stage]
) -> None:
    state = session(sections=drafts, status=status, passed=passed)
    view = view_of(state, NOW)
    assert SessionState.model_validate_json(state.model_dump_json()) == state
    assert SessionView.model_validate_json(view.model_dump_json()) == view


def test_payments_start_as_not_connected() -> None:
    assert Payments() == Payments(status=PaymentStatus.NOT_CONNECTED, requirements=[])
