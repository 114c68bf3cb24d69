"""The people whom the development identity signs in, and their organizations."""

import re
from dataclasses import dataclass
from typing import Final

MAX_NAME_LENGTH: Final = 120
MAX_EMAIL_LENGTH: Final = 254

_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")


@dataclass(frozen=True)
class Organization:
    id: str
    name: str


@dataclass(frozen=True)
class Person:
    sub: str
    name: str
    email: str
    organizations: tuple[Organization, ...] = ()
    """Without any, the person's sessions and events are personal."""

    def membership(self, organization_id: str | None) -> Organization | None:
        """The organization, if the person is a member of it."""
        found = (member for member in self.organizations if member.id == organization_id)
        return next(found, None)


STUDIO_HALM: Final = Organization("studio-halm", "Studio Halm")
ACME: Final = Organization("acme", "Acme")
"""The organization of the demo's session."""

PEOPLE: Final = (
    Person("ada", "Ada Lindqvist", "ada@acme.example", (STUDIO_HALM, ACME)),
    Person("noor", "Noor Rahimi", "noor@studio-halm.example", (STUDIO_HALM,)),
    Person("tomas", "Tomás Vidal", "tomas@vidal.example"),
)

ORGANIZATIONS: Final = frozenset(
    organization.id for person in PEOPLE for organization in person.organizations
)


def name_error(name: str) -> str | None:
    """The text to show beside the field; None if the name is fine."""
    if not name:
        return "Enter a name."
    if len(name) > MAX_NAME_LENGTH:
        return f"Name must be at most {MAX_NAME_LENGTH} characters."
    return None if name.isprintable() else "Name must be printable characters."


def email_error(email: str) -> str | None:
    """As :func:`name_error`."""
    if not email:
        return "Enter an email address."
    if len(email) > MAX_EMAIL_LENGTH:
        return f"Email must be at most {MAX_EMAIL_LENGTH} characters."
    if not _EMAIL.fullmatch(email) or not email.isprintable():
        return "Enter an email address such as name@example.com."
    return None
