"""The assistant: AG-UI runs, and the wire of CopilotKit's runtime on them."""

from functools import partial
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Response
from pydantic import AfterValidator, BaseModel, Field

from api.auth import CurrentActor, CurrentIdentity
from api.copilot.run_input import RunInput
from api.deps import CurrentServices
from api.live.sse import MEDIA_TYPE, EventStream, StreamHeaders
from api.responses import AUTHENTICATED_ERRORS, SESSION_ERRORS, Responses, documented_errors
from api.routing import ApiRoute
from domain.errors import (
    AgentNotFound,
    InvalidRequest,
    PayloadTooLarge,
    RateLimited,
    ThreadNotFound,
)

router = APIRouter(prefix="/v1/copilot", tags=["assistant"], route_class=ApiRoute)

COPILOTKIT_VERSION: Final = "1.74.0"
"""The version of CopilotKit whose runtime these routes speak like."""


AGENT: Final = "default"
"""The name of the agent, which is the only one."""


def _agent(name: str) -> str:
    if name != AGENT:
        raise AgentNotFound(f"The only agent is {AGENT}.")
    return name


AgentInPath = Annotated[
    str, Path(description="The name of the agent.", examples=[AGENT]), AfterValidator(_agent)
]

_EVENTS: Final[Responses] = {
    200: {
        "description": "The events of AG-UI, each as the `data` of a message, until the run is "
        "over",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
    }
}
_RUN_ERRORS: Final = (*SESSION_ERRORS, ThreadNotFound, InvalidRequest, PayloadTooLarge, RateLimited)
_ERRORS: Final = documented_errors(*_RUN_ERRORS)
_AGENT_ERRORS: Final = documented_errors(*_RUN_ERRORS, AgentNotFound)


class AgentDescription(BaseModel):
    """An agent, as CopilotKit's clients read it."""

    name: str
    description: str
    class_name: str = Field(serialization_alias="className")


class ThreadEndpoints(BaseModel):
    """Routes of CopilotKit's runtime for lists of threads, which there are none of."""

    list: bool = False
    inspect: bool = False
    mutations: bool = False
    realtime_metadata: bool = Field(default=False, serialization_alias="realtimeMetadata")


class RuntimeInfo(BaseModel):
    """What CopilotKit's clients request before they run an agent."""

    version: str
    agents: dict[str, AgentDescription]
    mode: Literal["sse"] = "sse"
    audio_file_transcription_enabled: bool = Field(
        default=False, serialization_alias="audioFileTranscriptionEnabled"
    )
    thread_endpoints: ThreadEndpoints = Field(serialization_alias="threadEndpoints")
    suggestions: bool = Field(
        default=False, description="Whether suggestions have a route of their own"
    )
    a2ui_enabled: bool = Field(default=False, serialization_alias="a2uiEnabled")
    open_generative_ui_enabled: bool = Field(
        default=False, serialization_alias="openGenerativeUIEnabled"
    )
    telemetry_disabled: bool = Field(default=True, serialization_alias="telemetryDisabled")


_INFO: Final = RuntimeInfo(
    version=COPILOTKIT_VERSION,
    agents={
        AGENT: AgentDescription(
            name=AGENT,
            description="Fills in and publishes an event from plain sentences",
            class_name="HttpAgent",
        )
    },
    thread_endpoints=ThreadEndpoints(),
)


class Stopped(BaseModel):
    """Whether a run was ended."""

    stopped: bool


class StopRun(BaseModel):
    """What CopilotKit sends with a stop. It names the run; a thread has one at most."""

    run_id: Annotated[str | None, Field(alias="runId", max_length=200)] = None


