"""Liveness, readiness and Prometheus metrics."""

import asyncio
from typing import Literal

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel, ConfigDict

from api.deps import Serving
from api.readiness import CurrentReadinessChecks, PostgresState, TemporalState
from api.responses import documented_response, json_response
from observability.metrics import ApiMetrics

router = APIRouter(tags=["health"])


class Health(BaseModel):
    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """The state of each dependency of the API.

    ``not_migrated`` and ``no_search_attributes`` are resolved by ``migrate.py``, ``no_namespace``
    by setting up Temporal.
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
        **documented_response(Readiness, "Everything is there"),
        **documented_response(Readiness, "Something is missing", status=503),
    },
)
async def readyz(checks: CurrentReadinessChecks, serving: Serving) -> Response:
    postgres, temporal = await asyncio.gather(checks.postgres(), checks.temporal())
    ready = serving and postgres == temporal == "ok"
    readiness = Readiness(
        status="ready" if ready else "not_ready", postgres=postgres, temporal=temporal
    )
    return json_response(readiness, 200 if ready else 503)


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    api_metrics: ApiMetrics = request.app.state.metrics
    return Response(api_metrics.text(), media_type=CONTENT_TYPE_LATEST)
