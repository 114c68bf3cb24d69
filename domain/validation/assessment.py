"""What a session's data is worth now: errors, progress and publish checks, in one pure function.

The API, the gate between stages and the workflow all ask here, so they never disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

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
from domain.validation.publish_checks import Facts, Inspected, passed, run_checks
from domain.validation.sections import Readings, TypedSections, read_sections
from domain.validation.tickets import ticket_errors

__all__ = ["Assessment", "Facts", "StageAssessment", "assess"]

# Whether the caller may publish says nothing about how far the data has come.
_COUNTED_CHECKS = frozenset(BLOCKING) - {CheckCode.NOT_ALLOWED}


@dataclass(frozen=True)
class StageAssessment:
    """``completion`` is in per cents, rounded down; 100 only where the stage is valid."""

    valid: bool
    completion: int
    errors: list[FieldError]


@dataclass(frozen=True)
class Assessment:
    """``passed_checks`` has the codes of the blocking checks that are known to be in order."""

    stages: dict[Stage, StageAssessment]
    completion_percentage: int
    completion_details: dict[Stage, int]
    checks: list[Check]
    passed_checks: list[str]

    @property
    def blocking(self) -> list[Check]:
        return [check for check in self.checks if check.severity is Severity.BLOCK]


def assess(
    sections: Mapping[Section, JsonObject],
    *,
    facts: Facts,
    now: datetime,
    readings: Readings | None = None,
) -> Assessment:
    """Reads all sections and judges them. ``now`` is aware. Raises nothing, changes nothing."""
    data = read_sections(sections, readings)
    wrong_dates = date_errors(data.event, now)
    errors = _all_errors(data, wrong_dates, facts, now)
    inspected = Inspected(data, errors, facts, now)
    checks = run_checks(inspected)
    passed_checks = passed(inspected, checks)
    completion = _completion(sections, data, errors, wrong_dates, facts)
    completion[Stage.REVIEW_PUBLISH] = progress.review_completion(
        len(_COUNTED_CHECKS.intersection(passed_checks)),
        len(_COUNTED_CHECKS),
        published=facts.published,
    )
    return Assessment(
        stages={
            stage: StageAssessment(not errors[stage], completion[stage], errors[stage])
            for stage in STAGES
        },
        completion_percentage=progress.overall_completion(completion),
        completion_details=completion,
        checks=checks,
        passed_checks=passed_checks,
    )


def _all_errors(
    data: TypedSections, wrong_dates: list[FieldError], facts: Facts, now: datetime
) -> dict[Stage, list[FieldError]]:
    across: dict[Stage, list[FieldError]] = {
        Stage.ORGANIZER_SETUP: [],
        Stage.EVENT_SETUP: [*wrong_dates, *event_errors(data.event, now)],
        Stage.VENUE_SETUP: list(venue_errors(data.venue, data.event)),
        Stage.TICKET_SETUP: list(
            ticket_errors(data.ticket, data.event, tiers_issued=facts.tiers_issued)
        ),
        Stage.SPONSORS_MEDIA: [*alt_errors(data.sponsor), *title_errors(data.sponsor)],
        Stage.REVIEW_PUBLISH: list(review_errors(data.review, terms_current=facts.terms_current)),
    }
    return {stage: _distinct([*data.errors[stage], *across[stage]]) for stage in STAGES}


def _distinct(errors: list[FieldError]) -> list[FieldError]:
    """One error for each place and code; a value that is refused is not missing as well."""
    refused = {error.pointer for error in errors if error.code != "missing"}
    kept = {
        (error.pointer, error.code): error
        for error in reversed(errors)
        if error.code != "missing" or error.pointer not in refused
    }
    return list(reversed(kept.values()))


def _completion(
    sections: Mapping[Section, JsonObject],
    data: TypedSections,
    errors: dict[Stage, list[FieldError]],
    wrong_dates: list[FieldError],
    facts: Facts,
) -> dict[Stage, int]:
    wrong = {error.pointer for error in wrong_dates}
    entered = present(normalised(dict(sections.get(Section.SPONSOR) or {})))
    completion = {
        stage: progress.stage_completion(data.of(stage), errors[stage], wrong)
        for stage in STAGES[:4]
    }
    completion[Stage.SPONSORS_MEDIA] = progress.optional_completion(
        entered,
        errors[Stage.SPONSORS_MEDIA],
        [*data.errors[Stage.SPONSORS_MEDIA], *alt_errors(data.sponsor)],
        completed=facts.sponsors_completed,
    )
    return completion
