"""Sessions and their changes as lists have them: the summaries are without the stages' data."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from domain.session.actions import Action, ActionName
from domain.session.view import PublicationState, Status
from domain.stages import Section, Stage


class SessionSummary(BaseModel):
    """A session without the data of its stages."""

    model_config = ConfigDict(frozen=True)

    session_id: str
    user_id: str = Field(description="The user who created the session")
    organization_id: str | None = Field(
        description="The organization that owns the session; null if the user does"
    )
    title: str | None = Field(description="The event's title as it is saved; null without one")
    date: str | None = Field(description="The event's date as it is saved, valid or not")
    status: Status
    is_active: bool = Field(description="Whether the session can be changed or published")
    current_stage: Stage
    completion_percentage: int = Field(
        ge=0, le=100, description="Progress in percent, weighted by stage"
    )
    publication_state: PublicationState
    publish_at: datetime | None = Field(
        description="When the event is to be published, if that is scheduled"
    )
    event_id: str | None = Field(description="The published event; null until there is one")
    revision: int = Field(ge=0, description="Increases by 1 with each change")
    created_at: datetime
    updated_at: datetime
    expires_at: datetime = Field(description="When the session closes if it is not published")


class ActionSummary(BaseModel):
    """A change of a session without the data that it wrote."""

    model_config = ConfigDict(frozen=True)

    revision: int = Field(ge=1, description="The revision of the session after the change")
    part: int = Field(
        default=0,
        ge=0,
        exclude_if=lambda part: part == 0,
        description="Counts the actions of one change. Omitted if it is 0",
    )
    name: ActionName
    stage: Stage | None
    actor_id: str | None = Field(
        description="The user who made the change; null if the session made it"
    )
    at: datetime
    changed_sections: list[Section] = Field(description="The sections that the change wrote")
    detail: str | None = Field(description="Details for programs, such as the code of the error")
    idempotency_key: str | None
    execution_time_ms: int | None = Field(
        default=None,
        exclude_if=lambda duration: duration is None,
        description="The same as in the full list",
    )

    @property
    def position(self) -> tuple[int, int]:
        """The place in the audit trail."""
        return self.revision, self.part


class _Named(BaseModel):
    user_name: str | None = Field(
        description="The name of that user, as the user's last token has it; null if it is not "
        "known"
    )


class ListedAction(Action, _Named):
    """A change of a session, and the name of who made it."""


class ListedActionSummary(ActionSummary, _Named):
    """A change of a session without the data that it wrote, and the name of who made it."""
