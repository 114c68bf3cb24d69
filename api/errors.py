"""Converts errors to problem documents (RFC 9457)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.pages.rendering import error_page, is_page
from db.errors import DatabaseUnavailable
from domain.errors import (
    ErrorCode,
    FieldError,
    InvalidRequest,
    RateLimited,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
    WizardError,
)
from domain.json_values import pointer_to
from domain.orders.order import PublicOrder
from domain.orders.sales import SaleState
from domain.session.view import SessionView, Status
from domain.validation.check_codes import Check
from domain.validation.parsing import code_and_params
from domain.validation.texts import Path, field_error_message

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = 1

_PROBLEM_CODE: Final = "problem_code"

_PARAMETERS: Final = frozenset({"path", "query", "header"})
"""Sources of values other than the body. Pointers to these values begin with the source."""


class WantedTier(BaseModel):
    """A tier that an order wants, when the order was refused."""

    tier_id: str
    sale_state: SaleState
    left: int | None = Field(
        description="How many tickets can still be ordered; null if nothing limits them"
    )
    sale_start: datetime | None = Field(description="Null if it started with the publication")
    sale_end: datetime | None = Field(description="Null if it lasts until the event is over")


class QuotaState(BaseModel):
    """The pictures of the tenant, in bytes."""

    limit: int
    used: int
    needed: int = Field(description="By the refused upload")


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:event-wizard:problem:stage_incomplete"])
    title: str = Field(description="The kind of problem; the same for each `code`")
    status: int = Field(description="The HTTP status code")
    detail: str = Field(description="What is wrong with this request, or what to do, for people")
    code: str = Field(description="A stable code, for programs")
    errors: list[FieldError] = Field(
        default_factory=list, description="An entry for each invalid value"
    )
    tiers: list[WantedTier] | None = Field(
        default=None,
        description="Only with `sold_out`, `not_on_sale` and `sales_paused`: each tier of the "
        "order",
    )
    order: PublicOrder | None = Field(
        default=None, description="Only with `order_closed`: the order as it is"
    )
    quota: QuotaState | None = Field(
        default=None, description="Only with `media_quota_exceeded`: what is left of the quota"
    )
    reason: str | None = Field(
        default=None, description="Only with `invalid_image`: why the image is refused"
    )
    session: SessionView | None = Field(
        default=None, description="Only with `revision_conflict`: the session as it is"
    )
    session_status: Status | None = Field(
        default=None, description="Only with `session_closed`: the status of the session"
    )
    checks: list[Check] | None = Field(
        default=None,
        description="Only with `publish_blocked`: each problem that the checks found",
    )


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
    return JSONResponse(
        problem_of(error),
        status_code=error.status,
        headers=headers_of(error, token_given=token_given),
        media_type=MEDIA_TYPE,
    )


def headers_of(error: WizardError, *, token_given: bool) -> dict[str, str]:
    headers: dict[str, str] = {}
    if isinstance(error, Unauthenticated):
        # RFC 6750, section 3: an error code only if the request has a token.
        headers["WWW-Authenticate"] = 'Bearer error="invalid_token"' if token_given else "Bearer"
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if isinstance(error, RateLimited):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, UnsupportedMediaType):
        headers |= _accepted(error)
    return headers


def _accepted(error: UnsupportedMediaType) -> dict[str, str]:
    """What to send instead (RFC 9110, section 15.5.16; RFC 5789, section 2.2)."""
    if error.is_compressed:
        return {"Accept-Encoding": "identity"}
    if not error.accepted:
        return {}
    return {"Accept-Patch" if error.is_patch else "Accept": ", ".join(error.accepted)}


def _error_response(scope: Scope, error: WizardError, *, token_given: bool = False) -> Response:
    """A problem document, or a page for people."""
    note_problem(scope, error.code)
    if is_page(scope["path"]):
        return error_page(error.status, headers_of(error, token_given=token_given))
    return problem_response(error, token_given=token_given)


async def respond(scope: Scope, receive: Receive, send: Send, error: WizardError) -> None:
    """Responds with an error, for middleware, which runs outside FastAPI's exception handlers."""
    await _error_response(scope, error)(scope, receive, send)


def note_problem(scope: Scope, code: str) -> None:
    """Stores the error code of the response in the scope, for the log and the metrics."""
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
    return _error_response(request.scope, error, token_given="authorization" in request.headers)


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    details = error.errors() if isinstance(error, RequestValidationError) else ()
    return _error_response(request.scope, invalid_request(details))


def invalid_request(details: Sequence[Any]) -> InvalidRequest:
    """Converts the errors of a pydantic ValidationError, without the values that caused them.

    The error of invalid JSON has an empty pointer, because its location is a character offset.
    """
    errors = [_field_error(detail) for detail in details]
    return InvalidRequest(errors[0].message if errors else None, errors=errors)


def body_error(path: Path, code: ErrorCode, **params: Any) -> FieldError:
    """The error of a member of the body. The path ``("body",)`` is the whole body."""
    return FieldError(
        pointer=pointer_to(() if path == ("body",) else path),
        code=code.value,
        params=params,
        message=field_error_message(path, code, params),
    )


def header_error(name: str, code: ErrorCode, **params: Any) -> FieldError:
    return FieldError(
        pointer=pointer_to(("header", name)),
        code=code.value,
        params=params,
        message=field_error_message((name,), code, params),
    )


def query_error(name: str, known: Sequence[str]) -> FieldError:
    """The error of a query parameter that the route does not have."""
    params = {"of": "query", "known": list(known)} if known else {"of": "no_query"}
    return FieldError(
        pointer=pointer_to(("query", name)),
        code=ErrorCode.UNKNOWN_FIELD.value,
        params=params,
        message=field_error_message((name,), ErrorCode.UNKNOWN_FIELD, params),
    )


def _field_error(detail: Mapping[str, Any]) -> FieldError:
    code, params = code_and_params(detail)
    source, *within = detail["loc"] or ("body",)
    if detail["type"] == "json_invalid":
        within = []
    path = tuple(within) or (source,)
    return FieldError(
        pointer=pointer_to(within if source not in _PARAMETERS else detail["loc"]),
        code=code.value,
        params=params,
        message=field_error_message(path, code, params),
    )


async def _on_http_exception(request: Request, error: Exception) -> Response:
    """Handles errors of the framework, such as an unknown route."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = error.headers if isinstance(error, HTTPException) else None
    return http_problem(request, status, headers)


def http_problem(
    request: Request, status: int, headers: Mapping[str, str] | None = None
) -> Response:
    """An error that has no other meaning than its status."""
    phrase = HTTPStatus(status).phrase
    code = phrase.lower().replace(" ", "_")
    note_problem(request.scope, code)
    if is_page(request.url.path):
        return error_page(status, headers)
    return JSONResponse(
        {
            "type": "about:blank",
            "title": phrase,
            "status": status,
            "detail": _detail_of(request, status),
            "code": code,
            "errors": [],
        },
        status_code=status,
        headers=dict(headers or {}),
        media_type=MEDIA_TYPE,
    )


def _detail_of(request: Request, status: int) -> str:
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return f"{request.method} is not allowed on this resource."
    if status == HTTPStatus.NOT_FOUND:
        return "There is nothing at this path."
    return f"{request.method} on this resource was refused."


async def _on_missing_database(request: Request, _error: Exception) -> Response:
    return _error_response(request.scope, Unavailable("The database cannot be reached. Try again."))
