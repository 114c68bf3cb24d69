"""Collects what Postgres, Temporal, Stripe, the API and its streams have at the end of a run."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import httpx
from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.client import Client

from domain import ids
from domain.json_values import JsonObject
from tests.chaos.judge import (
    CatalogueObject,
    RunEvidence,
    SessionEvidence,
    StoredAction,
    StoredEvent,
    StoredMessage,
    StoredSession,
)
from tests.chaos.model import SessionModel
from tests.chaos.watching import Watcher
from tests.sales.buyers import Buyer
from tests.sales.evidence import evidence_of
from tests.sales.market import Market, Sale

_SESSIONS: Final = """
SELECT session_id::text, status, revision, jsonb_build_object(
    'organizerSetup', organizer_data, 'eventSetup', event_data, 'venueSetup', venue_data,
    'ticketSetup', ticket_data, 'sponsorsMedia', sponsor_data, 'reviewPublish', review_data
) AS stages
FROM wizard_sessions
"""
_ACTIONS: Final = """
SELECT session_id::text, revision, part, action_name, idempotency_key FROM wizard_actions
ORDER BY session_id, revision, part
"""
_EVENTS: Final = "SELECT session_id::text, id::text, status, title, ticket_tiers, sales FROM events"
_THREADS: Final = "SELECT session_id::text, thread_id::text, messages FROM copilot_threads"

_ACCOUNT: Final = "v2.core.account"
_KINDS: Final = ("product", "price")

_UNHANDLED: Final = "unhandled error"
"""In a line of the API's log about an exception that it answers with 500."""

_NON_DETERMINISTIC: Final = (
    WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR
)


class Collector:
    """Reads directly, not through the proxies. ``http`` are clients of the API by user."""

    def __init__(
        self, market: Market, models: Sequence[SessionModel], http: Mapping[str, httpx.AsyncClient]
    ) -> None:
        self._market = market
        self._models = models
        self._http = http

    async def collect(
        self, watchers: Mapping[str, Watcher], sales: Sequence[tuple[Sale, Sequence[Buyer]]]
    ) -> RunEvidence:
        """Without failed tasks and logs, which :meth:`with_logs` adds."""
        rows = await self._rows()
        running = {name async for name in _running(self._market.temporal)}
        owners = await self._accounts()
        sessions = [
            await self._of_session(model, rows, running, owners, watchers)
            for model in self._models
            if model.exists
        ]
        of_open = {
            ids.session_workflow_id(session.model.session_id)
            for session in sessions
            if session.view is not None and session.view["status"] == "in_progress"
        }
        nameless = [
            SessionEvidence(model, None, None, (), (), (), (), False, None, (), {}, {})
            for model in self._models
            if not model.exists
        ]
        return RunEvidence(
            sessions=[*sessions, *nameless],
            sales=[await evidence_of(sale, buyers, []) for sale, buyers in sales],
            open_workflows=sorted(running - of_open),
            failed_tasks=(),
            unhandled_errors=(),
        )

    async def with_logs(self, evidence: RunEvidence, log: Path) -> RunEvidence:
        """The same, with what the histories and the API's log say."""
        text = await asyncio.to_thread(log.read_text, errors="replace")
        return replace(
            evidence,
            failed_tasks=await self._failed_tasks(),
            unhandled_errors=[line for line in text.splitlines() if _UNHANDLED in line],
        )

    async def _failed_tasks(self) -> list[str]:
        """Of each workflow whose last run still fails, or whose code differed from its history."""
        found = []
        async for workflow in self._market.temporal.list_workflows():
            handle = self._market.temporal.get_workflow_handle(workflow.id, run_id=workflow.run_id)
            failures: list[tuple[bool, str]] = []
            async for event in handle.fetch_history_events():
                if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
                    failed = event.workflow_task_failed_event_attributes
                    failures.append((failed.cause == _NON_DETERMINISTIC, failed.failure.message))
                elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
                    failures = [failure for failure in failures if failure[0]]
            found += [f"{workflow.id}: {message}" for _, message in failures]
        return found

    async def _of_session(
        self,
        model: SessionModel,
        rows: "_Rows",
        running: set[str],
        owners: Mapping[str, Sequence[str]],
        watchers: Mapping[str, Watcher],
    ) -> SessionEvidence:
        session_id = model.session_id
        watcher = watchers.get(session_id)
        return SessionEvidence(
            model=model,
            view=await self._view(model),
            row=rows.sessions.get(session_id),
            actions=rows.actions[session_id],
            events=rows.events[session_id],
            accounts=owners.get(f"user:{model.user}", ()),
            objects=await self._objects(model),
            is_open=ids.session_workflow_id(session_id) in running,
            shown=watcher.view if watcher else None,
            steps_back=watcher.steps_back if watcher else (),
            pictures={address: await self._status(model, address) for address in model.pictures},
            threads=rows.threads[session_id],
        )

    async def _view(self, model: SessionModel) -> JsonObject | None:
        try:
            response = await self._http[model.user].get(
                f"/v1/sessions/{model.session_id}", params={"consistent": "true"}
            )
        except httpx.TransportError:
            return None
        return response.json() if response.is_success else None

    async def _status(self, model: SessionModel, address: str) -> int:
        return (await self._http[model.user].get(address)).status_code

    async def _accounts(self) -> dict[str, list[str]]:
        """By the tenant who owns them."""
        response = await self._market.stand_in.get("/objects", params={"kind": _ACCOUNT})
        found: dict[str, list[str]] = defaultdict(list)
        for account in response.json():
            found[account["metadata"]["tenant"]].append(account["id"])
        return found

    async def _objects(self, model: SessionModel) -> list[CatalogueObject]:
        if model.account is None or model.lost_account:
            return []
        return [
            CatalogueObject(kind, found["metadata"]["tier_id"], found["active"])
            for kind in _KINDS
            for found in await self._market.objects(kind, model.account)
        ]

    async def _rows(self) -> "_Rows":
        market = self._market
        return _Rows(
            await market.fetch(_SESSIONS),
            await market.fetch(_ACTIONS),
            await market.fetch(_EVENTS),
            await market.fetch(_THREADS),
        )


