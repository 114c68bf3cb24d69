"""The description of the wizard, for front ends."""

from functools import cache
from typing import Final

import pydantic_core
from fastapi import APIRouter, Depends, Request, Response

from api.auth import current_actor
from api.content import Content, content_response
from api.deps import ClientTags
from api.document.sections import ref
from api.document.wizard import COMPONENT
from api.responses import (
    AUTHENTICATED_ERRORS,
    documented_errors,
    documented_not_modified,
    documented_response,
)
from api.routing import ApiRoute
from domain.wizard_description import describe_wizard

router = APIRouter(
    prefix="/v1", tags=["wizard"], dependencies=[Depends(current_actor)], route_class=ApiRoute
)

CACHE_CONTROL: Final = "private, no-cache"
"""Caches must revalidate before each use, because a release can change the description."""


@router.get(
    "/wizard",
    summary="Describe the wizard",
    response_model=None,
    responses={
        200: {
            **documented_response(
                None, "The description of the wizard", headers=["ETag", "Cache-Control"]
            )[200],
            "content": {"application/json": {"schema": ref(COMPONENT)}},
        },
        **documented_not_modified("Cache-Control"),
        **documented_errors(*AUTHENTICATED_ERRORS),
    },
)
async def get_wizard(request: Request, _known: ClientTags) -> Response:
    """Everything that a front end needs to build the forms: the stages in order, each with its
    title, weight and JSON Schema; enums, currencies and countries; limits; and the codes of field
    errors and publish checks with their meanings. The same for every caller, until a new release.
    """
    return content_response(request, Content(_description(), cache_control=CACHE_CONTROL))


@cache
def _description() -> bytes:
    return pydantic_core.to_json(describe_wizard())
