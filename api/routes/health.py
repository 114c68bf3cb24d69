"""Whether the process lives, and whether it can work."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Final, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict
from temporalio.service import RPCError

from api.responses import documented, json_response
from api.services import CurrentServices
from db import health
from db.errors import DatabaseUnavailable

router = APIRouter(tags=["health"])

_TIMEOUT: Final = timedelta(seconds=2)

State = Literal["ok", "unreachable"]


class Health(BaseModel):
    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """Which of the things that the gateway needs can be reached."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"status": "not_ready", "postgres": "unreachable", "temporal": "ok"}]
        }
    )

    status: Literal["ready", "not_ready"]
    postgres: State
    temporal: State


@router.get("/healthz", summary="The process lives")
async def healthz() -> Health:
    return Health()


@router.get(
    "/readyz",
    summary="The process can work",
    response_model=None,
    responses={
        **documented(Readiness, "Everything can be reached"),
        **documented(Readiness, "Something is missing", status=503),
    },
)
async def readyz(services: CurrentServices) -> Response:
    postgres, temporal = await asyncio.gather(
        _state(health.ping(services.pool)),
        _state(services.temporal.service_client.check_health(timeout=_TIMEOUT)),
    )
    ready = postgres == temporal == "ok"
    readiness = Readiness(
        status="ready" if ready else "not_ready", postgres=postgres, temporal=temporal
    )
    return json_response(readiness, 200 if ready else 503)


async def _state(asked: Awaitable[object]) -> State:
    try:
        await asked
    except (DatabaseUnavailable, RPCError, RuntimeError):
        return "unreachable"
    return "ok"
