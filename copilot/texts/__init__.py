"""The texts of the assistant, by language."""

from typing import Final

from copilot.texts.english import English
from copilot.texts.german import German
from copilot.texts.language import Language

__all__ = ["ENGLISH", "GERMAN", "LANGUAGES", "Language", "language_of"]

ENGLISH: Final = English()
GERMAN: Final = German()
LANGUAGES: Final[dict[str, Language]] = {language.tag: language for language in (ENGLISH, GERMAN)}


def language_of(locale: str) -> Language:
    """The language of a locale, such as ``de-AT`` or ``de_CH``. Any other one is English."""
    return LANGUAGES.get(locale.replace("_", "-").partition("-")[0].casefold(), ENGLISH)
