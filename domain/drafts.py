"""Drafts: what a person typed into a stage, kept whether or not it is valid yet.

A save is a merge patch. It is refused only for what could never be right: a field that does not
exist, one that belongs to the server, a value that JSON, Postgres or Temporal cannot carry. All
else is kept, and the assessment says what is wrong with it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from domain.codes import ErrorCode
from domain.errors import FieldError, InvalidRequest, PayloadTooLarge
from domain.jsontypes import JsonObject
from domain.merge_patch import merge
from domain.patches import acceptance, refusals
from domain.schemas.review import TERMS_VERSION
from domain.schemas.text import normalised
from domain.stages import Stage
from domain.tier_ids import with_tier_ids

MAX_SECTION_BYTES: Final = 64 * 1024


@dataclass(frozen=True)
class Draft:
    """A section after a save. ``tiers_issued`` counts the tier ids that were ever given out."""

    data: JsonObject
    tiers_issued: int


def check_patch(stage: Stage, patch: object) -> JsonObject:
    """Refuses what no draft could ever take, without knowing the draft. Returns the patch.

    Raises:
        InvalidRequest: with an error for each place that is refused.
    """
    errors = refusals(stage, patch)
    if errors or not isinstance(patch, dict):
        raise InvalidRequest(_summary(errors), errors=errors)
    return patch


def apply_patch(
    stage: Stage, current: JsonObject, patch: object, *, now: datetime, tiers_issued: int
) -> Draft:
    """The section after the patch; neither argument is changed.

    Raises:
        InvalidRequest: as :func:`check_patch`.
        PayloadTooLarge: the section would be larger than 64 KiB of JSON.
    """
    accepted: JsonObject = normalised(check_patch(stage, patch))
    if stage is Stage.REVIEW_PUBLISH:
        data = _reviewed(current, accepted, now)
    else:
        data = merge(current, accepted)
    if stage is Stage.TICKET_SETUP and isinstance(accepted.get("tiers"), list):
        tiers, tiers_issued = with_tier_ids(current.get("tiers"), data["tiers"], tiers_issued)
        data = {**data, "tiers": tiers}
    _check_size(data)
    return Draft(data, tiers_issued)


def size_of(data: Any) -> int:
    """Bytes of the compact JSON text in UTF-8."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-8", "surrogatepass"))


def _reviewed(current: JsonObject, patch: JsonObject, now: datetime) -> JsonObject:
    accepts = acceptance(patch)
    if accepts is None:
        return dict(current)
    terms = {"version": TERMS_VERSION, "at": now.isoformat()} if accepts else None
    merged: JsonObject = merge(current, {"acceptedTerms": terms})
    return merged


def _check_size(data: JsonObject) -> None:
    size = size_of(data)
    if size > MAX_SECTION_BYTES:
        raise PayloadTooLarge(
            f"The stage would hold {size} bytes; {MAX_SECTION_BYTES} is the most it can."
        )


def _summary(errors: Sequence[FieldError]) -> str:
    codes = {error.code for error in errors}
    if codes == {ErrorCode.UNKNOWN_FIELD}:
        return "The stage has no such field; nothing was saved."
    return "The data cannot be saved; nothing was changed."
