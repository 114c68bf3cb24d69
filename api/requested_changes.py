"""A change that a request asks for, as a FastAPI dependency."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.auth import CurrentActor
from api.gateway.requests import Attempt
from api.gateway.sessions import Change, Sessions
from api.headers import IdempotencyKey, is_async, revision_of
from api.json_bodies import json_object
from api.services import services
from domain.jsontypes import JsonObject


async def requested_change(
    actor: CurrentActor, session_id: str, idempotency_key: IdempotencyKey = None
) -> Change:
    return Change(actor, session_id, Attempt.of(idempotency_key))


RequestedChange = Annotated[Change, Depends(requested_change)]


@dataclass(frozen=True)
class Save:
    """What is to be saved, and where."""

    change: Change
    sessions: Sessions
    data: JsonObject
    expected_revision: int | None
    respond_async: bool


async def requested_save(request: Request, actor: CurrentActor, session_id: str) -> Save:
    """Reads its headers itself, for :class:`api.save_route.SaveRoute` calls it without FastAPI. The
    route documents them."""
    headers = request.headers
    return Save(
        change=Change(actor, session_id, Attempt.of(headers.get("idempotency-key"))),
        sessions=(await services(request)).sessions,
        data=await json_object(request),
        expected_revision=revision_of(headers.get("if-match")),
        respond_async=is_async(headers.get("prefer")),
    )


RequestedSave = Annotated[Save, Depends(requested_save)]
