"""The provider's rules: who is signed in, and which tokens a code or refresh token yields."""

import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from typing import Any, Final
from urllib.parse import urlsplit

from dev.identity.authorization import AuthorizationRequest
from dev.identity.clients import AUDIENCE, PublicClient
from dev.identity.issuer import Issuer
from dev.identity.parameters import OAuthError, Parameters
from dev.identity.people import Person
from dev.identity.store import CodeBinding, Grant, IdentityStore, Invited, Issued, SignIn

GRANT_TYPES: Final = ("authorization_code", "refresh_token")


@dataclass(frozen=True)
class Lifetimes:
    """In seconds."""

    access_token: int = 15 * 60
    refresh_token: int = 14 * 24 * 60 * 60
    """From its issue; each use issues the next one."""

    code: int = 60
    invitation: int = 24 * 60 * 60
    sign_in: int = 30 * 24 * 60 * 60


@dataclass(frozen=True)
class Provider:
    issuer: Issuer
    client: PublicClient
    store: IdentityStore
    lifetimes: Lifetimes = Lifetimes()
    clock: Callable[[], float] = time.time
    permissions: tuple[str, ...] = ()
    """Of everyone who signs in, and of development tokens that name no others."""

    @property
    def now(self) -> int:
        return int(self.clock())

    @property
    def cookie_name(self) -> str:
        """With the port, because browsers send a cookie to every port of its host, and so to the
        providers of other stacks."""
        return f"identity-{urlsplit(self.issuer.url).port}"

    def usable(self, sign_in: SignIn | None, request: AuthorizationRequest) -> SignIn | None:
        """The session, unless it is older than the request allows, or is another person's than the
        one whom the client expects."""
        if sign_in is None or self.store.person(sign_in.sub) is None:
            return None
        expected = self.store.hinted(request.login_hint)
        if expected is not None and expected.sub != sign_in.sub:
            return None
        is_old = request.max_age is not None and self.now - sign_in.at > request.max_age
        return None if is_old else sign_in

    def invite(self, sub: str, organization: str | None) -> str | None:
        """An invitation, which signs a browser in once; None if the person is no member of the
        organization, or unknown."""
        person = self.store.person(sub)
        if person is None or (organization is not None and not person.membership(organization)):
            return None
        invited = Invited(sub, organization)
        return self.store.new_invitation(invited, now=self.now, ttl=self.lifetimes.invitation)

    def invited(self, request: AuthorizationRequest) -> Invited | None:
        """Whom the request's invitation signs in. It is spent by that."""
        if request.invitation is None or request.is_silent or "login" in request.prompts:
            return None
        return self.store.spend_invitation(request.invitation, now=self.now)

    def code_for(self, sign_in: SignIn, request: AuthorizationRequest) -> str | None:
        """A code for the requested organization, else for the one chosen last; None if the person
        is no member of it."""
        person = self._person(sign_in.sub)
        organization = request.organization or sign_in.organization
        if organization is not None and person.membership(organization) is None:
            return None
        self.store.choose(sign_in.id, organization)
        grant = Grant(
            id=token_urlsafe(16),
            sign_in=sign_in.id,
            client_id=request.client_id,
            sub=sign_in.sub,
            organization=organization,
            scope=" ".join(request.scopes),
            signed_in_at=sign_in.at,
        )
        binding = CodeBinding(request.redirect_uri, request.challenge, request.nonce)
        return self.store.grant(grant, binding, expires_at=self.now + self.lifetimes.code)

    def exchange(self, parameters: Parameters) -> dict[str, Any]:
        """The response of the token endpoint (RFC 6749, section 5.1).

        Raises:
            OAuthError: the request is refused.
        """
        parameters.refuse_repeated()
        grant_type = parameters.required("grant_type")
        if grant_type not in GRANT_TYPES:
            names = " or ".join(GRANT_TYPES)
            raise OAuthError("unsupported_grant_type", f"grant_type must be {names}")
        if parameters.required("client_id") != self.client.id:
            raise OAuthError("invalid_client", f"client_id must be {self.client.id}", status=401)
        if grant_type == "authorization_code":
            return self._exchange_code(parameters)
        return self._refresh(parameters)

    def _claims(
        self, person: Person, organization: str | None, scopes: Sequence[str]
    ) -> dict[str, Any]:
        """The claims about the person that the scopes allow. ``organizations`` is our own."""
        claims: dict[str, Any] = {"sub": person.sub}
        member = person.membership(organization)
        if member is not None:
            claims |= {"org_id": member.id, "org_name": member.name}
        if "profile" in scopes:
            claims["name"] = person.name
            claims["organizations"] = [
                {"id": organization.id, "name": organization.name}
                for organization in person.organizations
            ]
        if "email" in scopes:
            claims |= {"email": person.email, "email_verified": True}
        return claims

    def user_info(self, access_token: str) -> dict[str, Any] | None:
        """The person's claims by an access token; None if it is not valid."""
        token = self.issuer.claims(access_token, audience=AUDIENCE)
        if token is None or token["exp"] <= self.now or "scope" not in token:
            return None
        person = self.store.person(token["sub"])
        if person is None:
            return None
        return self._claims(person, token.get("org_id"), token["scope"].split())

    def _exchange_code(self, parameters: Parameters) -> dict[str, Any]:
        code, verifier = parameters.required("code"), parameters.required("code_verifier")
        redirect_uri = parameters.required("redirect_uri")
        found = self.store.spend_code(code)
        if found is None:
            raise OAuthError("invalid_grant", "the code is unknown or revoked")
        issued, binding = found
        self._require_fresh(issued, "code")
        if redirect_uri != binding.redirect_uri:
            raise OAuthError("invalid_grant", "redirect_uri does not match the code")
        if not compare_digest(_challenge_of(verifier), binding.challenge):
            raise OAuthError("invalid_grant", "code_verifier does not match the code")
        return self._tokens(issued.grant, issued.grant.scopes, nonce=binding.nonce)

    def _refresh(self, parameters: Parameters) -> dict[str, Any]:
        token = parameters.required("refresh_token")
        issued = self.store.refresh_token(token)
        if issued is None:
            raise OAuthError("invalid_grant", "the refresh token is unknown or revoked")
        self._require_fresh(issued, "refresh token")
        requested = (parameters.get("scope") or issued.grant.scope).split()
        if not set(requested) <= set(issued.grant.scopes):
            raise OAuthError("invalid_scope", f"scope can contain only: {issued.grant.scope}")
        self.store.spend_refresh_token(token)
        return self._tokens(issued.grant, tuple(requested), nonce=None)

    def _require_fresh(self, issued: Issued, name: str) -> None:
        """A second use shows that the secret was copied, so all tokens of its grant are revoked
        (RFC 9700, sections 2.1.1 and 4.14.2).

        Raises:
            OAuthError: it has been used, or has expired.
        """
        if issued.was_used:
            self.store.revoke(issued.grant)
            raise OAuthError("invalid_grant", f"the {name} was used before: sign in again")
        if issued.expires_at <= self.now:
            raise OAuthError("invalid_grant", f"the {name} has expired")

    def _tokens(self, grant: Grant, scopes: Sequence[str], *, nonce: str | None) -> dict[str, Any]:
        person, now, ttl = self._person(grant.sub), self.now, self.lifetimes.access_token
        claims = self._claims(person, grant.organization, scopes)
        access = {name: claims[name] for name in claims if name != "organizations"}
        if self.permissions:
            access["permissions"] = list(self.permissions)
        common = {"iss": self.issuer.url, "iat": now, "exp": now + ttl, "sid": grant.sign_in}
        access_token = self.issuer.sign(
            access
            | common
            | {"aud": AUDIENCE, "client_id": grant.client_id, "scope": " ".join(scopes)}
            | {"jti": token_urlsafe(16)},
            kind="at+jwt",
        )
        answer: dict[str, Any] = {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": ttl,
            "scope": " ".join(scopes),
        }
        if "openid" in scopes:
            identity = claims | common | {"aud": grant.client_id, "auth_time": grant.signed_in_at}
            identity["at_hash"] = _half_hash(access_token)
            if nonce is not None:
                identity["nonce"] = nonce
            answer["id_token"] = self.issuer.sign(identity)
        if "offline_access" in grant.scopes:
            answer["refresh_token"] = self.store.new_refresh_token(
                grant, expires_at=now + self.lifetimes.refresh_token
            )
        return answer

    def _person(self, sub: str) -> Person:
        person = self.store.person(sub)
        if person is None:
            raise OAuthError("invalid_grant", "the person is unknown")
        return person


def _challenge_of(verifier: str) -> str:
    """RFC 7636, section 4.6."""
    return _base64url(sha256(verifier.encode()).digest())


def _half_hash(token: str) -> str:
    """``at_hash`` of OpenID Connect Core, section 3.1.3.6."""
    return _base64url(sha256(token.encode()).digest()[:16])


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
