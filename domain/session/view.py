"""The view of a session: returned by the API and the Temporal query, stored in the read model."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from domain.errors import FieldError
from domain.json_values import JsonObject
from domain.stages import Stage
from domain.values.payments import Payments


class Status(StrEnum):
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    ABANDONED = "abandoned"
    EXPIRED = "expired"


class PublicationState(StrEnum):
    NONE = "none"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PUBLISHED = "published"
    FAILED = "failed"


class StepState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)


class StageErrorView(_View):
    pointer: str = Field(description="RFC 6901 pointer into the stage's data")
    code: str
    params: JsonObject = Field(
        default_factory=dict, description='What the message was made from, such as `{"min": 3}`'
    )
    message: str


class StageView(_View):
    data: JsonObject = Field(description="The data as entered, valid or not")
    valid: bool
    completion: int = Field(ge=0, le=100)
    errors: list[StageErrorView]


class PublicationStep(_View):
    name: str
    state: StepState
    at: datetime


class PublicationError(_View):
    code: str
    message: str
    errors: list[FieldError] = Field(default_factory=list)


class Publication(_View):
    """The state of a session's publication."""

    state: PublicationState = PublicationState.NONE
    steps: list[PublicationStep] = Field(default_factory=list)
    error: PublicationError | None = None
    publish_at: datetime | None = None


class SessionView(_View):
    session_id: str
    user_id: str
    organization_id: str | None
    status: Status
    is_active: bool
    current_stage: Stage
    completed_stages: list[Stage]
    completion_percentage: int = Field(ge=0, le=100)
    completion_details: dict[Stage, int]
    stages: dict[Stage, StageView]
    payments: Payments
    publication: Publication
    event_id: str | None
    revision: int = Field(ge=0)
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
