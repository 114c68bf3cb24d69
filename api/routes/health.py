"""Liveness, readiness, Prometheus metrics."""

import asyncio
from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel, ConfigDict, Field

from api.deps import Serving
from api.readiness import CurrentReadinessChecks, PostgresState, TemporalState
from api.responses import documented_response, json_response
from api.routing import ApiRoute
from domain.values.payments import StripeAnswer
from observability.metrics import ApiMetrics

router = APIRouter(tags=["health"], route_class=ApiRoute)


class Health(BaseModel):
    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """The state of each dependency of the API.

    To resolve `not_migrated` and `no_search_attributes`, run `make migrate`. To resolve
    `no_namespace`, create the namespace in Temporal. To resolve `wrong_role`, read the log of the
    API: it says which right of the database role is missing, or is one too many.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "status": "not_ready",
                    "postgres": "ok",
                    "temporal": "unreachable",
                    "stripe": "unauthorized",
                    "stripe_since": "2031-05-09T08:30:00Z",
                }
            ]
        }
    )

    status: Literal["ready", "not_ready"]
    postgres: PostgresState
    temporal: TemporalState
    stripe: StripeAnswer | None = Field(
        description="Stripe's last answer to the workers, which `status` does not depend on. "
        "`unauthorized`: it does not accept `STRIPE_API_KEY`. `not_configured`: the workers have "
        "no key. Null if it is not known"
    )
    stripe_since: datetime | None = Field(description="When this answer came first")


@router.get("/healthz", summary="Check liveness", response_description="The process is running")
async def healthz() -> Health:
    """Whether the process is running. Does not depend on Postgres or Temporal."""
    return Health()


@router.get(
    "/readyz",
    summary="Check readiness",
    response_model=None,
    responses={
        **documented_response(Readiness, "Ready"),
        **documented_response(Readiness, "A dependency is not ready", status=503),
    },
)
async def readyz(checks: CurrentReadinessChecks, serving: Serving) -> Response:
    """Whether the process can serve requests: Postgres and Temporal are reachable and set up."""
    postgres, temporal = await asyncio.gather(checks.postgres(), checks.temporal())
    stripe = await checks.stripe() if postgres == "ok" else None
    ready = serving and postgres == temporal == "ok"
    readiness = Readiness(
        status="ready" if ready else "not_ready",
        postgres=postgres,
        temporal=temporal,
        stripe=stripe.answer if stripe else None,
        stripe_since=stripe.since if stripe else None,
    )
    return json_response(readiness, 200 if ready else 503)


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    api_metrics: ApiMetrics = request.app.state.metrics
    return Response(api_metrics.text(), media_type=CONTENT_TYPE_LATEST)
