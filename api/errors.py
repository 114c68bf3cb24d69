"""Errors as problem documents (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from db.errors import DatabaseUnavailable
from domain.errors import (
    ErrorCode,
    FieldError,
    InvalidRequest,
    RateLimited,
    Unauthenticated,
    Unavailable,
    WizardError,
)
from domain.json_values import pointer_to

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = 1

_PROBLEM_CODE: Final = "problem_code"


class Problem(BaseModel):
    """RFC 9457, with a stable ``code``, and an error for each wrong value."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:event-wizard:problem:stage_incomplete"])
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError] = Field(default_factory=list)


def problem_of(error: WizardError) -> dict[str, Any]:
    return {
        "type": f"urn:event-wizard:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "errors": [field.model_dump(mode="json") for field in error.errors],
        **error.extra,
    }


def problem_response(error: WizardError, *, token_given: bool = False) -> Response:
    headers: dict[str, str] = {}
    if isinstance(error, Unauthenticated):
        # RFC 6750, section 3: an error code only where a token was presented.
        headers["WWW-Authenticate"] = 'Bearer error="invalid_token"' if token_given else "Bearer"
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if isinstance(error, RateLimited):
        headers["Retry-After"] = str(error.retry_after)
    return JSONResponse(
        problem_of(error), status_code=error.status, headers=headers, media_type=MEDIA_TYPE
    )


async def respond(scope: Scope, receive: Receive, send: Send, error: WizardError) -> None:
    """For middleware, which responds outside of FastAPI's exception handlers."""
    note_problem(scope, error.code)
    await problem_response(error)(scope, receive, send)


def note_problem(scope: Scope, code: str) -> None:
    """Keeps the code of the error that a request is answered with, for the log and the metrics."""
    scope.setdefault("state", {})[_PROBLEM_CODE] = code


def noted_problem(scope: Scope) -> str | None:
    code: str | None = scope.get("state", {}).get(_PROBLEM_CODE)
    return code


def install_error_handlers(app: FastAPI) -> None:
    """Registers the exception handlers: every error becomes a problem document."""
    app.add_exception_handler(WizardError, _on_wizard_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(DatabaseUnavailable, _on_missing_database)


async def _on_wizard_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, WizardError):
        error = WizardError()
    return _noted_response(request, error, token_given="authorization" in request.headers)


def _noted_response(request: Request, error: WizardError, *, token_given: bool = False) -> Response:
    note_problem(request.scope, error.code)
    return problem_response(error, token_given=token_given)


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    details = error.errors() if isinstance(error, RequestValidationError) else ()
    return _noted_response(request, invalid_request(details))


def invalid_request(details: Sequence[Any]) -> InvalidRequest:
    """The errors of a pydantic ValidationError, without the values that caused them."""
    errors = [
        FieldError(
            pointer=_pointer(detail),
            code=_CODES.get(detail["type"], ErrorCode.INVALID_FORMAT).value,
            message=detail["msg"],
        )
        for detail in details
    ]
    return InvalidRequest(
        f"The request cannot be understood: {errors[0].message}" if errors else None,
        errors=errors,
    )


def _pointer(detail: Mapping[str, Any]) -> str:
    """Into the body; other values are below ``/path``, ``/query`` or ``/header``."""
    if detail["type"] == "json_invalid":  # its location is a character offset
        return ""
    source, *within = detail["loc"] or ("body",)
    return pointer_to(within if source == "body" else detail["loc"])


_CODES: Final[Mapping[str, ErrorCode]] = {
    "missing": ErrorCode.MISSING,
    "extra_forbidden": ErrorCode.UNKNOWN_FIELD,
    "enum": ErrorCode.INVALID_CHOICE,
    "literal_error": ErrorCode.INVALID_CHOICE,
    "string_type": ErrorCode.INVALID_TYPE,
    "int_type": ErrorCode.INVALID_TYPE,
    "int_parsing": ErrorCode.INVALID_TYPE,
    "int_parsing_size": ErrorCode.TOO_LARGE,
    "int_from_float": ErrorCode.INVALID_TYPE,
    "bool_type": ErrorCode.INVALID_TYPE,
    "bool_parsing": ErrorCode.INVALID_TYPE,
    "dict_type": ErrorCode.INVALID_TYPE,
    "model_attributes_type": ErrorCode.INVALID_TYPE,
    "greater_than_equal": ErrorCode.TOO_SMALL,
    "less_than_equal": ErrorCode.TOO_LARGE,
    "string_too_long": ErrorCode.TOO_LONG,
    "string_too_short": ErrorCode.TOO_SHORT,
}


async def _on_http_exception(request: Request, error: Exception) -> Response:
    """What the framework raises: unknown routes, wrong methods, bodies that are not JSON."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == HTTPStatus.BAD_REQUEST:
        return _noted_response(request, InvalidRequest("The body is not JSON."))
    phrase = HTTPStatus(status).phrase
    code = phrase.lower().replace(" ", "_")
    note_problem(request.scope, code)
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    return JSONResponse(
        {
            "type": "about:blank",
            "title": phrase,
            "status": status,
            "detail": f"{request.method} is not possible here: {phrase.lower()}.",
            "code": code,
            "errors": [],
        },
        status_code=status,
        headers=headers,
        media_type=MEDIA_TYPE,
    )


async def _on_missing_database(request: Request, _error: Exception) -> Response:
    return _noted_response(request, Unavailable("The read model cannot be reached: try again."))
