"""Schedules: which faults strike a run, which messages arrive, and at which of its steps. Pure.

A second fault is placed at each step that a run with the first fault takes after it. So the pairs
include attempts and compensations that only a fault causes. Messages arrive at each step, and with
a fault at the same step, or at a step that only a fault causes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, takewhile
from typing import Final, Self

from tests.explore.messages import MESSAGES, Arrival, Moment, moments_of
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


_FAULTS: Final = frozenset(fault.value for fault in Fault)

_ALONE: Final = frozenset({Fault.FAILS, Fault.TIMES_OUT})
"""In a pair, ``lost`` does all that ``fails`` does, and all that ``times_out`` does but wait."""

_LONG: Final = frozenset({Fault.AWAY, Fault.LOST_AWAY})
"""A local activity has no next attempt, so for it these are the short ones."""

_OF_READS: Final = (Fault.FAILS, Fault.KILLED, Fault.REFUSED, Fault.AWAY)


_WITH_MESSAGES: Final = (Fault.KILLED, Fault.LOST_AWAY)
"""A message arrives at the attempt that they strike: the next task replays it, or the step fails
after its effect."""


@dataclass(frozen=True)
class Strike:
    """A fault, or a message that arrives, at a place."""

    place: Place
    what: Fault | Arrival

    def __str__(self) -> str:
        return f"{self.place}={self.what}"

    @classmethod
    def parse(cls, text: str) -> Self:
        place, _, what = text.partition("=")
        return cls(Place.parse(place), Fault(what) if what in _FAULTS else Arrival.parse(what))


@dataclass(frozen=True)
class Schedule:
    """A course, by its name, and what strikes it."""

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
        return next((what for what in self._at(place) if isinstance(what, Fault)), None)

    def arrives(self, place: Place, moment: Moment) -> Sequence[Arrival]:
        return [
            what for what in self._at(place) if isinstance(what, Arrival) and what.moment is moment
        ]

    def _at(self, place: Place) -> Iterator[Fault | Arrival]:
        return (strike.what for strike in self.strikes if strike.place == place)

    @property
    def arrivals(self) -> Sequence[Arrival]:
        return [strike.what for strike in self.strikes if isinstance(strike.what, Arrival)]

    def has(self, activity: str, *faults: Fault) -> bool:
        """Whether one of the faults strikes an attempt of the activity."""
        return any(
            strike.place.activity == activity and strike.what in faults for strike in self.strikes
        )


def faults_of(step: Step) -> tuple[Fault, ...]:
    """The faults that make a difference at the step."""
    return tuple(
        fault
        for fault in (_OF_READS if step.only_reads else tuple(Fault))
        if (step.calls_stripe or fault is not Fault.REFUSED)
        and not (step.is_local and fault in _LONG)
    )


def with_one_more(
    schedule: Schedule, taken: Sequence[Step], clean: Sequence[Step]
) -> Iterator[Schedule]:
    """All schedules with one more fault or message, except for pairs with one that is played alone.

    ``taken`` are the steps that a run of the schedule took, and ``clean`` those of a run without a
    fault.
    """
    if any(strike.what in _ALONE for strike in schedule.strikes):
        return
    if schedule.arrivals:
        strikes = _faults_with_message(schedule, taken)
    else:
        strikes = chain(_later_faults(schedule, taken), _messages(schedule, taken, clean))
    for strike in strikes:
        yield Schedule(schedule.course, (*schedule.strikes, strike))


def _later_faults(schedule: Schedule, taken: Sequence[Step]) -> Iterator[Strike]:
    """At any step after those that are struck already."""
    for step in _after(schedule, taken):
        for fault in faults_of(step):
            if not schedule.strikes or fault not in _ALONE:
                yield Strike(step.place, fault)


def _messages(schedule: Schedule, taken: Sequence[Step], clean: Sequence[Step]) -> Iterator[Strike]:
    """At any moment of each step, or as a step begins that only the fault has caused."""
    known = {step.place.activity for step in clean}
    for step in _after(schedule, taken):
        if schedule.strikes and step.place.activity in known:
            continue
        moments = (Moment.START,) if schedule.strikes else moments_of(step)
        for moment in moments:
            for message in MESSAGES[schedule.course]:
                yield Strike(step.place, Arrival(message, moment))


def _faults_with_message(schedule: Schedule, taken: Sequence[Step]) -> Iterator[Strike]:
    """At the step at whose start the message arrives."""
    (message,) = schedule.strikes
    if isinstance(message.what, Arrival) and message.what.moment is Moment.START:
        for step in taken:
            if step.place == message.place:
                possible = set(faults_of(step))
                yield from (
                    Strike(step.place, fault) for fault in _WITH_MESSAGES if fault in possible
                )


def _after(schedule: Schedule, taken: Sequence[Step]) -> Sequence[Step]:
    struck = {strike.place for strike in schedule.strikes}
    last = max((number for number, step in enumerate(taken) if step.place in struck), default=-1)
    return taken[last + 1 :]


def without_doubles(schedules: Iterator[Schedule]) -> list[Schedule]:
    """Steps that run at the same time begin in any order; their faults are one schedule."""
    unique = {(schedule.course, frozenset(schedule.strikes)): schedule for schedule in schedules}
    return list(unique.values())


def is_covered(schedule: Schedule, clean: Mapping[str, Sequence[Step]]) -> bool:
    """Whether an earlier course has the same pair, or the same message: it strikes what the two
    courses begin with, before they differ.

    ``clean`` are the steps of the runs without a fault, by course, in the order of the courses.
    """
    struck = {strike.place.activity for strike in schedule.strikes}
    courses = list(clean)
    may_be_covered = len(schedule.strikes) > 1 or bool(schedule.arrivals)
    return may_be_covered and any(
        struck <= _common_beginning(clean[earlier], clean[schedule.course])
        and all(arrival.message in MESSAGES[earlier] for arrival in schedule.arrivals)
        for earlier in courses[: courses.index(schedule.course)]
    )


def _common_beginning(one: Sequence[Step], other: Sequence[Step]) -> set[str]:
    """The activities that both take before they differ, and that the other does not take again."""
    names = [[step.place.activity for step in steps] for steps in (one, other)]
    length = sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(*names, strict=False)))
    return set(names[1][:length]) - set(names[1][length:])
