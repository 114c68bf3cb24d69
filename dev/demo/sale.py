"""The sale of the demo: tickets are held, paid, given back, and sold out."""

from typing import Any, Final

from dev.demo.client import BrokenPromise, BuyerClient, WizardClient, submit_page
from dev.demo.payments import WEBHOOK_SECONDS, wait
from dev.demo.screen import Screen
from domain.orders.order import OrderState
from domain.schemas.ticket import TierKind

SOLD_OUT: Final = "sold_out"
SALES_PAUSED: Final = "sales_paused"


class SellingTickets:
    """Plays the sale of one published event.

    Its methods raise UnexpectedAnswer, BrokenPromise and httpx.RequestError.
    """

    def __init__(
        self, api: WizardClient, buyers: BuyerClient, screen: Screen, event: dict[str, Any]
    ) -> None:
        self._api = api
        self._buyers = buyers
        self._screen = screen
        self._slug = str(event["slug"])
        self._event_id = str(event["event_id"])
        self._tier = _scarcest(event["ticket_tiers"])

    def play(self) -> None:
        """Sells the scarcest ticket: the second of three orders is cancelled."""
        self._show_tickets()
        first, second = self._order(), self._order()
        self._pay(first)
        self._cancel(second)
        self._pay(self._order())
        self._refuse(SOLD_OUT, "The next buyer gets no ticket.")
        self._show_sales()
        self._pause_and_resume()

    def _show_tickets(self) -> None:
        answer = self._api.public_event(self._slug)
        self._screen.answer(answer, "what is on sale")
        self._screen.tickets_on_sale(answer.json()["ticket_tiers"])
        self._screen.note(
            f"Three orders of {self._tier['maxPerOrder']} x {self._tier['name']}; the second is "
            "cancelled."
        )

    def _order(self) -> dict[str, Any]:
        answer = self._buyers.order(self._slug, self._items)
        order = dict(answer.json())
        self._screen.order(answer, order, "held")
        return order

    def _pay(self, order: dict[str, Any]) -> None:
        """Pays on Stripe's page. A webhook confirms the order."""
        submit_page(order["checkout_url"])
        if not wait(lambda: self._state(order) == OrderState.PAID, WEBHOOK_SECONDS):
            raise BrokenPromise(f"The order {order['order_id']} was not confirmed in time.")
        answer = self._buyers.read(order["order_id"])
        self._screen.order(answer, answer.json(), "on Stripe's page")

    def _state(self, order: dict[str, Any]) -> str:
        return str(self._buyers.read(order["order_id"]).json()["state"])

    def _cancel(self, order: dict[str, Any]) -> None:
        answer = self._buyers.cancel(order["order_id"])
        self._screen.order(answer, answer.json(), "on sale again")

    def _refuse(self, code: str, why: str) -> None:
        answer = self._buyers.order_in_vain(self._slug, self._items)
        self._screen.refusal(answer, why)
        if answer.json()["code"] != code:
            raise BrokenPromise(f"An order was refused as {answer.json()['code']}, not as {code}.")

    def _show_sales(self) -> None:
        answer = self._api.sales(self._event_id)
        self._screen.answer(answer, "the organizer's view")
        self._screen.sales(answer.json())
        tier = next(tier for tier in answer.json()["tiers"] if tier["tier_id"] == self._tier["id"])
        if (tier["sold"], tier["held"]) != (self._tier["quantity"], 0):
            raise BrokenPromise(f"{tier['sold']} of {self._tier['quantity']} tickets are sold.")

    def _pause_and_resume(self) -> None:
        paused = self._api.change_sales(self._event_id, "pause")
        self._screen.answer(paused, paused.json()["sales"])
        self._refuse(SALES_PAUSED, "Nothing is sold while the sale is paused.")
        resumed = self._api.change_sales(self._event_id, "resume")
        self._screen.answer(resumed, resumed.json()["sales"])

    @property
    def _items(self) -> list[dict[str, Any]]:
        """As many as one order may have: two orders are all tickets."""
        return [{"tier_id": self._tier["id"], "quantity": self._tier["maxPerOrder"]}]


def _scarcest(tiers: list[dict[str, Any]]) -> dict[str, Any]:
    """The paid ticket that two orders sell out.

    Raises:
        BrokenPromise: there is none.
    """
    for tier in tiers:
        if tier["kind"] == TierKind.PAID and tier["quantity"] == 2 * tier["maxPerOrder"]:
            return tier
    raise BrokenPromise("The example has no paid ticket that two orders sell out.")
