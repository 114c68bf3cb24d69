"""Every call that the SDK's types allow gets a response of the API, and no failure."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from dev.stripe_stand_in.app import ENDPOINTS, create_app
from dev.stripe_stand_in.protocol.endpoints import Endpoint
from tests.unit.dev.stripe_stand_in.sdk_calls import (
    declared,
    encoded,
    is_modelled,
    leaves,
    replaced,
    sent,
)

READY: Final = {"state": "ready"}
ITEMS: Final = {"line_items": [{"price": "", "quantity": 1}]}

NEEDED: Final[dict[str, dict[str, Any]]] = {
    "/v1/prices": {"product": "vip", "currency": "usd", "unit_amount": 2500},
    "/v1/payment_links": ITEMS,
    "/v1/checkout/sessions": {"mode": "payment", "success_url": "http://127.0.0.1/", **ITEMS},
    "/v2/core/accounts": {
        "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}}
    },
}
"""Parameters that the types do not require, and that most calls need for an effect."""

ODD_VALUES: Final[tuple[Any, ...]] = (None, "", "x" * 300, -1, 99_999_999_999, {}, [], [{}])


MAX_ODD_DEPTH: Final = 2
"""The stand-in stores deeper ones without reading them."""


class Server:
    """The stand-in without a socket, and one object of each kind."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._account = ""
        self._ids: dict[str, str] = {}
        self.needed: dict[str, dict[str, Any]] = {}

    async def fill(self) -> None:
        self._account = await self._create("/v2/core/accounts", NEEDED["/v2/core/accounts"])
        moved = await self._http.post(f"/_stand_in/accounts/{self._account}", json=READY)
        assert moved.is_success
        await self._create("/v1/products", {"id": "vip", "name": "VIP"})
        price = await self._create("/v1/prices", NEEDED["/v1/prices"])
        items = [{"price": price, "quantity": 1}]
        self.needed = {
            path: {**given, "line_items": items} if "line_items" in given else given
            for path, given in NEEDED.items()
        }
        for path in ("/v1/payment_links", "/v1/checkout/sessions"):
            await self._create(path, self.needed[path])

    async def call(self, method: str, template: str, call: dict[str, Any]) -> httpx.Response:
        object_id = self._ids.get(template.partition("/{id}")[0], "none")
        path = template.replace("{id}", object_id)
        if method == "GET":
            return await self._http.get(f"{path}?{encoded(call)}", headers=self._headers(path))
        if path.startswith("/v2/"):
            return await self._http.post(path, json=call)
        return await self._http.post(path, content=encoded(call), headers=self._headers(path))

    async def _create(self, path: str, call: dict[str, Any]) -> str:
        response = await self.call("POST", path, call)
        assert response.is_success, response.text
        self._ids[path] = response.json()["id"]
        return self._ids[path]

    def _headers(self, path: str) -> dict[str, str]:
        return {} if path.startswith("/v2/") else {"Stripe-Account": self._account}


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    app = create_app(tmp_path, "http://127.0.0.1", [])
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://127.0.0.1",
            headers={"Authorization": "Bearer sk_test_123"},
        ) as http,
    ):
        server = Server(http)
        await server.fill()
        yield server


@pytest.mark.parametrize(
    "endpoint", ENDPOINTS, ids=lambda endpoint: f"{endpoint.method} {endpoint.template}"
)
async def test_a_call_is_answered_or_refused(server: Server, endpoint: Endpoint) -> None:
    """The transport raises the exceptions of the application."""
    needed = server.needed.get(endpoint.template, {}) if endpoint.method == "POST" else {}
    for parameter in declared(endpoint.parameters):
        given = sent(endpoint, parameter.call)
        if not all(is_modelled(endpoint, path) for path in leaves(given) if path):
            continue
        call = {**needed, **parameter.call}
        odd_values = ODD_VALUES if len(parameter.path) <= MAX_ODD_DEPTH else ()
        for parameters in (call, *(replaced(call, parameter.path, value) for value in odd_values)):
            response = await server.call(endpoint.method, endpoint.template, parameters)
            assert response.status_code < 500, parameters
