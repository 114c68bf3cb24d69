"""The tools that a model is offered.

Those that write, ask or open something run in the browser, with the person's token. Those that only
read are answered here from what the server knows, so that a model needs no further run for them.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from pydantic_ai import RunContext, Tool, ToolDefinition
from pydantic_ai.framing import wrap
from pydantic_ai.toolsets import AbstractToolset, ExternalToolset, FunctionToolset, ToolsetTool
from pydantic_core import SchemaValidator, core_schema

from copilot import tools as table
from copilot.agent.capabilities import Capabilities
from copilot.agent.field_names import stage_of
from copilot.conversation import Turn
from copilot.model.history import RESULT
from copilot.tools import Effect
from domain.stages import Stage

MAX_WRONG_CALLS: Final = 1
"""Of one tool, in one answer: the model reads what was wrong, and calls again."""

NOT_FOR_MODELS: Final = frozenset({"confirmPublish"})
"""The rules call it, after a person has confirmed exactly what it publishes."""

RUN_BY_CLIENT: Final = frozenset({"runChecks"})
"""Of the tools that read: its result has a digest of what the person is shown."""


class BrowserTools(ExternalToolset[Turn]):
    """Tools that run in the browser. A call with an argument that the tool does not have is
    returned to the model, and never reaches the browser: no tool has the terms among its
    parameters."""

    async def get_tools(self, ctx: RunContext[Turn]) -> dict[str, ToolsetTool[Turn]]:
        tools = await super().get_tools(ctx)
        return {
            name: replace(
                tool,
                max_retries=MAX_WRONG_CALLS,
                args_validator=_names_validator(tool.tool_def.parameters_json_schema),
            )
            for name, tool in tools.items()
        }


def toolsets_for(turn: Turn, capabilities: Capabilities) -> list[AbstractToolset[Turn]]:
    """The tools of the table that the client can run, without ``confirmPublish``."""
    offered = [tool for tool in turn.tools if tool.name not in NOT_FOR_MODELS]
    read = [tool for tool in offered if _is_answered_here(tool)]
    external = [tool for tool in offered if not _is_answered_here(tool)]
    definitions = [
        ToolDefinition(
            name=tool.name,
            description=tool.description,
            parameters_json_schema=tool.parameters,
            strict=False,
        )
        for tool in external
    ]
    answered = [
        Tool[Turn].from_schema(
            _answer_of(tool, turn, capabilities), tool.name, tool.description, tool.parameters
        )
        for tool in read
    ]
    return [BrowserTools(definitions, id="browser"), FunctionToolset(answered, id="server")]


def _is_answered_here(tool: table.Tool) -> bool:
    return tool.effect is Effect.READ and tool.name not in RUN_BY_CLIENT


def _names_validator(parameters: dict[str, Any]) -> SchemaValidator:
    """Checks the names of arguments. The API checks their values, and its refusals are results."""
    required = set(parameters.get("required", ()))
    fields = {
        name: core_schema.typed_dict_field(core_schema.any_schema(), required=name in required)
        for name in parameters["properties"]
    }
    return SchemaValidator(core_schema.typed_dict_schema(fields, extra_behavior="forbid"))


def _answer_of(tool: table.Tool, turn: Turn, capabilities: Capabilities) -> Callable[..., str]:
    """The function that answers a tool. It is called with what the model gave, unchecked."""

    def answer(**arguments: object) -> str:
        if tool.name == "whatIsMissing":
            found: object = _missing(turn)
        elif tool.name == "explainField":
            found = _explanation(arguments, turn, capabilities)
        elif tool.name == "fillFromText":
            found = _understood(str(arguments.get("text", "")), turn, capabilities)
        else:
            found = _suggested(tool.stage, turn, capabilities)
        return wrap(RESULT, json.dumps(found, ensure_ascii=False, default=str))

    return answer


def _missing(turn: Turn) -> dict[str, object]:
    context = turn.context
    return {
        "errors": [error.model_dump(mode="json") for error in context.errors],
        "checks": [check.model_dump(mode="json") for check in context.checks],
    }


def _explanation(arguments: dict[str, object], turn: Turn, capabilities: Capabilities) -> str:
    stage, pointer = stage_of(arguments.get("stage")), str(arguments.get("pointer"))
    if stage is None:
        return "There is no such stage."
    explained = capabilities.explain(stage, pointer, turn.context.locale)
    return explained or "There is no such field."


def _understood(sentence: str, turn: Turn, capabilities: Capabilities) -> dict[str, object]:
    understood = capabilities.understand(sentence, turn.circumstances)
    return {
        "facts": [
            {
                "stage": fact.stage,
                "pointer": fact.pointer,
                "value": fact.value,
                "said": sentence[fact.start : fact.end],
                "assumed": fact.assumed,
            }
            for fact in understood.facts
        ],
        "questions": [
            {
                "said": sentence[question.start : question.end],
                "question": capabilities.question_text(question),
                "options": [capabilities.option_text(option) for option in question.options],
            }
            for question in understood.questions
        ],
        "unused": understood.unused,
    }


def _suggested(
    stage: Stage | None, turn: Turn, capabilities: Capabilities
) -> Sequence[dict[str, object]]:
    ideas = capabilities.suggest(stage or turn.context.stage, turn.circumstances)
    return [
        {"stage": idea.stage, "pointer": idea.pointer, "value": idea.value, "reason": idea.reason}
        for idea in ideas
    ]
