"""Every example is complete and can be published, on any day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dev.demo.examples import Example, UnknownExample, load, names
from dev.demo.player import DEFAULT_EXAMPLE
from dev.pictures.drawing import names as drawn
from domain.actors import Actor
from domain.errors import WizardError
from domain.schemas.ticket import TierKind
from domain.session.changes import Stamp, complete_stage, save_stage, update_payments
from domain.session.creation import fill_in
from domain.session.state import SessionState, assess_session, start_session
from domain.stages import STAGES, Section, Stage
from domain.validation.check_codes import CheckCode
from domain.values.payments import Payments, PaymentStatus

moments = st.datetimes(
    datetime.fromisoformat("2026-01-01"),
    datetime.fromisoformat("2100-01-01"),
    timezones=st.just(UTC),
)

every_example = pytest.mark.parametrize("name", names())


def begun(now: datetime) -> SessionState:
    return start_session("1", Actor(user_id="ada"), created_at=now)


def saved(state: SessionState, stage: Stage, data: dict[str, Any], now: datetime) -> SessionState:
    """Raises if a field does not exist."""
    return save_stage(state, stage, data, Stamp(now)).state


def completed(state: SessionState, stage: Stage, now: datetime) -> SessionState:
    """Raises if the stage is not valid."""
    return complete_stage(state, stage, Stamp(now)).state


def filled_in(example: Example, now: datetime) -> SessionState:
    state = begun(now)
    for stage in STAGES:
        state = completed(saved(state, stage, example.stages[stage], now), stage, now)
    return state


def connected(state: SessionState, now: datetime) -> SessionState:
    ready = Payments(account_id="acct_1", status=PaymentStatus.READY, payouts_enabled=True)
    return update_payments(state, ready, Stamp(now)).state


def refusals_of_mistakes(example: Example, now: datetime) -> list[tuple[str, list[str]]]:
    """Code and pointers of each refusal, with the mistakes made at the stages of the demo."""
    refusals, state = [], begun(now)
    for stage in STAGES:
        for mistake in (mistake for mistake in example.mistakes if mistake.at == stage):
            stage_of_mistake = Stage(mistake.stage)
            with pytest.raises(WizardError) as refused:  # noqa: PT012 - keeps what was saved
                state = saved(state, stage_of_mistake, mistake.data, now)
                completed(state, stage_of_mistake, now)
            pointers = [error.pointer for error in refused.value.errors]
            refusals.append((refused.value.code, pointers))
        state = completed(saved(state, stage, example.stages[stage], now), stage, now)
    return refusals


@every_example
def test_an_example_has_data_for_every_stage_in_order(name: str) -> None:
    example = load(name, date(2030, 3, 1))

    assert list(example.stages) == list(STAGES)
    assert all(example.stages.values())


@every_example
@given(now=moments)
@settings(max_examples=40, deadline=None)
def test_an_example_lacks_at_most_an_account_on_any_day(name: str, now: datetime) -> None:
    example = load(name, now.date())
    assessment = assess_session(filled_in(example, now), now)

    assert {
        name: stage.errors for name, stage in assessment.stages.items() if not stage.valid
    } == {}
    missing = [CheckCode.PAYMENTS_NOT_READY] if example.takes_payment else []
    assert [check.code for check in assessment.checks] == missing


@every_example
def test_an_example_can_be_created_at_once(name: str) -> None:
    now = datetime(2030, 3, 1, tzinfo=UTC)
    example = load(name, now.date())
    entered = {Section(section): data for section, data in example.sections.items()}

    state, _actions = fill_in(begun(now), entered, Stamp(now))

    assert state.revision == 1
    assert state.sections == filled_in(example, now).sections


@every_example
@given(now=moments)
@settings(max_examples=20, deadline=None)
def test_an_example_with_a_ready_account_can_be_published(name: str, now: datetime) -> None:
    state = connected(filled_in(load(name, now.date()), now), now)

    assert assess_session(state, now).checks == []


@every_example
@given(now=moments)
@settings(max_examples=20, deadline=None)
def test_a_mistake_is_refused_as_the_example_states(name: str, now: datetime) -> None:
    example = load(name, now.date())

    assert refusals_of_mistakes(example, now) == [
        (mistake.code, mistake.pointers) for mistake in example.mistakes
    ]


def test_the_default_example_shows_mistakes_and_payments() -> None:
    example = load(DEFAULT_EXAMPLE, date(2030, 3, 1))

    assert example.mistakes
    assert example.takes_payment


def test_the_paid_example_has_every_kind_of_tier() -> None:
    tiers = load("paid-pop-up", date(2030, 3, 1)).stages["ticketSetup"]["tiers"]

    assert {tier["kind"] for tier in tiers} == set(TierKind)


@every_example
def test_an_example_has_a_cover_and_pictures_that_are_drawn(name: str) -> None:
    example = load(name, date(2030, 3, 1))
    media = example.stages["sponsorsMedia"]["media"]

    assert media["gallery"]
    assert set(example.pictures) <= set(drawn())
    urls = {name: f"/media/{number:064x}-1920.webp" for number, name in enumerate(drawn())}
    shown = example.with_pictures(urls)
    assert shown.pictures == []
    cover = shown.stages["sponsorsMedia"]["media"]["cover"]
    assert cover == {**media["cover"], "url": cover["url"]}
    assert cover["url"] in urls.values()


def test_dates_are_counted_from_today() -> None:
    stages = load("free-launch", date(2030, 12, 31)).stages

    assert stages["eventSetup"]["date"] == "2031-01-30"
    assert stages["ticketSetup"]["tiers"][0]["saleEnd"] == "2031-01-29T18:00"


def test_an_unknown_example_is_refused_with_the_known_names() -> None:
    with pytest.raises(UnknownExample, match="free-launch, hybrid-fashion-show"):
        load("../stack", date(2030, 3, 1))
