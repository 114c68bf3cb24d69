"""A simple model of a session: which answers an operation may get, and what follows.

Requests that are in flight at the same time take effect in some order. :func:`orders_of` looks for
the orders that explain all answers; a race has gone wrong if there is none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, TypeAlias

from domain.json_values import JsonObject
from tests.races.operations import Answer, Kind, Operation
from tests.support.stage_data import STAGES, free_event

REVIEW: Final = "reviewPublish"
REQUIRED: Final[Mapping[str, frozenset[str]]] = {
    stage: frozenset() if stage in {"sponsorsMedia", REVIEW} else frozenset(data)
    for stage, data in free_event().items()
}


class Phase(StrEnum):
    OPEN = "in_progress"
    ABANDONED = "abandoned"
    PUBLISHED = "completed"
    """The publication has begun, and ends by itself."""
    ERASED = "erased"
    """The erasure has begun, and ends by itself."""


@dataclass(frozen=True)
class Model:
    """``terms`` counts the acceptances, and stands for the data of the last stage; 0 is none.

    ``handled`` has the request of each key, and whether only a part of it took effect.
    """

    data: Mapping[str, JsonObject]
    stage: str = STAGES[0]
    phase: Phase = Phase.OPEN
    is_scheduled: bool = False
    terms: int = 0
    terms_current: bool = False
    acceptances: int = 0
    passed: frozenset[str] = frozenset()
    handled: Mapping[str, tuple[tuple[object, ...], bool]] = field(default_factory=dict)
    history: tuple[tuple[Mapping[str, JsonObject], int], ...] = ()
    """Data and terms of the revisions from 0."""

    @property
    def revision(self) -> int:
        """Exact as long as the session is open: a publication adds its own changes."""
        return len(self.history) - 1

    def changed(self, **fields: object) -> "Model":
        """The next revision."""
        following: Model = replace(self, **fields)  # type: ignore[arg-type]  # fields by name
        return replace(following, history=(*self.history, (following.data, following.terms)))

    def remembering(self, operation: Operation, *, is_partial: bool = False) -> "Model":
        handled = {**self.handled, operation.key: (operation.request, is_partial)}
        return replace(self, handled=handled)

    def is_valid(self, stage: str) -> bool:
        if stage == REVIEW:
            return self.terms > 0 and self.terms_current
        return REQUIRED[stage] <= self.data[stage].keys()


@dataclass(frozen=True)
class Outcome:
    """An answer that the model allows, and the session after it."""

    status: int
    after: Model
    code: str = ""
    is_repeat: bool = False

    def allows(self, answer: Answer) -> bool:
        if (answer.status, answer.code) != (self.status, self.code):
            return False
        if answer.revision is None or self.after.phase is Phase.PUBLISHED:
            return True
        if self.is_repeat:  # shows the session as it is when the repeat is answered
            return answer.revision >= self.after.revision
        stages = answer.stages
        return answer.revision == self.after.revision and (
            stages is None or all(stages[name] == data for name, data in self.after.data.items())
        )


Outcomes: TypeAlias = Iterator[Outcome]


def outcomes(before: Model, operation: Operation) -> Outcomes:
    """The answers that the operation may get if it is the next one to take effect."""
    if before.phase is Phase.ERASED:
        yield from _after_erasure(before, operation)
        return
    if operation.kind is Kind.ERASE:
        yield from _erase(before, operation)
        return
    if operation.key in before.handled:
        yield from _repeated(before, operation)
    else:
        yield from _judged(before, operation)


def _repeated(before: Model, operation: Operation) -> Outcomes:
    """A request with a known key."""
    request, is_partial = before.handled[operation.key]
    if before.phase is not Phase.OPEN:  # the run that knows the key may be over
        yield from _not_open(before, operation)
    if request != operation.request:
        yield Outcome(409, before, "idempotency_key_reused")
    elif is_partial and before.phase is Phase.OPEN:
        yield from _second_step(before, operation, had_effect=True)
    elif not is_partial:
        for status in _successes(before, operation):
            yield Outcome(status, before, is_repeat=True)


def _successes(after: Model, operation: Operation) -> tuple[int, ...]:
    if operation.kind in {Kind.PUBLISH, Kind.SCHEDULE}:
        return (200, 202) if after.phase is Phase.PUBLISHED else (202,)
    return (200,)


def _after_erasure(before: Model, operation: Operation) -> Outcomes:
    """The session is closed at once, which is a change, and its rows are gone after a moment."""
    if operation.if_match is not None:
        yield Outcome(412, before, "revision_conflict")
    if operation.kind is Kind.ERASE:
        yield Outcome(204, before)
        yield Outcome(202, before)
        return
    yield Outcome(404, before, "session_not_found")
    yield Outcome(409, before, "session_closed")
    if operation.key in before.handled:
        request, _is_partial = before.handled[operation.key]
        is_reused = request != operation.request
        status, code = (409, "idempotency_key_reused") if is_reused else (200, "")
        yield Outcome(status, before, code, is_repeat=not is_reused)
    if operation.kind in {Kind.PUBLISH, Kind.SCHEDULE}:
        yield Outcome(404, before, "event_not_found")


def _erase(before: Model, operation: Operation) -> Outcomes:
    may_conflict = operation.if_match not in {None, before.revision}
    if before.phase is Phase.PUBLISHED:  # the revision is not the model's
        yield Outcome(409, before, "publishing")
        may_conflict = operation.if_match is not None
    if may_conflict:
        yield Outcome(412, before, "revision_conflict")
    if not may_conflict or before.phase is Phase.PUBLISHED:
        following = replace(before, phase=Phase.ERASED)
        yield Outcome(204, following)
        yield Outcome(202, following)


def _not_open(before: Model, operation: Operation) -> Outcomes:
    if before.phase is Phase.PUBLISHED:
        if operation.kind in {Kind.PUBLISH, Kind.SCHEDULE}:
            yield from (Outcome(status, before) for status in (200, 202))
            return
        yield Outcome(409, before, "publishing")
        if operation.if_match is not None:
            yield Outcome(412, before, "revision_conflict")
    yield Outcome(409, before, "session_closed")


def _judged(before: Model, operation: Operation) -> Outcomes:
    """A request with a new key."""
    if before.phase is not Phase.OPEN:
        yield from _not_open(before, operation)
        if operation.if_match not in {None, before.revision}:
            yield Outcome(412, before, "revision_conflict")
        return
    if operation.if_match not in {None, before.revision}:
        yield Outcome(412, before, "revision_conflict")
        return
    if operation.patch is None:
        yield from _second_step(before, operation, had_effect=False)
        return
    for saved in _saved(before, operation):
        if operation.kind is Kind.COMPLETE:
            had_effect = saved is not before
            yield from _second_step(saved, operation, had_effect=had_effect)
        else:
            yield Outcome(200, saved.remembering(operation))


def _saved(before: Model, operation: Operation) -> Iterator[Model]:
    if operation.kind is Kind.ACCEPT_TERMS:
        if before.terms_current and before.terms:
            yield before  # accepted at the same moment
        number = before.acceptances + 1
        yield before.changed(terms=number, acceptances=number, terms_current=True)
        return
    section = {**before.data[operation.stage], **(operation.patch or {})}
    if section == before.data[operation.stage]:
        yield before
    else:
        data = {**before.data, operation.stage: section}
        yield before.changed(data=data, terms_current=False)


def _second_step(before: Model, operation: Operation, *, had_effect: bool) -> Outcomes:
    """Everything but the save of a completion, which takes effect even if this step is refused."""
    code = _refusal(before, operation)
    if code is None:
        following = _applied(before, operation).remembering(operation)
        for status in _successes(following, operation):
            yield Outcome(status, following)
    else:
        after = before.remembering(operation, is_partial=True) if had_effect else before
        yield Outcome(409 if code == "stage_mismatch" else 422, after, code)


def _refusal(before: Model, operation: Operation) -> str | None:
    match operation.kind:
        case Kind.COMPLETE:
            if STAGES.index(operation.stage) > STAGES.index(before.stage):
                return "stage_mismatch"
            return None if before.is_valid(operation.stage) else "stage_incomplete"
        case Kind.MOVE:
            if operation.stage != before.stage:
                return "stage_mismatch"
            is_possible = all(before.is_valid(stage) for stage in _crossed(operation))
            return None if is_possible else "stage_incomplete"
        case Kind.PUBLISH | Kind.SCHEDULE:
            can_publish = all(before.is_valid(stage) for stage in STAGES)
            return None if can_publish else "publish_blocked"
        case _:
            return None


def _applied(before: Model, operation: Operation) -> Model:
    match operation.kind:
        case Kind.COMPLETE:
            return _completed(before, operation.stage)
        case Kind.MOVE:
            return _moved(before, operation)
        case Kind.RESTORE:
            return _restored(before, *before.history[operation.revision])
        case Kind.CANCEL if not before.is_scheduled:
            return before
        case _:
            return before.changed(**_ENDED_WITH[operation.kind])


_ENDED_WITH: Final[Mapping[Kind, Mapping[str, object]]] = {
    Kind.SCHEDULE: {"is_scheduled": True},
    Kind.CANCEL: {"is_scheduled": False},
    Kind.PUBLISH: {"is_scheduled": False, "phase": Phase.PUBLISHED},
    Kind.ABANDON: {"phase": Phase.ABANDONED},
}


def _moved(before: Model, operation: Operation) -> Model:
    if operation.stage == operation.to_stage:
        return before
    passed = before.passed.union(_crossed(operation))
    return before.changed(stage=operation.to_stage, passed=passed)


def _restored(before: Model, data: Mapping[str, JsonObject], terms: int) -> Model:
    if (data, terms) == (before.data, before.terms):
        return before
    return before.changed(data=data, terms=terms, terms_current=False)


def _completed(before: Model, stage: str) -> Model:
    index = STAGES.index(stage)
    is_last = index == len(STAGES) - 1
    following = STAGES[index + 1] if stage == before.stage and not is_last else before.stage
    passed = before.passed | {stage}
    if (passed, following) == (before.passed, before.stage):
        return before
    return before.changed(stage=following, passed=passed)


def _crossed(operation: Operation) -> tuple[str, ...]:
    return STAGES[STAGES.index(operation.stage) : STAGES.index(operation.to_stage)]


Program: TypeAlias = Sequence[tuple[Operation, Answer]]
"""The requests of one client, which sends each after the answer to the one before."""


def orders_of(before: Model, programs: Sequence[Program]) -> Iterator[Model]:
    """The session after each order of the operations that explains all answers."""
    if not any(programs):
        yield before
    for index, program in enumerate(programs):
        if not program:
            continue
        (operation, answer), *rest = program
        others = [*programs[:index], rest, *programs[index + 1 :]]
        for outcome in outcomes(before, operation):
            if outcome.allows(answer):
                yield from orders_of(outcome.after, others)
