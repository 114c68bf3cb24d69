"""The sentences that the front end shows on buttons are commands."""

import re
from pathlib import Path
from typing import Final

import pytest

from copilot.agent.commands import commands_in
from domain.stages import STAGES

SOURCE: Final = Path(__file__).parents[4] / "web/src/assistant/panel/sayings.ts"
_STAGE: Final = re.compile(r"^  (\w+): \[(.*)\],$", re.MULTILINE)

SAYINGS: Final = {
    stage: re.findall(r'"([^"]+)"', sentences)
    for stage, sentences in _STAGE.findall(SOURCE.read_text())
}


def test_each_stage_has_three_sentences() -> None:
    assert {stage: len(sentences) for stage, sentences in SAYINGS.items()} == dict.fromkeys(
        STAGES, 3
    )


@pytest.mark.parametrize("sentence", sorted({one for some in SAYINGS.values() for one in some}))
def test_a_sentence_on_a_button_is_a_command(sentence: str) -> None:
    assert commands_in(sentence)
