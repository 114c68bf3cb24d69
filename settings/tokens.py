"""How tokens are verified: issuers, their keys, and whom their tokens are for."""

from functools import cached_property
from hashlib import sha256
from typing import Annotated, Final, NamedTuple, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from settings.addresses import LOOPBACK_HOSTS, http_parts, is_on_loopback
from settings.common import CommonSettings
from settings.values import Permission, Texts, TokenSecret

AZP: Final = "azp:"
"""Begins a list of clients in place of an audience."""

SAME_USERS: Final = "="
"""Before an issuer that has the users of the first one, such as the provider's other address."""

_NAMESPACE_DIGITS: Final = 8


class AcceptedAudience(NamedTuple):
    """The tokens of an issuer that are for this deployment."""

    audience: str | None
    """None: tokens have no audience, and ``parties`` decides."""

    parties: frozenset[str] = frozenset()
    """The clients that tokens may be issued to (``azp``, else ``client_id``)."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Raises:
            ValueError: there is no client after the prefix.
        """
        if not text.startswith(AZP):
            return cls(text)
        parties = frozenset(filter(None, text.removeprefix(AZP).split("|")))
        if not parties:
            raise ValueError(f"must have a client after {AZP}")
        return cls(None, parties)


def _checked_audiences(audiences: tuple[str, ...]) -> tuple[str, ...]:
    for audience in audiences:
        accepted = AcceptedAudience.parse(audience)
        if "*" in {accepted.audience, *accepted.parties}:
            raise ValueError("must not be *: name the audience, or the clients after azp:")
    return audiences


def _checked_issuers(issuers: tuple[str, ...]) -> tuple[str, ...]:
    """An issuer need not be a URL (RFC 7519, section 4.1.1)."""
    for number, issuer in enumerate(issuers, 1):
        name = issuer.removeprefix(SAME_USERS)
        if not name or "*" in name:
            raise ValueError(f"issuer {number} must be the claim iss of its tokens")
        if name.startswith(("http:", "https:")):
            _check_url(f"issuer {number}", name)
    return issuers


def _checked_key_sets(urls: tuple[str, ...]) -> tuple[str, ...]:
    for number, url in enumerate(urls, 1):
        _check_url(f"URL {number}", url)
    return urls


def _check_url(what: str, url: str) -> None:
    try:
        http_parts(url)
    except ValueError as error:
        raise ValueError(f"{what} {error}") from None


Audiences = Annotated[Texts, AfterValidator(_checked_audiences)]
Issuers = Annotated[Texts, AfterValidator(_checked_issuers)]
KeySets = Annotated[Texts, AfterValidator(_checked_key_sets)]


