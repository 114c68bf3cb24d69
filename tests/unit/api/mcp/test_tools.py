"""The tools that agents are offered."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from api.mcp.calls import function_of
from api.mcp.tools import NOT_OFFERED, input_schema, offered_tool, offered_tools
from copilot.tools import TOOLS, Effect, Tool

OFFERED = [tool for tool in TOOLS if tool.name not in NOT_OFFERED]


def names_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for member in value.values():
            yield from names_in(member)
    elif isinstance(value, list):
        for entry in value:
            yield from names_in(entry)


def test_each_tool_of_the_table_is_offered_or_has_a_reason() -> None:
    assert {tool.name for tool in TOOLS} == {
        *(tool.name for tool in offered_tools()),
        *NOT_OFFERED,
    }
    assert all(offered_tool(name) is None for name in NOT_OFFERED)


@pytest.mark.parametrize("tool", OFFERED, ids=lambda tool: tool.name)
def test_each_tool_has_a_function_and_a_valid_schema(tool: Tool) -> None:
    schema = input_schema(tool)

    assert callable(function_of(tool))
    jsonschema_rs.validator_for(schema)
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) <= set(schema["properties"])


@pytest.mark.parametrize("tool", OFFERED, ids=lambda tool: tool.name)
def test_no_tool_can_accept_the_terms(tool: Tool) -> None:
    assert not {"acceptTerms", "acceptedTerms"} & set(names_in(input_schema(tool)))


def test_hints_follow_the_effect_of_a_tool() -> None:
    effects = {tool.name: tool.effect for tool in TOOLS}
    for tool in offered_tools():
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is (effects[tool.name] is Effect.READ)
        assert tool.annotations.destructive_hint is (effects[tool.name] is Effect.PUBLISH)
        assert tool.annotations.idempotent_hint is True


def test_the_list_of_tools_fits_into_a_context() -> None:
    listed = json.dumps(
        [tool.model_dump(mode="json", exclude_none=True) for tool in offered_tools()]
    )

    assert len(listed) < 120_000
