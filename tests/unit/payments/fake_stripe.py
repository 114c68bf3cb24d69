"""A transport that imitates Stripe for one account, as far as these tests need.

The SDK on top of it is the real one, with its own errors, encodings and paging."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx
import stripe

from payments.adapter import StripeAdapter

ACCOUNT = "acct_ada"
BASE = "http://stripe.test"

Json = dict[str, Any]
Handler = Callable[[httpx.Request], httpx.Response]

DEFAULTS: dict[str, Json] = {
    "products": {"object": "product", "active": True, "description": None, "images": []},
    "prices": {
        "object": "price",
        "active": True,
        "unit_amount": None,
        "custom_unit_amount": None,
    },
    "payment_links": {"object": "payment_link", "active": True},
    "checkout/sessions": {"object": "checkout.session", "active": None},
}


def adapter_on(
    handler: Handler, *, api_key: str = "sk_test_secret", media_url: str = ""
) -> StripeAdapter:
    http_client = stripe.HTTPXClient(timeout=5)
    http_client._client_async = httpx.AsyncClient(transport=httpx.MockTransport(handler))
    return StripeAdapter(api_key, api_base=BASE, media_url=media_url, http_client=http_client)


def failure(status: int, headers: dict[str, str] | None = None, **error: object) -> httpx.Response:
    return httpx.Response(
        status, headers={"Request-Id": "req_1", **(headers or {})}, json={"error": error}
    )


def fields(encoded: str) -> Json:
    """``a[b][0]=c`` as nested objects; lists become objects with numbers for names."""
    result: Json = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        *path, last = re.findall(r"[^\[\]]+", name)
        place = result
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return result


@dataclass
class FakeStripe:
    """``faults`` are answered first, in order; a request answered by a fault has no effect.

    ``stored`` are the successes that it replays, by idempotency key.
    """

    objects: dict[str, dict[str, Json]] = field(default_factory=lambda: {k: {} for k in DEFAULTS})
    faults: list[tuple[str, httpx.Response]] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)
    stored: dict[str, httpx.Response] = field(default_factory=dict)
    page: int = 100

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.faults and self.faults[0][0] == f"{request.method} {request.url.path}":
            return self.faults.pop(0)[1]
        if request.headers.get("Stripe-Account") != ACCOUNT:
            return failure(403, type="invalid_request_error", message="no such account")
        kind, object_id = _place(request.url.path)
        if request.method == "GET":
            return self._get(kind, object_id) if object_id else self._list(kind, request)
        sent = fields(request.content.decode())
        if object_id:
            return self._update(kind, object_id, sent)
        key = request.headers["Idempotency-Key"]
        if key in self.stored:
            return self.stored[key]
        created = self._create(kind, sent)
        if created.is_success:
            replay = {"Idempotent-Replayed": "true"}
            self.stored[key] = httpx.Response(200, headers=replay, json=created.json())
        return created

    def sent(self, method: str = "POST") -> list[str]:
        return [request.url.path for request in self.requests if request.method == method]

    def keys(self, path: str) -> list[str]:
        return [
            request.headers["Idempotency-Key"]
            for request in self.requests
            if request.method == "POST" and request.url.path == path
        ]

    def active(self, kind: str) -> list[str]:
        return [item["id"] for item in self.objects[kind].values() if item["active"]]

    def put(self, kind: str, object_id: str, **values: Any) -> Json:
        if "images" in values:
            values["images"] = _list_of(values["images"])
        stored = {**DEFAULTS[kind], "id": object_id, "metadata": {}, **values}
        if kind == "payment_links":
            stored["url"] = f"https://buy.stripe.test/{object_id}"
        self.objects[kind][object_id] = stored
        return stored

    def _get(self, kind: str, object_id: str) -> httpx.Response:
        stored = self.objects[kind].get(object_id)
        if stored is None:
            return failure(404, type="invalid_request_error", code="resource_missing")
        return httpx.Response(200, json=stored)

    def _list(self, kind: str, request: httpx.Request) -> httpx.Response:
        query = fields(request.url.query.decode())
        after = query.get("starting_after")
        # Stripe lists inactive prices only on request.
        active = query.get("active", "true" if kind == "prices" else None)
        keys = query.get("lookup_keys", {}).values()
        matches = [
            item
            for item in self.objects[kind].values()
            if (active is None or item["active"] == (active == "true"))
            and (not keys or item.get("lookup_key") in keys)
            and all(
                query.get(name) in (None, item.get(name))
                for name in ("product", "payment_link", "status")
            )
        ]
        ids = [item["id"] for item in matches]
        start = ids.index(after) + 1 if after else 0
        end = start + min(self.page, int(query["limit"]))
        return httpx.Response(
            200,
            json={
                "object": "list",
                "url": request.url.path,
                "has_more": end < len(matches),
                "data": matches[start:end],
            },
        )

    def _create(self, kind: str, sent: Json) -> httpx.Response:
        object_id = sent.pop("id", f"{kind}_{len(self.objects[kind]) + 1}")
        if object_id in self.objects[kind]:
            return failure(
                400, type="invalid_request_error", code="resource_already_exists", message="exists"
            )
        if "lookup_key" in sent and not self._claim(sent["lookup_key"], sent):
            return failure(
                400,
                type="invalid_request_error",
                param="lookup_key",
                message="A price already uses that lookup key.",
            )
        if "unit_amount" in sent:
            sent["unit_amount"] = int(sent["unit_amount"])
        custom = sent.get("custom_unit_amount")
        if custom:
            sent["custom_unit_amount"] = {
                name: int(custom[name]) if name in custom else None
                for name in ("minimum", "preset", "maximum")
            }
        return httpx.Response(200, json=self.put(kind, object_id, **sent))

    def _claim(self, lookup_key: str, sent: Json) -> bool:
        holders = [
            price
            for price in self.objects["prices"].values()
            if price.get("lookup_key") == lookup_key
        ]
        if holders and not sent.pop("transfer_lookup_key", False):
            return False
        for price in holders:
            price["lookup_key"] = None
        return True

    def _update(self, kind: str, object_id: str, sent: Json) -> httpx.Response:
        if "active" in sent:
            sent["active"] = sent["active"] == "true"
        if "images" in sent:
            sent["images"] = _list_of(sent["images"])
        self.objects[kind][object_id].update(sent)
        return httpx.Response(200, json=self.objects[kind][object_id])


def _list_of(sent: Json | str) -> list[str]:
    """An empty text empties a list."""
    return list(sent.values()) if isinstance(sent, dict) else []


def _place(path: str) -> tuple[str, str]:
    """The kind of a path, and the id or an empty text."""
    kind = next(kind for kind in DEFAULTS if path.startswith(f"/v1/{kind}"))
    return kind, path.removeprefix(f"/v1/{kind}").lstrip("/")


def body_of(request: httpx.Request) -> Json:
    if request.headers["Content-Type"] == "application/json":
        body: Json = json.loads(request.content)
        return body
    return fields(request.content.decode())
