"""User, organization, email and permission, as different identity providers write them."""

from typing import Any

import pytest

from api.auth.claims import actor_from, name_in
from domain.actors import Actor, Tenant
from domain.errors import Unauthenticated


def actor(claims: dict[str, Any], publish_permission: str | None = None) -> Actor:
    return actor_from({"sub": "ada", **claims}, publish_permission=publish_permission)


@pytest.mark.parametrize(
    ("claims", "organization"),
    [
        ({}, None),
        ({"app_metadata": {"organization_id": "acme"}}, "acme"),
        ({"org_id": "acme"}, "acme"),
        ({"o": {"id": "acme", "rol": "admin"}}, "acme"),
        ({"app_metadata": {"organization_id": "first"}, "org_id": "second"}, "first"),
        ({"org_id": "second", "o": {"id": "third"}}, "second"),
        ({"app_metadata": {"provider": "email"}, "o": {"id": "third"}}, "third"),
        ({"app_metadata": {"organization_id": None}, "org_id": None, "o": None}, None),
        ({"app_metadata": None, "org_id": "acme"}, "acme"),
        ({"user_metadata": {"organization_id": "chosen-by-the-user"}}, None),
        ({"org_id": "a" * 255}, "a" * 255),
    ],
)
def test_the_organization_is_read_from_either_claim(
    claims: dict[str, Any], organization: str | None
) -> None:
    assert actor(claims).organization_id == organization


def test_the_tenant_is_the_organization_else_the_user() -> None:
    assert actor({"org_id": "acme"}).tenant == Tenant("organization", "acme")
    assert actor({}).tenant == Tenant("user", "ada")


@pytest.mark.parametrize("value", ["", " ", 7, 0, False, [], ["acme"], {}, "a" * 256, "a\x00"])
@pytest.mark.parametrize("place", ["app_metadata.organization_id", "org_id", "o.id"])
def test_a_malformed_organization_is_refused(place: str, value: Any) -> None:
    outer, _, inner = place.partition(".")
    claims = {outer: {inner: value} if inner else value}
    with pytest.raises(Unauthenticated, match=place):
        actor(claims)


@pytest.mark.parametrize("claims", [{"app_metadata": ["acme"]}, {"o": "acme"}])
def test_a_malformed_organization_container_is_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated, match="must be an object"):
        actor(claims)


@pytest.mark.parametrize(
    ("value", "email"),
    [
        ("ada@example.com", "ada@example.com"),
        (None, None),
        ("", None),
        (7, None),
        (["ada@example.com"], None),
        ("a" * 320, "a" * 320),
        ("a" * 321, None),
        ("ada\x00@example.com", None),
    ],
)
def test_an_email_is_read_or_absent(value: Any, email: str | None) -> None:
    assert actor({"email": value}).email == email


@pytest.mark.parametrize(
    ("claims", "may_publish"),
    [
        ({}, False),
        ({"permissions": ["other", "publish"]}, True),
        ({"org_permissions": ["publish"]}, True),
        ({"o": {"id": "acme", "per": "create, publish"}}, True),
        ({"o": {"id": "acme", "per": ["publish"]}}, True),
        ({"permissions": [], "org_permissions": ["publish"]}, True),
        ({"permissions": "publish"}, False),
        ({"permissions": {"publish": True}}, False),
        ({"permissions": [["publish"], 7]}, False),
        ({"permissions": ["publisher", "PUBLISH"]}, False),
        ({"o": {"per": "unpublish"}}, False),
    ],
)
def test_permission_to_publish_is_read_from_the_claims(
    claims: dict[str, Any], may_publish: bool
) -> None:
    assert actor(claims, "publish").may_publish is may_publish
    assert actor(claims).may_publish


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": "Ada Lovelace"}, "Ada Lovelace"),
        ({"name": "  Ada \t Lovelace "}, "Ada Lovelace"),
        ({"name": "Ada", "given_name": "Augusta", "family_name": "King"}, "Ada"),
        ({"given_name": "Ada", "family_name": "Lovelace"}, "Ada Lovelace"),
        ({"given_name": "Ada"}, "Ada"),
        ({"family_name": "Lovelace", "preferred_username": "ada"}, "Lovelace"),
        ({"preferred_username": "ada"}, "ada"),
        ({"user_metadata": {"full_name": "Ada Lovelace", "name": "Ada"}}, "Ada Lovelace"),
        ({"user_metadata": {"name": "Ada"}}, "Ada"),
        ({"name": "ada@example.com", "preferred_username": "ada"}, "ada"),
        ({"name": "ada@example.com", "preferred_username": "ada@example.com"}, None),
        ({"name": "Ada <ada@example.com>"}, None),
        ({"email": "ada@example.com"}, None),
        ({"name": ""}, None),
        ({"name": " "}, None),
        ({"name": 7}, None),
        ({"name": None, "given_name": None}, None),
        ({"name": "a" * 200}, "a" * 200),
        ({"name": "a" * 201, "preferred_username": "ada"}, "ada"),
        ({"name": "Ada\x00"}, None),
        ({"name": "\ud800"}, None),
        ({"name": "Ada\u202eevil"}, None),
        ({"user_metadata": "Ada"}, None),
        ({}, None),
    ],
)
def test_a_name_is_read_from_the_claims_but_no_email(
    claims: dict[str, Any], name: str | None
) -> None:
    assert name_in(claims) == name