class TokenSettings(CommonSettings):
    """How tokens are verified, in every process that requires a login."""

    jwt_issuer: Issuers = Field(
        min_length=1,
        description=(
            "Issuers of the tokens, separated by commas. Users and organizations of each further "
            "issuer have IDs of their own; with = before an issuer, it shares those of the first"
        ),
        examples=["https://issuer.example"],
    )
    jwt_audience: Audiences = Field(
        min_length=1,
        description="The audience that a token must have: one for all issuers, or one for each in "
        "the same order, separated by commas. azp: and clients, separated by |, accepts tokens "
        "without an audience that were issued to one of these (the claim azp, else client_id)",
        examples=["event-wizard"],
    )
    jwt_jwks_url: KeySets = Field(
        default=(),
        description="URLs of the key sets, one for each issuer, in the same order. "
        "Set either this or JWT_SECRET",
        examples=["https://issuer.example/.well-known/jwks.json"],
    )
    jwt_secret: TokenSecret | None = Field(
        default=None, description="Shared secret for HS256, at least 32 bytes", examples=["…"]
    )
    jwt_publish_permission: Permission | None = Field(
        default=None,
        description="Only tokens with this permission may publish, and pause, resume and close "
        "sales. Unless set, every member may",
        examples=["wizard:publish"],
    )

    @model_validator(mode="after")
    def _keys_have_one_source(self) -> Self:
        if self.jwt_secret is None and not self.jwt_jwks_url:
            raise ValueError(
                "JWT_JWKS_URL: set it or JWT_SECRET, because tokens cannot be verified without one"
            )
        if self.jwt_secret is not None and self.jwt_jwks_url:
            raise ValueError("JWT_SECRET: set either JWT_JWKS_URL or JWT_SECRET, not both")
        if self.jwt_jwks_url and len(self.jwt_jwks_url) != len(self.jwt_issuer):
            raise ValueError(
                "JWT_JWKS_URL: must list one URL for each JWT_ISSUER, in the same order"
            )
        for name, url in self._plain_addresses():
            if not is_on_loopback(url):
                raise ValueError(f"{name}: must use https, except on this machine")
        return self

    @model_validator(mode="after")
    def _lists_are_of_the_same_issuers(self) -> Self:
        if len(set(self.issuers)) != len(self.issuers):
            raise ValueError("JWT_ISSUER: must list each issuer once")
        if len(self.jwt_audience) not in {1, len(self.jwt_issuer)}:
            raise ValueError(
                "JWT_AUDIENCE: must list one audience, or one for each JWT_ISSUER in the same order"
            )
        return self

    def refuse_plain_addresses_on(self, host: str) -> None:
        """The development identity uses plain http on loopback, and production serves other
        machines. So production cannot use it, and no separate switch can be forgotten.

        Raises:
            ValueError: ``host`` serves other machines, and a URL of an issuer is not https.
        """
        if host not in LOOPBACK_HOSTS:
            for name, _ in self._plain_addresses():
                raise ValueError(f"{name}: must use https if the process serves other machines")

    def _plain_addresses(self) -> list[tuple[str, str]]:
        """The settings with plain http. An issuer need not be a URL (RFC 7519, section 4.1.1)."""
        issuers = [issuer for issuer in self.issuers if urlsplit(issuer).scheme == "http"]
        key_sets = [url for url in self.jwt_jwks_url if urlsplit(url).scheme != "https"]
        return [("JWT_ISSUER", issuer) for issuer in issuers] + [
            ("JWT_JWKS_URL", url) for url in key_sets
        ]

    @cached_property
    def issuers(self) -> tuple[str, ...]:
        """As in the claim ``iss``."""
        return tuple(issuer.removeprefix(SAME_USERS) for issuer in self.jwt_issuer)

    @cached_property
    def issuer_namespaces(self) -> dict[str, str]:
        """The beginning of the ids of an issuer's users and organizations. Two providers may give
        the same id to two people. The first issuer has none, so that its ids stay what they were
        when a second one is added."""
        first, *further = self.jwt_issuer
        shared = {first, *(issuer for issuer in further if issuer.startswith(SAME_USERS))}
        return {
            issuer.removeprefix(SAME_USERS): "" if issuer in shared else _namespace(issuer)
            for issuer in self.jwt_issuer
        }

    @cached_property
    def issuers_without_prefix(self) -> tuple[str, ...]:
        """Those that share the ids of the first one. A development identity does not count: its
        address changes with its port."""
        plain = {issuer for _, issuer in self._plain_addresses()}
        return tuple(
            issuer
            for issuer, prefix in self.issuer_namespaces.items()
            if not prefix and issuer not in plain
        )

    @cached_property
    def issuer_audiences(self) -> dict[str, AcceptedAudience]:
        """What the tokens of each issuer must be for."""
        audiences = [AcceptedAudience.parse(text) for text in self.jwt_audience]
        if len(audiences) == 1:
            return dict.fromkeys(self.issuers, audiences[0])
        return dict(zip(self.issuers, audiences, strict=True))

    @cached_property
    def issuer_keys(self) -> dict[str, str | None]:
        """URLs of key sets by issuer; None if tokens are signed with the secret."""
        if not self.jwt_jwks_url:
            return dict.fromkeys(self.issuers)
        return dict(zip(self.issuers, self.jwt_jwks_url, strict=True))


def _namespace(issuer: str) -> str:
    return f"{sha256(issuer.encode()).hexdigest()[:_NAMESPACE_DIGITS]}|"