class _Rows:
    """By session."""

    def __init__(
        self,
        sessions: Iterable[Any],
        actions: Iterable[Any],
        events: Iterable[Any],
        threads: Iterable[Any],
    ) -> None:
        self.sessions = {
            row["session_id"]: StoredSession(
                row["status"], row["revision"], json.loads(row["stages"])
            )
            for row in sessions
        }
        self.actions: dict[str, list[StoredAction]] = defaultdict(list)
        for row in actions:
            self.actions[row["session_id"]].append(
                StoredAction(
                    row["revision"], row["part"], row["action_name"], row["idempotency_key"]
                )
            )
        self.events: dict[str, list[StoredEvent]] = defaultdict(list)
        for row in events:
            tiers = json.loads(row["ticket_tiers"])
            paid = frozenset(tier["id"] for tier in tiers if tier["unit_amount"])
            self.events[row["session_id"]].append(
                StoredEvent(row["id"], row["status"], row["title"], paid, row["sales"])
            )
        self.threads: dict[str, dict[str, list[StoredMessage]]] = defaultdict(dict)
        for row in threads:
            self.threads[row["session_id"]][row["thread_id"]] = [
                StoredMessage(
                    message["message_id"],
                    message["text"],
                    tuple(call["call_id"] for call in message["calls"]),
                )
                for message in json.loads(row["messages"])
            ]


async def _running(temporal: Client) -> AsyncIterator[str]:
    """The ids of open workflows, without those of Temporal's schedules."""
    async for workflow in temporal.list_workflows('ExecutionStatus = "Running"'):
        if not workflow.id.startswith("temporal-sys-"):
            yield workflow.id
