"""Accepted changes of a session, kept as rows of the audit trail."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from domain.json_values import JsonObject
from domain.stages import Stage


class ActionName(StrEnum):
    SAVE_STAGE = "save_stage"
    COMPLETE_STAGE = "complete_stage"
    MOVE_TO_STAGE = "move_to_stage"
    RESTORE = "restore"
    SCHEDULE_PUBLICATION = "schedule_publication"
    START_PUBLICATION = "start_publication"
    PUBLICATION_STEP = "publication_step"
    FAIL_PUBLICATION = "fail_publication"
    PUBLISH_EVENT = "publish_event"
    CHECK_PAYMENTS = "check_payments"
    REMIND = "remind"
    ABANDON = "abandon"
    EXPIRE = "expire"


BURST_ACTIONS: Final = frozenset(
    {
        ActionName.SAVE_STAGE,
        ActionName.COMPLETE_STAGE,
        ActionName.MOVE_TO_STAGE,
        ActionName.RESTORE,
        ActionName.START_PUBLICATION,
        ActionName.PUBLICATION_STEP,
    }
)
"""What comes many times in a row, while somebody works on a session or the steps of a publication
go well; every other action is a milestone."""


IDLE: Final = "idle"
"""Remark of an action ``abandon`` that nobody asked for: nobody worked on the session any more."""


class Action(BaseModel):
    """One accepted change. ``sections`` holds, whole, each section that the change wrote."""

    model_config = ConfigDict(frozen=True)

    revision: int = Field(ge=1)
    name: ActionName
    stage: Stage | None = None
    actor_id: str | None = Field(description="The user; absent where the session acted by itself")
    at: datetime
    sections: dict[str, JsonObject] | None = None
    detail: str | None = Field(default=None, description="A short machine-readable remark")
    idempotency_key: str | None = None
