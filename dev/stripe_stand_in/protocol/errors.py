"""The errors of Stripe's API.

Types and codes: https://docs.stripe.com/api/errors and https://docs.stripe.com/error-codes. In v2,
the codes are those at each endpoint, such as https://docs.stripe.com/api/v2/core/accounts/create.
"""

import re
from http import HTTPStatus
from typing import Final

from domain.json_values import JsonObject

INVALID_REQUEST: Final = "invalid_request_error"
IDEMPOTENCY: Final = "idempotency_error"

_V2_CODES: Final = {
    **dict.fromkeys(
        (
            "parameter_invalid_empty",
            "parameter_invalid_integer",
            "parameter_missing",
            "parameter_unknown",
        ),
        "invalid_fields",
    ),
    **dict.fromkeys(("lock_timeout", "rate_limit"), "account_rate_limit_exceeded"),
    "resource_missing": "not_found",
}


class ApiError(Exception):
    """An error response. Codes are those of v1."""

    def __init__(
        self,
        message: str,
        *,
        status: int = HTTPStatus.BAD_REQUEST,
        kind: str = INVALID_REQUEST,
        code: str | None = None,
        param: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = int(status)
        self.kind = kind
        self.code = code
        self.param = param
        self.retry_after = retry_after

    def body(self, *, is_v2: bool) -> JsonObject:
        stated = _in_v2(self) if is_v2 else _in_v1(self)
        return {"error": {name: value for name, value in stated.items() if value is not None}}


def _in_v1(error: ApiError) -> JsonObject:
    return {"type": error.kind, "code": error.code, "message": str(error), "param": error.param}


def _in_v2(error: ApiError) -> JsonObject:
    """In v2, most errors have a code and no type, and the message alone names the parameter."""
    kind = None
    if error.status == HTTPStatus.TOO_MANY_REQUESTS:
        kind = "rate_limit"
    elif error.kind == IDEMPOTENCY:
        kind = IDEMPOTENCY
    code = _V2_CODES.get(error.code or "", error.code)
    message, param = str(error), error.param
    if param is not None:
        code = code or "invalid_fields"
        message = message.replace(param, re.sub(r"\[([^\]]*)\]", r".\1", param))
    return {"type": kind, "code": code, "message": message}


def parameter_path(within: str, name: str | int) -> str:
    """The name of a nested parameter in error messages: ``line_items[0][price]``."""
    return f"{within}[{name}]" if within else str(name)


def no_api_key() -> ApiError:
    return ApiError(
        "You did not provide an API key. Provide it in the Authorization header (Bearer auth).",
        status=HTTPStatus.UNAUTHORIZED,
    )


def wrong_api_key() -> ApiError:
    return ApiError("Invalid API Key provided.", status=HTTPStatus.UNAUTHORIZED)


def no_such_account(account: str) -> ApiError:
    return ApiError(
        f"The provided key does not have access to account '{account}' (or that account does not "
        "exist). Application access may have been revoked.",
        status=HTTPStatus.FORBIDDEN,
        code="account_invalid",
    )


def no_such_url(method: str, path: str) -> ApiError:
    return ApiError(f"Unrecognized request URL ({method}: {path}).", status=HTTPStatus.NOT_FOUND)


def not_found(kind: str, name: str) -> ApiError:
    """The error for an unknown id in the path."""
    return ApiError(
        f"No such {kind.replace('_', ' ')}: '{name}'",
        status=HTTPStatus.NOT_FOUND,
        code="resource_missing",
        param="id",
    )


def missing_reference(kind: str, name: str, param: str) -> ApiError:
    """The error for an unknown id in a parameter."""
    return ApiError(f"No such {kind}: '{name}'", code="resource_missing", param=param)


def already_exists(kind: str) -> ApiError:
    return ApiError(f"{kind} already exists.", code="resource_already_exists", param="id")


def unknown_parameter(param: str) -> ApiError:
    return ApiError(f"Received unknown parameter: {param}", code="parameter_unknown", param=param)


def missing_parameter(param: str) -> ApiError:
    return ApiError(f"Missing required param: {param}.", code="parameter_missing", param=param)


def empty_parameter(param: str) -> ApiError:
    return ApiError(
        f"You passed an empty string for '{param}'. We assume empty values are an attempt to unset "
        f"a parameter; however '{param}' cannot be unset.",
        code="parameter_invalid_empty",
        param=param,
    )


def invalid_integer(message: str, param: str) -> ApiError:
    return ApiError(message, code="parameter_invalid_integer", param=param)


def invalid(message: str, param: str) -> ApiError:
    """The error for a wrong value, if Stripe has no code for it."""
    return ApiError(message, param=param)


def exclusive(first: str, second: str) -> ApiError:
    return ApiError(
        f"You may only specify one of these parameters: {first}, {second}.",
        code="parameters_exclusive",
        param=first,
    )


def not_modelled(param: str) -> ApiError:
    return ApiError(
        f"Stripe supports {param}; the stand-in does not.",
        code="stand_in_not_modelled",
        param=param,
    )


def key_reused(key: str, difference: str, *, is_v2: bool) -> ApiError:
    return ApiError(
        f"Keys for idempotent requests can only be used {difference} they were first used with. "
        f"Try using a key other than '{key}' if you meant to execute a different request.",
        status=HTTPStatus.CONFLICT if is_v2 else HTTPStatus.BAD_REQUEST,
        kind=IDEMPOTENCY,
        code=IDEMPOTENCY if is_v2 else None,
    )


def key_in_use(key: str | None, *, is_v2: bool) -> ApiError:
    return ApiError(
        f"There is currently another in-progress request using this Idempotent Key ({key}).",
        status=HTTPStatus.CONFLICT,
        kind=IDEMPOTENCY if is_v2 else INVALID_REQUEST,
        code="idempotency_key_in_use",
    )


def rate_limited(retry_after: int) -> ApiError:
    return ApiError(
        "Request rate limit exceeded.",
        status=HTTPStatus.TOO_MANY_REQUESTS,
        code="rate_limit",
        retry_after=retry_after,
    )


def locked() -> ApiError:
    return ApiError(
        "This object cannot be accessed right now because another API request or Stripe process is "
        "currently accessing it.",
        status=HTTPStatus.TOO_MANY_REQUESTS,
        code="lock_timeout",
    )


def server_error() -> ApiError:
    return ApiError(
        "An unknown error occurred.", status=HTTPStatus.INTERNAL_SERVER_ERROR, kind="api_error"
    )
