"""Plays sessions into every state that operators see, through the public API."""

import copy
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

import httpx

from dev.demo.client import TIMEOUT_SECONDS, expected, sign_in, submit_page
from dev.demo.examples import load
from dev.stack.state import Stack, StackError
from dev.stripe_stand_in.protocol.faults import Fault, FaultKind
from domain.session.view import PublicationState
from domain.stages import STAGES, Stage
from domain.values.payments import PaymentStatus

_TIMEOUT_SECONDS: Final = 180.0
_POLL_SECONDS: Final = 0.1
_LONG_ENOUGH_TO_INTERFERE: Final = 3
_DAYS_AHEAD: Final = 20


class NotPlayed(StackError):
    """A session does not get into the state for its screenshot."""


class Play:
    """One session of one user, whose organization has its own Stripe account."""

    def __init__(
        self,
        http: httpx.Client,
        stack: Stack,
        example: str,
        sections: Mapping[str, Any] | None = None,
    ) -> None:
        """``sections``: the data that the session begins with, by section."""
        self._http = http
        self._stripe = stack.stripe_url
        self._stages = load(example, datetime.now(UTC).date()).stages
        self.session_id = str(uuid4())
        body = {"session_id": self.session_id, **({"sections": sections} if sections else {})}
        self._post("", body, expect=HTTPStatus.CREATED)

    def of(self, http: httpx.Client) -> "Play":
        """The same session, as another member of the organization."""
        other = copy.copy(self)
        other._http = http  # noqa: SLF001 - of the same class
        return other

    def reach(self, stage: Stage) -> "Play":
        """Completes every stage before this one."""
        for earlier in STAGES[: stage.position]:
            self.complete(earlier)
        return self

    def complete(self, stage: Stage) -> None:
        self._post(
            f"/{self.session_id}/stages/{stage.value}/complete", {"data": self._stages[stage]}
        )

    def save(self, stage: Stage, data: Mapping[str, Any]) -> None:
        path = f"/v1/sessions/{self.session_id}/stages/{stage.value}"
        expected(self._http.patch(path, json=data), HTTPStatus.OK)

    def connect(self, choice: str, expected_status: PaymentStatus) -> str:
        """Completes Stripe's onboarding. Returns the account id once the session has the status."""
        back = {"return_url": "https://app.example/", "refresh_url": "https://app.example/"}
        connected = self._post(f"/{self.session_id}/payments/connect", back).json()
        submit_page(connected["onboarding_url"], choice=choice)
        self._wait(lambda view: bool(view["payments"]["status"] == expected_status))
        return str(connected["account_id"])

    def publish(self, *, at: datetime | None = None) -> None:
        """Requests the publication, without waiting for its end."""
        body = {"publish_at": at.isoformat()} if at else {}
        accepted = self._http.post(
            f"/v1/sessions/{self.session_id}/publish", json=body, headers={"Prefer": "wait=0"}
        )
        expected(accepted, HTTPStatus.OK, HTTPStatus.ACCEPTED)

    def publish_in_vain(self, account: str) -> None:
        """Returns while the publication repeats a request at which Stripe fails each time."""
        self.add_fault(
            Fault(
                kind=FaultKind.ERROR_BEFORE_EFFECT, path="/v1/prices", account=account, times=None
            )
        )
        self.publish()
        self.wait_for_step("catalogue")

    def abandon(self) -> None:
        self._post(f"/{self.session_id}/abandon", {})

    def wait_for_publication(self, state: PublicationState) -> None:
        self._wait(lambda view: bool(view["publication"]["state"] == state))

    def wait_for_step(self, step: str) -> None:
        self._wait(lambda view: view["publication"]["steps"][-1]["name"] == step)

    def add_fault(self, fault: Fault) -> None:
        """Adds a fault to the Stripe stand-in."""
        answer = httpx.post(f"{self._stripe}/_stand_in/faults", json=fault.model_dump())
        expected(answer, HTTPStatus.OK)

    def clear_faults(self) -> None:
        """Removes all faults from the Stripe stand-in."""
        expected(httpx.delete(f"{self._stripe}/_stand_in/faults"), HTTPStatus.OK)

    def disconnect(self, account: str) -> None:
        """Revokes the platform's access, as organizers can do in Stripe's dashboard."""
        answer = httpx.post(f"{self._stripe}/_stand_in/accounts/{account}/disconnect")
        expected(answer, HTTPStatus.OK)

    def _wait(self, condition: Callable[[dict[str, Any]], bool]) -> None:
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        while not condition(
            self._http.get(f"/v1/sessions/{self.session_id}?consistent=true").json()
        ):
            if time.monotonic() > deadline:
                raise NotPlayed(
                    f"session {self.session_id} did not reach the state for its screenshot"
                )
            time.sleep(_POLL_SECONDS)

    def _post(
        self, path: str, body: dict[str, Any], *, expect: HTTPStatus = HTTPStatus.OK
    ) -> httpx.Response:
        return expected(self._http.post(f"/v1/sessions{path}", json=body), expect)


