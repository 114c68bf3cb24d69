"""Schedules are all faults at all steps, and their text repeats them."""

from collections.abc import Iterator

import pytest

from domain import ids
from tests.explore.messages import MESSAGES, Arrival, Message, Moment, moments_of
from tests.explore.schedules import (
    Fault,
    Schedule,
    Strike,
    faults_of,
    is_covered,
    with_one_more,
    without_doubles,
)
from tests.explore.steps import Place, Step, Trail

CHECK = Step(Place(ids.ACTIVITY_CHECK_ACCOUNT), ids.STRIPE_TASK_QUEUE)
RESERVE = Step(Place("reserve_event"), ids.TASK_QUEUE)
OFFER = Step(Place("offer_tier"), ids.STRIPE_TASK_QUEUE)
STEPS = (CHECK, RESERVE, OFFER)


def schedule(*strikes: tuple[Step, Fault]) -> Schedule:
    return Schedule("publish", tuple(Strike(step.place, fault) for step, fault in strikes))


def faults(schedules: Iterator[Schedule]) -> list[Schedule]:
    """Those in which no message arrives."""
    return [schedule for schedule in schedules if not schedule.arrivals]


@pytest.mark.parametrize(
    "text",
    [
        "publish:",
        "publish:offer_tier.2.1=lost",
        "publish:offer_tier.2.1=lost+publish_event.1.3=times_out",
        "publish:offer_tier.1.1=abandon",
        "order:open_checkout.1.1=cancel.after+open_checkout.1.1=killed",
    ],
)
def test_the_text_of_a_schedule_repeats_it(text: str) -> None:
    assert str(Schedule.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "publish:offer_tier=lost",
        "publish:offer_tier.1.1=late",
        "publish:offer_tier.1.1=abandon.before",
    ],
)
def test_an_unknown_schedule_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        Schedule.parse(text)


def test_only_stripe_declines() -> None:
    assert set(faults_of(OFFER)) == set(Fault)
    assert set(faults_of(RESERVE)) == set(Fault) - {Fault.REFUSED}


def test_a_read_has_no_faults_after_its_effect() -> None:
    assert not {Fault.LOST, Fault.LOST_AWAY, Fault.TWICE} & set(faults_of(CHECK))


def test_the_first_fault_strikes_every_step() -> None:
    singles = faults(with_one_more(schedule(), STEPS, STEPS))
    assert len(singles) == sum(len(faults_of(step)) for step in STEPS)
    assert {single.strikes[0].place for single in singles} == {step.place for step in STEPS}


def test_the_second_fault_strikes_later_steps() -> None:
    first = schedule((RESERVE, Fault.LOST))
    retried = Step(Place("reserve_event", attempt=2), ids.TASK_QUEUE)
    pairs = faults(with_one_more(first, (CHECK, RESERVE, retried, OFFER), STEPS))
    assert {pair.strikes[1].place for pair in pairs} == {retried.place, OFFER.place}
    assert all(pair.strikes[0] == first.strikes[0] for pair in pairs)


@pytest.mark.parametrize("fault", [Fault.FAILS, Fault.TIMES_OUT])
def test_weaker_faults_are_played_alone(fault: Fault) -> None:
    assert list(with_one_more(schedule((RESERVE, fault)), STEPS, STEPS)) == []
    pairs = with_one_more(schedule((RESERVE, Fault.LOST)), STEPS, STEPS)
    assert fault not in {pair.strikes[1].what for pair in pairs}


def test_each_message_arrives_at_each_moment_of_a_step() -> None:
    singles = [one for one in with_one_more(schedule(), STEPS, STEPS) if one.arrivals]
    arrived = {(one.strikes[0].place, *one.arrivals) for one in singles}
    assert arrived == {
        (step.place, Arrival(message, moment))
        for step in STEPS
        for message in MESSAGES["publish"]
        for moment in moments_of(step)
    }


def test_a_message_arrives_at_steps_that_only_a_fault_causes() -> None:
    release = Step(Place("release_event"), ids.TASK_QUEUE)
    first = schedule((RESERVE, Fault.LOST_AWAY))
    pairs = [pair for pair in with_one_more(first, (*STEPS, release), STEPS) if pair.arrivals]
    assert {pair.strikes[1].place for pair in pairs} == {release.place}
    assert {arrival.message for pair in pairs for arrival in pair.arrivals} == {
        *MESSAGES["publish"]
    }


