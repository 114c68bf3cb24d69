"""The instructions of the assistant."""

import pytest

from copilot.context import Device
from copilot.instructions import instructions_for
from copilot.texts import ENGLISH
from copilot.tools import TOOLS
from domain.stages import STAGES, Stage


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_has_instructions_of_its_own(stage: Stage) -> None:
    text = instructions_for(stage, Device.DESKTOP, "en")

    assert f"The stage is {ENGLISH.stages[stage]}:" in text
    assert not any(
        f"The stage is {ENGLISH.stages[other]}:" in text for other in STAGES if other is not stage
    )
    assert all(tool.name not in text for tool in TOOLS)


def test_a_phone_gets_brief_answers() -> None:
    on_phone = instructions_for(Stage.EVENT_SETUP, Device.MOBILE, "en")
    assert "at most two sentences" in on_phone
    assert "at most two sentences" not in instructions_for(Stage.EVENT_SETUP, Device.DESKTOP, "en")


def test_the_language_is_that_of_the_person() -> None:
    assert "pt-BR" in instructions_for(Stage.EVENT_SETUP, Device.DESKTOP, "pt-BR")
