"""What to do about a finding: for each code of a publish check and of an error in a value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from copilot.suggestions.explanations import explain, path_of
from copilot.texts.advice import ADVICE_TEXTS, advice_text
from domain.errors import FieldError
from domain.json_values import JsonObject
from domain.session.view import SessionView, StageErrorView
from domain.stages import STAGES, Section, Stage
from domain.validation.check_codes import VARIANT, Check, CheckCode, Severity
from domain.validation.texts import VARIANTS, Path, text_key

_NO_DATA: Final[Mapping[Section, JsonObject]] = {}
_VARIANTS: Final[dict[str, str]] = {code.value: name for code, name in VARIANTS.items()}

_TOOLS: Final[dict[str, str | None]] = {
    "payments_not_ready": "connectPayments",
    "payments_not_ready.onboarding": "connectPayments",
    "payments_not_ready.restricted": "connectPayments",
    "payments_not_ready.disconnected": "connectPayments",
    "payments_not_ready.rejected": None,
    "payments_not_ready.unauthorized": None,
    "payments_not_ready.unknown": "runChecks",
    "payouts_disabled": "connectPayments",
    "access_incomplete.online_missing": "addTier",
    "access_incomplete.in_person_missing": "addTier",
    "event_not_in_future.publish_at": "publishEvent",
    "event_has_begun": "publishEvent",
    "event_has_begun.publish_at": "publishEvent",
    "no_tier_for_sale": "changeTier",
    "not_allowed": None,
}
"""Tools by the code of the advice, if the field does not imply the tool. Only a person accepts the
terms, so no tool has a code about them."""

_KNOWN_ARGUMENTS: Final[dict[str, JsonObject]] = {
    "access_incomplete.online_missing": {"access": "online"},
    "access_incomplete.in_person_missing": {"access": "in_person"},
    "access_incomplete.venue_is_physical": {"access": "in_person"},
    "access_incomplete.venue_is_virtual": {"access": "online"},
}

_WITH_EXAMPLE: Final = frozenset({"missing", "invalid_type", "invalid_format", "invalid_choice"})
_WITHOUT_EXAMPLE: Final = frozenset(
    {"missing.place", "invalid_choice.value", "alt_text_missing", "terms_not_accepted"}
)
_AMOUNTS: Final = ("/unit_amount", "/minAmount")


@dataclass(frozen=True)
class Advice:
    code: str
    """The code of the finding, followed by its variant if that has a text of its own."""
    params: JsonObject
    """Those of the finding, and ``example``, a valid value, if one helps."""
    stage: Stage | None
    """The stage to change; null if the finding is about a request."""
    pointer: str
    """The field to change, in the data of the stage."""
    tool: str | None
    """The tool that makes the change; null if a person alone can make it."""
    arguments: JsonObject
    """The arguments that follow from the finding. The person says the others."""

    @property
    def text(self) -> str:
        """In English."""
        return advice_text(self.code, self.params, self.stage, self.pointer)


@dataclass(frozen=True)
class MissingPart:
    """What is missing or wrong before the event can be published."""

    stage: Stage
    pointer: str
    message: str
    severity: Severity
    advice: Advice


def advice_for(
    finding: Check | FieldError | StageErrorView,
    stage: Stage | None = None,
    known: Mapping[Section, JsonObject] = _NO_DATA,
) -> Advice:
    """What to do about a finding.

    Args:
        stage: of an error in a view, which does not name it.
        known: the data of the session. With it, a ticket is named by its ID.
    """
    of_stage = stage if isinstance(finding, StageErrorView) else finding.stage
    first = finding.params.get("first")
    if finding.code == CheckCode.STAGE_INVALID and isinstance(first, dict):
        return _advice(first["code"], first["params"], of_stage, first["pointer"], known)
    return _advice(finding.code, finding.params, of_stage, finding.pointer, known)


def missing(view: SessionView, checks: Sequence[Check]) -> tuple[MissingPart, ...]:
    """The errors of all stages and the other findings of the checks, in the order of the stages.

    A finding that repeats an error is omitted.
    """
    known = {stage.section: view.stages[stage].data for stage in STAGES}
    found = [
        MissingPart(
            stage, error.pointer, error.message, Severity.BLOCK, advice_for(error, stage, known)
        )
        for stage in STAGES
        for error in view.stages[stage].errors
    ]
    reported = {(part.stage, part.pointer) for part in found}
    found += [
        MissingPart(
            check.stage,
            check.pointer,
            check.message,
            check.severity,
            advice_for(check, None, known),
        )
        for check in checks
        if check.code != CheckCode.STAGE_INVALID and (check.stage, check.pointer) not in reported
    ]
    return tuple(sorted(found, key=lambda part: (part.stage.position, part.severity)))


def _advice(
    finding: str,
    params: JsonObject,
    stage: Stage | None,
    pointer: str,
    known: Mapping[Section, JsonObject],
) -> Advice:
    code = _code(finding, params)
    if code == "missing":
        code = _missing_code(stage, pointer)
    if finding in _WITH_EXAMPLE and code not in _WITHOUT_EXAMPLE:
        params = {**params, **_example(stage, pointer)}
    tool = _tool(code, stage, path_of(pointer))
    arguments = _arguments(code, params, tool, path_of(pointer), known)
    return Advice(code, params, stage, pointer, tool, arguments)


def _code(finding: str, params: JsonObject) -> str:
    keys = (text_key(finding, name, params) for name in (VARIANT, _VARIANTS.get(finding)))
    return next((key for key in keys if key in ADVICE_TEXTS and key != finding), finding)


def _missing_code(stage: Stage | None, pointer: str) -> str:
    """The check that says more about a missing value, if there is one."""
    if stage is Stage.REVIEW_PUBLISH:
        return "terms_not_accepted"
    return "alt_text_missing" if pointer.endswith("/alt") else "missing"


def _example(stage: Stage | None, pointer: str) -> JsonObject:
    """The example of a field of text or numbers. Amounts have none: their unit is not typed."""
    explanation = explain(stage, pointer, "en") if stage else None
    if explanation is None or pointer.endswith(_AMOUNTS):
        return {}
    example = explanation.example
    is_plain = isinstance(example, str | int | float) and not isinstance(example, bool)
    return {"example": example} if is_plain else {}


def _tool(code: str, stage: Stage | None, path: Path) -> str | None:
    if code in _TOOLS:
        return _TOOLS[code]
    if stage is None or stage is Stage.REVIEW_PUBLISH:
        return None
    if path[:1] == ("tiers",) and stage is Stage.TICKET_SETUP:
        return "changeTier" if len(path) > 1 else "addTier"
    return f"autosave{stage.section.value.capitalize()}Data"


def _arguments(
    code: str,
    params: JsonObject,
    tool: str | None,
    path: Path,
    known: Mapping[Section, JsonObject],
) -> JsonObject:
    if tool == "autosaveTicketData" and code == CheckCode.CURRENCY_DIFFERS:
        return {"currency": params["currency"].lower()}
    if tool not in ("addTier", "changeTier"):
        return {}
    arguments = dict(_KNOWN_ARGUMENTS.get(code, {}))
    if tool == "changeTier":
        arguments.update(_tier_reference(path, known.get(Section.TICKET, {})))
    return arguments


def _tier_reference(path: Path, ticket: JsonObject) -> JsonObject:
    tiers: Any = ticket.get("tiers")
    match path:
        case ("tiers", int(index), *_) if isinstance(tiers, list) and index < len(tiers):
            tier = tiers[index] if isinstance(tiers[index], dict) else {}
            reference = tier.get("id") or tier.get("name")
            return {"tier": reference} if isinstance(reference, str) else {}
        case _:
            return {}
