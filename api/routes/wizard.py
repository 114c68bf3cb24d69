"""What a front end has to know to offer the wizard."""

from typing import Any

from fastapi import APIRouter, Depends

from api.auth import current_actor
from api.errors import responses_for
from domain.errors import Unauthenticated, Unavailable
from domain.json_values import JsonObject
from domain.wizard_description import describe_wizard

router = APIRouter(prefix="/v1", tags=["wizard"])


@router.get(
    "/wizard",
    summary="Stages, schemas, choices, limits and codes",
    dependencies=[Depends(current_actor)],
    response_model=dict[str, Any],
    responses=responses_for(Unauthenticated, Unavailable),
)
async def get_wizard() -> JsonObject:
    return describe_wizard()
