"""Any Unicode text in any field of any stage: nothing fails, nothing is lost, nothing drifts."""

from typing import Any, Final

from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.errors import ErrorCode, InvalidRequest
from domain.json_values import JsonObject
from domain.schemas import INPUT_SCHEMAS
from domain.session.changes import save_stage
from domain.stages import STAGE_OF, Section, Stage
from domain.validation.drafts import apply_patch
from domain.values.text import composed, trimmed
from tests.unit.domain.filled_sections import ENTERED, FILLED_SECTIONS
from tests.unit.domain.samples import NOW, errors_of, session, stamp

FIELDS: Final = sorted(path for path in ENTERED if not path.startswith("review."))

TYPED: Final = (
    "USD",
    "uk",
    "+33 6 12 34 56 78",
    "\u202a+44 (0)20 7183 8750\u202c",
    "in/ada-x",
    "x.com/ada",
    "\uff03\u30d5\u30a1",
    "#\u0baa\u0ba4\u0bbf",
    "https://example.com/\u200d",
    "a@example.com",
    "19:30",
    "2030-05-09",
    "-x-",
    "tier-1",
)
"""Texts that some field takes, in unusual forms."""

CONFLICTS: Final = {
    ErrorCode.CURRENCY_UNSUPPORTED,
    ErrorCode.DOORS_AFTER_START,
    ErrorCode.END_BEFORE_START,
    ErrorCode.NONEXISTENT_TIME,
    ErrorCode.NOT_IN_FUTURE,
    ErrorCode.NOT_UNIQUE,
    ErrorCode.OUTSIDE_EVENT,
    ErrorCode.SALE_ENDS_AFTER_EVENT,
    ErrorCode.SALE_END_BEFORE_START,
    ErrorCode.TOO_FAR_AHEAD,
}
"""Errors of values that are valid by themselves: they are kept in their canonical form."""

PIECES: Final = (
    "\u200b\u200d\u202a\u202c\u202e\u2066\u2069\u2028\ufe0f\u3164\u00ad\u0301\u0131\uff21"
    "\x07\n \U0001f3f4"
)

TEXTS: Final = (
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
    | st.text(st.sampled_from(PIECES + "aI1"), max_size=12)
    | st.tuples(
        st.text(st.sampled_from(PIECES), max_size=2),
        st.sampled_from(TYPED),
        st.text(st.sampled_from(PIECES), max_size=2),
    ).map("".join)
)


def with_text(value: Any, names: list[str], text: str) -> Any:
    """A copy in which a field has the text; of a list, its only entry."""
    if isinstance(value, list):
        return [with_text(value[0], names, text)]
    if not names:
        return text
    return {**value, names[0]: with_text(value[names[0]], names[1:], text)}


def at(value: Any, names: list[str]) -> Any:
    for name in names:
        value = (value[0] if isinstance(value, list) else value)[name]
    return value[0] if isinstance(value, list) else value


def errors_at(stage: Stage, section: JsonObject, names: list[str]) -> list[str]:
    pointers = {"/".join(["", *names]), "/".join(["", *names, "0"])}
    return [
        code
        for pointer, code in errors_of(stage, section)
        if "/".join(part for part in pointer.split("/") if part != "0") in pointers
    ]


@given(st.sampled_from(FIELDS), TEXTS)
@example("organizer.phone", "\u202a+33 6 12 34 56 78\u202c")
@example("event.title", "\u202e\u200b")
@example("ticket.tiers.name", "\u3164")
@example("event.openingHours.closes", "1:20")
@settings(max_examples=300, deadline=None)
def test_any_text_is_kept_and_reads_back_the_same(path: str, text: str) -> None:
    section_name, *names = path.split(".")
    section, stage = Section(section_name), STAGE_OF[Section(section_name)]
    typed = with_text(FILLED_SECTIONS[section], names, text)

    stored = apply_patch(stage, {}, typed, now=NOW, tiers_issued=9).data

    kept = at(stored, names)
    errors = errors_at(stage, stored, names)
    assert errors == errors_at(stage, typed, names)
    if kept and not CONFLICTS.issuperset(errors):
        assert kept == trimmed(composed(text))
    again = apply_patch(stage, stored, stored, now=NOW, tiers_issued=9).data
    assert again == stored
    state = session(sections={section: stored}, tiers_issued=9, follows_real_events=True)
    assert save_stage(state, stage, typed, stamp()).action is None


@given(st.sampled_from(FIELDS), st.text(max_size=10), st.sampled_from(["\0", "\ud800", "\udfff"]))
@settings(max_examples=100, deadline=None)
def test_text_that_cannot_be_stored_is_refused_at_its_field(
    path: str, text: str, broken: str
) -> None:
    section_name, *names = path.split(".")
    stage = STAGE_OF[Section(section_name)]
    patch = with_text(FILLED_SECTIONS[Section(section_name)], names, text + broken)

    try:
        apply_patch(stage, {}, patch, now=NOW, tiers_issued=9)
    except InvalidRequest as refusal:
        [error] = refusal.errors
    else:
        raise AssertionError(INPUT_SCHEMAS[stage])
    assert error.code == ErrorCode.INVALID_CHARACTER
    assert names[-1] in error.pointer
