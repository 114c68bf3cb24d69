"""Schedules: which faults strike a run, and at which of its steps. Pure.

A second fault is placed at each step that a run with the first fault takes after it. So the pairs
include attempts and compensations that only a fault causes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from typing import Final, Self

from tests.explore.steps import Place, Step


class Fault(StrEnum):
    FAILS = "fails"
    """Before the effect; the next attempt follows at once."""
    LOST = "lost"
    """After the effect: the result is lost, and the next attempt follows at once."""
    TIMES_OUT = "times_out"
    """After the effect: the attempt reports nothing until its time is over."""
    KILLED = "killed"
    """After the effect: the result is lost with the worker. The next attempt follows at once, and
    the next task replays the history, as in a worker that has just started."""
    TWICE = "twice"
    """Two workers execute the attempt at the same time."""
    REFUSED = "refused"
    """Stripe declines the request, so that a retry would have the same result."""
    AWAY = "away"
    """Before the effect, and for an hour: longer than a step of a publication waits."""
    LOST_AWAY = "lost_away"
    """After the effect, and for an hour."""


_ALONE: Final = frozenset({Fault.FAILS, Fault.TIMES_OUT})
"""In a pair, ``lost`` does all that ``fails`` does, and all that ``times_out`` does but wait."""

_LONG: Final = frozenset({Fault.AWAY, Fault.LOST_AWAY})
"""A local activity has no next attempt, so for it these are the short ones."""

_OF_READS: Final = (Fault.FAILS, Fault.KILLED, Fault.REFUSED, Fault.AWAY)


@dataclass(frozen=True, order=True)
class Strike:
    """A fault at a place."""

    place: Place
    fault: Fault

    def __str__(self) -> str:
        return f"{self.place}={self.fault}"

    @classmethod
    def parse(cls, text: str) -> Self:
        place, _, fault = text.partition("=")
        return cls(Place.parse(place), Fault(fault))


@dataclass(frozen=True)
class Schedule:
    """A course, by its name, and the faults that strike it."""

    course: str
    strikes: tuple[Strike, ...] = ()

    def __str__(self) -> str:
        return f"{self.course}:{'+'.join(map(str, self.strikes))}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Raises:
            ValueError: the text is no schedule.
        """
        course, _, strikes = text.partition(":")
        return cls(course, tuple(Strike.parse(part) for part in strikes.split("+") if part))

    def fault_at(self, place: Place) -> Fault | None:
        return next((strike.fault for strike in self.strikes if strike.place == place), None)

    def has(self, activity: str, *faults: Fault) -> bool:
        """Whether one of the faults strikes an attempt of the activity."""
        return any(
            strike.place.activity == activity and strike.fault in faults for strike in self.strikes
        )


def faults_of(step: Step) -> tuple[Fault, ...]:
    """The faults that make a difference at the step."""
    return tuple(
        fault
        for fault in (_OF_READS if step.only_reads else tuple(Fault))
        if (step.calls_stripe or fault is not Fault.REFUSED)
        and not (step.is_local and fault in _LONG)
    )


def with_one_more(schedule: Schedule, taken: Sequence[Step]) -> Iterator[Schedule]:
    """All schedules with one more fault, at any step after those that are struck already, except
    for pairs with a fault that is played alone.

    ``taken`` are the steps that a run of the schedule took.
    """
    if any(strike.fault in _ALONE for strike in schedule.strikes):
        return
    for step in _after(schedule, taken):
        for fault in faults_of(step):
            if schedule.strikes and fault in _ALONE:
                continue
            strike = Strike(step.place, fault)
            yield Schedule(schedule.course, (*schedule.strikes, strike))


def _after(schedule: Schedule, taken: Sequence[Step]) -> Sequence[Step]:
    struck = {strike.place for strike in schedule.strikes}
    last = max((number for number, step in enumerate(taken) if step.place in struck), default=-1)
    return taken[last + 1 :]


def without_doubles(schedules: Iterator[Schedule]) -> list[Schedule]:
    """Steps that run at the same time begin in any order; their faults are one schedule."""
    unique = {(schedule.course, frozenset(schedule.strikes)): schedule for schedule in schedules}
    return list(unique.values())


def is_covered(schedule: Schedule, clean: Mapping[str, Sequence[Step]]) -> bool:
    """Whether an earlier course has the same pair: both faults strike what the two courses begin
    with, before they differ.

    ``clean`` are the steps of the runs without a fault, by course, in the order of the courses.
    """
    struck = {strike.place.activity for strike in schedule.strikes}
    courses = list(clean)
    return len(schedule.strikes) > 1 and any(
        struck <= _common_beginning(clean[earlier], clean[schedule.course])
        for earlier in courses[: courses.index(schedule.course)]
    )


def _common_beginning(one: Sequence[Step], other: Sequence[Step]) -> set[str]:
    """The activities that both take before they differ, and that the other does not take again."""
    names = [[step.place.activity for step in steps] for steps in (one, other)]
    length = sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(*names, strict=False)))
    return set(names[1][:length]) - set(names[1][length:])
