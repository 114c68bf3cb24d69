"""Messages that a session refuses after the API has sent them, and their trace."""

from domain import ids
from domain.json_values import JsonObject
from tests.support.session_workflow import session_handle
from tests.support.system import System
from tests.support.waiting import eventually
from tests.support.wizard import Wizard


async def signal_save(
    system: System,
    wizard: Wizard,
    message_id: str,
    data: JsonObject,
    *,
    stage: str = "organizerSetup",
    user_id: str | None = None,
) -> None:
    """As the API does, though the session is going to refuse it."""
    owner = (await wizard.view(consistent="true"))["user_id"]
    await session_handle(system.temporal.client, wizard.session_id).signal(
        ids.SIGNAL_STAGE_DATA,
        {
            "stage": stage,
            "data": data,
            "actor": {"user_id": user_id or owner},
            "message_id": message_id,
        },
    )


async def refusal_of(wizard: Wizard, message_id: str) -> JsonObject:
    async def found() -> JsonObject | None:
        actions: list[JsonObject] = (await wizard.get("/actions")).json()["items"]
        return next(
            (
                action
                for action in actions
                if action["name"] == "refuse_message" and action["idempotency_key"] == message_id
            ),
            None,
        )

    return await eventually(found, what=f"the trace of {message_id}")
