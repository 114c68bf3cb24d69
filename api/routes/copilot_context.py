"""What the assistant knows of a session: for front ends, and for agents of their own."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.auth import CurrentActor
from api.copilot.run_input import DEFAULT_LOCALE, Locale
from api.copilot.turns import Presentation
from api.deps import CurrentServices, SessionId
from api.responses import SESSION_ERRORS, documented_errors
from api.routing import ApiRoute
from copilot.context import CopilotContext, Device, checks_digest
from copilot.instructions import instructions_for
from copilot.suggestions.basis import Suggestion
from copilot.suggestions.suggest import suggest
from copilot.texts import Language, language_of
from copilot.tools import Effect, Tool, tools_for
from domain.errors import InvalidRequest
from domain.json_values import JsonObject
from domain.schemas.fields import Timezone
from domain.stages import Stage

router = APIRouter(prefix="/v1/sessions", tags=["assistant"], route_class=ApiRoute)


class CopilotTool(BaseModel):
    """A tool that the assistant may call. The client runs it, with the person's token."""

    name: str
    stage: Stage | None = Field(description="Null if it is offered at each stage")
    effect: Effect = Field(
        description="`read`: nothing changes; `write`: the session does, and it can be undone; "
        "`publish`: an event appears"
    )
    asks_first: bool = Field(description="Whether the person confirms each call")
    description: str
    parameters: JsonObject = Field(description="A JSON Schema of an object")

    @classmethod
    def of(cls, tool: Tool) -> "CopilotTool":
        return cls(
            name=tool.name,
            stage=tool.stage,
            effect=tool.effect,
            asks_first=tool.asks_first,
            description=tool.description,
            parameters=tool.parameters,
        )


class CopilotSuggestion(BaseModel):
    """A value for an empty field, or a text that the person has to write."""

    stage: Stage
    pointer: str = Field(description="A JSON Pointer (RFC 6901) into the stage's data")
    value: Any = Field(description="As `PATCH` accepts it; null if the person has to write it")
    reason_code: str
    params: JsonObject = Field(description="The values in the text")
    text: str = Field(
        description="Why this value, or what to write; in German if that is the `locale`, else in "
        "English"
    )

    @classmethod
    def of(cls, suggestion: Suggestion, language: Language) -> "CopilotSuggestion":
        return cls(
            stage=suggestion.stage,
            pointer=suggestion.pointer,
            value=suggestion.value,
            reason_code=suggestion.reason_code,
            params=suggestion.params,
            text=suggestion.reason(language),
        )


class CopilotSituation(BaseModel):
    """What the assistant knows of a session, and what it may do."""

    instructions: str = Field(description="For a model, as Markdown")
    context: CopilotContext
    checks_digest: str = Field(
        description="Names the checks of this revision. `confirmPublish` takes both, so that what "
        "is published is what the person has seen"
    )
    tools: list[CopilotTool] = Field(description="The tools of the stage")
    suggestions: list[CopilotSuggestion] = Field(
        description="For empty fields of the stage, the best suggestion for each field first"
    )


@router.get(
    "/{session_id}/copilot",
    summary="Read what the assistant knows",
    response_description="Instructions, context, tools and suggestions of a stage",
    responses=documented_errors(*SESSION_ERRORS, InvalidRequest),
)
async def get_copilot(
    actor: CurrentActor,
    services: CurrentServices,
    session_id: SessionId,
    *,
    stage: Annotated[
        Stage | None, Query(description="The stage that is on screen. Unless set, the current one")
    ] = None,
    device: Annotated[
        Device, Query(description="On a phone, instructions ask for brief answers")
    ] = Device.DESKTOP,
    locale: Annotated[
        Locale, Query(description="The language of the person, a BCP 47 tag")
    ] = DEFAULT_LOCALE,
    timezone: Annotated[
        Timezone | None, Query(description="The time zone of the person, an IANA name")
    ] = None,
) -> CopilotSituation:
    """The same as the assistant has when it answers: a front end shows the suggestions, and reads
    `checks_digest` before it asks the person to publish."""
    shown = Presentation(stage, device, locale, timezone)
    situation = await services.copilot.situation(actor, session_id, shown)
    context = situation.context
    found = await asyncio.to_thread(
        suggest, context.stage, situation.circumstances, situation.own_events
    )
    return CopilotSituation(
        instructions=instructions_for(context.stage, device, locale),
        context=context,
        checks_digest=checks_digest(context.revision, context.checks),
        tools=[CopilotTool.of(tool) for tool in tools_for(context.stage)],
        suggestions=[CopilotSuggestion.of(suggestion, language_of(locale)) for suggestion in found],
    )
