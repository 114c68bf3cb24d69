"""The errors of Stripe's API.

Types and codes: https://docs.stripe.com/api/errors and https://docs.stripe.com/error-codes.
"""

from http import HTTPStatus

from domain.json_values import JsonObject

INVALID_REQUEST = "invalid_request_error"


class ApiError(Exception):
    """An error response."""

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
        self.retry_after = retry_after
        stated = {"type": kind, "code": code, "message": message, "param": param}
        self.body: JsonObject = {
            "error": {name: value for name, value in stated.items() if value is not None}
        }


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
        f"Stripe knows {param}; its stand-in does not.", code="stand_in_not_modelled", param=param
    )


def key_reused(key: str, difference: str) -> ApiError:
    return ApiError(
        f"Keys for idempotent requests can only be used {difference} they were first used with. "
        f"Try using a key other than '{key}' if you meant to execute a different request.",
        kind="idempotency_error",
    )


def key_in_use(key: str | None) -> ApiError:
    return ApiError(
        f"There is currently another in-progress request using this Idempotent Key ({key}).",
        status=HTTPStatus.CONFLICT,
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
