"""Unusual text in every field of every stage, through the API: kept, and read back the same."""

from functools import partial
from typing import Any

import httpx
import pytest

from domain.json_values import JsonObject
from domain.stages import STAGE_OF, Section
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start
from tests.unit.domain.filled_sections import FILLED_SECTIONS

TEXTS = (
    "\u200b\u3164\u00ad",
    "Line\u2028two",
    "\u202eabc",
    "\ufeff \u2067\u05d0\u2069 \u2764\ufe0f",
    "\U0001f3f4\U000e0067\U000e007f \U0010ffff \uffff",
    "e\u0301\u0327 \u1e9e \u0130\u0131 \ufb01",
    "</script>{{7*7}}%s\\u0000 ' OR 1=1 --",
    "\x07\x1b[31m\x7f\x85",
)

SECTIONS = [section for section in FILLED_SECTIONS if section is not Section.REVIEW]


OTHER_TYPES = ([["a"]], {"a": 1}, 5, True)


def with_text(value: Any, text: Any) -> Any:
    """A copy in which each text is replaced."""
    if isinstance(value, dict):
        return {name: with_text(member, text) for name, member in value.items()}
    if isinstance(value, list):
        return [with_text(entry, text) for entry in value]
    return text if isinstance(value, str) else value


async def repeats_without_a_change(wizard: Wizard, stage: str, shown: JsonObject) -> bool:
    """Saving what is shown changes nothing. False if something else, such as the check of the
    account after the first paid tier, has changed the session meanwhile."""
    before = await wizard.view(consistent="true")
    repeated = (await wizard.save(stage, shown["data"])).json()
    assert repeated["stages"][stage] == shown
    return bool(repeated["revision"] == before["revision"])


@pytest.mark.parametrize("section", SECTIONS)
async def test_unusual_text_in_every_field_is_kept(wizard: Wizard, section: Section) -> None:
    stage = STAGE_OF[section].value
    for text in TEXTS:
        response = await wizard.save(stage, with_text(FILLED_SECTIONS[section], text))

        assert response.status_code == 200, response.text
        shown = response.json()["stages"][stage]
        await eventually(partial(repeats_without_a_change, wizard, stage, shown), what="no change")
    kept = (await wizard.view(consistent="true"))["stages"][stage]
    assert kept == shown


@pytest.mark.parametrize("section", SECTIONS)
async def test_a_session_goes_on_with_values_of_other_types(
    ada: httpx.AsyncClient, section: Section
) -> None:
    stage = STAGE_OF[section].value
    for value in OTHER_TYPES:
        data = with_text(FILLED_SECTIONS[section], value)
        filled, saved = await start(ada, {section.value: data}), await start(ada)
        response = await saved.save(stage, data)

        assert response.status_code == 200, response.text
        for wizard in (filled, saved):
            # Its status is a search attribute, so all of them are set from the draft again.
            closed = await wizard.post("/abandon")
            assert closed.status_code == 200, closed.text
            assert closed.json()["stages"][stage]["data"] == data


async def test_values_with_one_meaning_are_stored_in_one_form(wizard: Wizard) -> None:
    typed = {"phone": "+33 6 12 34 56 78", "socials": {"linkedin": "in/ada-x"}}

    saved = await wizard.save("organizerSetup", typed)

    shown = saved.json()["stages"]["organizerSetup"]
    assert shown["data"]["phone"] == "+33612345678"
    assert shown["data"]["socials"] == {"linkedin": "https://www.linkedin.com/in/ada-x"}
    assert not [error for error in shown["errors"] if error["code"] != "missing"]


async def test_emptying_an_absent_field_keeps_the_accepted_terms(wizard: Wizard) -> None:
    accepted = (await wizard.save("reviewPublish", {"acceptTerms": True})).json()

    emptied = (await wizard.save("eventSetup", {"summary": ""})).json()

    assert emptied["revision"] == accepted["revision"]
    assert emptied["stages"]["reviewPublish"]["data"] == accepted["stages"]["reviewPublish"]["data"]
    assert emptied["stages"]["reviewPublish"]["errors"] == []
