"""Whether the process lives, and whether it can work."""

import asyncio
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from api.dependencies import CurrentDependencies, PostgresState, TemporalState
from api.responses import documented, json_response
from api.services import Serving

router = APIRouter(tags=["health"])


class Health(BaseModel):
    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """Which of the things that the gateway needs is missing, and what of it.

    ``not_migrated`` and ``no_search_attributes`` wait for ``migrate.py``, ``no_namespace`` for
    whoever sets Temporal up.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"status": "not_ready", "postgres": "unreachable", "temporal": "ok"}]
        }
    )

    status: Literal["ready", "not_ready"]
    postgres: PostgresState
    temporal: TemporalState


@router.get("/healthz", summary="The process lives")
async def healthz() -> Health:
    return Health()


@router.get(
    "/readyz",
    summary="The process can work",
    response_model=None,
    responses={
        **documented(Readiness, "Everything is there"),
        **documented(Readiness, "Something is missing", status=503),
    },
)
async def readyz(needed: CurrentDependencies, serving: Serving) -> Response:
    postgres, temporal = await asyncio.gather(needed.postgres(), needed.temporal())
    ready = serving and postgres == temporal == "ok"
    readiness = Readiness(
        status="ready" if ready else "not_ready", postgres=postgres, temporal=temporal
    )
    return json_response(readiness, 200 if ready else 503)
