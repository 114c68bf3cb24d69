"""An agent's way through one session: the tools of the assistant, over MCP."""

import asyncio
from typing import Any, Final

import httpx2
from mcp.shared.exceptions import MCPError

from domain.json_values import JsonObject
from tests.chaos.asking import ATTEMPT_SECONDS, Asker, NoAnswer
from tests.chaos.journeys import WrongAnswer
from tests.chaos.model import SessionModel
from tests.chaos.plan import Action, JourneyPlan, Step
from tests.support.agents import agent, calls_of

_TOOLS: Final = {
    "organizerSetup": "autosaveOrganizerData",
    "eventSetup": "autosaveEventData",
    "venueSetup": "autosaveVenueData",
    "sponsorsMedia": "autosaveSponsorData",
}

_TRY_AGAIN: Final = frozenset({"unavailable", "rate_limited"})


class AgentJourney:
    """Saves with tools what the plan saves or completes. A person accepts the terms."""

    def __init__(
        self, plan: JourneyPlan, address: str, bearer: str, asker: Asker, model: SessionModel
    ) -> None:
        self.plan = plan
        self.model = model
        self._address = address
        self._bearer = bearer
        self._asker = asker
        self._revision = 0

    async def travel(self) -> None:
        """Takes all steps. What went wrong is in the model."""
        try:
            created = await self._call("createSession", key=f"agent-{self.plan.name}")
            self.model.creates(created["session_id"])
            self._revision = created["revision"]
            for step in self.plan.steps:
                await self._take(step)
        except NoAnswer as error:
            self.model.unanswered.append(str(error))
        except (WrongAnswer, AssertionError) as error:
            self.model.wrong_answers.append(str(error))

    async def _take(self, step: Step) -> None:
        data = step.data or {}
        if step.action is Action.PUBLISH:
            await self._publish()
        elif step.stage == "ticketSetup":
            for tier in data["tiers"]:
                await self._change("addTier", **tier)
            self.model.saved(step.stage, data, None)
        elif step.stage == "reviewPublish":
            await self._accept_terms(data)
        elif step.stage:
            await self._change(_TOOLS[step.stage], **data)
            self.model.saved(step.stage, data, None)

    async def _change(self, tool: str, **arguments: Any) -> None:
        result = await self._call(
            tool, session_id=self.model.session_id, revision=self._revision, **arguments
        )
        self._revision = result["revision"]

    async def _accept_terms(self, data: JsonObject) -> None:
        key = f"terms-{self.plan.name}"
        response = await self._asker.ask(
            "accept the terms",
            "PATCH",
            f"/v1/sessions/{self.model.session_id}/stages/reviewPublish",
            json=data,
            headers={"Idempotency-Key": key},
        )
        if not response.is_success:
            raise WrongAnswer(f"terms: {response.status_code} {response.text[:300]}")
        self.model.saved("reviewPublish", data, key)

    async def _publish(self) -> None:
        checked = await self._call("runChecks", session_id=self.model.session_id)
        if not checked["ready"]:
            raise WrongAnswer(f"runChecks: {checked['checks']}")
        await self._call(
            "confirmPublish",
            session_id=self.model.session_id,
            revision=checked["revision"],
            checks_digest=checked["checks_digest"],
        )
        self.model.status = "completed"

    async def _call(self, tool: str, **arguments: Any) -> JsonObject:
        """The result of the tool, whose call is repeated with the same arguments.

        Raises:
            NoAnswer: there was none in time.
            WrongAnswer: the tool refused it.
        """

        async def attempt() -> JsonObject | None:
            result = await self._attempt(tool, arguments)
            if result is None or (result["is_error"] and result.get("code") in _TRY_AGAIN):
                return None
            is_running = tool == "confirmPublish" and result.get("status") == "in_progress"
            return None if is_running and not result["is_error"] else result

        result = await self._asker.repeat(tool, attempt)
        if result["is_error"]:
            self._asker.ledger.refused += 1
            raise WrongAnswer(f"{tool}: {result}")
        self._asker.ledger.acknowledged += 1
        return result

    async def _attempt(self, tool: str, arguments: JsonObject) -> JsonObject | None:
        """None if the connection broke."""
        try:
            async with (
                asyncio.timeout(ATTEMPT_SECONDS),
                agent(self._address, self._bearer) as client,
            ):
                result = await calls_of(client)(tool, **arguments)
        except TimeoutError:
            self._asker.note(f"{tool}: no answer in time")
            return None
        except ExceptionGroup as broken:
            _, others = broken.split((httpx2.TransportError, MCPError, TimeoutError))
            if others is not None:
                raise
            self._asker.note(f"{tool}: the connection broke")
            return None
        said = result.get("code") or f"revision={result.get('revision')}"
        self._asker.note(f"{tool}: {said} status={result.get('status')}")
        return result
