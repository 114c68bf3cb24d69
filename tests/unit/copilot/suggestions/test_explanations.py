"""Explanations of fields."""

from collections.abc import Iterator

import pytest

from copilot.suggestions.explanations import explain
from copilot.texts.en.purposes import PURPOSES
from domain.json_values import is_at_or_below
from domain.schemas import INPUT_SCHEMAS
from domain.schemas.base import FieldRule, SchemaModel, fields_of
from domain.schemas.review import ReviewSection
from domain.stages import Stage
from domain.validation.parsing import parse_section

Field = tuple[Stage, str, type[SchemaModel], FieldRule]


def fields(stage: Stage, model: type[SchemaModel], base: str = "") -> Iterator[Field]:
    for rule in fields_of(model):
        pointer = f"{base}/{rule.alias}"
        yield stage, pointer, model, rule
        if rule.model is not None:
            yield from fields(stage, rule.model, f"{pointer}/0" if rule.is_list else pointer)


FIELDS = [
    *(field for stage, model in INPUT_SCHEMAS.items() for field in fields(stage, model)),
    *fields(Stage.REVIEW_PUBLISH, ReviewSection),
]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field[0]}{field[1]}")
def test_every_field_is_explained(field: Field) -> None:
    stage, pointer, model, rule = field
    explanation = explain(stage, pointer, "en-GB")

    assert explanation is not None
    assert explanation.label[0].isupper()
    assert explanation.purpose.endswith(".")
    assert explanation.text.endswith(".")
    assert explanation.required is (rule.required is not None and rule.required.field is None)
    example = parse_section(stage, model, {rule.alias: explanation.example})
    wrong = [error for error in example.errors if is_at_or_below(error.pointer, f"/{rule.alias}")]
    assert wrong == []


def test_every_purpose_belongs_to_a_field() -> None:
    assert set(PURPOSES) == {f"{model.__name__}.{rule.alias}" for _, _, model, rule in FIELDS}


def test_an_explanation_has_limits_choices_and_default() -> None:
    title = explain(Stage.EVENT_SETUP, "/title", "en")
    assert title is not None
    assert (title.required, title.limits) == (True, {"minLength": 3, "maxLength": 150})

    visibility = explain(Stage.EVENT_SETUP, "/visibility", "en")
    assert visibility is not None
    assert visibility.choices == ("public", "unlisted", "private")
    assert visibility.default == "public"

    currency = explain(Stage.TICKET_SETUP, "/currency", "en")
    assert currency is not None
    assert (currency.choices, currency.default) == ((), "usd")


def test_a_field_that_depends_on_the_mode_says_so() -> None:
    url = explain(Stage.VENUE_SETUP, "/url", "en")
    assert url is not None
    assert not url.required
    assert url.required_if == {"field": "mode", "values": ["virtual", "hybrid"]}


@pytest.mark.parametrize(
    ("locale", "date", "time"),
    [
        ("en-GB", "Friday, 9 May 2031", "19:30"),
        ("de", "Freitag, 9. Mai 2031", "19:30"),
        ("no such", "Friday, May 9, 2031", "7:30\u202fPM"),
    ],
)
def test_examples_are_written_as_the_locale_does(locale: str, date: str, time: str) -> None:
    day = explain(Stage.EVENT_SETUP, "/date", locale)
    start = explain(Stage.EVENT_SETUP, "/startTime", locale)
    assert day is not None
    assert start is not None
    assert (day.example_shown.replace(",", ""), start.example_shown) == (
        date.replace(",", ""),
        time,
    )


@pytest.mark.parametrize(
    ("locale", "shown"),
    [("en-GB", "Saturday, 1 March 2031, 12:00"), ("de", "Samstag, 1. März 2031, 12:00")],
)
def test_the_start_of_a_sale_is_written_as_the_locale_does(locale: str, shown: str) -> None:
    start = explain(Stage.TICKET_SETUP, "/tiers/0/saleStart", locale)
    assert start is not None
    assert start.example_shown.replace("Saturday ", "Saturday, ") == shown


@pytest.mark.parametrize(
    ("stage", "pointer", "text"),
    [
        (
            Stage.EVENT_SETUP,
            "/title",
            (
                "Title: The name of the event. It is required. Characters: at least 3. "
                "Characters: at most 150. Example: The Hat Room."
            ),
        ),
        (
            Stage.VENUE_SETUP,
            "/url",
            (
                "Link to the stream: Where visitors watch the event online. It is required if "
                '"How people attend" is "Online" or "Both". Characters: at most '
                "2048. Example: https://example.com/hats."
            ),
        ),
        (
            Stage.EVENT_SETUP,
            "/visibility",
            (
                "Who may see it: Who finds the event's page. One of: Everyone, Anyone with the "
                "link, Only you. Example: Everyone."
            ),
        ),
    ],
)
def test_an_explanation_is_sentences(stage: Stage, pointer: str, text: str) -> None:
    explanation = explain(stage, pointer, "en-GB")
    assert explanation is not None
    assert explanation.text == text


def test_an_amount_is_shown_in_its_currency() -> None:
    price = explain(Stage.TICKET_SETUP, "/tiers/0/unit_amount", "en-GB")
    assert price is not None
    assert (price.example, price.example_shown) == (2500, "€25.00")


@pytest.mark.parametrize("pointer", ["/tiers/0/name", "/tiers/-/name", "/tiers/12/name"])
def test_an_entry_of_a_list_has_any_index(pointer: str) -> None:
    name = explain(Stage.TICKET_SETUP, pointer, "en")
    assert name is not None
    assert name.label == "Name of the ticket"


def test_a_translated_ticket_name_is_explained() -> None:
    name = explain(Stage.EVENT_SETUP, "/translations/0/tiers/tier-1", "en")
    assert name is not None
    assert name.label == "Name of the ticket"


@pytest.mark.parametrize(
    "pointer", ["", "/", "/0", "/no", "/title/no", "/tiers", "/translations/0/tiers/a/b", "/~2"]
)
def test_an_unknown_field_has_no_explanation(pointer: str) -> None:
    assert explain(Stage.EVENT_SETUP, pointer, "en") is None
