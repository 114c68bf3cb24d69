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
    summary="Describe the wizard",
    response_description="The description of the wizard",
    dependencies=[Depends(current_actor)],
    response_model=dict[str, Any],
    responses=documented_errors(*AUTHENTICATED_ERRORS),
)
async def get_wizard() -> JsonObject:
    """Everything that a front end needs to build the forms: the stages in order, each with its
    title, weight and JSON Schema; enums, currencies and countries; limits; and the codes of field
    errors and publish checks with their meanings. The same for every caller, until a new release.
    """
    return describe_wizard()
