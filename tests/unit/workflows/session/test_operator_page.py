"""The operator page of a session in each state; it never shows user input."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

from domain.actors import Actor
from domain.errors import (
    FieldError,
    PaymentsRefused,
    PublishBlocked,
    PublishFailed,
    SlugTaken,
    WizardError,
)
from domain.publishing.publication import (
    Step,
    begin_step,
    fail_publication,
    finish_publication,
    schedule_publication,
    start_publication,
)
from domain.publishing.scheduled_check import check_publication
from domain.session.changes import (
    Change,
    Stamp,
    abandon,
    complete_stage,
    expire,
    save_stage,
    update_payments,
)
from domain.session.state import SessionState, view_of
from domain.stages import Stage
from domain.validation.check_codes import CheckCode
from domain.values.payments import PaymentReason, Payments, PaymentStatus, gone
from tests.unit.domain.samples import ADA, NOW, ready_session, session, stamp, valid_sections
from workflows.session.operator_page import Unwritten, markdown, summary

AT = "2030-03-01 12:00"


def page_of(state: SessionState, unwritten: Unwritten | None = None) -> str:
    text = markdown(view_of(state, NOW), unwritten)
    for section in valid_sections().values():
        for typed in section.values():
            assert not isinstance(typed, str) or len(typed) < 5 or typed not in text
    return text


def row(text: str, stage: Stage) -> str:
    return next(
        line for line in text.splitlines() if line.startswith(("  ", "> ")) and stage in line
    )


def publishing(*begun: Step) -> SessionState:
    state = start_publication(ready_session(), stamp()).state
    for position, step in enumerate(begun, start=1):
        state = begin_step(state, step, stamp(after=position)).state
    return state


def failed(error: WizardError) -> SessionState:
    return fail_publication(publishing(Step.RESERVE), error, stamp(after=9)).state


class TestOwnerAndStage:
    def test_owner_stage_progress_and_deadline_are_shown(self) -> None:
        state = session(Actor(user_id="ada", organization_id="acme"))
        state = save_stage(state, Stage.ORGANIZER_SETUP, {"name": "Ada Lovelace"}, stamp()).state
        state = complete_stage(state, Stage.ORGANIZER_SETUP, stamp(after=5)).state

        text = page_of(state)

        assert "**in_progress** at **eventSetup**" in text
        assert "organization `acme`, user `ada`" in text
        assert "` 15%" in text
        assert f"Last change: {AT}:05 UTC, revision 2" in text
        assert "Expires: 2030-03-08 12:00:00 UTC" in text
        assert "100%  yes" in row(text, Stage.ORGANIZER_SETUP)
        assert row(text, Stage.EVENT_SETUP).startswith("> ")
        assert "0%  no" in row(text, Stage.EVENT_SETUP)

    def test_the_summary_names_only_the_owner(self) -> None:
        view = view_of(session(Actor(user_id="ada", organization_id="acme")), NOW)

        assert summary(view) == "Event wizard session of organization `acme`, user `ada`"

    def test_errors_are_shown_by_pointer_and_code(self) -> None:
        broken = {"date": "next Friday", "startTime": "late"}
        text = page_of(save_stage(ready_session(), Stage.EVENT_SETUP, broken, stamp()).state)

        assert "- `eventSetup/date` invalid_format" in text
        assert "- `eventSetup/startTime` invalid_format" in text
        assert row(text, Stage.EVENT_SETUP).endswith("no     2")
        assert "next Friday" not in text

    def test_a_long_list_of_errors_is_cut(self) -> None:
        tiers = {"tiers": [{"name": ""} for _ in range(20)]}

        text = page_of(save_stage(ready_session(), Stage.TICKET_SETUP, tiers, stamp()).state)

        listed = [line for line in text.splitlines() if line.startswith("- `ticketSetup")]
        assert len(listed) == 10
        assert " more" in text

    @pytest.mark.parametrize(
        ("close", "status"), [(abandon, "**abandoned**"), (expire, "**expired**")]
    )
    def test_a_closed_session_asks_for_no_action(
        self, close: Callable[[SessionState, Stamp], Change], status: str
    ) -> None:
        text = page_of(close(session(), stamp()).state)

        assert status in text
        assert "Expires" not in text
        assert "What to do" not in text


class TestPublication:
    def test_a_planned_publication_is_shown(self) -> None:
        """In UTC, even if the time was given in another zone."""
        at = datetime(2030, 4, 1, 9, 0, tzinfo=timezone(timedelta(hours=2)))

        text = page_of(schedule_publication(ready_session(), at, stamp()).state)

        assert "**Publication: scheduled**" in text
        assert "scheduled for 2030-04-01 07:00:00 UTC" in text

    def test_a_publication_at_risk_names_its_errors(self) -> None:
        planned = schedule_publication(ready_session(), NOW + timedelta(hours=2), stamp()).state
        edited = save_stage(planned, Stage.EVENT_SETUP, {"title": "Autumn Show"}, stamp()).state

        text = page_of(check_publication(edited, stamp(actor=None), slug_taken=True).state)

        assert "**Publication: scheduled**" in text
        assert "the scheduled publication fails" in text
        assert "- `eventSetup/slug` slug_taken" in text
        assert "undone" not in text

    def test_a_running_publication_is_shown(self) -> None:
        text = page_of(publishing(Step.RESERVE))

        assert "**Publication: running**" in text
        assert f"- revalidate: done {AT}:01 UTC" in text
        assert f"- reserve: **running** since {AT}:01 UTC" in text
        assert "*Pending Activities*" in text

    def test_a_published_event_is_shown(self) -> None:
        text = page_of(
            finish_publication(publishing(Step.PUBLISH), "event-1", stamp(after=3)).state
        )

        assert "**completed**" in text
        assert f"- publish: done {AT}:03 UTC" in text
        assert "- Event: `event-1`" in text
        assert "What to do" not in text

    @pytest.mark.parametrize(
        ("error", "advice"),
        [
            (PublishFailed(), "kept failing for five minutes"),
            (PaymentsRefused("Stripe's own words"), "corrects the account at Stripe"),
            (PublishBlocked(), "corrects the listed errors"),
            (SlugTaken(), "another slug"),
        ],
        ids=lambda value: value.code if isinstance(value, WizardError) else "",
    )
    def test_a_failed_publication_is_shown(self, error: WizardError, advice: str) -> None:
        text = page_of(failed(error))

        assert "**Publication: failed**" in text
        assert f"- reserve: **failed** {AT}:09 UTC" in text
        assert f"- error code: `{error.code}`" in text
        assert advice in text
        assert "Stripe's own words" not in text

    def test_blocking_checks_are_shown(self) -> None:
        taken = FieldError(
            stage=Stage.EVENT_SETUP, pointer="/slug", code=CheckCode.SLUG_TAKEN, message="Taken"
        )

        assert "- `eventSetup/slug` slug_taken" in page_of(failed(SlugTaken(errors=[taken])))


class TestStripe:
    def test_requirements_of_an_account_are_shown(self) -> None:
        account = Payments(
            account_id="acct_1",
            status=PaymentStatus.RESTRICTED,
            requirements=["individual.documents"],
            checked_at=NOW,
        )

        text = page_of(update_payments(session(ADA), account, stamp()).state)

        assert f"**Stripe account `acct_1`: restricted**, checked {AT}:00 UTC" in text
        assert "- requires `individual.documents`" in text
        assert "provides what Stripe requires" in text

    def test_a_lost_account_is_shown_with_its_reason(self) -> None:
        text = page_of(update_payments(session(ADA), gone("acct_1", checked_at=NOW), stamp()).state)

        assert "**Stripe account `acct_1`: disconnected (account_gone)**, checked" in text
        assert "connects again" in text

    def test_a_refused_key_is_the_operators_concern(self) -> None:
        account = Payments(account_id="acct_1", reason=PaymentReason.UNAUTHORIZED)

        text = page_of(update_payments(session(ADA), account, stamp()).state)

        assert "**Stripe account `acct_1`: not_connected (unauthorized)**, never checked" in text
        assert "Stripe does not accept `STRIPE_API_KEY`" in text

    def test_a_free_event_shows_no_account(self) -> None:
        assert "Stripe" not in page_of(ready_session())


class TestReadModel:
    def test_an_up_to_date_read_model_is_not_mentioned(self) -> None:
        assert "**Read model**: up to date" in page_of(session())

    def test_a_read_model_that_is_behind_is_shown(self) -> None:
        text = page_of(session(), Unwritten(changes=3, since=NOW))

        assert f"behind since {AT}:00 UTC, changes to write: 3" in text
