"""Computes the errors, progress and publish checks of a session at a given time.

Views, changes of stage and publications all use this module, so their results never differ.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Final

from domain.errors import FieldError
from domain.json_values import JsonObject
from domain.schemas.base import normalised, present
from domain.stages import STAGES, Section, Stage
from domain.validation import progress
from domain.validation.check_codes import BLOCKING, Check, CheckCode, Severity
from domain.validation.cross_field import (
    alt_errors,
    date_errors,
    event_errors,
    review_errors,
    title_errors,
    venue_errors,
)
from domain.validation.places import place_errors, place_shares
from domain.validation.publish_checks import (
    AssessmentContext,
    PublishCandidate,
    passed_checks,
    run_checks,
)
from domain.validation.sections import SectionParser, TypedSections
from domain.validation.tickets import ticket_errors

# Progress depends on the data, not on whether the caller may publish.
_COUNTED_CHECKS: Final = frozenset(BLOCKING) - {CheckCode.NOT_ALLOWED}


@dataclass(frozen=True)
class StageAssessment:
    valid: bool
    completion: int
    """In percent, rounded down; 100 only if the stage is valid."""
    errors: list[FieldError]


@dataclass(frozen=True)
class Assessment:
    stages: dict[Stage, StageAssessment]
    completion_percentage: int
    completion_details: dict[Stage, int]
    passed_checks: list[str]
    """Codes of the blocking checks that passed."""
    candidate: PublishCandidate

    @cached_property
    def checks(self) -> list[Check]:
        """Every finding of the publish checks. A view shows none of them."""
        return run_checks(self.candidate)

    @property
    def blocking(self) -> list[Check]:
        return [check for check in self.checks if check.severity is Severity.BLOCK]


def assess(
    sections: Mapping[Section, JsonObject], *, context: AssessmentContext, now: datetime
) -> Assessment:
    """Assesses a session once. ``now`` is timezone-aware. Never raises, for any data."""
    return Assessor().assess(sections, context=context, now=now)


class Assessor:
    """Assesses one session repeatedly. Parses a section again only if it was replaced, and computes
    the progress of a stage again only if its data or the errors that limit it differ."""

    def __init__(self) -> None:
        self._parser = SectionParser()
        self._progress = _KnownProgress()

    def assess(
        self, sections: Mapping[Section, JsonObject], *, context: AssessmentContext, now: datetime
    ) -> Assessment:
        data = self._parser.parse(sections)
        wrong_dates = date_errors(data.event, now, follows_real_events=context.follows_real_events)
        errors = _all_errors(data, wrong_dates, context, now)
        candidate = PublishCandidate(data, errors, context, now)
        passed = passed_checks(candidate)
        completion = self._completion(sections, data, errors, wrong_dates, context)
        counted = _counted_checks(context)
        completion[Stage.REVIEW_PUBLISH] = progress.review_completion(
            len(counted.intersection(passed)),
            len(counted),
            published=context.published,
        )
        return Assessment(
            stages={
                stage: StageAssessment(not errors[stage], completion[stage], errors[stage])
                for stage in STAGES
            },
            completion_percentage=progress.overall_completion(completion),
            completion_details=completion,
            passed_checks=passed,
            candidate=candidate,
        )

    def _completion(
        self,
        sections: Mapping[Section, JsonObject],
        data: TypedSections,
        errors: dict[Stage, list[FieldError]],
        wrong_dates: list[FieldError],
        context: AssessmentContext,
    ) -> dict[Stage, int]:
        wrong = frozenset(error.pointer for error in wrong_dates)
        places = place_shares(data.venue, one_is_enough=context.follows_real_events)
        completion: dict[Stage, int] = {}
        for stage in STAGES[:4]:
            entered, found = data.of(stage), errors[stage]
            further = places if stage is Stage.VENUE_SETUP else ()
            completion[stage] = self._progress.of(
                stage,
                entered,
                (bool(found), wrong),
                partial(progress.stage_completion, entered, found, wrong, further),
            )
        sponsors = sections.get(Section.SPONSOR)
        completion[Stage.SPONSORS_MEDIA] = self._progress.of(
            Stage.SPONSORS_MEDIA,
            sponsors,
            (bool(errors[Stage.SPONSORS_MEDIA]), context.sponsors_completed),
            lambda: progress.optional_completion(
                present(normalised(dict(sponsors or {}))),
                errors[Stage.SPONSORS_MEDIA],
                [*data.errors[Stage.SPONSORS_MEDIA], *alt_errors(data.sponsor)],
                completed=context.sponsors_completed,
            ),
        )
        return completion


def _counted_checks(context: AssessmentContext) -> frozenset[CheckCode]:
    return (
        _COUNTED_CHECKS if context.refuses_ended_sales else _COUNTED_CHECKS - {CheckCode.SALE_OVER}
    )


class _KnownProgress:
    """The progress of each stage, until the object that it is computed from is replaced."""

    def __init__(self) -> None:
        self._known: dict[Stage, tuple[object, object, int]] = {}

    def of(self, stage: Stage, source: object, others: object, compute: Callable[[], int]) -> int:
        """``others`` is the rest that the progress depends on."""
        known_source, known_others, known = self._known.get(stage, (None, None, 0))
        if known_others != others or known_source is not source:
            known = compute()
            self._known[stage] = (source, others, known)
        return known


def _all_errors(
    data: TypedSections, wrong_dates: list[FieldError], context: AssessmentContext, now: datetime
) -> dict[Stage, list[FieldError]]:
    follows = context.follows_real_events
    across: dict[Stage, list[FieldError]] = {
        Stage.ORGANIZER_SETUP: [],
        Stage.EVENT_SETUP: [
            *wrong_dates,
            *event_errors(data.event, now, follows_real_events=follows),
        ],
        Stage.VENUE_SETUP: [
            *place_errors(data.venue, data.errors[Stage.VENUE_SETUP], one_is_enough=follows),
            *venue_errors(data.venue, data.event, follows_real_events=follows),
        ],
        Stage.TICKET_SETUP: list(
            ticket_errors(
                data.ticket,
                data.event,
                tiers_issued=context.tiers_issued,
                follows_real_events=follows,
            )
        ),
        Stage.SPONSORS_MEDIA: [*alt_errors(data.sponsor), *title_errors(data.sponsor)],
        Stage.REVIEW_PUBLISH: list(review_errors(data.review, terms_current=context.terms_current)),
    }
    return {stage: _distinct([*data.errors[stage], *across[stage]]) for stage in STAGES}


def _distinct(errors: list[FieldError]) -> list[FieldError]:
    """One error per pointer and code. A value with another error is not reported as missing."""
    refused = {error.pointer for error in errors if error.code != "missing"}
    kept = {
        (error.pointer, error.code): error
        for error in reversed(errors)
        if error.code != "missing" or error.pointer not in refused
    }
    return list(reversed(kept.values()))
