"""The assistant names fields, stages and choices as the pages of the front end do."""

import re
from pathlib import Path
from typing import Final

import pytest

from copilot.agent.field_names import field_named
from copilot.texts import LANGUAGES
from copilot.texts.language import Language
from domain.schemas import INPUT_SCHEMAS
from domain.stages import STAGES, Stage
from domain.validation.texts import LABELS as NAMES_OF_THE_API

TEXTS: Final = Path(__file__).parents[3] / "web/src/texts"
_ENTRY: Final = re.compile(r'^  "?([\w/#]+)"?: "(.+)",$', re.MULTILINE)
_STAGES: Final = re.compile(r"(?s)const names: .*? = \{(.*?)\};")

_CHOICES: Final = {
    "myEvents": ("kinds",),
    "event": ("visibilities",),
    "venue": ("modes",),
    "tickets": ("kinds", "accesses", "refunds"),
    "media": ("levels",),
}
"""The groups of choices, by the files of the page's texts."""
_CHOICE: Final = re.compile(r'(\w+): "([^"]+)"')
_ON_NO_PAGE: Final = {"visible", "hidden"}
"""A box to tick shows whether a ticket is hidden."""


def texts_of(language: Language, file: str) -> str:
    return (TEXTS / language.tag / f"{file}.ts").read_text()


def choices_on_the_page(language: Language) -> list[tuple[str, str]]:
    found = []
    for file, groups in _CHOICES.items():
        for group in groups:
            choices = re.search(
                rf"(?s)^  {group}: \{{(.*?)\}},", texts_of(language, file), re.MULTILINE
            )
            assert choices, group
            found += _CHOICE.findall(choices[1])
    return found


def names_on_the_page(language: str) -> dict[str, str]:
    """By the name in JSON, or by ``stage/name`` if the name means different things."""
    return dict(_ENTRY.findall((TEXTS / language / "fieldNames.ts").read_text()))


def label(key: str, language: Language) -> str:
    stage, _, name = key.rpartition("/")
    return language.label((name,), Stage(stage) if stage else None)


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.tag)
def test_a_field_has_the_name_of_the_page(language: Language) -> None:
    page = names_on_the_page(language.tag)
    fields = {key: name for key, name in page.items() if "#" not in key}

    assert len(fields) >= 80
    assert {key: label(key, language) for key in fields} == fields
    assert language.labels.keys() - fields.keys() == {"at", "id", "y"}  # on no page


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.tag)
def test_a_stage_has_the_name_of_the_page(language: Language) -> None:
    found = _STAGES.search((TEXTS / language.tag / "stages.ts").read_text())
    assert found
    names = dict(_ENTRY.findall(found[1]))

    assert {stage: language.stages[stage] for stage in STAGES} == names


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.tag)
def test_a_choice_has_the_name_of_the_page(language: Language) -> None:
    page = choices_on_the_page(language)

    assert [(choice, language.value(choice)) for choice, _ in page] == page
    assert language.values.keys() - dict(page).keys() == _ON_NO_PAGE
    every = {choice for field in _choice_fields() for choice in field}
    assert every - dict(page).keys() == _ON_NO_PAGE


def _choice_fields() -> list[list[str]]:
    schemas = [INPUT_SCHEMAS[stage].model_json_schema() for stage in STAGES]
    found = [
        rule["enum"]
        for schema in schemas
        for rule in schema.get("$defs", {}).values()
        if "enum" in rule
    ]
    assert len(found) >= 7
    return found


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.tag)
def test_the_kind_of_a_ticket_has_the_words_of_its_row(language: Language) -> None:
    words = dict(_ENTRY.findall(texts_of(language, "tickets")))
    assert language.kinds_of_tickets == {kind: words[kind] for kind in ("free", "donation")}


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.tag)
def test_the_names_of_the_page_are_understood(language: Language) -> None:
    for stage in STAGES:
        for name in INPUT_SCHEMAS[stage].model_json_schema()["properties"]:
            words = language.label((name,), stage)
            assert field_named(words, stage) == (stage, f"/{name}"), words


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("start time", (Stage.EVENT_SETUP, "/startTime")),
        ("Starts", (Stage.EVENT_SETUP, "/startTime")),
        ("mode", (Stage.VENUE_SETUP, "/mode")),
        ("How people attend", (Stage.VENUE_SETUP, "/mode")),
        ("Room for", (Stage.VENUE_SETUP, "/capacity")),
        ("capacity", (Stage.VENUE_SETUP, "/capacity")),
        ("the address", (Stage.VENUE_SETUP, "/address")),
        ("Link to the stream", (Stage.VENUE_SETUP, "/url")),
        ("Link zur Übertragung", (Stage.VENUE_SETUP, "/url")),
        ("Name des Gastgebers", (Stage.ORGANIZER_SETUP, "/name")),
        ("Name of the place", (Stage.VENUE_SETUP, "/name")),
        ("slug", (Stage.EVENT_SETUP, "/slug")),
        ("Address of its page", (Stage.EVENT_SETUP, "/slug")),
    ],
)
def test_a_field_is_known_by_both_of_its_names(words: str, field: tuple[Stage, str]) -> None:
    assert field_named(words, Stage.EVENT_SETUP) == field


def test_the_api_has_names_of_its_own() -> None:
    assert NAMES_OF_THE_API["startTime"] == "start time"
