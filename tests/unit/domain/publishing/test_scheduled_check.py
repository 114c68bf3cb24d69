"""The checks of a scheduled publication before its time."""

from datetime import datetime, timedelta

from domain.actors import Actor
from domain.publishing.publication import (
    cancel_publication,
    schedule_publication,
    start_publication,
)
from domain.publishing.scheduled_check import check_at, check_publication
from domain.session.changes import Change, abandon, save_stage
from domain.session.state import SessionState
from domain.session.view import PublicationState
from domain.stages import Stage
from tests.unit.domain.samples import NOW, ready_session, stamp, valid_sections

DAY = timedelta(days=1)
CHECK_TIME = NOW + 9 * DAY
OWN = stamp(actor=None)


def scheduled(at: datetime = NOW + 10 * DAY) -> SessionState:
    return schedule_publication(ready_session(), at, stamp()).state


def edited(state: SessionState, title: str = "Autumn Show") -> SessionState:
    """Any edit withdraws the accepted terms."""
    return save_stage(state, Stage.EVENT_SETUP, {"title": title}, stamp()).state


def accepted(state: SessionState) -> SessionState:
    return save_stage(state, Stage.REVIEW_PUBLISH, {"acceptTerms": True}, stamp()).state


def checked(state: SessionState, *, slug_taken: bool = False) -> SessionState:
    return check_publication(state, OWN, slug_taken=slug_taken).state


def outcome(change: Change) -> tuple[str, str | None] | None:
    return (change.action.name.value, change.action.detail) if change.action else None


class TestTime:
    def test_the_check_is_a_day_before_the_publication(self) -> None:
        assert check_at(scheduled()) == CHECK_TIME

    def test_the_check_of_a_publication_within_a_day_is_due(self) -> None:
        at = check_at(scheduled(NOW + timedelta(hours=1)))
        assert at is not None
        assert at < NOW

    def test_an_unchanged_session_is_checked_once(self) -> None:
        assert check_at(checked(scheduled())) is None
        assert check_at(checked(edited(scheduled()))) is None

    def test_a_changed_session_is_checked_again(self) -> None:
        assert check_at(edited(checked(scheduled()))) == CHECK_TIME

    def test_a_newly_scheduled_publication_is_checked_again(self) -> None:
        again = schedule_publication(checked(scheduled()), NOW + 20 * DAY, stamp()).state
        assert check_at(again) == CHECK_TIME + 10 * DAY

    def test_only_a_scheduled_publication_is_checked(self) -> None:
        assert check_at(ready_session()) is None
        assert check_at(cancel_publication(scheduled(), DAY, stamp()).state) is None
        assert check_at(start_publication(scheduled(), OWN).state) is None
        assert check_at(abandon(scheduled(), stamp()).state) is None


class TestOutcome:
    def test_a_publication_that_passes_changes_nothing(self) -> None:
        state = scheduled()
        change = check_publication(state, OWN, slug_taken=False)
        assert change.action is None
        assert change.state.publication == state.publication
        assert change.state.revision == state.revision

    def test_a_publication_at_risk_shows_its_errors_and_stays_scheduled(self) -> None:
        change = check_publication(edited(scheduled()), OWN, slug_taken=True)
        publication = change.state.publication
        assert publication.state is PublicationState.SCHEDULED
        assert publication.publish_at == NOW + 10 * DAY
        assert publication.error is not None
        assert publication.error.code == "publish_blocked"
        codes = [error.code for error in publication.error.errors]
        assert "slug_taken" in codes
        assert outcome(change) == ("publication_at_risk", ",".join(dict.fromkeys(codes)))
        assert change.action is not None
        assert change.action.actor_id is None

    def test_only_the_first_error_is_a_new_risk(self) -> None:
        at_risk = checked(edited(scheduled()))
        same = check_publication(edited(at_risk, "Winter Show"), OWN, slug_taken=False)
        other = check_publication(edited(at_risk, "Winter Show"), OWN, slug_taken=True)
        assert outcome(same) is None
        assert other.action is not None
        assert other.action.name == "check_publication"
        assert other.state.publication.error != at_risk.publication.error

    def test_a_corrected_publication_can_be_at_risk_again(self) -> None:
        corrected = check_publication(accepted(checked(edited(scheduled()))), OWN, slug_taken=False)
        assert outcome(corrected) == ("check_publication", "passed")
        assert corrected.state.publication == scheduled().publication
        again = check_publication(edited(corrected.state, "Winter Show"), OWN, slug_taken=False)
        assert again.action is not None
        assert again.action.name == "publication_at_risk"

    def test_a_sale_that_ends_before_the_publication_is_a_risk(self) -> None:
        """Though a publication at the time of the check would pass."""
        sale = {"id": "tier-1", "name": "T", "unit_amount": 0, "saleEnd": "2030-03-10T18:00"}
        state = scheduled().model_copy(
            update={"sections": valid_sections(ticket={"tiers": [sale]})}
        )
        change = check_publication(state, OWN, slug_taken=False)
        assert change.action is not None
        assert "sale_over" in (change.action.detail or "").split(",")

    def test_the_permission_is_that_of_who_scheduled(self) -> None:
        reader = Actor(user_id="bob", may_publish=False)
        state = scheduled().model_copy(update={"publisher": reader})
        change = check_publication(state, OWN, slug_taken=False)
        assert outcome(change) == ("publication_at_risk", "not_allowed")
