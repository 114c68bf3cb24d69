"""Each language has every text of the assistant, and its sentences are understood."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from string import Formatter

import pytest
from pydantic import BaseModel

from copilot.agent.commands import commands_in
from copilot.texts import ENGLISH, GERMAN, LANGUAGES, language_of
from copilot.texts.de.checks import CHECK_TEXTS as GERMAN_CHECKS
from copilot.texts.de.errors import FIELD_ERROR_TEXTS as GERMAN_ERRORS
from copilot.texts.de.fields import CHOICES, ENTRIES, LABELS
from copilot.texts.en.purposes import PURPOSES
from copilot.texts.language import Language
from copilot.tools import TOOLS
from copilot.understanding import understand
from copilot.understanding.facts import Circumstances
from domain.json_values import JsonObject
from domain.schemas import INPUT_SCHEMAS
from domain.stages import STAGES, Stage
from domain.validation.check_codes import CHECK_TEXTS, Check
from domain.validation.texts import FIELD_ERROR_TEXTS
from domain.validation.texts import LABELS as ENGLISH_LABELS
from tests.unit.copilot.agent.conversations import error

NOW = datetime(2030, 3, 7, 12, 0, tzinfo=UTC)

TABLES = (
    "replies",
    "examples",
    "refusals",
    "reasons",
    "questions",
    "options",
    "stages",
    "purposes",
    "explanations",
    "tiers",
)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("language", LANGUAGES.values())
def test_every_text_is_there_with_the_values_that_it_needs(language: Language, table: str) -> None:
    own: Mapping[str, str] = getattr(language, table)
    english: Mapping[str, str] = getattr(ENGLISH, table)

    assert own.keys() == english.keys()
    for key, text in own.items():
        assert text.strip()
        assert placeholders(text) == placeholders(english[key]), key


def test_every_button_is_there() -> None:
    assert GERMAN.buttons.keys() == ENGLISH.buttons.keys()


def test_every_error_of_a_value_has_a_german_sentence() -> None:
    for key, english in FIELD_ERROR_TEXTS.items():
        german = GERMAN_ERRORS.get(key) or GERMAN_ERRORS.get(key.partition(".")[0])
        assert german is not None, key
        known = placeholders(english) | {"label", "entry", "entries", "min", "max", "amount"}
        assert placeholders(german) <= known, key


def test_every_check_has_a_german_sentence() -> None:
    assert GERMAN_CHECKS.keys() == CHECK_TEXTS.keys()


def test_every_field_and_choice_has_a_german_name() -> None:
    names = set(_properties(*[model.model_json_schema() for model in _models()]))
    assert names <= LABELS.keys() <= ENGLISH_LABELS.keys()
    choices = {choice for model in _models() for choice in _choices(model.model_json_schema())}
    assert choices <= CHOICES.keys()
    lists = {name for name, rule in _rules() if rule.get("type") == "array"}
    assert lists - {"choices"} <= ENTRIES.keys()


def _models() -> list[type[BaseModel]]:
    return [INPUT_SCHEMAS[stage] for stage in STAGES]


def _rules() -> Iterator[tuple[str, JsonObject]]:
    for tool in TOOLS:
        for name, rule in tool.parameters["properties"].items():
            for option in rule.get("anyOf", [rule]):
                yield name, option


def _properties(*schemas: JsonObject) -> Iterator[str]:
    for schema in schemas:
        for model in (schema, *schema.get("$defs", {}).values()):
            yield from model.get("properties", {})


def _choices(schema: JsonObject) -> Iterator[str]:
    for rule in schema.get("$defs", {}).values():
        yield from rule.get("enum", ())


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("de", GERMAN),
        ("de-DE", GERMAN),
        ("de-AT", GERMAN),
        ("de_CH", GERMAN),
        ("DE", GERMAN),
        ("en", ENGLISH),
        ("en-GB", ENGLISH),
        ("fr", ENGLISH),
        ("den", ENGLISH),
        ("", ENGLISH),
    ],
)
def test_a_locale_has_its_language_or_english(locale: str, language: Language) -> None:
    assert language_of(locale) is language


def test_values_are_written_in_german() -> None:
    assert GERMAN.day(date(2030, 5, 9)) == "Donnerstag, 9. Mai 2030"
    assert GERMAN.amount(123450, "eur") == "1.234,50\xa0€"
    assert GERMAN.amount(1200, "jpy") == "1.200\xa0¥"
    assert GERMAN.country("PT") == "Portugal"
    assert GERMAN.listed(["Titel"]) == "„Titel“"
    assert GERMAN.listed(["Titel", "Datum", "Beginn"]) == "„Titel“, „Datum“ und „Beginn“"


def test_a_field_has_the_name_that_the_page_shows() -> None:
    assert GERMAN.label(("name",), Stage.VENUE_SETUP) == "Name des Ortes"
    assert GERMAN.label(("address", "city")) == "Stadt"
    assert GERMAN.label(("tiers", 0)) == "Ticket"
    assert GERMAN.label(("tiers", 0, "name")) == "Name des Tickets"
    assert GERMAN.label(("translations", 0, "tiers", "tier-1")) == "Name des Tickets"
    assert GERMAN.label(("typed by a person",)) == "Dieser Wert"


def test_an_error_and_a_check_are_german_from_their_codes() -> None:
    assert GERMAN.error_message(error("/title", "missing")) == "Titel: Das fehlt noch."
    first = {"pointer": "/summary", "code": "too_long", "params": {"max": 20000}}
    check = Check(
        code="stage_invalid",
        stage=Stage.EVENT_SETUP,
        pointer="",
        params={"errors": 1, "first": first},
        message="Event has 1 error.",
        severity="block",
    )
    assert GERMAN.check_message(check) == (
        "1 Sache zu berichtigen. Zusammenfassung: Kürze es. 20.000 Zeichen sind das Äußerste."
    )


def _quoted() -> Iterator[str]:
    for text in (*GERMAN.replies.values(), *GERMAN.refusals.values(), GERMAN.refused):
        yield from re.findall(r"[Ss]ag(?: dann| noch einmal)? „([^“{]+)“", text)
        yield from re.findall(r"(?:etwa|Beispiel:) „([^“{]+)“", text)
    yield from (sentence for _, sentence in GERMAN.buttons.values() if "{" not in sentence)
    yield from GERMAN.examples.values()


@pytest.mark.parametrize("sentence", sorted(set(_quoted()) - {"Beginn"}))
def test_a_german_sentence_that_is_quoted_is_understood(sentence: str) -> None:
    circumstances = Circumstances(NOW, "de-DE", "Europe/Berlin")
    sentence = sentence.replace("…", "hutraum")
    assert commands_in(sentence) or understand(sentence, circumstances).facts


def test_purposes_are_those_of_the_fields() -> None:
    assert GERMAN.field_examples.keys() <= PURPOSES.keys()
