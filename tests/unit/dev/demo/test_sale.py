"""The sale of the demo: it sells out exactly, and does not hide a wrong answer."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from dev.demo import sale
from dev.demo.client import BrokenPromise, BuyerClient, WizardClient
from dev.demo.sale import SellingTickets
from dev.demo.screen import Screen

TIER = {"id": "course", "name": "Course", "kind": "paid", "quantity": 4, "maxPerOrder": 2}
EVENT = {"event_id": "e-1", "slug": "hats", "ticket_tiers": [TIER]}


class Shop:
    """The API, with four tickets in memory. ``wrong`` are answers that replace the right ones."""

    def __init__(self, **wrong: Any) -> None:
        self.wrong = wrong
        self.orders: dict[str, dict[str, Any]] = {}
        self.is_paused = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.endswith("/cancel"):
            return self._changed(path.split("/")[-2], "cancelled")
        if path.startswith("/v1/public/orders/"):
            return httpx.Response(200, json=self.orders[path.rpartition("/")[2]])
        if path == "/v1/public/events/hats/orders":
            return self._order(json.loads(request.content))
        if path == "/v1/public/events/hats":
            return httpx.Response(200, json={"ticket_tiers": [{**TIER, "sale_state": "on_sale"}]})
        return self._sales(path.rpartition("/")[2])

    def pay(self, url: str) -> None:
        self._changed(url, "paid")

    def count(self, *states: str) -> int:
        return sum(2 for order in self.orders.values() if order["state"] in states)

    def _changed(self, name: str, state: str) -> httpx.Response:
        self.orders[name]["state"] = state
        return httpx.Response(200, json=self.orders[name])

    def _order(self, body: dict[str, Any]) -> httpx.Response:
        assert body["items"] == [{"tier_id": "course", "quantity": 2}]
        if self.is_paused or self.count("open", "paid") == TIER["quantity"]:
            code = self.wrong.get("code") or ("sales_paused" if self.is_paused else "sold_out")
            return httpx.Response(409, json={"code": code, "detail": "No.", "errors": []})
        name = f"order-{len(self.orders)}"
        self.orders[name] = {
            "order_id": name,
            "state": "open",
            "items": [{"name": "Course", "quantity": 2}],
            "amount_total": 25000,
            "currency": "eur",
            "checkout_url": name,
        }
        return httpx.Response(201, json=self.orders[name])

    def _sales(self, change: str) -> httpx.Response:
        self.is_paused = change == "pause"
        sold = self.wrong.get("sold", self.count("paid"))
        tier = {"tier_id": "course", "name": "Course", "state": "sold_out", "held": 0, "left": 0}
        return httpx.Response(
            200,
            json={"sales": "paused" if self.is_paused else "on", "tiers": [{**tier, "sold": sold}]},
        )


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Callable[[Shop], None]:
    def play(shop: Shop) -> None:
        monkeypatch.setattr(sale, "submit_page", shop.pay)
        http = httpx.Client(base_url="http://api", transport=httpx.MockTransport(shop))
        http.headers["Authorization"] = "Bearer t"
        SellingTickets(WizardClient(http), BuyerClient(http), Screen(), EVENT).play()

    return play


def test_the_sale_sells_out_exactly(
    play: Callable[[Shop], None], capsys: pytest.CaptureFixture[str]
) -> None:
    shop = Shop()
    play(shop)

    assert [order["state"] for order in shop.orders.values()] == ["paid", "cancelled", "paid"]
    assert not shop.is_paused
    printed = capsys.readouterr().out
    assert "409 sold_out" in printed
    assert "409 sales_paused" in printed
    assert "4 sold, 0 held, 0 left" in printed


def test_another_refusal_is_shown_as_broken(play: Callable[[Shop], None]) -> None:
    with pytest.raises(BrokenPromise, match="refused as not_on_sale, not as sold_out"):
        play(Shop(code="not_on_sale"))


def test_too_few_sold_tickets_are_shown_as_broken(play: Callable[[Shop], None]) -> None:
    with pytest.raises(BrokenPromise, match="2 of 4 tickets are sold"):
        play(Shop(sold=2))


def test_an_example_without_such_a_ticket_is_refused() -> None:
    event = {**EVENT, "ticket_tiers": [{**TIER, "quantity": 100}]}
    http = httpx.Client(base_url="http://api")
    with pytest.raises(BrokenPromise, match="no paid ticket"):
        SellingTickets(WizardClient(http), BuyerClient(http), Screen(), event)
