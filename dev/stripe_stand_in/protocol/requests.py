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
        return is_v2(self.path)

    @property
    def is_form(self) -> bool:
        """Whether the parameters come from a form or a query, and not from JSON."""
        return self.method == "GET" or not self.is_v2

    @property
    def takes_key(self) -> bool:
        """Whether the request may have an idempotency key; others ignore it."""
        return self.method == "POST" or (self.method == "DELETE" and self.is_v2)


@dataclass(frozen=True, kw_only=True)
class ApiResponse:
    status: int
    body: JsonObject
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_success(self) -> bool:
        return self.status < 400  # noqa: PLR2004 - the first error status of HTTP


def error_response(error: ApiError, *, is_v2: bool) -> ApiResponse:
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return ApiResponse(status=error.status, body=error.body(is_v2=is_v2), headers=headers)


def is_v2(path: str) -> bool:
    return path.startswith("/v2/")


async def read_request(request: Request) -> RawRequest:
    """
    Raises:
        ApiError: the body is not a form, or, in v2, not a JSON object.
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
        return decode_form(request.url.query)
    body = await request.body()
    try:
        if not is_v2(request.url.path):
            return decode_form(body.decode())
        params: Any = json.loads(body or b"{}")
        json.dumps(params, ensure_ascii=False).encode()  # no lone surrogates
    except (ValueError, RecursionError):
        params = None
    if not isinstance(params, dict):
        raise ApiError("Invalid request (the body cannot be read).", code="invalid_json")
    return params


def decode_form(encoded: str) -> JsonObject:
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
