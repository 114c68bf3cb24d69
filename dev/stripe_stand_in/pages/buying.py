"""The page of a checkout session or a payment link, for test purchases."""

from html import escape
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dev.stripe_stand_in.pages import html
from dev.stripe_stand_in.protocol.endpoints import World
from dev.stripe_stand_in.protocol.errors import ApiError
from dev.stripe_stand_in.resources import checkout_flow, payment_links
from dev.stripe_stand_in.resources.checkout_flow import PAGE_PATH, SESSION
from dev.stripe_stand_in.resources.payment_links import PAYMENT_LINK
from dev.stripe_stand_in.resources.records import Records
from domain.json_values import JsonObject
from domain.values import money

_DEFAULT_CUSTOM_AMOUNT: Final = 1000


class BuyingPages:
    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        path = f"{PAGE_PATH}/{{token}}"
        return [
            Route(path, self.show, methods=["GET"]),
            Route(path, self.buy, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        _, offer = self._found(request)
        return _closed(offer) or _offer(offer)

    async def buy(self, request: Request) -> Response:
        account, offer = self._found(request)
        if closed := _closed(offer):
            return closed
        given = dict(parse_qsl((await request.body()).decode()))
        try:
            session = self._sold(account, offer, given)
        except ApiError as error:
            return html.page(
                "The purchase failed",
                f"<p>{escape(str(error))}</p>",
                status=HTTPStatus.UNPROCESSABLE_ENTITY,
            )
        return _after(offer, session)

    def _sold(self, account: str, offer: JsonObject, given: dict[str, str]) -> JsonObject:
        choices: dict[str, Any] = {
            "delayed": given.get("choice") == "pay_later",
            "discount": _number(given.get("discount")) or 0,
            "email": given.get("email", ""),
            "name": given.get("name", ""),
            "quantity": _number(given.get("quantity")),
            "unit_amount": _number(given.get("unit_amount")),
        }
        sell = checkout_flow.complete if _is_session(offer) else payment_links.sell
        return sell(Records(self._world, account), offer, **choices)

    def _found(self, request: Request) -> tuple[str, JsonObject]:
        """The checkout session or payment link of the page. An unknown page has neither."""
        store = self._world.store
        checkout_flow.expire_due(self._world)
        account, name = store.payment_pages.get(request.path_params["token"], ("", ""))
        found = store.find(account, SESSION, name) or store.find(account, PAYMENT_LINK, name)
        return account, found or {}


def _is_session(offer: JsonObject) -> bool:
    return bool(offer["object"] == SESSION)


def _number(text: str | None) -> int | None:
    """The number in the text: None without a text, 0 (which is refused) for other text."""
    if text is None:
        return None
    return int(text) if text.isascii() and text.isdecimal() else 0


def _closed(offer: JsonObject) -> Response | None:
    """The page instead of an offer that cannot be bought."""
    if not offer:
        return html.page("This link does not exist", "", status=HTTPStatus.NOT_FOUND)
    if _is_session(offer):
        if offer["status"] == "open":
            return None
        return html.page(f"This checkout session is {offer['status']}", "")
    if payment_links.is_for_sale(offer):
        return None
    message = offer["inactive_message"] or "The seller has closed it, or it is sold out."
    return html.page("This link is no longer available", f"<p>{escape(message)}</p>")


def _offer(offer: JsonObject) -> Response:
    rows = "".join(
        f"<li>{escape(item['description'])}: {escape(_price(item))}</li>"
        for item in offer["line_items"]
    )
    discount = html.labelled("Discount, in minor units", "discount", "number", 0, 'min="0"')
    fields = (
        _choice(offer["line_items"][0]),
        html.labelled("Name", "name", "text", "Test Buyer"),
        html.labelled("Email", "email", "email", "buyer@example.com"),
        discount if offer.get("allow_promotion_codes") else "",
        html.button("Pay", "pay"),
        html.button("Pay with a method that takes days", "pay_later"),
    )
    back = offer.get("cancel_url")
    cancel = f'<p><a href="{escape(back)}">Cancel</a></p>' if back else ""
    return html.page("Test purchase", f"<ul>{rows}</ul>{html.form(''.join(fields))}{cancel}")


def _choice(item: JsonObject) -> str:
    custom, adjustable = item["price"]["custom_unit_amount"], item["adjustable_quantity"]
    if custom:
        suggested = custom["preset"] or custom["minimum"] or _DEFAULT_CUSTOM_AMOUNT
        return html.labelled(
            f"Amount, in minor units of {item['currency']}", "unit_amount", "number", suggested
        )
    if adjustable:
        limits = f'required min="{max(adjustable["minimum"], 1)}" max="{adjustable["maximum"]}"'
        return html.labelled("Quantity", "quantity", "number", item["quantity"], limits)
    return ""


def _price(item: JsonObject) -> str:
    if item["price"]["custom_unit_amount"]:
        return "pay what you want"
    amount = money.format_amount(item["price"]["unit_amount"], item["currency"])
    return f"{item['quantity']} at {amount}"


def _after(offer: JsonObject, session: JsonObject) -> Response:
    redirect = offer.get("success_url")
    if redirect:
        url = redirect.replace("{CHECKOUT_SESSION_ID}", session["id"])
        return RedirectResponse(url, status_code=HTTPStatus.SEE_OTHER)
    paid = money.format_amount(session["amount_total"], session["currency"])
    return html.page(
        "Thank you",
        f"<p>You paid {escape(paid)}.</p>"
        f"<p>Checkout session <code>{escape(session['id'])}</code></p>",
    )
