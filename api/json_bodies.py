"""Bodies that hold a stage's data: any JSON object, read without ever failing on our side."""

from typing import Annotated, Any, Final

import pydantic_core
from fastapi import Depends, Request

from domain.codes import ErrorCode
from domain.errors import FieldError, InvalidRequest
from domain.jsontypes import JsonObject

_NOT_AN_OBJECT: Final = FieldError(
    pointer="", code=ErrorCode.INVALID_TYPE.value, message="The body has to be a JSON object."
)


async def json_value(request: Request) -> Any:
    """The body, whatever its content type says; None where there is no body.

    Raises:
        InvalidRequest: it is not JSON (RFC 8259), or nested too deeply to be read.
    """
    text = await request.body()
    if not text.strip():
        return None
    try:
        return pydantic_core.from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise InvalidRequest(f"The body is not JSON: {error}.") from error


async def json_object(request: Request) -> JsonObject:
    """
    Raises:
        InvalidRequest: as :func:`json_value`, or the body is not a JSON object.
    """
    value = await json_value(request)
    if not isinstance(value, dict):
        raise InvalidRequest(_NOT_AN_OBJECT.message, errors=[_NOT_AN_OBJECT])
    return value


JsonObjectBody = Annotated[JsonObject, Depends(json_object)]
"""A body that has to be an object."""

OptionalJsonBody = Annotated[Any, Depends(json_value)]
"""A body that may be missing."""


def documented(schema: JsonObject, *, required: bool, **examples: Any) -> JsonObject:
    """``openapi_extra`` of a route that reads its body here."""
    return {
        "requestBody": {
            "required": required,
            "content": {
                "application/json": {
                    "schema": schema,
                    "examples": {name: {"value": value} for name, value in examples.items()},
                }
            },
        }
    }
