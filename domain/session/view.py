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
    """An error in one value of a stage."""

    pointer: str = Field(description="A JSON Pointer (RFC 6901) into the stage's data")
    code: str = Field(description="A stable code. `GET /v1/wizard` lists all with their meanings")
    params: JsonObject = Field(
        default_factory=dict, description='The values in the message, such as `{"min": 3}`'
    )
    message: str


class StageProgress(_View):
    """What follows from the data of a stage."""

    valid: bool = Field(description="Whether the data is complete and has no errors")
    completion: int = Field(ge=0, le=100, description="Progress in percent")
    errors: list[StageErrorView]


class StageView(StageProgress):
    """A stage: its data, and what is missing or invalid."""

    data: JsonObject = Field(description="The saved data, valid or not")


class PublicationStep(_View):
    name: str
    state: StepState
    at: datetime = Field(description="When the step reached this state")


class PublicationError(_View):
    code: str
    message: str
    errors: list[FieldError] = Field(default_factory=list)


class Publication(_View):
    """The state of a session's publication."""

    state: PublicationState = PublicationState.NONE
    steps: list[PublicationStep] = Field(default_factory=list)
    error: PublicationError | None = Field(
        default=None,
        description="Why the publication failed or, in the 24 hours before a scheduled one, "
        "why it would fail",
    )
    publish_at: datetime | None = Field(
        default=None, description="When the event is to be published, if that is scheduled"
    )


class SessionFields(_View):
    """Everything of a session but its stages."""

    session_id: str
    user_id: str = Field(description="The user who created the session")
    organization_id: str | None = Field(
        description="The organization that owns the session; null if the user does"
    )
    status: Status
    is_active: bool = Field(description="Whether the session can be changed or published")
    current_stage: Stage
    completed_stages: list[Stage]
    completion_percentage: int = Field(
        ge=0, le=100, description="Progress in percent, weighted by stage"
    )
    completion_details: dict[Stage, int] = Field(description="Progress of each stage in percent")
    payments: Payments
    publication: Publication
    event_id: str | None = Field(description="The published event; null until there is one")
    revision: int = Field(ge=0, description="Increases by 1 with each change")
    created_at: datetime
    updated_at: datetime
    expires_at: datetime = Field(description="When the session closes if it is not published")


class SessionView(SessionFields):
    """A session."""

    stages: dict[Stage, StageView]
