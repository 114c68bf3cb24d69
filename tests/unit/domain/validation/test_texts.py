"""The texts of field errors and checks are complete and never contain the user's input."""

from string import Formatter
from typing import Any

import pytest

from domain.errors import ErrorCode, FieldError
from domain.json_values import MAX_NUMBER, JsonObject
from domain.schemas import INPUT_SCHEMAS
from domain.schemas.base import SchemaModel, fields_of
from domain.schemas.review import ReviewSection
from domain.session.view import StageErrorView
from domain.stages import Stage
from domain.validation.check_codes import CHECK_TEXTS, Check, CheckCode, check, invalid_stage
from domain.validation.parsing import code_and_params
from domain.validation.texts import (
    FIELD_ERROR_TEXTS,
    LABELS,
    VARIANTS,
    Path,
    field_error,
    field_error_message,
    label,
    text_key,
)

EXAMPLES: list[tuple[Path, ErrorCode, JsonObject, str]] = [
    (("name",), ErrorCode.MISSING, {}, "Name is required."),
    (("tiers",), ErrorCode.MISSING, {"expected": "list"}, "Add at least one ticket."),
    (("title",), ErrorCode.INVALID_TYPE, {"expected": "text"}, "Title must be text."),
    ((), ErrorCode.INVALID_TYPE, {"expected": "object"}, "Data must be a JSON object."),
    (("title",), ErrorCode.TOO_SHORT, {"min": 3}, "Title must be at least 3 characters."),
    (("tags", 0), ErrorCode.TOO_LONG, {"max": 1}, "Tag must be at most 1 character."),
    (("geo", "lat"), ErrorCode.TOO_LARGE, {"max": 90}, "Latitude must be at most 90."),
    (("tags",), ErrorCode.TOO_MANY, {"max": 10}, "Add at most 10 tags."),
    (("tiers",), ErrorCode.TOO_FEW, {"min": 1}, "Add at least one ticket."),
    (
        ("tiers", 1, "name"),
        ErrorCode.NOT_UNIQUE,
        {"value": "name"},
        "Ticket name is already used: names must be unique.",
    ),
    (
        ("acceptedTerms",),
        ErrorCode.SERVER_OWNED,
        {},
        "Acceptance of the terms is set by the server: omit it.",
    ),
    (
        ("type",),
        ErrorCode.INVALID_CHOICE,
        {"expected": "value", "choices": ["popup", "launch"]},
        "Type must be one of: popup, launch.",
    ),
    (
        ("tiers", 0, "unit_amount"),
        ErrorCode.AMOUNT_TOO_SMALL,
        {"min": 50, "currency": "usd"},
        "Ticket price must be at least 0.50 USD, the minimum charge, or 0 for a free ticket.",
    ),
    (
        ("tiers", 0, "unit_amount"),
        ErrorCode.AMOUNT_NOT_CHARGEABLE,
        {"value": "too_large", "max": 99_999_999, "currency": "jpy"},
        "Ticket price must be at most 99999999 JPY.",
    ),
    (
        ("tiers", 0, "minAmount"),
        ErrorCode.AMOUNT_NOT_CHARGEABLE,
        {"value": "multiple", "multiple_of": 10, "currency": "kwd"},
        "Ticket minimum amount must be a multiple of 0.010 KWD.",
    ),
]

# Placeholders that are computed, not parameters of the error.
DERIVED = {"label", "entry", "entries", "amount"}


def placeholders(template: str) -> set[str]:
    names = set()
    for _, name, nouns, _ in Formatter().parse(template):
        if name:
            names |= {name, *placeholders(nouns or "")}
    return names


def code_of(key: str) -> str:
    return key.split(".", maxsplit=1)[0]


def names_in(model: type[SchemaModel]) -> set[str]:
    names = set()
    for rule in fields_of(model):
        names |= {rule.alias, *(names_in(rule.model) if rule.model else ())}
    return names


def test_every_code_has_a_text() -> None:
    assert {code_of(key) for key in FIELD_ERROR_TEXTS} == set(ErrorCode)
    assert {code_of(key) for key in FIELD_ERROR_TEXTS if "." in key} == set(VARIANTS)
    assert {code_of(key) for key in CHECK_TEXTS} | {
        CheckCode.CURRENCY_UNSUPPORTED,  # with the text of the field error
        CheckCode.AMOUNT_TOO_SMALL,
        CheckCode.QUANTITY_INCONSISTENT,
    } == set(CheckCode)


@pytest.mark.parametrize("text", [*FIELD_ERROR_TEXTS.values(), *CHECK_TEXTS.values()])
def test_texts_are_sentences(text: str) -> None:
    assert text.endswith(".")
    assert text[0].isupper() or text.startswith("{")
    assert "please" not in text.lower()


