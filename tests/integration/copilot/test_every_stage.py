"""Every stage is filled in, completed and helped by sentences, and an event is published."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.support.assistants_browser import AssistantsBrowser
from tests.support.stage_data import SECTIONS, STAGES, days_ahead, free_sections
from tests.support.wizard import start


@dataclass(frozen=True)
class Spoken:
    """What is said at a stage; the stages before it are complete."""

    sentences: list[str]
    """That fill it in."""
    saved: dict[str, Any]
    """A part of what is stored then."""
    refused: str | None
    """A part of the question, if the stage is completed while it is empty."""
    suggested: str
    """A part of the suggestions for the empty stage."""


SPOKEN = {
    "organizerSetup": Spoken(
        ["The organizer is Ada Lovelace"], {"name": "Ada Lovelace"}, "Name", "nothing to suggest"
    ),
    "eventSetup": Spoken(
        [
            f'A fashion show called "Spring Show" on {days_ahead(60)} at 19:30 in Lisbon',
            "yes",
        ],
        {"title": "Spring Show", "date": days_ahead(60), "startTime": "19:30"},
        "Title",
        "Language",
    ),
    "venueSetup": Spoken(
        ["At Great Hall, 1 Main Street in New York, 200 people, in person", "yes"],
        {"name": "Great Hall", "mode": "physical", "capacity": 200},
        "How people attend",
        "nothing to suggest",
    ),
    "ticketSetup": Spoken(["Add a ticket General for free, 150 of them"], {}, "ticket", "Currency"),
    "sponsorsMedia": Spoken(
        ["Sponsored by Maison Verte", "yes"],
        {"sponsors": [{"name": "Maison Verte"}]},
        None,
        "Hashtag",
    ),
    "reviewPublish": Spoken(["Save this stage"], {}, "terms", "nothing to suggest"),
}


@pytest.mark.parametrize("stage", STAGES)
async def test_a_stage_is_saved_suggested_and_completed_by_sentences(
    ada: httpx.AsyncClient, stage: str
) -> None:
    spoken = SPOKEN[stage]
    before = STAGES.index(stage)
    complete = dict(list(free_sections().items())[:before])
    wizard = await start(ada, complete)
    for earlier in STAGES[:before]:
        assert (await wizard.complete(earlier)).status_code == 200
    browser = AssistantsBrowser(wizard, stage=stage, timezone="Europe/Lisbon", locale="en-GB")

    if spoken.refused is not None:
        assert spoken.refused in await browser.say("Complete this stage")
        assert stage not in (await wizard.view(consistent="true"))["completed_stages"]
    assert spoken.suggested.lower() in (await browser.say("Suggest values")).lower()
    for sentence in spoken.sentences:
        await browser.say(sentence)
    data = (await wizard.view(consistent="true"))["stages"][stage]["data"]
    assert data | spoken.saved == data
    if stage != "reviewPublish":  # whose terms only the person accepts
        await browser.say("Complete this stage")
        assert stage in (await wizard.view(consistent="true"))["completed_stages"]


async def test_an_event_is_published_by_sentences(ada: httpx.AsyncClient) -> None:
    sections = dict(zip(SECTIONS[:-1], free_sections().values(), strict=False))
    wizard = await start(ada, sections)
    for stage in STAGES[:-1]:
        await wizard.complete(stage)
    browser = AssistantsBrowser(wizard, stage="reviewPublish", timezone="America/New_York")

    await browser.say("Publish")

    assert browser.ran == ["publishEvent", "confirmPublish"]
    assert (await wizard.view(consistent="true"))["publication"]["state"] == "published"


async def test_a_refused_value_comes_back_as_a_question(ada: httpx.AsyncClient) -> None:
    wizard = await start(ada, {"ticket": {"tiers": [{"name": "General", "unit_amount": 0}]}})
    browser = AssistantsBrowser(wizard, stage="ticketSetup")
    other = await wizard.save("ticketSetup", {"currency": "eur"})

    (call,) = (await browser.answer("Add a ticket VIP for free")).calls
    stale = await wizard.save("ticketSetup", {"currency": "usd"}, If_Match='"0"')
    assert (other.status_code, stale.status_code) == (200, 412)
    browser.chat.messages.append(_result(call["id"], stale))

    assert "again" in (await browser.chat.run()).words


def _result(call_id: str, response: httpx.Response) -> dict[str, Any]:
    return {"id": "result", "role": "tool", "toolCallId": call_id, "content": response.text}
