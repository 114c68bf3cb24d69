"""Sections that are valid together, and short ways to change and to assess them."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.actors import Actor
from domain.json_values import JsonObject
from domain.schemas.review import TERMS_VERSION
from domain.session.changes import Stamp
from domain.session.run_rules import NEWEST_RULES, rules_of
from domain.session.state import SessionState, following, start_session
from domain.stages import STAGES, Section, Stage
from domain.validation.assessment import Assessment, assess
from domain.validation.publish_checks import AssessmentContext
from domain.values.payments import Payments, PaymentStatus

NOW = datetime(2030, 3, 1, 12, 0, tzinfo=UTC)

ADA = Actor(user_id="ada", email="ada@example.com")

READY = Payments(account_id="acct_1", status=PaymentStatus.READY, payouts_enabled=True)

_VALID: dict[Section, JsonObject] = {
    Section.ORGANIZER: {"name": "Ada Lovelace"},
    Section.EVENT: {
        "title": "Spring Show",
        "type": "fashion_show",
        "date": "2030-05-09",
        "startTime": "19:30",
    },
    Section.VENUE: {
        "mode": "physical",
        "name": "Great Hall",
        "address": {"line1": "1 Main Street", "city": "New York", "country": "US"},
    },
    Section.TICKET: {"tiers": [{"id": "tier-1", "name": "General", "unit_amount": 0}]},
    Section.SPONSOR: {"media": {"cover": {"url": "https://cdn.example.com/c.jpg", "alt": "Hall"}}},
    Section.REVIEW: {
        "acceptedTerms": {"version": TERMS_VERSION, "at": "2030-03-01T11:00:00+00:00"}
    },
}

TIER = {"name": "General", "unit_amount": 0}
IMAGE = {"url": "https://cdn.example.com/a.jpg", "alt": "A hall"}
ADDRESS = {"line1": "1 Main Street", "city": "New York", "country": "US"}

VIRTUAL = {"mode": "virtual", "url": "https://live.example.com/show"}
HYBRID = {**_VALID[Section.VENUE], "mode": "hybrid", "url": "https://live.example.com/show"}


def valid_sections(**changed: JsonObject) -> dict[Section, JsonObject]:
    """All six sections; a keyword replaces one of them."""
    sections = deepcopy(_VALID)
    sections.update({Section(name): data for name, data in changed.items()})
    return sections


def valid_section(stage: Stage, **fields: Any) -> JsonObject:
    """One section, with fields set; None removes one."""
    section = {**deepcopy(_VALID[stage.section]), **fields}
    return {name: value for name, value in section.items() if value is not None}


def assessment_context(**changed: Any) -> AssessmentContext:
    return AssessmentContext(
        **{
            "payments": Payments(),
            "published": False,
            "sponsors_completed": False,
            "terms_current": True,
            **changed,
        }
    )


def assessment_of(
    sections: dict[Section, JsonObject], *, now: datetime = NOW, **changed: Any
) -> Assessment:
    return assess(sections, context=assessment_context(**changed), now=now)


def errors_of(stage: Stage, section: JsonObject, **changed: Any) -> list[tuple[str, str]]:
    """Pointer and code of each error, the other stages being valid."""
    sections = valid_sections(**{stage.section.value: section})
    return [
        (error.pointer, error.code)
        for error in assessment_of(sections, **changed).stages[stage].errors
    ]


def codes_at(stage: Stage, fields: JsonObject, pointer: str) -> list[str]:
    """Codes at a pointer of a section with these fields; every message must be a sentence."""
    section = valid_section(stage, **fields)
    errors = assessment_of(valid_sections(**{stage.section.value: section})).stages[stage].errors
    for error in errors:
        assert error.stage is stage
        assert error.message.endswith(".")
        assert error.message[0].isupper()
        assert "{" not in error.message
    return [error.code for error in errors if error.pointer == pointer]


def url_of(length: int) -> str:
    return "https://example.com/".ljust(length, "x")


def tier(**fields: Any) -> JsonObject:
    return {"tiers": [{**TIER, **fields}]}


def address(**fields: Any) -> JsonObject:
    return {"address": {**ADDRESS, **fields}}


def cover(**fields: Any) -> JsonObject:
    return {"media": {"cover": {**IMAGE, **fields}}}


def sponsor(**fields: Any) -> JsonObject:
    return {"sponsors": [{"name": "Acme", **fields}]}


def stamp(*, after: int = 0, actor: Actor | None = ADA, key: str = "") -> Stamp:
    """``after``: seconds since ``NOW``."""
    return Stamp(now=NOW + timedelta(seconds=after), actor=actor, key=key)


def session(owner: Actor = ADA, **fields: Any) -> SessionState:
    """A session in which nothing was done yet, with fields of its state replaced. It follows the
    newest rules."""
    fresh = start_session("session-1", owner, created_at=NOW)
    return following(fresh, rules_of(NEWEST_RULES)).model_copy(update=fields)


def ready_session(owner: Actor = ADA, **fields: Any) -> SessionState:
    """A session that may be published."""
    return session(
        owner,
        **{
            "sections": valid_sections(),
            "current_stage": Stage.REVIEW_PUBLISH,
            "passed": list(STAGES[:-1]),
            "tiers_issued": 1,
            "terms_current": True,
            **fields,
        },
    )
