"""Suggests values for the empty fields of a stage.

The rules are pure: the same data and time have the same suggestions. Each value is assessed with
the data of the session before it is suggested, so that none adds an error.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from copilot.suggestions import event_texts, event_times, places, publicity, ticket_sets
from copilot.suggestions.basis import Basis, OwnEvent, Suggestion
from copilot.understanding.facts import Circumstances
from domain.errors import ErrorCode
from domain.json_values import JsonObject, is_at_or_below
from domain.stages import Section, Stage
from domain.validation.assessment import Assessment, Assessor
from domain.validation.check_codes import CheckCode
from domain.validation.publish_checks import AssessmentContext
from domain.values.payments import Payments

Rule = Callable[[Basis], Iterator[Suggestion]]
Problem = tuple[str, str, str]
"""Stage, pointer and code."""

_RULES: Final[dict[Stage, tuple[Rule, ...]]] = {
    Stage.ORGANIZER_SETUP: (places.organizers, publicity.logo_texts),
    Stage.EVENT_SETUP: (
        event_texts.types,
        event_texts.titles,
        event_times.dates,
        event_times.starts,
        event_times.ends,
        event_times.timezones,
        event_texts.summaries,
        event_texts.descriptions,
        event_times.languages,
        event_texts.tags,
    ),
    Stage.VENUE_SETUP: (
        places.modes,
        places.places,
        places.countries,
        places.capacities,
        places.doors,
        places.platforms,
        places.accessibility,
    ),
    Stage.TICKET_SETUP: (
        ticket_sets.currencies,
        ticket_sets.total_capacities,
        ticket_sets.tier_sets,
        ticket_sets.sale_periods,
        ticket_sets.refund_policies,
    ),
    Stage.SPONSORS_MEDIA: (
        publicity.covers,
        publicity.alt_texts,
        publicity.hashtags,
        publicity.press_contacts,
    ),
    Stage.REVIEW_PUBLISH: (),
}

_EXPECTED: Final = frozenset(
    {
        CheckCode.STAGE_INVALID,
        CheckCode.PAYMENTS_NOT_READY,
        CheckCode.COVER_MISSING,
        CheckCode.ALT_TEXT_MISSING,
    }
)
"""Findings that a suggestion may add: the person corrects them at their own time."""
_OF_VALID_STAGES: Final = frozenset(
    {
        CheckCode.NO_TIER_FOR_SALE,
        CheckCode.SALE_OVER,
        CheckCode.ACCESS_INCOMPLETE,
        CheckCode.EVENT_HAS_BEGUN,
    }
)
"""Findings that appear when the last error of a stage is corrected, whatever the value is."""

_CONTEXT: Final = AssessmentContext(
    payments=Payments(), published=False, sponsors_completed=False, terms_current=True
)


def suggest(
    stage: Stage, circumstances: Circumstances, own_events: Sequence[OwnEvent] = ()
) -> tuple[Suggestion, ...]:
    """Suggestions for the empty fields of a stage. A field may have several, the best one first.

    Args:
        own_events: other events of the tenant. Their days are taken, and their organizers and
            venues are suggested.
    """
    basis = Basis(circumstances, own_events)
    assessor = Assessor()
    before = _problems(basis, assessor, circumstances.known)
    found = {
        (suggestion.pointer, repr(suggestion.value)): suggestion
        for rule in _RULES[stage]
        for suggestion in rule(basis)
        if basis.is_empty(stage, suggestion.pointer)
        and (suggestion.asks or _is_valid(suggestion, basis, assessor, before))
    }
    return tuple(found.values())


def _is_valid(
    suggestion: Suggestion, basis: Basis, assessor: Assessor, before: frozenset[Problem]
) -> bool:
    """Whether the value adds no error, besides required values of other fields."""
    after = _problems(basis, assessor, basis.with_value(suggestion))
    return not any(_is_caused(problem, suggestion) for problem in after - before)


def _is_caused(problem: Problem, suggestion: Suggestion) -> bool:
    stage, pointer, code = problem
    if code in _OF_VALID_STAGES:
        return suggestion.stage is Stage.TICKET_SETUP
    if code != ErrorCode.MISSING:
        return True
    return stage == suggestion.stage and is_at_or_below(pointer, suggestion.pointer)


def _problems(
    basis: Basis, assessor: Assessor, sections: Mapping[Section, JsonObject]
) -> frozenset[Problem]:
    found = assessor.assess(sections, context=_CONTEXT, now=basis.circumstances.now)
    return frozenset((*_errors(found), *_findings(found)))


def _errors(assessment: Assessment) -> Iterator[Problem]:
    for stage, assessed in assessment.stages.items():
        for error in assessed.errors:
            yield stage, error.pointer, error.code


def _findings(assessment: Assessment) -> Iterator[Problem]:
    for check in assessment.checks:
        if check.code not in _EXPECTED:
            yield check.stage, check.pointer, check.code
