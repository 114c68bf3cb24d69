"""The changes of a session: effects, refusals, and values that stay unchanged."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import (
    InvalidRequest,
    PayloadTooLarge,
    Publishing,
    RevisionConflict,
    SessionClosed,
)
from domain.json_values import JsonObject, merge
from domain.schemas.base import present
from domain.session.actions import BURST_ACTIONS, ActionName
from domain.session.changes import (
    Change,
    abandon,
    abandon_idle,
    check_save,
    complete_stage,
    expire,
    move_to_stage,
    refuse_message,
    restore,
    save_stage,
    update_payments,
)
from domain.session.state import SessionState, view_of
from domain.session.view import Publication, PublicationState, Status
from domain.stages import STAGES, Section, Stage
from domain.validation.drafts import MAX_SECTION_BYTES, MAX_SECTIONS_BYTES, size_of
from domain.values.payments import Payments
from tests.unit.domain.samples import (
    ADA,
    NOW,
    READY,
    ready_session,
    session,
    stamp,
    valid_section,
    valid_sections,
)
from tests.unit.domain.strategies import INVALID_SAVES, VALID_SAVES

ORGANIZER, EVENT, VENUE = Stage.ORGANIZER_SETUP, Stage.EVENT_SETUP, Stage.VENUE_SETUP
TICKET, SPONSOR, REVIEW = Stage.TICKET_SETUP, Stage.SPONSORS_MEDIA, Stage.REVIEW_PUBLISH


def save(state: SessionState, stage: Stage, patch: Any, *, after: int = 0) -> SessionState:
    return save_stage(state, stage, patch, stamp(after=after)).state


def accepts_terms(state: SessionState, *, after: int = 0) -> SessionState:
    return save(state, REVIEW, {"acceptTerms": True}, after=after)


def terms_are_current(state: SessionState) -> bool:
    return view_of(state, NOW).stages[REVIEW].valid


def assert_unchanged(change: Change, state: SessionState) -> None:
    assert change.action is None
    assert change.state == state


class TestSaving:
    def test_save_adds_one_revision_and_one_action(self) -> None:
        before = session(revision=4, sections={Section.EVENT: {"title": "Spring"}})
        change = save_stage(before, EVENT, {"summary": "Hi"}, stamp(after=5, key="key-1"))
        assert change.state.revision == 5
        assert change.state.updated_at == NOW + timedelta(seconds=5)
        assert change.state.sections == {Section.EVENT: {"title": "Spring", "summary": "Hi"}}
        assert change.action is not None
        assert change.action.model_dump() == {
            "revision": 5,
            "name": ActionName.SAVE_STAGE,
            "stage": EVENT,
            "actor_id": "ada",
            "at": NOW + timedelta(seconds=5),
            "sections": {"event": {"title": "Spring", "summary": "Hi"}},
            "detail": None,
            "idempotency_key": "key-1",
        }
        assert before.sections == {Section.EVENT: {"title": "Spring"}}

    @pytest.mark.parametrize(
        "patch",
        [
            {},
            {"title": "Spring"},
            {"title": " Spring\u200b"},
            {"summary": None},
            {"summary": ""},
            {"summary": " \u3164"},
        ],
    )
    def test_save_of_equal_values_is_no_change(self, patch: JsonObject) -> None:
        sections = {Section.EVENT: {"title": "Spring"}}
        state = session(sections=sections, terms_current=True, follows_real_events=True)
        assert_unchanged(save_stage(state, EVENT, patch, stamp(after=9)), state)

    def test_emptying_an_absent_field_is_a_change_in_runs_of_earlier_rules(self) -> None:
        change = save_stage(session(follows_real_events=False), EVENT, {"summary": ""}, stamp())
        assert change.action is not None

    @pytest.mark.parametrize(
        ("stage", "patch"),
        [
            (ORGANIZER, {"logo": {"alt": ""}, "socials": {}}),
            (TICKET, {"currency": "EUR", "refundPolicy": {"text": ""}}),
            (TICKET, {"tiers": [{"name": "A", "unit_amount": 500.0, "description": ""}]}),
        ],
    )
    def test_emptied_or_equivalent_values_keep_accepted_terms(
        self, stage: Stage, patch: JsonObject
    ) -> None:
        sections: dict[Section, JsonObject] = {
            Section.ORGANIZER: {"name": "Ada"},
            Section.TICKET: {
                "currency": "eur",
                "tiers": [{"id": "tier-1", "name": "A", "unit_amount": 500}],
            },
        }
        state = session(
            sections=sections, terms_current=True, tiers_issued=1, follows_real_events=True
        )
        assert_unchanged(save_stage(state, stage, patch, stamp(after=9)), state)

    @pytest.mark.parametrize(
        ("stage", "name", "wrong", "right"),
        [
            (VENUE, "capacity", "100", 100),
            (VENUE, "capacity", True, 1),
            (
                TICKET,
                "tiers",
                [{"name": "A", "unit_amount": False}],
                [{"name": "A", "unit_amount": 0}],
            ),
        ],
    )
    def test_a_corrected_type_is_a_change(
        self, stage: Stage, name: str, wrong: Any, right: Any
    ) -> None:
        typed_wrong = save(session(), stage, {name: wrong})
        change = save_stage(typed_wrong, stage, {name: right}, stamp())
        assert change.action is not None
        assert repr(change.state.section(stage)[name]) != repr(wrong)
        codes = [error.code for error in view_of(change.state, NOW).stages[stage].errors]
        assert "invalid_type" not in codes

    def test_save_keeps_other_sections_and_the_stage(self) -> None:
        state = ready_session()
        change = save_stage(state, EVENT, {"title": "Another Show"}, stamp())
        assert change.state.current_stage is REVIEW
        assert change.state.passed == state.passed
        for section in set(Section) - {Section.EVENT}:
            assert change.state.sections[section] == state.sections[section]

    @pytest.mark.parametrize("stage", STAGES)
    def test_save_is_possible_for_every_stage_at_any_stage(self, stage: Stage) -> None:
        for current in STAGES:
            state = session(current_stage=current)
            patch = {"acceptTerms": True} if stage is REVIEW else valid_section(stage)
            assert save(state, stage, patch).section(stage)

    @pytest.mark.parametrize(
        ("patch", "error"),
        [
            ([], InvalidRequest),
            ({"nickname": "x"}, InvalidRequest),
            ({"bio": "x" * 100_000}, PayloadTooLarge),
        ],
    )
    def test_save_of_an_unstorable_patch_is_refused(
        self, patch: Any, error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            save_stage(session(), ORGANIZER, patch, stamp())

    def test_tier_ids_issued_are_counted(self) -> None:
        state = save(session(), TICKET, {"tiers": [{"name": "A"}, {"name": "B"}]})
        state = save(state, TICKET, {"tiers": None})
        state = save(state, TICKET, {"tiers": [{"name": "C"}]})
        assert state.tiers_issued == 3
        assert state.section(TICKET)["tiers"] == [{"name": "C", "id": "tier-3"}]

    @given(st.lists(VALID_SAVES | INVALID_SAVES, max_size=6))
    @settings(max_examples=50)
    def test_saves_keep_all_values_valid_or_not(
        self, saves: list[tuple[Stage, JsonObject]]
    ) -> None:
        state = session()
        expected: dict[Stage, JsonObject] = {}
        for stage, patch in saves:
            state = save(state, stage, patch)
            expected[stage] = merge(expected.get(stage, {}), patch)
        for stage, typed in expected.items():
            # A save that only empties what was absent, or the reverse, is no change.
            assert present(without_ids(state.section(stage))) == present(without_ids(typed))


def without_ids(section: JsonObject) -> JsonObject:
    tiers = section.get("tiers")
    if not isinstance(tiers, list):
        return section
    named = [
        {name: value for name, value in tier.items() if name != "id"}
        if isinstance(tier, dict)
        else tier
        for tier in tiers
    ]
    return {**section, "tiers": named}


class TestTerms:
    def test_terms_accepted_are_current(self) -> None:
        state = accepts_terms(session(sections=valid_sections(review={})))
        assert state.terms_current
        assert terms_are_current(state)

    @pytest.mark.parametrize(
        ("stage", "patch"),
        [
            (ORGANIZER, {"bio": "Hello"}),
            (EVENT, {"title": "x"}),
            (VENUE, {"capacity": 5}),
            (TICKET, {"currency": "eur"}),
            (SPONSOR, {"hashtag": "show"}),
            (REVIEW, {"acceptTerms": False}),
        ],
    )
    def test_terms_after_a_later_edit_are_not_current(
        self, stage: Stage, patch: JsonObject
    ) -> None:
        state = save(accepts_terms(session(sections=valid_sections())), stage, patch)
        assert not state.terms_current
        assert not terms_are_current(state)

    def test_terms_after_a_save_without_changes_are_current(self) -> None:
        state = accepts_terms(session(sections=valid_sections()))
        for stage, patch in ((EVENT, {"title": "Spring Show"}), (REVIEW, {})):
            state = save(state, stage, patch, after=1)
        assert terms_are_current(state)

    def test_terms_after_completing_and_moving_are_current(self) -> None:
        state = accepts_terms(ready_session(current_stage=ORGANIZER))
        state = complete_stage(state, ORGANIZER, stamp()).state
        state = move_to_stage(state, EVENT, VENUE, stamp()).state
        assert terms_are_current(state)

    def test_terms_after_an_edit_can_be_accepted_again(self) -> None:
        state = accepts_terms(session(sections=valid_sections(review={})))
        state = save(state, EVENT, {"title": "Another Show"})
        again = accepts_terms(state)
        assert again.revision == state.revision + 1
        assert terms_are_current(again)

    def test_terms_accepted_twice_at_one_moment_are_one_change(self) -> None:
        state = accepts_terms(session())
        assert_unchanged(save_stage(state, REVIEW, {"acceptTerms": True}, stamp()), state)

    def test_terms_accepted_again_later_store_the_later_time(self) -> None:
        state = accepts_terms(accepts_terms(session()), after=60)
        accepted = state.section(REVIEW)["acceptedTerms"]
        assert accepted["at"] == (NOW + timedelta(seconds=60)).isoformat()


class TestRestoring:
    def test_restore_is_a_new_change_with_the_old_data(self) -> None:
        old = valid_sections(event=valid_section(EVENT, title="Old Show"))
        state = ready_session(revision=9)
        change = restore(state, 3, old, stamp())
        assert change.state.sections == old
        assert change.state.revision == 10
        assert change.state.current_stage is REVIEW
        assert change.action is not None
        assert (change.action.name, change.action.detail) == (ActionName.RESTORE, "revision 3")
        assert change.action.sections == {"event": old[Section.EVENT]}

    def test_restore_empties_sections_that_did_not_exist(self) -> None:
        change = restore(ready_session(), 1, {Section.ORGANIZER: {"name": "Ada L."}}, stamp())
        assert change.state.sections == {
            **{section: {} for section in Section},
            Section.ORGANIZER: {"name": "Ada L."},
        }

    def test_terms_after_a_restore_are_not_current(self) -> None:
        old = valid_sections(event=valid_section(EVENT, title="Old Show"))
        state = restore(ready_session(), 3, old, stamp()).state
        assert state.section(REVIEW) == old[Section.REVIEW]
        assert not terms_are_current(state)
        assert terms_are_current(accepts_terms(state))

    def test_restore_of_equal_data_is_no_change(self) -> None:
        state = ready_session()
        assert_unchanged(restore(state, 1, state.sections, stamp()), state)
        assert_unchanged(restore(session(), 0, {}, stamp()), session())
        emptied = session(sections={Section.EVENT: {}})
        assert_unchanged(restore(emptied, 0, {}, stamp()), emptied)

    def test_restore_of_another_type_is_a_change(self) -> None:
        venue = valid_section(VENUE, capacity=1)
        state = session(sections=valid_sections(venue=valid_section(VENUE, capacity=True)))
        change = restore(state, 1, valid_sections(venue=venue), stamp())
        assert change.action is not None
        assert view_of(change.state, NOW).stages[VENUE].valid

    def test_tier_ids_after_a_restore_are_not_reissued(self) -> None:
        state = save(session(), TICKET, {"tiers": [{"name": "A"}, {"name": "B"}]})
        state = restore(state, 0, {}, stamp()).state
        state = save(state, TICKET, {"tiers": [{"name": "C"}]})
        assert state.section(TICKET)["tiers"][0]["id"] == "tier-3"


class TestClosing:
    @pytest.mark.parametrize(
        ("change", "name", "status"),
        [
            (abandon, ActionName.ABANDON, Status.ABANDONED),
            (expire, ActionName.EXPIRE, Status.EXPIRED),
        ],
    )
    def test_closed_session_keeps_its_data(
        self, change: Any, name: ActionName, status: Status
    ) -> None:
        state = ready_session(revision=2)
        closed = change(state, stamp(after=5))
        assert (closed.state.status, closed.state.is_open) == (status, False)
        assert (closed.action.name, closed.action.revision) == (name, 3)
        unchanged = {"status", "revision", "updated_at"}
        assert closed.state.model_dump(exclude=unchanged) == state.model_dump(exclude=unchanged)

    def test_an_automatic_action_has_no_actor(self) -> None:
        action = expire(session(), stamp(actor=None)).action
        assert action is not None
        assert action.actor_id is None
        by_ada = abandon(session(), stamp()).action
        assert by_ada is not None
        assert by_ada.actor_id == ADA.user_id


class TestAbandoningIdleSessions:
    def test_abandon_idle_has_no_actor_and_a_reason(self) -> None:
        closed = abandon_idle(ready_session(revision=2), 2, stamp(actor=None))
        assert closed.state.status is Status.ABANDONED
        assert closed.action is not None
        assert (closed.action.name, closed.action.actor_id, closed.action.detail) == (
            ActionName.ABANDON,
            None,
            "idle",
        )

    @pytest.mark.parametrize("revision", [1, 3])
    def test_abandon_idle_after_a_change_is_refused(self, revision: int) -> None:
        with pytest.raises(RevisionConflict):
            abandon_idle(session(revision=2), revision, stamp(actor=None))

    @pytest.mark.parametrize("at", [PublicationState.SCHEDULED, PublicationState.RUNNING])
    def test_abandon_idle_during_a_publication_is_refused(self, at: PublicationState) -> None:
        state = ready_session(revision=2, publication=Publication(state=at))
        with pytest.raises(Publishing):
            abandon_idle(state, 2, stamp(actor=None))

    def test_abandon_idle_closed_session_is_refused(self) -> None:
        state = expire(session(revision=2), stamp(actor=None)).state
        with pytest.raises(SessionClosed):
            abandon_idle(state, state.revision, stamp(actor=None))


class TestRefusedMessages:
    def test_refused_message_is_an_action_without_data(self) -> None:
        before = ready_session(revision=4, terms_current=True)
        change = refuse_message(before, EVENT, "payload_too_large", stamp(after=5, key="m-1"))
        assert change.action is not None
        assert change.action.model_dump() == {
            "revision": 5,
            "name": ActionName.REFUSE_MESSAGE,
            "stage": EVENT,
            "actor_id": ADA.user_id,
            "at": NOW + timedelta(seconds=5),
            "sections": None,
            "detail": "payload_too_large",
            "idempotency_key": "m-1",
        }
        later = {"revision": 5, "updated_at": NOW + timedelta(seconds=5)}
        assert change.state == before.model_copy(update=later)

    def test_closed_session_stays_closed(self) -> None:
        closed = abandon(session(revision=2), stamp()).state
        after = refuse_message(closed, EVENT, "session_closed", stamp()).state
        assert (after.status, after.revision) == (Status.ABANDONED, 4)


class TestCheckingASave:
    def test_save_that_a_session_would_accept_passes(self) -> None:
        check_save(view_of(ready_session(), NOW), EVENT, {"summary": "Hi"}, NOW)

    @pytest.mark.parametrize(
        ("changed", "error"),
        [
            ({"status": Status.ABANDONED}, SessionClosed),
            ({"status": Status.EXPIRED}, SessionClosed),
            ({"publication": Publication(state=PublicationState.RUNNING)}, Publishing),
        ],
    )
    def test_save_on_a_view_that_cannot_be_edited_is_refused(
        self, changed: dict[str, Any], error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            check_save(view_of(ready_session(**changed), NOW), EVENT, {"summary": "Hi"}, NOW)

    def test_save_that_makes_the_section_too_large_is_refused(self) -> None:
        state = save(session(), EVENT, {"description": "x" * 60_000})
        with pytest.raises(PayloadTooLarge) as refused:
            check_save(view_of(state, NOW), EVENT, {"summary": "x" * 60_000}, NOW)
        assert [error.stage for error in refused.value.errors] == [EVENT]

    def test_save_that_makes_the_session_too_large_is_refused(self) -> None:
        state = session()
        for stage, field in ((ORGANIZER, "bio"), (EVENT, "description"), (VENUE, "name")):
            state = save(state, stage, {field: "x" * 98_000})
        patch = {"pressContact": "x" * 98_000}
        check_save(view_of(state, NOW), SPONSOR, patch, NOW)
        state = save(state, SPONSOR, patch)
        for refuse in (
            lambda: save(state, TICKET, {"refundPolicy": {"text": "x" * 5_000}}),
            lambda: check_save(
                view_of(state, NOW), TICKET, {"refundPolicy": {"text": "x" * 5_000}}, NOW
            ),
        ):
            with pytest.raises(PayloadTooLarge) as refused:
                refuse()
            assert [error.params["of"] for error in refused.value.errors] == ["session"]

    def test_save_that_fills_the_session_to_its_last_byte_passes(self) -> None:
        """A stage without data takes no room, for any kind of save."""
        state = session()
        for stage, field in ((ORGANIZER, "bio"), (EVENT, "description"), (VENUE, "name")):
            empty = size_of({field: ""})
            state = save(state, stage, {field: "x" * (MAX_SECTION_BYTES - empty)})
        patch = {"pressContact": "x" * (MAX_SECTION_BYTES - size_of({"pressContact": ""}))}

        check_save(view_of(state, NOW), SPONSOR, patch, NOW)

        assert sum(save(state, SPONSOR, patch).sizes().values()) == MAX_SECTIONS_BYTES


class TestPayments:
    def test_a_later_check_with_the_same_status_takes_no_revision(self) -> None:
        known = Payments(checked_at=NOW - timedelta(days=1))
        change = update_payments(session(payments=known), Payments(checked_at=NOW), stamp())

        assert change.action is None
        assert (change.state.revision, change.state.payments.checked_at) == (0, NOW)

    def test_the_first_answer_takes_a_revision_without_an_account(self) -> None:
        """The publish checks no longer say that the account is unknown."""
        change = update_payments(session(), Payments(checked_at=NOW), stamp())

        assert change.action is not None
        assert change.action.detail == "not_connected"
        assert (change.state.revision, change.state.payments.is_unknown) == (1, False)

    def test_another_status_is_an_action_and_keeps_the_terms(self) -> None:
        change = update_payments(ready_session(), READY, stamp())

        assert change.action is not None
        assert change.action.detail == "ready"
        assert change.state.payments == READY
        assert change.state.terms_current


def test_burst_actions_are_exactly_the_listed_ones() -> None:
    assert set(BURST_ACTIONS) == {
        ActionName.SAVE_STAGE,
        ActionName.COMPLETE_STAGE,
        ActionName.MOVE_TO_STAGE,
        ActionName.RESTORE,
        ActionName.START_PUBLICATION,
        ActionName.PUBLICATION_STEP,
        ActionName.REFUSE_MESSAGE,
    }
