"""The description of the wizard, for front ends."""

from typing import Any

from fastapi import APIRouter, Depends

from api.auth import current_actor
from api.responses import AUTHENTICATED_ERRORS, documented_errors
from domain.json_values import JsonObject
from domain.wizard_description import describe_wizard

router = APIRouter(prefix="/v1", tags=["wizard"])


@router.get(
    "/wizard",
    summary="Stages, schemas, choices, limits and codes",
    dependencies=[Depends(current_actor)],
    response_model=dict[str, Any],
    responses=documented_errors(*AUTHENTICATED_ERRORS),
)
async def get_wizard() -> JsonObject:
    return describe_wizard()
