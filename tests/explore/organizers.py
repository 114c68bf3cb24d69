"""What an organizer asks for while the publication runs, and the deadline of the session."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final
from uuid import uuid4

import httpx

from tests.explore.messages import Message
from tests.explore.opening import Theatre
from tests.explore.requests import Requests
from tests.explore.settling import answered
from tests.support.session_workflow import session_handle
from tests.support.wizard import Wizard

BEFORE_DEADLINE: Final = timedelta(minutes=4)
"""Less than the time that a step of a publication waits."""

_PAST_DEADLINE: Final = BEFORE_DEADLINE + timedelta(seconds=1)

_NEW_TITLE: Final = "Explored again"

_REFUSALS: Final = frozenset(
    {
        "publishing",
        "session_closed",
        "session_not_found",
        "session_lost",
        "event_not_found",
        "publish_blocked",
        "stage_mismatch",
    }
)
"""Codes with which a message may be refused."""


class OrganizerRequests(Requests):
    """``saved_title`` is that of the save, once it is acknowledged."""

    def __init__(self, theatre: Theatre, wizard: Wizard) -> None:
        super().__init__()
        self._theatre = theatre
        self._wizard = wizard
        self.saved_title: str | None = None

    async def send(self, message: Message) -> None:
        if message is Message.EXPIRE:
            self.in_background(self._pass_deadline())
            return
        response = await answered(self._request_of(message))
        detail = f"{response.status_code} {response.text}"
        if response.is_success:
            self.keep(message, detail)
            if message is Message.SAVE:
                self.saved_title = _NEW_TITLE
            return
        assert response.json()["code"] in _REFUSALS, f"{message}: {detail}"
        self.keep(message, detail, is_accepted=False)

    def _request_of(self, message: Message) -> Callable[[], Awaitable[httpx.Response]]:
        wizard, key = self._wizard, {"idempotency_key": uuid4().hex}
        move = {"from_stage": "organizerSetup", "to_stage": "eventSetup"}
        requests: dict[Message, Callable[[], Awaitable[httpx.Response]]] = {
            Message.SAVE: lambda: wizard.save("eventSetup", {"title": _NEW_TITLE}, **key),
            Message.MOVE: lambda: wizard.post("/transition", move, **key),
            Message.PUBLISH_AGAIN: lambda: wizard.post("/publish", prefer="wait=0", **key),
            Message.CANCEL_PUBLICATION: lambda: wizard.delete("/publication", **key),
            Message.ABANDON: lambda: wizard.post("/abandon", **key),
            Message.ERASE: wizard.delete,
        }
        return requests[message]

    async def _pass_deadline(self) -> None:
        handle = session_handle(self._theatre.client, self._wizard.session_id)
        with suppress(RuntimeError):  # a later pause is skipped as well
            await self._theatre.temporal.fast_forward(handle, _PAST_DEADLINE)
