"""A change that a request asks for, as a FastAPI dependency."""

from typing import Annotated

from fastapi import Depends

from api.auth import CurrentActor
from api.gateway.sessions import Change
from api.headers import AttemptHeader


async def requested_change(actor: CurrentActor, session_id: str, attempt: AttemptHeader) -> Change:
    return Change(actor, session_id, attempt)


RequestedChange = Annotated[Change, Depends(requested_change)]
