"""Plays schedules of a publication, and publishes again what failed."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Self
from uuid import uuid4

import httpx
from temporalio.service import RPCError, RPCStatusCode

from domain import ids
from domain.json_values import JsonObject
from domain.session.view import SessionView
from domain.stages import Stage
from tests.explore.messages import Message
from tests.explore.opening import Theatre
from tests.explore.organizers import BEFORE_DEADLINE, OrganizerRequests
from tests.explore.played import Played
from tests.explore.rules import (
    Breach,
    Ending,
    PriceAtStripe,
    ProductAtStripe,
    SessionRow,
    StoredEvent,
    breaches_of,
    busy,
)
from tests.explore.schedules import Fault, Schedule
from tests.explore.selling import Organizer, open_organizer
from tests.explore.settling import answered, history_of, queried, settle_run
from tests.support.paid_sessions import paid_event
from tests.support.session_workflow import end_burst, query_session, session_handle
from tests.support.stage_data import by_section
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start

PUBLISH: Final = "publish"


_ROW: Final = """
SELECT s.status, s.revision, s.publication ->> 'state' AS publication,
    array(SELECT a.revision FROM wizard_actions AS a
          WHERE a.session_id = s.session_id AND a.part = 0 ORDER BY a.revision) AS revisions
FROM wizard_sessions AS s WHERE s.session_id = $1
"""
_EVENTS: Final = "SELECT status, title, ticket_tiers FROM events WHERE session_id = $1"

_CAUGHT_UP_SECONDS: Final = 30.0


@dataclass
class Entered:
    """What the organizer has entered, and the session has acknowledged."""

    title: str = "Explored"
    amounts: dict[str, int] = field(default_factory=lambda: {"Floor": 2500, "Balcony": 4000})

    def stages(self, slug: str) -> dict[str, JsonObject]:
        return paid_event(*self._tiers(), title=self.title, slug=slug)

    def _tiers(self) -> list[JsonObject]:
        return [
            {"name": name, "unit_amount": amount, "quantity": 50}
            for name, amount in self.amounts.items()
        ]

    async def change_a_price(self, wizard: Wizard) -> httpx.Response:
        self.amounts["Floor"] += 500
        shown = await answered(lambda: wizard.get(consistent="true"))
        tiers = [
            {**tier, "unit_amount": self.amounts[tier["name"]]}
            for tier in shown.json()["stages"]["ticketSetup"]["data"]["tiers"]
        ]
        saved = await answered(lambda: wizard.save("ticketSetup", {"tiers": tiers}))
        if saved.is_success:
            saved = await answered(lambda: wizard.save("reviewPublish", {"acceptTerms": True}))
        return saved


class Publisher:
    """Plays one schedule after the other, each in a new session of the same organizer."""

    def __init__(self, theatre: Theatre, organizer: Organizer) -> None:
        self._theatre = theatre
        self._organizer = organizer

    @classmethod
    async def open(cls, theatre: Theatre) -> Self:
        return cls(theatre, await open_organizer(theatre))

    async def play(self, schedule: Schedule) -> Played:
        return await _Publication(self._theatre, self._organizer, schedule).play()


class _Publication:
    def __init__(self, theatre: Theatre, organizer: Organizer, schedule: Schedule) -> None:
        self._theatre = theatre
        self._organizer = organizer
        self._schedule = schedule
        self._entered = Entered()

    async def play(self) -> Played:
        slug = f"explored-{uuid4().hex[:16]}"
        wizard = await start(self._organizer.http, by_section(self._entered.stages(slug)))
        self._requests = OrganizerRequests(self._theatre, wizard)
        await self._write_at_once(wizard)
        workflow_id = ids.session_workflow_id(wizard.session_id)
        directing = self._theatre.director.directing(
            workflow_id, self._schedule, self._requests.deliver
        )
        with directing as run:
            asked = await answered(lambda: wizard.post("/publish", prefer="wait=0"))
            assert asked.is_success, asked.text
            await self._settle(wizard)
            await self._requests.all_answered()
            is_settled = await self._settle(wizard)
        self._entered.title = self._requests.saved_title or self._entered.title
        ending = await self._ending(wizard, is_settled=is_settled)
        breaches = [*breaches_of(ending), *busy(len(run.trail.steps))]
        if ending.publication == "failed" and self._stays_open:
            breaches += await self._publish_again(wizard, ending)
        handle = session_handle(self._theatre.client, wizard.session_id)
        log = list(await history_of(handle)) if breaches else []
        return Played.of(run, ending.publication, breaches, log)

    async def _write_at_once(self, wizard: Wizard) -> None:
        """The session has nothing left to write when the schedule begins, and is near its deadline
        if that is to pass."""

        async def is_idle() -> bool:
            return True

        await end_burst(self._theatre.client, wizard.session_id)
        handle = session_handle(self._theatre.client, wizard.session_id)
        await settle_run(self._theatre.temporal, handle, is_idle)
        if self._has(Message.EXPIRE):
            view = await self._view(wizard)
            left = view.expires_at - datetime.now(UTC)
            await self._theatre.temporal.fast_forward(handle, left - BEFORE_DEADLINE)

    def _has(self, message: Message) -> bool:
        return any(arrival.message is message for arrival in self._schedule.arrivals)

    @property
    def _stays_open(self) -> bool:
        """Whether a session that is not published can be edited and published again."""
        closing = (Message.ABANDON, Message.ERASE)
        return not self._has(Message.EXPIRE) and not any(map(self._requests.has_accepted, closing))

    @property
    def _ends_as(self) -> frozenset[str]:
        if self._requests.has_accepted(Message.ABANDON):
            return frozenset({"abandoned"})
        return frozenset(
            {"in_progress", "expired"} if self._has(Message.EXPIRE) else {"in_progress"}
        )

    async def _settle(self, wizard: Wizard) -> bool:
        def is_erased() -> bool:
            return self._requests.has_accepted(Message.ERASE)

        async def has_failed() -> bool:
            if is_erased():
                return True
            view = await self._view(wizard)
            return view.publication.state == "failed"

        handle = session_handle(self._theatre.client, wizard.session_id)
        return await settle_run(self._theatre.temporal, handle, has_failed, is_erased)

    async def _publish_again(self, wizard: Wizard, failed: Ending) -> list[Breach]:
        """A failed publication leaves the session editable, and the next one repairs everything."""
        saved = await self._entered.change_a_price(wizard)
        if not saved.is_success:
            return [Breach("editable", f"a save got {saved.status_code}: {saved.text}")]
        asked = await answered(lambda: wizard.post("/publish", prefer="wait=0"))
        if not asked.is_success:
            return [Breach("published again", f"it got {asked.status_code}: {asked.text}")]
        is_settled = await self._settle(wizard)
        ending = await self._ending(
            wizard, is_settled=is_settled, earlier_prices=len(failed.prices)
        )
        if ending.publication != "published":
            return [Breach("published again", f"the publication is {ending.publication}")]
        return breaches_of(ending)

    async def _ending(self, wizard: Wizard, **known: Any) -> Ending:
        ending: Ending | None = None

        async def is_right() -> bool:
            nonlocal ending
            ending = await self._ending_now(wizard, **known)
            return not breaches_of(ending)

        with suppress(AssertionError):
            await eventually(is_right, within=_CAUGHT_UP_SECONDS)
        assert ending is not None
        return ending

    async def _ending_now(self, wizard: Wizard, **known: Any) -> Ending:
        is_erased = self._requests.has_accepted(Message.ERASE)
        rows = await self._theatre.fetch(_EVENTS, wizard.session_id)
        events = [_stored_event(row) for row in rows]
        session = _erased_session(events) if is_erased else await self._session(wizard)
        return Ending(
            title=self._entered.title,
            amounts=dict(self._entered.amounts),
            is_closed=await self._is_closed(wizard),
            row=await self._row(wizard),
            events=events,
            products=await self._products(wizard),
            prices=await self._prices(wizard),
            may_be_left=self._schedule.has("retire_catalogue", Fault.REFUSED),
            ends_as=self._ends_as,
            is_erased=is_erased,
            **session,
            **known,
        )

    async def _session(self, wizard: Wizard) -> JsonObject:
        view = await self._view(wizard)
        return {
            "publication": view.publication.state.value,
            "status": view.status.value,
            "revision": view.revision,
            "shown_title": view.stages[Stage.EVENT_SETUP].data["title"],
        }

    async def _view(self, wizard: Wizard) -> SessionView:
        return await queried(lambda: query_session(self._theatre.client, wizard.session_id))

    async def _is_closed(self, wizard: Wizard) -> bool:
        """Or gone, as the workflow of an erased session is."""
        handle = session_handle(self._theatre.client, wizard.session_id)
        try:
            return (await handle.describe()).close_time is not None
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return True

    async def _row(self, wizard: Wizard) -> SessionRow | None:
        rows = await self._theatre.fetch(_ROW, wizard.session_id)
        return SessionRow(**rows[0]) if rows else None

    async def _products(self, wizard: Wizard) -> list[ProductAtStripe]:
        return [
            ProductAtStripe(item["id"], item["name"].rpartition(": ")[2], item["active"])
            for item in await self._objects("product", wizard)
        ]

    async def _prices(self, wizard: Wizard) -> list[PriceAtStripe]:
        return [
            PriceAtStripe(item["id"], item["product"], item["unit_amount"], item["active"])
            for item in await self._objects("price", wizard)
        ]

    async def _objects(self, kind: str, wizard: Wizard) -> list[JsonObject]:
        found = await self._theatre.stand_in.get(
            "/objects", kind=kind, account=self._organizer.account
        )
        event_id = ids.event_id_of(wizard.session_id)
        return [item for item in found if item["metadata"]["event_id"] == event_id]


def _erased_session(events: Sequence[StoredEvent]) -> JsonObject:
    """Whether it was published before it was erased, its event shows."""
    is_published = any(event.status == "published" for event in events)
    return {
        "publication": "published" if is_published else "failed",
        "status": "erased",
        "revision": 0,
    }


def _stored_event(row: Any) -> StoredEvent:
    tiers = json.loads(row["ticket_tiers"])
    return StoredEvent(
        status=row["status"],
        title=row["title"],
        prices={tier["name"]: (tier["unit_amount"], tier.get("priceId")) for tier in tiers},
    )
