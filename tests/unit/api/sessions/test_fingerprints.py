"""Fingerprints of requests: what a session remembers of them outlives a release."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from api.sessions.client import SessionClient
from api.sessions.idempotency import Attempt
from api.sessions.updates import ChangeRequest
from domain.actors import Actor
from domain.ids import session_workflow_id
from domain.session.messages import Request
from domain.stages import Section, Stage

SESSION_ID = "7d8f5e0c-5f0c-4c9e-9b6e-0f6a7f1f2c3d"


class Sent(Exception):
    def __init__(self, request: Request) -> None:
        super().__init__()
        self.request = request


class Recorder:
    """In the place of the delivery, and of the handle of a workflow."""

    id = session_workflow_id(SESSION_ID)

    async def answered(
        self, _actor: Actor, _session_id: str, send: Callable[[Any], Awaitable[Any]], **_: Any
    ) -> Any:
        return await send(self)

    async def execute_update(self, _name: str, request: Request, **_: Any) -> None:
        raise Sent(request)


async def request_of(
    send: Callable[[SessionClient, ChangeRequest], Awaitable[Any]],
    expected: tuple[int, ...] | None = None,
) -> Request:
    nothing = cast("Any", None)
    client = SessionClient(nothing, nothing, nothing, nothing, nothing, ttl_seconds=60)
    client._updates._delivery = cast("Any", Recorder())
    change = ChangeRequest(Actor(user_id="ada"), SESSION_ID, Attempt.of("key"), expected)
    with pytest.raises(Sent) as sent:
        await send(client, change)
    return sent.value.request


Send = Callable[[SessionClient, ChangeRequest], Awaitable[Any]]
BACK = (Stage.EVENT_SETUP, Stage.ORGANIZER_SETUP)

RECORDED: dict[str, tuple[Send, str]] = {
    "save": (
        lambda client, change: client.save(change, Stage.ORGANIZER_SETUP, {"name": "Ada"}),
        "d9ef436039967bc4866837e55702c0e9",
    ),
    "complete": (
        lambda client, change: client.complete(change, Stage.ORGANIZER_SETUP, None),
        "009457c14f1fdfca7839d34a7053245c",
    ),
    "move": (lambda client, change: client.move(change, *BACK), "5aceda98d31a423b20eda41f6baf85e6"),
    "publish": (
        lambda client, change: client.publish(change, None),
        "d80e3545b9fec7a66a1d36110dcb98fe",
    ),
    "abandon": (lambda client, change: client.abandon(change), "2954ad0a36bdc93f7557918415a79871"),
    "restore": (
        lambda client, change: client.restore(change, 1, {Section.ORGANIZER: {"name": "Ada"}}),
        "ae0f0a98b4619f81c40d98e228536478",
    ),
}
"""With the fingerprints that releases before conditions on every route have sent."""


@pytest.mark.parametrize(("send", "recorded"), RECORDED.values(), ids=RECORDED.keys())
async def test_requests_without_a_condition_keep_their_fingerprint(
    send: Send, recorded: str
) -> None:
    assert (await request_of(send)).fingerprint == recorded


@pytest.mark.parametrize(("send", "recorded"), RECORDED.values(), ids=RECORDED.keys())
async def test_a_condition_is_part_of_message_and_fingerprint(send: Send, recorded: str) -> None:
    one = await request_of(send, (3,))
    several = await request_of(send, (1, 3))

    assert (one.expected_revision, one.expected) == (3, (3,))
    assert (several.expected_revision, several.expected) == (3, (1, 3))
    assert len({one.fingerprint, several.fingerprint, recorded}) == 3
