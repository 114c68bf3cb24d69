"""What the assistant knows of a session when it answers."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, Field

from domain.json_values import JsonObject
from domain.session.view import SessionView, StageErrorView
from domain.stages import Stage
from domain.validation.check_codes import Check
from domain.values.payments import Payments


class Device(StrEnum):
    DESKTOP = "desktop"
    MOBILE = "mobile"
    """Answers are brief: the keyboard leaves a few lines."""


class CopilotProgress(BaseModel):
    """Progress in percent."""

    model_config = ConfigDict(frozen=True)

    percentage: int = Field(ge=0, le=100)
    stages: dict[Stage, int]


class CopilotContext(BaseModel):
    """The context of the assistant. The server reads it: a client cannot change what it says."""

    model_config = ConfigDict(frozen=True)

    session_id: str
    revision: int
    stage: Stage = Field(description="The stage that the person is at")
    step: int = Field(description="The number of the stage, from 1 to 6")
    device: Device
    locale: str
    now: datetime
    timezone: str | None
    data: JsonObject = Field(description="The data of the stage")
    organizer: JsonObject
    event: JsonObject
    progress: CopilotProgress
    completed_stages: list[Stage]
    errors: list[StageErrorView] = Field(description="Errors in the data of the stage")
    checks: list[Check] = Field(description="What the publish checks found")
    payments: Payments
    last_saved: datetime


def context_of(
    view: SessionView,
    *,
    checks: Sequence[Check],
    stage: Stage,
    device: Device,
    locale: str,
    now: datetime,
    timezone: str | None,
) -> CopilotContext:
    shown = view.stages[stage]
    return CopilotContext(
        session_id=view.session_id,
        revision=view.revision,
        stage=stage,
        step=stage.position + 1,
        device=device,
        locale=locale,
        now=now,
        timezone=timezone,
        data=shown.data,
        organizer=view.stages[Stage.ORGANIZER_SETUP].data,
        event=view.stages[Stage.EVENT_SETUP].data,
        progress=CopilotProgress(
            percentage=view.completion_percentage, stages=view.completion_details
        ),
        completed_stages=view.completed_stages,
        errors=shown.errors,
        checks=list(checks),
        payments=view.payments,
        last_saved=view.updated_at,
    )


def checks_digest(revision: int, checks: Sequence[Check]) -> str:
    """Names the checks of a revision, so that a confirmation says which ones the person has seen.

    The order of the checks and their texts do not matter.
    """
    found = sorted(
        (check.code, check.stage.value, check.pointer, check.severity.value) for check in checks
    )
    return sha256(repr((revision, found)).encode()).hexdigest()[:32]
