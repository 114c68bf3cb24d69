"""The Model Context Protocol, for agents of the person's choice, and how they get a token."""

import json
from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from api.auth import CurrentActor
from api.content import Content, content_response
from api.errors import note_problem, problem_response
from api.json_bodies import json_value
from api.mcp.server import PATH, AgentServer
from api.routing import ApiRoute
from domain.errors import Unauthenticated
from domain.ids import canonical_id
from observability.logs import note_session
from settings import ApiSettings

METADATA_PATH: Final = f"/.well-known/oauth-protected-resource{PATH}"
"""Of the metadata of the protected resource ``/mcp`` (RFC 9728, section 3.1)."""

CACHE_CONTROL: Final = "public, max-age=3600"


class ProtectedResource:
    """The metadata of ``/mcp`` as a protected resource (RFC 9728): where an agent gets a token."""

    def __init__(self, settings: ApiSettings) -> None:
        address = settings.public_address
        self.metadata_url = f"{address}{METADATA_PATH}"
        metadata = {
            "resource": f"{address}{PATH}",
            "resource_name": "Event wizard",
            "authorization_servers": [settings.sign_in_issuer],
            "bearer_methods_supported": ["header"],
        }
        self.content = Content(json.dumps(metadata).encode(), cache_control=CACHE_CONTROL)


class _ForAgents(ApiRoute):
    """Names the metadata in each challenge (RFC 9728, section 5.1)."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def with_metadata(request: Request) -> Response:
            try:
                return await handle(request)
            except Unauthenticated as error:
                note_problem(request.scope, error.code)
                response = problem_response(error, token_given="authorization" in request.headers)
                resource: ProtectedResource = request.app.state.protected_resource
                challenge = response.headers["WWW-Authenticate"]
                separator = "," if "=" in challenge else ""
                response.headers["WWW-Authenticate"] = (
                    f'{challenge}{separator} resource_metadata="{resource.metadata_url}"'
                )
                return response

        return with_metadata


router = APIRouter(include_in_schema=False, route_class=_ForAgents)
"""Not in the OpenAPI document: the protocol describes its own messages and tools."""


@router.post(PATH)
async def call_tools(request: Request, actor: CurrentActor) -> Response:
    """Streamable HTTP, of the protocol's versions from 2025-03-26 on."""
    message = await json_value(request)
    session_id = _session_id_in(message)
    if session_id is not None:
        note_session(session_id)
    server: AgentServer = request.app.state.agent_server
    return server.response(actor, await request.body())


@router.get(METADATA_PATH)
@router.get("/.well-known/oauth-protected-resource")
async def get_protected_resource(request: Request) -> Response:
    resource: ProtectedResource = request.app.state.protected_resource
    return content_response(request, resource.content)


def _session_id_in(message: Any) -> str | None:
    """The session that a call is about, for the log."""
    for name in ("params", "arguments", "session_id"):
        message = message.get(name) if isinstance(message, dict) else None
    return canonical_id(message) if isinstance(message, str) else None