@contextmanager
def person(stack: Stack, user: str, org: str) -> Iterator[httpx.Client]:
    signed = {"Authorization": f"Bearer {sign_in(stack, user=user, org=org)}"}
    with httpx.Client(base_url=stack.api_url, headers=signed, timeout=TIMEOUT_SECONDS) as http:
        yield http


def play_all(stack: Stack) -> dict[str, str]:
    """Returns the ids of the sessions by the state that they show."""
    with (
        person(stack, "ada", "acme") as ada,
        person(stack, "grace", "harbour-arts") as grace,
        person(stack, "jun", "hat-room") as jun,
        person(stack, "noor", "nightmarket") as noor,
    ):
        played = {
            "published": published(Play(ada, stack, "free-launch")),
            "abandoned": abandoned(Play(grace, stack, "virtual-exhibition")),
            "scheduled": scheduled(Play(ada, stack, "virtual-exhibition")),
            "begun": Play(noor, stack, "free-launch"),
            "failed": failed(Play(jun, stack, "paid-pop-up")),
            "waiting": waiting(Play(grace, stack, "hybrid-fashion-show")),
            "invalid": invalid(Play(ada, stack, "paid-pop-up")),
            "running": running(Play(noor, stack, "paid-pop-up")),
        }
    return {name: play.session_id for name, play in played.items()}


def published(play: Play) -> Play:
    _fill_in(play)
    play.publish()
    play.wait_for_publication(PublicationState.PUBLISHED)
    return play


def abandoned(play: Play) -> Play:
    play.reach(Stage.VENUE_SETUP).abandon()
    return play


def scheduled(play: Play) -> Play:
    play.connect("complete", PaymentStatus.READY)
    _fill_in(play)
    play.publish(at=datetime.now(UTC) + timedelta(days=_DAYS_AHEAD))
    return play


def failed(play: Play) -> Play:
    """The organizer disconnects the account while the first products are created."""
    account = play.connect("complete", PaymentStatus.READY)
    _fill_in(play)
    slow = Fault(
        kind=FaultKind.SLOW,
        path="/v1/products",
        account=account,
        seconds=_LONG_ENOUGH_TO_INTERFERE,
    )
    play.add_fault(slow)
    play.publish()
    play.wait_for_step("catalogue")
    play.disconnect(account)
    play.wait_for_publication(PublicationState.FAILED)
    return play


def waiting(play: Play) -> Play:
    play.connect("needs_more", PaymentStatus.RESTRICTED)
    play.reach(Stage.REVIEW_PUBLISH)
    return play


def invalid(play: Play) -> Play:
    play.reach(Stage.TICKET_SETUP)
    tier = {"name": "Fitting", "kind": "paid", "unit_amount": 35, "quantity": 0}
    play.save(Stage.TICKET_SETUP, {"currency": "eur", "tiers": [tier]})
    play.save(Stage.EVENT_SETUP, {"date": "next Friday"})
    return play


def running(play: Play) -> Play:
    """Stripe fails at every request to create a price."""
    account = play.connect("complete", PaymentStatus.READY)
    _fill_in(play)
    play.publish_in_vain(account)
    return play


def _fill_in(play: Play) -> None:
    for stage in STAGES:
        play.complete(stage)