@router.post(
    "",
    status_code=200,
    summary="Run the assistant",
    response_class=StreamHeaders,
    response_model=None,
    responses={**_EVENTS, **_ERRORS},
)
async def run_copilot(
    _actor: CurrentActor, identity: CurrentIdentity, services: CurrentServices, asked: RunInput
) -> Response:
    """Answers the last message of a conversation, as an [AG-UI](https://docs.ag-ui.com) run.

    The server reads the session with the caller's token, and calls only tools of its own table
    that are among the client's `tools`. The client runs the calls with the person's token, with the
    id of the call as `Idempotency-Key`, and sends each result as a message of the role `tool` with
    the next run: the body of the response, also that of a refusal.

    A run changes no session. It is repeated by sending the same messages again. The ids of
    messages and calls follow from the conversation, so a call that had its effect has none again.
    Where a language model answers (`assistant` in `GET /v1/config`), another run may have other
    calls: read the thread by `connect` first, and run the calls without a result.

    The events are `RUN_STARTED` and `STATE_SNAPSHOT`; `TEXT_MESSAGE_START`, `…_CONTENT`, `…_END`
    and `TOOL_CALL_START`, `…_ARGS`, `…_END`; then `STATE_SNAPSHOT` and `RUN_FINISHED`, or
    `RUN_ERROR` with a `code`. If the stream ends without either, as when the API restarts, repeat
    the run.

    The state is `{"revision": n, "choices": [{"label": "…", "answer": "…"}]}`. `revision` is that
    of the session that the answer is made from. Send it as `If-Match` with the calls, so that they
    do not overwrite what was typed since. A button with the `label` sends the `answer` as the
    person's message.

    The conversation is stored as the thread, which belongs to the person and to the session, and is
    erased with it. Another person's thread is not found.
    """
    return EventStream(partial(services.copilot.open_run, identity, asked))


@router.get(
    "/info",
    summary="Describe the assistant to CopilotKit",
    response_description="The agents and what the runtime offers",
    responses=documented_errors(*AUTHENTICATED_ERRORS),
)
async def copilot_info(_actor: CurrentActor) -> RuntimeInfo:
    """What CopilotKit reads from a runtime with `runtimeUrl="/v1/copilot"`."""
    return _INFO


@router.post(
    "/agent/{name}/run",
    status_code=200,
    summary="Run the assistant for CopilotKit",
    response_class=StreamHeaders,
    response_model=None,
    responses={**_EVENTS, **_AGENT_ERRORS},
)
async def run_copilot_agent(
    _actor: CurrentActor,
    identity: CurrentIdentity,
    services: CurrentServices,
    name: AgentInPath,  # noqa: ARG001 - there is one
    asked: RunInput,
) -> Response:
    """The same as `POST /v1/copilot`, by the path that CopilotKit's clients use."""
    return EventStream(partial(services.copilot.open_run, identity, asked))


@router.post(
    "/agent/{name}/connect",
    status_code=200,
    summary="Read a conversation with the assistant",
    response_class=StreamHeaders,
    response_model=None,
    responses={**_EVENTS, **_AGENT_ERRORS},
)
async def connect_copilot_agent(
    _actor: CurrentActor,
    identity: CurrentIdentity,
    services: CurrentServices,
    name: AgentInPath,  # noqa: ARG001 - there is one
    asked: RunInput,
) -> Response:
    """Gives a thread back, after a reload: a run with one `MESSAGES_SNAPSHOT`, and the
    `STATE_SNAPSHOT` of the last answer. A new thread has no messages, and its state has no
    revision.

    A call without a result is among the messages. Run it and send its result: with the id of
    the call as `Idempotency-Key`, its change is made once.
    """
    return EventStream(partial(services.copilot.open_replay, identity, asked))


@router.post(
    "/agent/{name}/stop/{thread_id}",
    summary="Stop a run of the assistant",
    response_description="Whether a run was ended",
    responses=documented_errors(
        *AUTHENTICATED_ERRORS, AgentNotFound, InvalidRequest, PayloadTooLarge
    ),
)
async def stop_copilot_agent(
    actor: CurrentActor,
    services: CurrentServices,
    name: AgentInPath,  # noqa: ARG001 - there is one
    thread_id: Annotated[str, Path(description="The conversation, a UUID", max_length=200)],
    _run: StopRun | None = None,
) -> Stopped:
    """Ends a run of the caller's thread after what it has said so far. A stream that the client
    closes ends its run, too."""
    return Stopped(stopped=services.copilot.stop(actor, thread_id))
