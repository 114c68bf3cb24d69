"""Sessions that sell tickets through the Stripe stand-in."""

from dataclasses import dataclass
from typing import Any, Final

import httpx

from domain.ids import event_id_of
from domain.json_values import JsonObject
from tests.support.stage_data import by_section, free_event
from tests.support.stand_in import StandIn
from tests.support.wizard import Wizard, start

WAY_BACK: Final = {
    "return_url": "https://app.example/back",
    "refresh_url": "https://app.example/again",
}

THREE_TIERS: Final[tuple[JsonObject, ...]] = (
    {"name": "General", "unit_amount": 2500, "quantity": 100},
    {"name": "Front row", "unit_amount": 9000, "quantity": 20, "maxPerOrder": 4},
    {"name": "Supporter", "kind": "donation", "unit_amount": 1000},
)

KINDS: Final = ("product", "price")

EARLY_SECTIONS: Final = ("organizer", "event", "venue", "sponsor")
"""Sections that a seller's session begins with, in one request."""


@dataclass(frozen=True)
class Seller:
    """A session that can be published, and the account through which it sells."""

    wizard: Wizard
    account: str

    @property
    def event_id(self) -> str:
        return event_id_of(self.wizard.session_id)


def paid_event(*tiers: JsonObject, currency: str = "usd", **event: Any) -> dict[str, JsonObject]:
    """As :func:`free_event`, with paid tiers; the default is one tier for 25 dollars."""
    ticket_tiers = list(tiers) or [{"name": "General", "unit_amount": 2500, "quantity": 100}]
    return {**free_event(**event), "ticketSetup": {"currency": currency, "tiers": ticket_tiers}}


async def connect(wizard: Wizard) -> JsonObject:
    response = await wizard.post("/payments/connect", WAY_BACK)
    assert response.status_code == 200, response.text
    connected: JsonObject = response.json()
    return connected


async def start_seller(
    http: httpx.AsyncClient,
    stand_in: StandIn,
    *tiers: JsonObject,
    currency: str = "usd",
    **event: Any,
) -> Seller:
    """A session that can be published, with a ready account; keywords go into ``eventSetup``."""
    stages = paid_event(*tiers, currency=currency, **event)
    sections = by_section(stages)
    wizard = await start(http, {name: sections[name] for name in EARLY_SECTIONS})
    account = (await connect(wizard))["account_id"]
    await stand_in.move(account, "ready")
    # The session fetches its account when its first paid ticket is saved; each save of other data
    # asks for the terms again.
    for stage in ("ticketSetup", "reviewPublish"):
        saved = await wizard.save(stage, stages[stage])
        assert saved.status_code == 200, saved.text
    return Seller(wizard, account)


async def onboard(connected: JsonObject, choice: str = "complete") -> httpx.Response:
    """Submits the onboarding page with ``complete``, ``needs_more`` or ``leave``."""
    async with httpx.AsyncClient(timeout=30, trust_env=False, verify=False) as browser:
        page = await browser.get(connected["onboarding_url"])
        visit = page.text.partition('name="visit" value="')[2].partition('"')[0]
        return await browser.post(
            connected["onboarding_url"], data={"visit": visit, "choice": choice}
        )


async def objects_of(stand_in: StandIn, account: str) -> dict[str, list[JsonObject]]:
    """All objects ever created on a connected account, by kind."""
    return {kind: (await stand_in.get("/objects", kind=kind, account=account)) for kind in KINDS}


async def on_sale(stand_in: StandIn, account: str) -> dict[str, list[JsonObject]]:
    """The active objects of a connected account, by kind."""
    objects_by_kind = await objects_of(stand_in, account)
    return {
        kind: [item for item in objects if item["active"]]
        for kind, objects in objects_by_kind.items()
    }


async def assert_nothing_on_sale(stand_in: StandIn, account: str) -> None:
    assert not any((await on_sale(stand_in, account)).values())


async def assert_on_sale_once(stand_in: StandIn, account: str, event: JsonObject) -> None:
    """Asserts that each paid tier has one product and one price, which the event names, and no
    payment link."""
    tiers = {tier["id"]: tier for tier in event["ticket_tiers"] if tier["kind"] != "free"}
    objects_by_kind = await on_sale(stand_in, account)
    for kind, objects in objects_by_kind.items():
        assert sorted(item["metadata"]["tier_id"] for item in objects) == sorted(tiers), kind
        assert {item["metadata"]["event_id"] for item in objects} == {event["event_id"]}
    for price in objects_by_kind["price"]:
        tier = tiers[price["metadata"]["tier_id"]]
        assert price["id"] == tier["priceId"]
        assert price["currency"] == event["currency"]
        if tier["kind"] == "donation":
            assert price["custom_unit_amount"]["preset"] == tier["unit_amount"]
        else:
            assert price["unit_amount"] == tier["unit_amount"]
    assert await stand_in.get("/objects", kind="payment_link", account=account) == []
