"""The payments of the demo: the onboarding at Stripe, and the catalogue."""

import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from dev.demo.client import BrokenPromise, WizardClient, submit_page
from dev.demo.screen import Screen
from dev.stack.state import Stack
from domain.ids import WIZARD_STRIPE_EVENT
from domain.values.payments import PaymentStatus

WEBHOOK_SECONDS: Final = 20.0
PERSON_SECONDS: Final = 15 * 60.0

WEBHOOK_POLL_SECONDS: Final = 0.05
PERSON_POLL_SECONDS: Final = 5.0

# The choices on the stand-in's onboarding page.
NEEDS_MORE: Final = "needs_more"
COMPLETE: Final = "complete"


class GettingPaid:
    """Plays the payments of one session.

    Its methods raise UnexpectedAnswer, BrokenPromise and httpx.RequestError.
    """

    def __init__(self, stack: Stack, api: WizardClient, screen: Screen, session_id: str) -> None:
        self._stack = stack
        self._api = api
        self._screen = screen
        self._session_id = session_id

    def connect(self) -> None:
        """Connects the organization's account, and waits until it is ready."""
        link = self._ask_for_link()
        view = self._view()
        account = view["payments"]
        self._screen.account(view)
        if account["status"] == PaymentStatus.READY:
            self._screen.note("The organization has already connected this account.")
        elif self._stack.stripe_url is None:
            self._let_the_person_go(link)
        else:
            self._go_through_onboarding(link, account)

    def show_catalogue(self, event: dict[str, Any]) -> None:
        """Shows the product and the price of each paid ticket."""
        self._screen.catalogue(event)
        self._screen.note("Each paid ticket has a product and a price on the organizer's account.")

    def _ask_for_link(self) -> str:
        answer = self._api.connect_payments(self._session_id, back_to=self._way_back)
        self._screen.answer(answer, "single-use link to Stripe's onboarding")
        return str(answer.json()["onboarding_url"])

    @property
    def _way_back(self) -> str:
        return f"{self._stack.api_url}/docs"

    def _go_through_onboarding(self, link: str, account: dict[str, Any]) -> None:
        # An earlier run of the demo may have been stopped between the two steps.
        if account["status"] != PaymentStatus.RESTRICTED:
            self._fill_in(link, NEEDS_MORE, "submitted with an unreadable document")
            self._hear_of(PaymentStatus.RESTRICTED)
            link = self._ask_for_link()
        self._fill_in(link, COMPLETE, "submitted again with a readable document")
        self._hear_of(PaymentStatus.READY)

    def _fill_in(self, link: str, choice: str, note: str) -> None:
        self._screen.answer(submit_page(link, choice=choice), note)

    def _hear_of(self, status: PaymentStatus) -> None:
        """Waits until a webhook has set the status of the session's account."""
        if not wait(lambda: self._account()["status"] == status, WEBHOOK_SECONDS):
            raise BrokenPromise(f"The session did not receive the account status {status} in time.")
        self._screen.account(self._view())
        self._screen.note("The session received the change through Stripe's webhook.")

    def _let_the_person_go(self, link: str) -> None:
        self._screen.note(
            "Fill in Stripe's form. The demo continues when the account is ready. "
            "The link can be used once and expires after a few minutes."
        )
        self._screen.links({"Stripe's form": link})
        if not wait(self._is_ready_at_stripe, PERSON_SECONDS, PERSON_POLL_SECONDS):
            raise BrokenPromise(
                "The account is not ready yet. Run the demo again to get another link: "
                "Stripe keeps what you have entered."
            )
        self._screen.account(self._view())

    def _is_ready_at_stripe(self) -> bool:
        """Whether the account is ready. Stripe's webhooks do not reach a loopback address, but a
        request for a link makes the session fetch its account."""
        self._api.connect_payments(self._session_id, back_to=self._way_back)
        return bool(self._account()["status"] == PaymentStatus.READY)

    def _account(self) -> dict[str, Any]:
        return dict(self._view()["payments"])

    def _view(self) -> dict[str, Any]:
        return dict(self._api.session(self._session_id).json())


def where_to_look(stack: Stack, account_id: str) -> dict[str, str]:
    """URLs of the pages that show the results of the payments, by title."""
    query = urlencode({"query": f'WorkflowType="{WIZARD_STRIPE_EVENT}"'})
    webhooks = f"{stack.temporal_ui_url}/namespaces/default/workflows?{query}"
    stand_in = {}
    if stack.stripe_url is not None:
        control = f"{stack.stripe_url}/_stand_in"
        products = urlencode({"kind": "product", "account": account_id})
        stand_in = {
            "Products at the Stripe stand-in": f"{control}/objects?{products}",
            "Requests to the Stripe stand-in": f"{control}/requests",
            "Webhooks from the Stripe stand-in": f"{control}/deliveries",
        }
    return {**stand_in, "Webhook workflows in the Temporal UI": webhooks}


def wait(
    condition: Callable[[], bool], seconds: float, between: float = WEBHOOK_POLL_SECONDS
) -> bool:
    """Polls the condition. Returns whether it became true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(between)
    return True
