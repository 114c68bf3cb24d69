"""What a front end has to know to offer the wizard."""

from typing import Any

from fastapi import APIRouter, Depends

from api.auth import current_actor
from api.problems import responses_for
from domain.catalogue import wizard_catalogue
from domain.errors import Unauthenticated, Unavailable
from domain.jsontypes import JsonObject

router = APIRouter(prefix="/v1", tags=["wizard"])


@router.get(
    "/wizard",
    summary="Stages, schemas, choices, limits and codes",
    dependencies=[Depends(current_actor)],
    response_model=dict[str, Any],
    responses=responses_for(Unauthenticated, Unavailable),
)
async def get_wizard() -> JsonObject:
    return wizard_catalogue()
