"""Who acts, and for whom."""

from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field


class Tenant(NamedTuple):
    """What owns sessions and events: an organization, else one user.

    The kind is part of the identity, so that a user and an organization that happen to have the
    same id are never taken for each other.
    """

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


class Actor(BaseModel):
    """A verified caller, as its token says."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    user_id: str = Field(min_length=1, max_length=255)
    organization_id: str | None = Field(default=None, min_length=1, max_length=255)
    email: str | None = Field(default=None, max_length=320, repr=False)
    may_publish: bool = True

    @property
    def tenant(self) -> Tenant:
        return tenant(self.user_id, self.organization_id)


def tenant(user_id: str, organization_id: str | None) -> Tenant:
    """The organization, where there is one, else the user alone."""
    if organization_id is not None:
        return Tenant("organization", organization_id)
    return Tenant("user", user_id)
