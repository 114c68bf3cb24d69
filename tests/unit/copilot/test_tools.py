"""The table of tools."""

import json
from collections.abc import Iterator

import jsonschema_rs
import pytest

from copilot.tools import TOOLS, Effect, Tool, tool_named, tools_for
from domain.stages import STAGES, Stage

NAMES = {
    Stage.ORGANIZER_SETUP: (
        "completeOrganizerSetup",
        "autosaveOrganizerData",
        "suggestOrganizerDetails",
    ),
    Stage.EVENT_SETUP: ("completeEventSetup", "autosaveEventData", "suggestEventDetails"),
    Stage.VENUE_SETUP: ("completeVenueSetup", "autosaveVenueData", "suggestVenueDetails"),
    Stage.TICKET_SETUP: ("completeTicketSetup", "autosaveTicketData", "suggestTicketDetails"),
    Stage.SPONSORS_MEDIA: ("completeSponsorsMedia", "autosaveSponsorData", "suggestSponsorDetails"),
    Stage.REVIEW_PUBLISH: ("completeReviewPublish", "autosaveReviewData", "suggestReviewDetails"),
}


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_has_its_tools(stage: Stage) -> None:
    names = [tool.name for tool in tools_for(stage)]
    assert names[:3] == list(NAMES[stage])
    assert {"runChecks", "fillFromText", "undoLast"} < set(names)


def test_names_are_unique() -> None:
    assert len({tool.name for tool in TOOLS}) == len(TOOLS)


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_parameters_are_a_schema_without_the_session(tool: Tool) -> None:
    jsonschema_rs.validator_for(tool.parameters)
    assert tool.parameters["additionalProperties"] is False
    assert "session_id" not in tool.parameters["properties"]
    assert len(json.dumps(tool.parameters)) < 8_000


def keys_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield key
            yield from keys_in(member)
    elif isinstance(value, list):
        for member in value:
            yield from keys_in(member)


def test_no_tool_accepts_terms() -> None:
    for tool in TOOLS:
        assert "acceptTerms" not in set(keys_in(tool.parameters)), tool.name


def test_only_publishing_and_stripe_ask_first() -> None:
    asking = {tool.name for tool in TOOLS if tool.asks_first}
    assert asking == {"publishEvent", "confirmPublish", "connectPayments"}
    assert all(tool.asks_first for tool in TOOLS if tool.effect is Effect.PUBLISH)


def test_a_draft_may_remove_a_field_and_leave_out_others() -> None:
    save = tool_named("autosaveEventData")
    assert save is not None
    draft = jsonschema_rs.validator_for(save.parameters)
    assert draft.is_valid({"title": "Hats", "endTime": None})
    assert not draft.is_valid({"titel": "Hats"})


def test_a_draft_may_change_a_part_of_an_object() -> None:
    save = tool_named("autosaveVenueData")
    assert save is not None
    draft = jsonschema_rs.validator_for(save.parameters)
    assert draft.is_valid({"address": {"city": "Lisbon", "postalCode": None}})
    assert draft.is_valid({"address": None})
    assert not draft.is_valid({"address": {"town": "Lisbon"}})


def test_entries_of_a_list_are_sent_whole() -> None:
    save = tool_named("autosaveSponsorData")
    assert save is not None
    draft = jsonschema_rs.validator_for(save.parameters)
    assert draft.is_valid({"media": {"cover": {"alt": "A hall"}}})
    assert draft.is_valid({"sponsors": [{"name": "Maison Verte"}]})
    assert not draft.is_valid({"sponsors": [{"tier": "gold"}]})


def test_an_unknown_name_is_no_tool() -> None:
    assert tool_named("deleteEverything") is None