@pytest.mark.parametrize(("path", "code", "params", "message"), EXAMPLES)
def test_message_is_made_from_label_code_and_params(
    path: Path, code: ErrorCode, params: JsonObject, message: str
) -> None:
    assert field_error_message(path, code, params) == message
    error = field_error(None, path, code, **params)
    assert (error.code, error.params, error.message) == (code, params, message)


@pytest.mark.parametrize("key", FIELD_ERROR_TEXTS)
def test_missing_parameter_of_a_text_fails(key: str) -> None:
    code = ErrorCode(code_of(key))
    variant = {VARIANTS[code]: key.split(".")[1]} if "." in key else {}
    needed = placeholders(FIELD_ERROR_TEXTS[key]) - DERIVED
    if code is ErrorCode.AMOUNT_TOO_SMALL:
        needed |= {"min", "currency"}
    if key in {"too_large.total", "amount_not_chargeable.too_large"}:
        needed |= {"max", "currency"}
    if key == "amount_not_chargeable.multiple":
        needed |= {"multiple_of", "currency"}
    samples: dict[str, Any] = {"choices": ["a"], "currency": "usd"}
    complete = {**variant, **{name: samples.get(name, 2) for name in needed}}
    assert field_error_message(("name",), code, complete)
    for name in needed:
        with pytest.raises(KeyError):
            field_error_message(("name",), code, {k: v for k, v in complete.items() if k != name})


@pytest.mark.parametrize("code", CheckCode)
def test_check_without_its_parameters_fails(code: CheckCode) -> None:
    if code in CHECK_TEXTS and not placeholders(CHECK_TEXTS[code]):
        assert check(code, Stage.EVENT_SETUP, "").message == CHECK_TEXTS[code]
    else:
        with pytest.raises(KeyError):
            check(code, Stage.EVENT_SETUP, "")


def test_check_of_an_invalid_stage_names_its_first_error() -> None:
    missing = field_error(Stage.ORGANIZER_SETUP, ("name",), ErrorCode.MISSING)
    found = invalid_stage(Stage.ORGANIZER_SETUP, [missing])
    assert found.message == "Organizer has 1 error (Name is required)."
    assert found.params == {
        "errors": 1,
        "first": {"pointer": "/name", "code": "missing", "params": {}},
    }


@pytest.mark.parametrize("model", [*INPUT_SCHEMAS.values(), ReviewSection])
def test_every_field_has_a_label(model: type[SchemaModel]) -> None:
    assert names_in(model) <= LABELS.keys()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), "Data"),
        (("startTime",), "Start time"),
        (("tiers", 0, "unit_amount"), "Ticket price"),
        (("media", "gallery", 1), "Gallery image"),
        (("media", "cover", "alt"), "Cover image text alternative"),
        (("translations", 0, "tiers", "tier-1"), "Translation ticket name"),
        (("openingHours", 1, "closes"), "Opening hours closing time"),
        (("address", "city"), "City"),
        (("address",), "Address"),
        (("refundPolicy", "days"), "Refund policy days"),
        (("Ada Lovelace",), "This value"),
        (("tiers", 0, "Ada Lovelace"), "This value"),
        (("tiers", "tier-1"), "This value"),
    ],
)
def test_label_of_a_path_is_readable(path: Path, text: str) -> None:
    assert label(path) == text


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (
            {"type": "enum", "ctx": {"expected": "'a_b', 'c' or 'd'"}},
            (ErrorCode.INVALID_CHOICE, {"expected": "value", "choices": ["a_b", "c", "d"]}),
        ),
        ({"type": "int_parsing_size"}, (ErrorCode.TOO_LARGE, {"max": MAX_NUMBER})),
        ({"type": "greater_than_equal", "ctx": {"ge": -90.0}}, (ErrorCode.TOO_SMALL, {"min": -90})),
        (
            {"type": "invalid_format", "ctx": {"format": "date"}},
            (ErrorCode.INVALID_FORMAT, {"format": "date"}),
        ),
        ({"type": "of a later release"}, (ErrorCode.INVALID_FORMAT, {"format": "other"})),
    ],
)
def test_pydantic_errors_become_codes_with_parameters(
    problem: JsonObject, expected: tuple[ErrorCode, JsonObject]
) -> None:
    code, params = code_and_params(problem)
    assert (code, params) == expected
    assert text_key(code, VARIANTS.get(code), params) in FIELD_ERROR_TEXTS


@pytest.mark.parametrize("model", [FieldError, StageErrorView, Check])
def test_errors_of_an_earlier_release_have_no_parameters(
    model: type[FieldError] | type[StageErrorView] | type[Check],
) -> None:
    recorded = {
        "stage": "eventSetup",
        "pointer": "/title",
        "code": "missing",
        "message": "Title is missing.",
        "severity": "block",
    }
    assert model.model_validate(recorded).params == {}
