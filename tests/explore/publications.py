"""Plays schedules of a publication, and publishes again what failed."""

import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Self
from uuid import uuid4

import httpx

from domain import ids
from tests.explore.opening import Theatre
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
from tests.explore.settling import answered, history_of, settle_run
from tests.support.paid_sessions import paid_event
from tests.support.session_workflow import end_burst, query_session, session_handle
from tests.support.stage_data import by_section
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start

PUBLISH: Final = "publish"

JsonObject = dict[str, Any]

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
        await self._write_at_once(wizard)
        workflow_id = ids.session_workflow_id(wizard.session_id)
        with self._theatre.director.directing(workflow_id, self._schedule) as run:
            asked = await answered(lambda: wizard.post("/publish", prefer="wait=0"))
            assert asked.is_success, asked.text
            is_settled = await self._settle(wizard)
        ending = await self._ending(wizard, is_settled=is_settled)
        breaches = [*breaches_of(ending), *busy(len(run.trail.steps))]
        if ending.publication == "failed":
            breaches += await self._publish_again(wizard, ending)
        handle = session_handle(self._theatre.client, wizard.session_id)
        log = list(await history_of(handle)) if breaches else []
        return Played.of(run, ending.publication, breaches, log)

    async def _write_at_once(self, wizard: Wizard) -> None:
        """The session has nothing left to write when the schedule begins."""

        async def is_idle() -> bool:
            return True

        await end_burst(self._theatre.client, wizard.session_id)
        handle = session_handle(self._theatre.client, wizard.session_id)
        await settle_run(self._theatre.temporal, handle, is_idle)

    async def _settle(self, wizard: Wizard) -> bool:
        async def has_failed() -> bool:
            view = await query_session(self._theatre.client, wizard.session_id)
            return view.publication.state == "failed"

        handle = session_handle(self._theatre.client, wizard.session_id)
        return await settle_run(self._theatre.temporal, handle, has_failed)

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
        client = self._theatre.client
        view = await query_session(client, wizard.session_id)
        described = await session_handle(client, wizard.session_id).describe()
        events = await self._theatre.fetch(_EVENTS, wizard.session_id)
        return Ending(
            title=self._entered.title,
            amounts=dict(self._entered.amounts),
            publication=view.publication.state.value,
            status=view.status.value,
            revision=view.revision,
            is_closed=described.close_time is not None,
            row=await self._row(wizard),
            events=[_stored_event(row) for row in events],
            products=await self._products(wizard),
            prices=await self._prices(wizard),
            may_be_left=self._schedule.has("retire_catalogue", Fault.REFUSED),
            **known,
        )

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


def _stored_event(row: Any) -> StoredEvent:
    tiers = json.loads(row["ticket_tiers"])
    return StoredEvent(
        status=row["status"],
        title=row["title"],
        prices={tier["name"]: (tier["unit_amount"], tier.get("priceId")) for tier in tiers},
    )
