"""Clients of one tenant that race at two API processes, and the comparison with the model."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from itertools import cycle, islice
from typing import Any, Final
from uuid import uuid4

import httpx
from temporalio.testing import WorkflowEnvironment

from domain.json_values import JsonObject
from tests.races.model import Model, Phase, Program, orders_of
from tests.races.operations import Answer, Operation
from tests.support.api import client_for, token, unique_user
from tests.support.postgres import Database
from tests.support.session_rows import complete_session_rows
from tests.support.stage_data import STAGES, free_sections
from tests.support.stripe_events import SECRETS
from tests.support.system import System, running_api, running_worker
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start

MEMBERS: Final = ("ada", "grace")
ORGANIZATION: Final = "acme"


@dataclass(frozen=True)
class Arena:
    """``clients`` are both members at each API process, which follow each other in turn; the
    processes are at ``addresses``."""

    system: System
    addresses: Sequence[str]
    clients: Sequence[httpx.AsyncClient]

    @asynccontextmanager
    async def one_person(self) -> AsyncIterator[Sequence[httpx.AsyncClient]]:
        """A client of a new person at each API process."""
        bearer = token(unique_user())
        async with AsyncExitStack() as browsers:
            yield [
                await browsers.enter_async_context(client_for(address, bearer))
                for address in self.addresses
            ]

    async def new_session(self, *, is_filled: bool) -> tuple[str, Model]:
        """A session without data, or one that can be published."""
        data: dict[str, JsonObject] = {stage: {} for stage in STAGES[:-1]}
        empty = Model(data=data, history=((data, 0),))
        if not is_filled:
            return (await start(self.clients[0])).session_id, empty
        wizard = await start(self.clients[0], free_sections(title=f"Show {uuid4().hex[:12]}"))
        return wizard.session_id, _filled(empty, await wizard.view(consistent="true"))

    async def race(self, session_id: str, programs: Sequence[Sequence[Operation]]) -> list[Program]:
        """Sends the first request of each program at the same time."""
        clients = islice(cycle(self.clients), len(programs))
        return await asyncio.gather(
            *(
                self._play(Wizard(client, session_id), program)
                for client, program in zip(clients, programs, strict=True)
            )
        )

    async def _play(self, wizard: Wizard, program: Sequence[Operation]) -> Program:
        return [(operation, await _send(wizard, operation)) for operation in program]

    async def explained(self, session_id: str, before: Model, raced: Sequence[Program]) -> Model:
        """The session after the race.

        Raises:
            AssertionError: no order of the operations explains the answers and the session.
        """
        possible = list(orders_of(before, raced))
        shown = await self._settled(session_id, possible)
        explained = [after for after in possible if _is_shown(after, shown)]
        assert explained, _report(before, raced, possible, shown)
        return explained[0]

    async def _settled(self, session_id: str, possible: Sequence[Model]) -> JsonObject | None:
        """The session once publications and erasures are over; None if it is gone."""
        wizard = Wizard(self.clients[-1], session_id)
        is_erased = any(after.phase is Phase.ERASED for after in possible)

        async def settled() -> tuple[JsonObject | None] | None:
            response = await wizard.get(consistent="true")
            if response.status_code == 404:
                return (None,)
            if response.status_code != 200:
                return None
            view = response.json()
            is_over = view["publication"]["state"] != "running"
            return (view,) if is_over and not is_erased else None

        (view,) = await eventually(settled, what="a settled session")
        return view

    async def assert_recorded(self, session_id: str, after: Model) -> None:
        """The read model has the session, and the audit trail each change once."""
        if after.phase is Phase.ERASED:
            return
        client = self.system.temporal.client
        rows = await complete_session_rows(self.system.database, client, session_id)
        own = len(rows.revisions) - after.revision
        assert own >= 0 if after.phase is Phase.PUBLISHED else own == 0


async def _send(wizard: Wizard, operation: Operation) -> Answer:
    """Repeats the request while it is answered with 503, as a client does."""
    method, suffix, body = operation.http()
    extra: dict[str, Any] = {} if body is None else {"json": body}

    async def answered() -> httpx.Response | None:
        response = await wizard.http.request(
            method, wizard.path(suffix), headers=operation.headers(), **extra
        )
        return None if response.status_code == 503 else response

    response = await eventually(answered, what=f"an answer to {operation}")
    content = response.json() if response.content else {}
    stages = content.get("stages") if response.is_success else None
    return Answer(
        status=response.status_code,
        code=content.get("code", ""),
        is_repeat=response.headers.get("Idempotent-Replayed") == "true",
        revision=content["revision"] if stages else None,
        stages=None if stages is None else _compared(stages),
    )


def _compared(stages: JsonObject) -> dict[str, JsonObject]:
    return {stage: stages[stage]["data"] for stage in STAGES[:-1]}


def _filled(empty: Model, view: JsonObject) -> Model:
    """A session that is created with data has it at revision 1."""
    assert view["revision"] == 1
    filled = replace(empty, data=_compared(view["stages"]))
    return filled.changed(terms=1, terms_current=True, acceptances=1)


def _is_shown(after: Model, shown: JsonObject | None) -> bool:
    if shown is None or after.phase is Phase.ERASED:
        return shown is None and after.phase is Phase.ERASED
    is_open = after.phase is not Phase.PUBLISHED
    return (
        _compared(shown["stages"]) == after.data
        and shown["status"] == after.phase
        and shown["current_stage"] == after.stage
        and (shown["publication"]["state"] == "scheduled") is after.is_scheduled
        and (shown["revision"] == after.revision or not is_open)
    )


def _report(
    before: Model,
    raced: Sequence[Program],
    possible: Sequence[Model],
    shown: JsonObject | None,
) -> str:
    lines = [f"no order explains a race at revision {before.revision}, {before.stage}:"]
    for program in raced:
        lines += [f"  {operation} -> {answer}" for operation, answer in program]
        lines.append("")
    lines.append(f"orders that explain the answers alone: {len(possible)}")
    lines.append(f"the session then: {shown}")
    return "\n".join(lines)


@asynccontextmanager
async def open_arena(
    temporal: WorkflowEnvironment, database: Database, *, stripe_url: str | None = None
) -> AsyncIterator[Arena]:
    """Without ``stripe_url``, the worker has no Stripe."""
    async with (
        running_api(temporal, database, stripe_webhook_secrets=SECRETS) as first,
        running_api(temporal, database, stripe_webhook_secrets=SECRETS) as second,
        running_worker(first, stripe_url=stripe_url),
    ):
        clients = [
            client_for(system.address, token(member, ORGANIZATION))
            for member in MEMBERS
            for system in (first, second)
        ]
        try:
            yield Arena(first, (first.address, second.address), clients)
        finally:
            await asyncio.gather(*(client.aclose() for client in clients))
