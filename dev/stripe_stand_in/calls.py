"""One call of the API: what was asked, and what was answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request

from dev.stripe_stand_in import errors, forms
from dev.stripe_stand_in.identifiers import new_id
from domain.json_values import JsonObject

PLATFORM: Final = ""
"""Where the platform's own objects are kept, beside those of its connected accounts."""


@dataclass(frozen=True, kw_only=True)
class Call:
    id: str
    method: str
    path: str
    account: str
    """The connected account that it acts for, or ``PLATFORM``."""
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
class Answer:
    status: int
    body: JsonObject
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_success(self) -> bool:
        return self.status < 400  # noqa: PLR2004 - where the errors of HTTP begin


def refused(refusal: errors.Refusal) -> Answer:
    wait = refusal.retry_after
    headers = {} if wait is None else {"Retry-After": str(wait)}
    return Answer(status=refusal.status, body=refusal.body, headers=headers)


async def read_call(request: Request) -> Call:
    """The call that an HTTP request makes.

    Raises:
        Refusal: its body is no JSON object, in v2.
    """
    headers = request.headers
    scheme, _, api_key = headers.get("authorization", "").partition(" ")
    return Call(
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
        return forms.decode(request.url.query)
    body = (await request.body()).decode()
    if not request.url.path.startswith("/v2/"):
        return forms.decode(body)
    try:
        params: Any = json.loads(body or "{}")
    except json.JSONDecodeError:
        params = None
    if not isinstance(params, dict):
        raise errors.Refusal("The body is not a JSON object.", code="invalid_json")
    return params
