"""Converts the claims of a verified token to an actor.

Organization and permissions are read from the claims of Supabase, Auth0 and Clerk. A null claim
counts as missing, because identity providers write null for a user without an organization.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from unicodedata import normalize

from domain.actors import Actor
from domain.errors import Unauthenticated

MAX_ID_LENGTH: Final = 255
MAX_EMAIL_LENGTH: Final = 320
MAX_NAME_LENGTH: Final = 200

_EMAIL: Final = re.compile(r"\S+@\S+")

Claims = Mapping[str, Any]


@dataclass(frozen=True)
class Identity:
    """A verified token: its actor, and what only the API uses of it.

    ``name`` is how other members see the person; workflows never get it. ``expires_at`` is ``exp``,
    in seconds since 1970, without the leeway.
    """

    actor: Actor
    name: str | None
    expires_at: float


@dataclass(frozen=True)
class Namespace:
    """The ids of one issuer's users and organizations.

    They begin with ``prefix``. None begins with one of ``reserved``, the prefixes of other issuers:
    an issuer without a prefix could otherwise give out the id of another one's user.
    """

    prefix: str = ""
    reserved: tuple[str, ...] = ()


NO_NAMESPACE: Final = Namespace()


def identity_from(
    claims: Claims, *, publish_permission: str | None, namespace: Namespace = NO_NAMESPACE
) -> Identity:
    """
    Raises:
        Unauthenticated: a claim is malformed.
    """
    actor = actor_from(claims, publish_permission=publish_permission, namespace=namespace)
    return Identity(actor, name_in(claims), expires_at=claims["exp"])


def actor_from(
    claims: Claims, *, publish_permission: str | None, namespace: Namespace = NO_NAMESPACE
) -> Actor:
    """Returns the caller. Without a ``publish_permission``, every caller may publish.

    Raises:
        Unauthenticated: a claim is malformed.
    """
    return Actor(
        user_id=_identifier(claims["sub"], "sub", namespace),
        organization_id=_organization(claims, namespace),
        email=_email(claims.get("email")),
        may_publish=publish_permission is None or publish_permission in permissions_of(claims),
    )


def _organization(claims: Claims, namespace: Namespace) -> str | None:
    """The first organization claim. A malformed one is refused: if it were ignored, the
    organization's sessions would silently become personal."""
    candidates = {
        "app_metadata.organization_id": _object(claims, "app_metadata").get("organization_id"),
        "org_id": claims.get("org_id"),
        "o.id": _object(claims, "o").get("id"),
    }
    for name, value in candidates.items():
        if value is not None:
            return _identifier(value, name, namespace)
    return None


def _object(claims: Claims, name: str) -> Claims:
    value = claims.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unauthenticated(f"The claim {name} of the token must be an object.")
    return value


def _identifier(value: object, name: str, namespace: Namespace) -> str:
    """Requires short, printable text, because ids are stored in search attributes."""
    longest = MAX_ID_LENGTH - len(namespace.prefix)
    if (
        not isinstance(value, str)
        or not value.strip()
        or len(value) > longest
        or not value.isprintable()
    ):
        raise Unauthenticated(
            f"The claim {name} of the token must be 1 to {longest} printable characters."
        )
    if value.startswith(namespace.reserved):
        raise Unauthenticated(f"The claim {name} of the token is an ID of another issuer.")
    return f"{namespace.prefix}{value}"


def _email(value: object) -> str | None:
    """The address is only a default for the organizer's, so an unusable one is ignored."""
    if isinstance(value, str) and 0 < len(value) <= MAX_EMAIL_LENGTH and value.isprintable():
        return value
    return None


def name_in(claims: Claims) -> str | None:
    """The first usable name. An email address is not a name, although some identity providers put
    it there: the other members have no right to it."""
    return next((name for name in map(_name, _names(claims)) if name), None)


def _names(claims: Claims) -> Iterator[object]:
    """In the order of preference. ``user_metadata`` is Supabase's."""
    yield claims.get("name")
    parts = (_name(claims.get("given_name")), _name(claims.get("family_name")))
    yield " ".join(part for part in parts if part)
    yield claims.get("preferred_username")
    metadata = claims.get("user_metadata")
    if isinstance(metadata, dict):
        yield metadata.get("full_name")
        yield metadata.get("name")


def _name(value: object) -> str | None:
    if not isinstance(value, str) or len(value) > MAX_NAME_LENGTH:
        return None
    name = " ".join(normalize("NFC", value).split())
    is_usable = name.isprintable() and len(name) <= MAX_NAME_LENGTH and not _EMAIL.search(name)
    return name if is_usable else None


def permissions_of(claims: Claims) -> set[str]:
    """
    Raises:
        Unauthenticated: the claim with the permissions is malformed.
    """
    return {
        *_texts(claims.get("permissions")),
        *_texts(claims.get("org_permissions")),
        *_clerk_permissions(_object(claims, "o").get("per")),
    }


def _clerk_permissions(value: object) -> list[str]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",")]
    return _texts(value)


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
