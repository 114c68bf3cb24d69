"""One client's way through one session, by its plan."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import httpx

from domain.json_values import JsonObject
from tests.chaos.asking import Asker, NoAnswer
from tests.chaos.model import ERASED, SessionModel
from tests.chaos.plan import HALL, Action, JourneyKind, JourneyPlan, Step
from tests.sales.buyers import Buyer
from tests.sales.market import Market, Sale
from tests.sales.plans import SalePlan
from tests.support.paid_sessions import WAY_BACK
from tests.support.pictures import encoded, quarters
from tests.support.waiting import eventually

_SCHEDULED_AHEAD: Final = timedelta(days=1)
"""Before the event, and long after the run."""


class WrongAnswer(Exception):
    """An answer that the client may not get. The rest of its journey is left out."""


class Journey:
    """``sale`` and ``buyers`` are those of a published event that is on sale."""

    def __init__(
        self,
        plan: JourneyPlan,
        market: Market,
        askers: Sequence[Asker],
        model: SessionModel,
        *,
        elsewhere: str,
    ) -> None:
        """
        Args:
            askers: the members of an organization, who take turns.
            elsewhere: the token of a member of another organization.
        """
        self.plan = plan
        self.model = model
        self.sale: Sale | None = None
        self.buyers: list[Buyer] = []
        self._market = market
        self._askers = list(askers)
        self._elsewhere = elsewhere
        self._event: JsonObject = {}

    async def travel(self) -> None:
        """Takes all steps. What went wrong is in the model."""
        try:
            await self._create()
            for number, step in enumerate(self.plan.steps):
                self._askers.append(self._askers.pop(0))
                await self._take(step, f"{self.plan.name}-{number}")
        except NoAnswer as error:
            self.model.unanswered.append(str(error))
        except (WrongAnswer, AssertionError) as error:
            self.model.wrong_answers.append(str(error))

    @property
    def _asker(self) -> Asker:
        """The member whose turn it is."""
        return self._askers[0]

    async def _create(self) -> None:
        session_id = str(uuid5(NAMESPACE_URL, f"chaos {self.plan.name}"))
        response = await self._ask(
            "create",
            "POST",
            "/v1/sessions",
            json={"session_id": session_id},
            headers={"Idempotency-Key": f"create-{self.plan.name}"},
        )
        self._require(response, "create")
        self.model.creates(session_id)

    async def _take(self, step: Step, key: str) -> None:
        take: dict[Action, Callable[[Step, str], Awaitable[None]]] = {
            Action.SAVE: self._save_text,
            Action.COMPLETE: self._complete,
            Action.MOVE: self._move,
            Action.RESTORE: self._restore,
            Action.UPLOAD: self._upload,
            Action.CONNECT: self._connect,
            Action.PUBLISH: self._publish,
            Action.ABANDON: self._abandon,
            Action.ERASE: self._erase,
            Action.SELL: self._sell,
            Action.CLOSE_SALES: self._close_sales,
            Action.SCHEDULE: self._schedule,
            Action.CANCEL_PUBLICATION: self._cancel_publication,
            Action.LEAVE_ORGANIZATION: self._leave_organization,
        }
        await take[step.action](step, key)

    async def _save_text(self, step: Step, key: str) -> None:
        await self._save(step.stage, step.data or {}, key)

    async def _save(self, stage: str, patch: JsonObject, key: str) -> None:
        response = await self._ask(
            f"save {stage}",
            "PATCH",
            self._path(f"/stages/{stage}"),
            json=patch,
            headers={"Idempotency-Key": key},
        )
        self._require(response, f"save {stage}")
        self.model.saved(stage, patch, key)
        self._compare(response)

    async def _complete(self, step: Step, key: str) -> None:
        patch = step.data or {}
        response = await self._ask(
            f"complete {step.stage}",
            "POST",
            self._path(f"/stages/{step.stage}/complete"),
            json={"data": patch},
            headers={"Idempotency-Key": key},
        )
        if step.refusal is not None:
            if _code_of(response) != step.refusal:
                raise WrongAnswer(f"{key}: complete {step.stage}: {_in_short(response)}")
            self.model.saved(step.stage, patch, key)
            return
        self._require(response, f"complete {step.stage}")
        self.model.saved(step.stage, patch, key)
        self.model.changed("complete_stage", key)
        self._compare(response)

    async def _move(self, step: Step, key: str) -> None:
        body = {"from_stage": step.stage, "to_stage": step.to_stage}
        response = await self._post("move", "/transition", body, key)
        self.model.changed("move_to_stage", key)
        self._compare(response)

    async def _restore(self, step: Step, key: str) -> None:
        revision = self.model.revision_for(step.chance)
        if revision is None:
            return
        response = await self._post(f"restore {revision}", "/restore", {"revision": revision}, key)
        self.model.restored(revision, key)
        self._compare(response)

    async def _upload(self, _: Step, key: str) -> None:
        """Uploads a picture of its own twice, and shows it in the gallery."""
        size = 200 + 8 * self.plan.client, 200 + 8 * (self.plan.number % 50)
        content = await asyncio.to_thread(encoded, quarters(*size))
        url, again = [await self._uploaded(content, key) for _ in range(2)]
        if again != url:
            raise WrongAnswer(f"{key}: the repeated upload is {again}, the first one {url}")
        self.model.pictures.add(url)
        picture = {"url": url, "alt": "The hall"}
        await self._save("sponsorsMedia", {"media": {"gallery": [picture]}}, key)

    async def _uploaded(self, content: bytes, key: str) -> str:
        """The address of the picture."""
        response = await self._ask(
            "upload",
            "POST",
            "/v1/media",
            content=content,
            headers={"Content-Type": "image/jpeg", "Idempotency-Key": f"{key}-upload"},
        )
        self._require(response, "upload")
        return str(response.json()["url"])

    async def _connect(self, _: Step, key: str) -> None:
        response = await self._post("connect", "/payments/connect", WAY_BACK, key)
        self.model.is_connected = True
        self.model.account = response.json()["account_id"]
        await self._market.control(f"/accounts/{self.model.account}", state="ready")
        self.model.note(f"{_clock()} stripe: {self.model.account} is ready")

    async def _abandon(self, _: Step, key: str) -> None:
        await self._post("abandon", "/abandon", None, key)
        self.model.changed("abandon", key)
        self.model.status = "abandoned"

    async def _erase(self, _: Step, key: str) -> None:
        response = await self._ask("erase", "DELETE", self._path(""), waits_for_end=True)
        self._require(response, "erase")
        self.model.status = ERASED

    async def _leave_organization(self, _: Step, key: str) -> None:
        """The session is not found any more by the member who left; the other one continues."""
        left = self._askers.pop(0)
        left.http.headers["Authorization"] = f"Bearer {self._elsewhere}"
        response = await left.ask("read after leaving", "GET", self._path(""))
        if response.status_code != HTTPStatus.NOT_FOUND:
            raise WrongAnswer(f"{key}: {_in_short(response)}")

    async def _schedule(self, _: Step, key: str) -> None:
        moment = (datetime.now(UTC) + _SCHEDULED_AHEAD).isoformat()
        response = await self._post("schedule", "/publish", {"publish_at": moment}, key)
        self.model.changed("schedule_publication", key)
        self._compare(response)

    async def _cancel_publication(self, _: Step, key: str) -> None:
        response = await self._ask(
            "cancel the publication",
            "DELETE",
            self._path("/publication"),
            headers={"Idempotency-Key": key},
        )
        self._require(response, "cancel the publication")
        self.model.changed("cancel_publication", key)
        self._compare(response)

    async def _publish(self, _: Step, key: str) -> None:
        publishing = self._ask(
            "publish",
            "POST",
            self._path("/publish"),
            waits_for_end=True,
            headers={"Idempotency-Key": key, "Prefer": "wait=10"},
        )
        if self.plan.kind is JourneyKind.LOSE_ACCOUNT:
            response = await self._while_losing_the_account(publishing)
        else:
            response = await publishing
            self._require(response, "publish")
        if response.is_success:
            self.model.status = "completed"
            self._event = response.json()
        elif _code_of(response) not in {"payments_refused", "publish_failed", "publish_blocked"}:
            raise WrongAnswer(f"{key}: publish: {_in_short(response)}")

    async def _while_losing_the_account(
        self, publishing: Coroutine[Any, Any, httpx.Response]
    ) -> httpx.Response:
        losing = asyncio.create_task(self._lose_account())
        try:
            return await publishing
        finally:
            losing.cancel()
            await asyncio.gather(losing, return_exceptions=True)

    async def _lose_account(self) -> None:
        """As soon as the publication has made a product."""
        account = self.model.account or ""

        async def sells() -> bool:
            return bool(await self._market.objects("product", account))

        await eventually(sells, within=math.inf)
        self.model.lost_account = True
        await self._market.control(f"/accounts/{account}/disconnect")
        self.model.note(f"{_clock()} stripe: {account} is disconnected")

    async def _sell(self, _: Step, key: str) -> None:
        """Half of the buyers order before the organizer pauses the sales, and half while they are
        paused and resumed."""
        self.sale = Sale(
            market=self._market,
            plan=SalePlan(self.plan.seed, self.plan.tiers, None, HALL, ()),
            organizer=self._asker.http,
            account=self.model.account or "",
            event_id=self._event["event_id"],
            slug=self._event["slug"],
            tiers=tuple(tier["id"] for tier in self._event["ticket_tiers"]),
        )
        self.buyers = [Buyer(self.sale, self._asker.http, plan) for plan in self.plan.buyers]
        half = len(self.buyers) // 2
        await _all(self._buy(buyer) for buyer in self.buyers[:half])
        await _all([*(self._buy(buyer) for buyer in self.buyers[half:]), self._pause_sales(key)])

    async def _pause_sales(self, key: str) -> None:
        await self._switch_sales("pause", "paused", key)
        await self._switch_sales("resume", "on", key)

    async def _close_sales(self, _: Step, key: str) -> None:
        await self._switch_sales("close", "closed", key)

    async def _switch_sales(self, change: str, state: str, key: str) -> None:
        response = await self._ask(
            f"{change} sales",
            "POST",
            f"/v1/events/{self._event['event_id']}/sales/{change}",
            headers={"Idempotency-Key": f"{key}-{change}"},
        )
        self._require(response, f"{change} sales")
        self.model.sales = state

    async def _buy(self, buyer: Buyer) -> None:
        self._asker.ledger.tried += 1
        began = time.monotonic()
        await buyer.ask()
        self._asker.ledger.answered("order", began)
        if buyer.order is None:
            self._asker.ledger.refused += 1
            return
        self._asker.ledger.acknowledged += 1
        await buyer.act()
        await buyer.act_later()

    async def _post(self, name: str, suffix: str, body: Any, key: str) -> httpx.Response:
        response = await self._ask(
            name, "POST", self._path(suffix), json=body, headers={"Idempotency-Key": key}
        )
        self._require(response, name)
        return response

    async def _ask(self, name: str, method: str, path: str, **request: Any) -> httpx.Response:
        return await self._asker.ask(name, method, path, **request)

    def _path(self, suffix: str) -> str:
        return f"/v1/sessions/{self.model.session_id}{suffix}"

    def _require(self, response: httpx.Response, operation: str) -> None:
        if not response.is_success:
            raise WrongAnswer(f"{operation}: {_in_short(response)}")

    def _compare(self, response: httpx.Response) -> None:
        """An answer has what it acknowledges, and everything before it."""
        view = response.json()
        self.model.seen_at(view["revision"])
        for stage, data in self.model.data.items():
            for field, value in data.items():
                shown = view["stages"][stage]["data"].get(field)
                if isinstance(value, str) and shown != value:
                    raise WrongAnswer(f"revision {view['revision']}: {stage}/{field} is {shown!r}")


async def _all(works: Any) -> None:
    """Lets all of them end, and then raises the first error."""
    results: Sequence[Any] = await asyncio.gather(*works, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result


def _code_of(response: httpx.Response) -> str | None:
    try:
        code: str | None = response.json().get("code")
    except ValueError:
        return None
    return code


def _in_short(response: httpx.Response) -> str:
    return f"{response.status_code} {response.text[:300]}"


def _clock() -> str:
    return time.strftime("%X")
