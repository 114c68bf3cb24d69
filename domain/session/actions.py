"""Accepted changes of a session: the rows of its audit trail."""

from collections.abc import Callable, Iterable, Iterator
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
    CANCEL_PUBLICATION = "cancel_publication"
    """The scheduled publication was cancelled; ``detail`` is its time."""
    PUBLICATION_AT_RISK = "publication_at_risk"
    """The scheduled publication would fail; ``detail`` has the codes of the checks."""
    CHECK_PUBLICATION = "check_publication"
    """It would fail for another reason, or would no longer fail."""
    START_PUBLICATION = "start_publication"
    PUBLICATION_STEP = "publication_step"
    FAIL_PUBLICATION = "fail_publication"
    PUBLISH_EVENT = "publish_event"
    CHECK_PAYMENTS = "check_payments"
    REMIND = "remind"
    ABANDON = "abandon"
    EXPIRE = "expire"
    REFUSE_MESSAGE = "refuse_message"
    """A save without a response that the session refused; ``detail`` is the error's code."""
    SESSION_LOST = "session_lost"
    """The sweep closed the session, because Temporal had ended its workflow."""


BURST_ACTIONS: Final = frozenset(
    {
        ActionName.SAVE_STAGE,
        ActionName.COMPLETE_STAGE,
        ActionName.MOVE_TO_STAGE,
        ActionName.RESTORE,
        ActionName.START_PUBLICATION,
        ActionName.PUBLICATION_STEP,
        ActionName.REFUSE_MESSAGE,
    }
)
"""Actions that come many times in a row, during editing and during a publication without failures;
every other action is a milestone. Runs that follow publications write some of these at once as well
(``backlog_with`` in ``run_policy.py``)."""

IDLE: Final = "idle"
"""The ``detail`` of an ``abandon`` by the system, because the session was idle for too long."""


class Action(BaseModel):
    """A change of a session."""

    model_config = ConfigDict(frozen=True)

    revision: int = Field(ge=1, description="The revision of the session after the change")
    part: int = Field(
        default=0,
        ge=0,
        exclude_if=lambda part: part == 0,
        description="Counts the actions of one change: a session that is created with data has one "
        "for each section. Omitted if it is 0",
    )
    name: ActionName
    stage: Stage | None = None
    actor_id: str | None = Field(
        description="The user who made the change; null if the session made it"
    )
    at: datetime
    sections: dict[str, JsonObject] | None = Field(
        default=None, description="The sections that the change wrote, each in full"
    )
    detail: str | None = Field(
        default=None, description="Details for programs, such as the code of the error"
    )
    idempotency_key: str | None = None
    execution_time_ms: int | None = Field(
        default=None,
        exclude_if=lambda duration: duration is None,
        description="How long the API waited for the session to make the change, in milliseconds. "
        "Omitted if no request waited for it, or if it is not known",
    )

    @property
    def position(self) -> tuple[int, int]:
        """Identifies the action within its session; the later one is greater."""
        return self.revision, self.part


def batches(
    actions: Iterable[Action], bytes_of: Callable[[Action], int], *, limit: int
) -> Iterator[tuple[Action, ...]]:
    """The actions in order, in batches of at most ``limit`` bytes and at least one action."""
    batch: list[Action] = []
    size = 0
    for action in actions:
        added = bytes_of(action)
        if batch and size + added > limit:
            yield tuple(batch)
            batch, size = [], 0
        batch.append(action)
        size += added
    if batch:
        yield tuple(batch)