def test_a_fault_strikes_the_step_at_whose_start_a_message_arrives() -> None:
    def pairs(moment: Moment) -> list[Schedule]:
        arrival = Arrival(Message.ABANDON, moment)
        single = Schedule("publish", (Strike(RESERVE.place, arrival),))
        return list(with_one_more(single, STEPS, STEPS))

    assert pairs(Moment.AFTER) == []
    assert {pair.strikes[1].place for pair in pairs(Moment.START)} == {RESERVE.place}


def test_a_read_has_no_moment_after_its_effect() -> None:
    assert Moment.AFTER in moments_of(RESERVE)
    assert Moment.AFTER not in moments_of(CHECK)


def test_faults_in_either_order_are_one_schedule() -> None:
    first, second = (RESERVE, Fault.LOST), (OFFER, Fault.LOST)
    pairs = [schedule(first, second), schedule(second, first)]
    assert len(without_doubles(iter(pairs))) == 1


def test_a_fault_strikes_its_attempt_alone() -> None:
    struck = schedule((OFFER, Fault.LOST))
    assert struck.fault_at(OFFER.place) is Fault.LOST
    assert struck.fault_at(Place("offer_tier", attempt=2)) is None
    assert struck.has("offer_tier", Fault.LOST)
    assert not struck.has("offer_tier", Fault.REFUSED)


def test_a_trail_counts_calls_and_attempts() -> None:
    trail = Trail()
    for activity, call_id in (("offer", "7"), ("offer", "8"), ("offer", "7"), ("publish", "9")):
        trail.add(activity, call_id, ids.TASK_QUEUE)
    assert [str(step.place) for step in trail.steps] == [
        "offer.1.1",
        "offer.2.1",
        "offer.1.2",
        "publish.1.1",
    ]


HOLD, OPEN, LOOK = (
    Step(Place(name), ids.ORDERS_TASK_QUEUE, is_local=name != "open_checkout")
    for name in ("hold_tickets", "open_checkout", "look_at_checkout")
)
CONFIRM, EXPIRE = (Step(Place(name), ids.ORDERS_TASK_QUEUE) for name in ("confirm", "expire"))
SECOND_LOOK = Step(Place("look_at_checkout", call=2), ids.ORDERS_TASK_QUEUE)
COURSES = {
    "order": (HOLD, OPEN, LOOK, CONFIRM),
    "cancel": (HOLD, OPEN, EXPIRE),
    "debit": (HOLD, OPEN, LOOK, SECOND_LOOK, CONFIRM),
}


def pair_in(course: str, *steps: Step) -> Schedule:
    return Schedule(course, tuple(Strike(step.place, Fault.LOST) for step in steps))


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        (pair_in("order", HOLD, OPEN), False),
        (pair_in("cancel", HOLD, OPEN), True),
        (pair_in("cancel", HOLD, EXPIRE), False),
        (pair_in("debit", HOLD, LOOK), False),
        (pair_in("cancel", HOLD), False),
    ],
)
def test_pairs_of_a_common_beginning_are_played_once(pair: Schedule, *, expected: bool) -> None:
    assert is_covered(pair, COURSES) is expected


def message_at(course: str, step: Step, message: Message) -> Schedule:
    return Schedule(course, (Strike(step.place, Arrival(message)),))


def test_a_message_in_a_common_beginning_arrives_once() -> None:
    assert is_covered(message_at("cancel", OPEN, Message.CANCEL), COURSES)
    assert not is_covered(message_at("cancel", EXPIRE, Message.CANCEL), COURSES)
    assert not is_covered(message_at("cancel", OPEN, Message.PAID), COURSES)


def test_a_local_activity_has_no_next_attempt() -> None:
    assert not {Fault.AWAY, Fault.LOST_AWAY} & set(faults_of(HOLD))
    assert {Fault.AWAY, Fault.LOST_AWAY} <= set(faults_of(OPEN))
