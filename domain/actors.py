"""Callers, and the tenants that own sessions and events."""

from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field


class Tenant(NamedTuple):
    """The owner of sessions and events: an organization, or a single user.

    The kind is part of the identity, because a user and an organization may have the same id.
    """

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


class Actor(BaseModel):
    """A verified caller, with the claims of its token."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    user_id: str = Field(min_length=1, max_length=255)
    organization_id: str | None = Field(default=None, min_length=1, max_length=255)
    email: str | None = Field(default=None, max_length=320, repr=False)
    may_publish: bool = True

    @property
    def tenant(self) -> Tenant:
        return tenant(self.user_id, self.organization_id)


def tenant(user_id: str, organization_id: str | None) -> Tenant:
    """The tenant of a user: the organization if there is one, else the user."""
    if organization_id is not None:
        return Tenant("organization", organization_id)
    return Tenant("user", user_id)
