"""A request before the validation of its parameters, and its response."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from dev.stripe_stand_in.protocol.attributes import new_id
from dev.stripe_stand_in.protocol.errors import ApiError
from dev.stripe_stand_in.state.store import PLATFORM
from domain.json_values import JsonObject

_KEY_IN_BRACKETS: Final = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, kw_only=True)
class RawRequest:
    id: str
    method: str
    path: str
    account: str
    """The connected account that the request acts for, or ``PLATFORM``."""
    idempotency_key: str | None
    api_version: str | None
    api_key: str | None = field(repr=False)
    params: JsonObject

    @property
    def is_v2(self) -> bool:
        return self.path.startswith("/v2/")

    @property
    def writes(self) -> bool:
        return self.method != "GET"


@dataclass(frozen=True, kw_only=True)
class ApiResponse:
    status: int
    body: JsonObject
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_success(self) -> bool:
        return self.status < 400  # noqa: PLR2004 - the first error status of HTTP


def error_response(error: ApiError) -> ApiResponse:
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return ApiResponse(status=error.status, body=error.body, headers=headers)


async def read_request(request: Request) -> RawRequest:
    """
    Raises:
        ApiError: the body of a v2 request is not a JSON object.
    """
    headers = request.headers
    scheme, _, api_key = headers.get("authorization", "").partition(" ")
    return RawRequest(
        id=new_id("req"),
        method=request.method,
        path=request.url.path,
        account=headers.get("stripe-account") or headers.get("stripe-context") or PLATFORM,
        idempotency_key=headers.get("idempotency-key"),
        api_version=headers.get("stripe-version"),
        api_key=api_key if scheme.lower() == "bearer" else None,
        params=await _params(request),
    )


async def _params(request: Request) -> JsonObject:
    if request.method == "GET":
        return _decode_form(request.url.query)
    body = (await request.body()).decode()
    if not request.url.path.startswith("/v2/"):
        return _decode_form(body)
    try:
        params: Any = json.loads(body or "{}")
    except json.JSONDecodeError:
        params = None
    if not isinstance(params, dict):
        raise ApiError("The body is not a JSON object.", code="invalid_json")
    return params


def _decode_form(encoded: str) -> JsonObject:
    """The parameters as nested objects; a list is an object with its indexes as keys.

    Stripe writes nested parameters as ``line_items[0][price]=price_1``.
    """
    decoded: JsonObject = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        head, _, rest = name.partition("[")
        _put(decoded, [head, *_KEY_IN_BRACKETS.findall(f"[{rest}" if rest else "")], value)
    return decoded


def _put(into: JsonObject, keys: list[str], value: str) -> None:
    """Sets a nested value. An empty key, as in ``lookup_keys[]``, appends."""
    for number, given_key in enumerate(keys):
        key = given_key or str(len(into))
        if number == len(keys) - 1:
            into[key] = value
        else:
            nested: Any = into.setdefault(key, {})
            if not isinstance(nested, dict):
                nested = into[key] = {}
            into = nested
