"""The page of a payment link, for test purchases."""

from html import escape
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dev.stripe_stand_in.pages import html
from dev.stripe_stand_in.protocol.endpoints import World
from dev.stripe_stand_in.protocol.errors import ApiError
from dev.stripe_stand_in.resources import checkout_sessions
from dev.stripe_stand_in.resources.payment_links import PAGE_PATH, PAYMENT_LINK
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
        found = self._found(request)
        if found is None:
            return html.page("This link does not exist", "", status=HTTPStatus.NOT_FOUND)
        _, link = found
        return _offer(link) if checkout_sessions.is_for_sale(link) else _no_longer(link)

    async def buy(self, request: Request) -> Response:
        found = self._found(request)
        if found is None:
            return html.page("This link does not exist", "", status=HTTPStatus.NOT_FOUND)
        account, link = found
        if not checkout_sessions.is_for_sale(link):
            return _no_longer(link)
        given = dict(parse_qsl((await request.body()).decode()))
        try:
            amount = _amount(link, given)
        except ApiError as error:
            return html.page(
                "The purchase failed",
                f"<p>{escape(str(error))}</p>",
                status=HTTPStatus.UNPROCESSABLE_ENTITY,
            )
        email, name = given.get("email", ""), given.get("name", "")
        session = checkout_sessions.complete(
            self._world, account, link, amount=amount, email=email, name=name
        )
        return _after(link, session)

    def _found(self, request: Request) -> tuple[str, JsonObject] | None:
        store = self._world.store
        account, name = store.payment_pages.get(request.path_params["token"], ("", ""))
        link = store.find(account, PAYMENT_LINK, name)
        return (account, link) if link else None


def _amount(link: JsonObject, given: dict[str, str]) -> int:
    """The amount of the purchase. Only the first line item can be adjusted."""
    first, *others = link["line_items"]
    quantity = _number(given.get("quantity"), first["quantity"])
    unit_amount = _number(given.get("unit_amount"), 0)
    further: int = sum(item["amount_total"] for item in others)
    return checkout_sessions.chosen_amount(first, quantity, unit_amount) + further


def _number(text: str | None, default: int) -> int:
    """The number in the text: the default for empty text, 0 (which is refused) for other text."""
    if text is None:
        return default
    return int(text) if text.isascii() and text.isdecimal() else 0


def _offer(link: JsonObject) -> Response:
    rows = "".join(
        f"<li>{escape(item['description'])}: {escape(_price(item))}</li>"
        for item in link["line_items"]
    )
    fields = (
        _choice(link["line_items"][0]),
        html.labelled("Name", "name", "text", "Test Buyer"),
        html.labelled("Email", "email", "email", "buyer@example.com"),
        html.button("Pay", "pay"),
    )
    return html.page("Test purchase", f"<ul>{rows}</ul>" + html.form("".join(fields)))


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


def _no_longer(link: JsonObject) -> Response:
    message = link["inactive_message"] or "The seller has closed it, or it is sold out."
    return html.page("This link is no longer available", f"<p>{escape(message)}</p>")


def _after(link: JsonObject, session: JsonObject) -> Response:
    completion = link["after_completion"]
    if completion["type"] == "redirect":
        url = completion["redirect"]["url"].replace("{CHECKOUT_SESSION_ID}", session["id"])
        return RedirectResponse(url, status_code=HTTPStatus.SEE_OTHER)
    paid = money.format_amount(session["amount_total"], session["currency"])
    return html.page(
        "Thank you",
        f"<p>You paid {escape(paid)}.</p>"
        f"<p>Checkout session <code>{escape(session['id'])}</code></p>",
    )
