"""The sentences that the front end shows on buttons are commands."""

import re
from itertools import product
from pathlib import Path
from typing import Final

import pytest

from copilot.agent.commands import commands_in
from copilot.texts import LANGUAGES
from domain.stages import STAGES

TEXTS: Final = Path(__file__).parents[4] / "web/src/texts"
_STAGE: Final = re.compile(r"^    (\w+): \[(.*)\],$", re.MULTILINE)

SAYINGS: Final = {
    (language, stage): re.findall(r'"([^"]+)"', sentences)
    for language in LANGUAGES
    for stage, sentences in _STAGE.findall((TEXTS / language / "assistant.ts").read_text())
}


def test_each_stage_has_three_sentences() -> None:
    assert {place: len(sentences) for place, sentences in SAYINGS.items()} == dict.fromkeys(
        product(LANGUAGES, STAGES), 3
    )


@pytest.mark.parametrize("sentence", sorted({one for some in SAYINGS.values() for one in some}))
def test_a_sentence_on_a_button_is_a_command(sentence: str) -> None:
    assert commands_in(sentence)
