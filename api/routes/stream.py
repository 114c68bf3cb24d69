"""The stream of a session, as server-sent events."""

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Response

from api.auth import CurrentActor, CurrentIdentity
from api.deps import CurrentServices, SessionId
from api.live.sse import EventStream, StreamHeaders
from api.responses import SESSION_ERRORS, Responses, documented_errors
from api.routing import ApiRoute, is_head
from db.presence import Viewer
from domain.errors import RateLimited
from domain.session.view import PublicationStep, SessionView

router = APIRouter(prefix="/v1/sessions", tags=["sessions"], route_class=ApiRoute)

LastEventId = Annotated[
    str | None,
    Header(
        description="The `id` of the last message, when the client connects again. If it is the "
        "current revision, the stream does not begin with the session.",
        examples=["7"],
    ),
]

_MESSAGES: Final[Responses] = {
    200: {
        "description": "Messages, until the token expires. The schema is that of their `data`, as "
        "JSON: by their `event`, a session, a step of its publication, or the people who have the "
        "session open",
        "model": SessionView | PublicationStep | list[Viewer],
    }
}


@router.get(
    "/{session_id}/stream",
    status_code=200,
    summary="Stream a session",
    response_class=StreamHeaders,
    response_model=None,
    responses={**_MESSAGES, **documented_errors(*SESSION_ERRORS, RateLimited)},
)
async def stream_session(
    actor: CurrentActor,
    identity: CurrentIdentity,
    services: CurrentServices,
    session_id: SessionId,
    *,
    head_only: Annotated[bool, Depends(is_head)],
    last_event_id: LastEventId = None,
) -> Response:
    """Server-sent events, for `fetch`: an `EventSource` cannot send the bearer token.

    | event | data |
    | --- | --- |
    | `session` | the whole session: first, and after each change |
    | `publication` | a step of the publication that has a new state |
    | `presence` | who has the session open: first, and after each change |
    | `expired` | the token has expired, and the stream ends |

    The `id` of a message is the revision of the session. The stream sends state, not a log: a slow
    reader gets the newest session, and not those before it. A closed session is sent, and the
    stream stays open. There is a comment every 15 seconds.

    The stream ends without a message when the API restarts, or when the session is erased.
    Reconnect after the time in `retry`, with the last `id` as `Last-Event-ID`. A person may have 10
    streams open.
    """
    if head_only:
        await services.streams.require_session(actor, session_id)
        return StreamHeaders()
    return EventStream(partial(services.streams.open, identity, session_id, last_event_id))
