"""The front end has a sentence, in each of its languages, for everything that the API can find."""

import re
from pathlib import Path
from typing import Final

import pytest

from domain.errors import ErrorCode
from domain.validation.check_codes import CHECK_TEXTS, CheckCode

TEXTS: Final = Path(__file__).parents[2] / "web" / "src" / "texts"

LANGUAGES: Final = ("en", "de")

_KEY: Final = re.compile(r'^  (?:"([^"]+)"|(\w+)):', re.MULTILINE)
"""Of a sentence: they are indented once, and others more."""


def keys_of(language: str, file: str) -> set[str]:
    """The keys of the sentences in a file of texts."""
    source = (TEXTS / language / file).read_text()
    return {quoted or bare for quoted, bare in _KEY.findall(source)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_error_code_has_a_sentence(language: str) -> None:
    assert set(ErrorCode) - keys_of(language, "errors.ts") == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_of_a_check_has_a_sentence(language: str) -> None:
    assert set(CHECK_TEXTS) - keys_of(language, "checks.ts") == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_check_without_a_text_has_no_sentence(language: str) -> None:
    """It repeats a field error, or is of an earlier release."""
    known = {*CHECK_TEXTS, *(key.split(".")[0] for key in CHECK_TEXTS)}
    assert keys_of(language, "checks.ts") - known == set()
    assert set(CheckCode) - known <= set(ErrorCode)
