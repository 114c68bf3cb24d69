"""A client: an organizer with one session after the other, and the buyers of its tickets."""

import itertools
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

from benchmarks.connection import Connection
from benchmarks.selling import EXAMPLE, PAYMENT, PRICE
from benchmarks.stream_client import OpenStream
from dev.demo.examples import load
from domain.json_values import JsonObject
from domain.orders.order import OrderState
from domain.stages import Stage
from tests.load.acknowledged import Acknowledged, SessionRecord
from tests.load.answers import Kind
from tests.load.caller import Caller, GivenUp
from tests.load.pacing import Stop, Stopped

SAVES: Final = 4
"""Titles that are entered in a session, besides the data of each stage."""

PUBLISHED: Final = 3
"""The first of so many sessions of a client is published, and the others are abandoned. More would
measure the limit of requests to Stripe, of which the worker sends ten per second."""

ORDERS: Final = 2

_TICKETS: Final = {
    "currency": "eur",
    "tiers": [{"name": "General", "unit_amount": PRICE, "quantity": 100}],
}
_OPEN: Final = {"Prefer": "wait=10"}
_UNPAID: Final = (OrderState.HELD, OrderState.OPEN)
_CHECKOUT_PAUSE: Final = 0.5
_titles = itertools.count(1)


class Organizer:
    def __init__(
        self,
        caller: Caller,
        kept: Acknowledged,
        stop: Stop,
        *,
        number: int,
        organization: str,
        stripe_url: str,
    ) -> None:
        self._organization = organization
        self._caller = caller
        self._stripe_url = stripe_url
        self._kept = kept
        self._stop = stop
        self._journeys = itertools.count(number)
        self._stages = {
            **load(EXAMPLE, datetime.now(UTC).date()).stages,
            Stage.TICKET_SETUP: _TICKETS,
        }

    async def work(self) -> None:
        """Returns when it is stopped."""
        try:
            while True:
                self._stop.check()
                with suppress(GivenUp):
                    await self._journey(publishes=next(self._journeys) % PUBLISHED == 0)
        except Stopped:
            pass
        finally:
            self._caller.close()

    async def _journey(self, *, publishes: bool) -> None:
        session = await self._create()
        stream = await self._caller.stream(session.session_id)
        try:
            await self._fill_in(session, stream)
            if publishes:
                await self._publish(session)
            else:
                await self._end(session, Kind.ABANDON, "abandon", "abandoned")
        finally:
            await stream.close()

    async def _create(self) -> SessionRecord:
        session = SessionRecord(str(uuid4()), self._organization)
        view = await self._caller.ask(
            Kind.CREATE, "POST", "/v1/sessions", {"session_id": session.session_id}
        )
        session.answered(view["revision"])
        self._kept.sessions[session.session_id] = session
        return session

    async def _fill_in(self, session: SessionRecord, stream: OpenStream) -> None:
        path = f"/v1/sessions/{session.session_id}"
        for _ in range(SAVES):
            await self._enter_title(session)
        for stage, data in self._stages.items():
            sent = {**data, "title": _title()} if stage == Stage.EVENT_SETUP else data
            await self._save(session, Stage(stage), sent)
            view = await self._caller.ask(Kind.COMPLETE, "POST", f"{path}/stages/{stage}/complete")
            session.answered(view["revision"])
            session.completed.add(Stage(stage))
        await self._caller.shown(stream, session.revision)
        await self._caller.ask(Kind.READ, "GET", path)
        await self._caller.ask(Kind.LIST, "GET", "/v1/sessions?status=in_progress")

    async def _enter_title(self, session: SessionRecord) -> None:
        await self._save(session, Stage.EVENT_SETUP, {"title": _title()})
        await self._caller.ask(Kind.READ, "GET", f"/v1/sessions/{session.session_id}")

    async def _save(self, session: SessionRecord, stage: Stage, data: JsonObject) -> None:
        title = data.get("title")
        if title is not None:
            session.tries(title)
        path = f"/v1/sessions/{session.session_id}/stages/{stage}"
        view = await self._caller.ask(Kind.SAVE, "PATCH", path, data)
        if title is not None:
            session.saved(title, view["revision"])
        session.answered(view["revision"])

    async def _end(self, session: SessionRecord, kind: Kind, route: str, status: str) -> JsonObject:
        path = f"/v1/sessions/{session.session_id}/{route}"
        answer: JsonObject = await self._caller.ask(kind, "POST", path, headers=_OPEN)
        if "revision" in answer:
            session.answered(answer["revision"])
        if answer.get("status") != "in_progress":
            session.status = status
        return answer

    async def _publish(self, session: SessionRecord) -> None:
        event = await self._end(session, Kind.PUBLISH, "publish", "completed")
        if "ticket_tiers" not in event:
            return  # it was not published while the client waited
        for _ in range(ORDERS):
            await self._buy(event["slug"], event["ticket_tiers"][0]["id"])

    async def _buy(self, slug: str, tier_id: str) -> None:
        items = {"items": [{"tier_id": tier_id, "quantity": 1}]}
        path = f"/v1/public/events/{slug}/orders"
        order = await self._caller.ask(Kind.ORDER, "POST", path, items)
        self._kept.orders.append(order["order_id"])
        while order["checkout_url"] is None:
            if order["state"] not in _UNPAID:
                return
            await self._stop.pause(_CHECKOUT_PAUSE)
            order = await self._read_order(order)
        await self._pay(order["checkout_url"])
        await self._read_order(order)

    async def _read_order(self, order: JsonObject) -> Any:
        path = f"/v1/public/orders/{order['order_id']}"
        return await self._caller.ask(Kind.READ_ORDER, "GET", path)

    async def _pay(self, checkout_url: str) -> None:
        """At Stripe's stand-in, which is not measured."""
        stripe = await Connection.open(self._stripe_url)
        try:
            await stripe.exchange(
                "POST",
                urlsplit(checkout_url).path,
                {"Content-Type": "application/x-www-form-urlencoded"},
                PAYMENT,
            )
        finally:
            stripe.close()


def _title() -> str:
    return f"Spring Show {next(_titles)}"
