"""The gateway's metrics, for a collector. Not a part of the API, and so not in its description."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from observability.gateway_metrics import GatewayMetrics

router = APIRouter()


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    told: GatewayMetrics = request.app.state.metrics
    return Response(told.text(), media_type=CONTENT_TYPE_LATEST)
