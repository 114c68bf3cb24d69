"""Authorization requests of the code flow with PKCE (RFC 6749, OpenID Connect Core, RFC 7636)."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from dev.identity.clients import AUDIENCE, PublicClient
from dev.identity.parameters import OAuthError, Parameters
from dev.identity.people import ORGANIZATIONS

SCOPES: Final = ("openid", "profile", "email", "offline_access")
PROMPTS: Final = ("none", "login", "select_account", "consent")

_CHALLENGE: Final = re.compile("[A-Za-z0-9_-]{43}")
"""The SHA-256 of the verifier in base64url."""

_SECONDS: Final = re.compile("[0-9]{1,9}")
_TARGET: Final = ("client_id", "redirect_uri")


class UntrustedRequest(Exception):
    """The client or its address is not registered, so the browser is not sent there (RFC 6749,
    section 4.1.2.1). The message is for the developer."""


class RefusedAuthorization(Exception):
    """An error that the client gets by a redirect."""

    def __init__(self, redirect_uri: str, state: str | None, error: OAuthError) -> None:
        self.redirect_uri = redirect_uri
        self.state = state
        self.error = error
        super().__init__(str(error))


@dataclass(frozen=True)
class AuthorizationRequest:
    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str
    state: str | None
    nonce: str | None
    prompts: frozenset[str]
    max_age: int | None
    """Seconds since the person last signed in, after which the page is shown again."""

    organization: str | None
    login_hint: str | None
    invitation: str | None

    @property
    def is_silent(self) -> bool:
        return "none" in self.prompts


def authorization_request(parameters: Parameters, client: PublicClient) -> AuthorizationRequest:
    """
    Raises:
        UntrustedRequest: the client or its address is not registered.
        RefusedAuthorization: the request is wrong otherwise.
    """
    redirect_uri = _redirect_uri(parameters, client)
    try:
        return _checked(parameters, client, redirect_uri)
    except OAuthError as error:
        raise RefusedAuthorization(redirect_uri, parameters.get("state"), error) from None


def redirect_target(uri: str, issuer: str, state: str | None, **values: str) -> str:
    """The address with the response, which names its issuer (RFC 9207)."""
    answer = {**values, **({} if state is None else {"state": state}), "iss": issuer}
    return f"{uri}?{urlencode(answer)}"


def _redirect_uri(parameters: Parameters, client: PublicClient) -> str:
    for name in _TARGET:
        if name in parameters.repeated:
            raise UntrustedRequest(f"{name} must be sent once.")
    if parameters.get("client_id") != client.id:
        raise UntrustedRequest(f"client_id must be {client.id}.")
    redirect_uri = parameters.get("redirect_uri")
    if redirect_uri not in client.redirect_uris:
        raise UntrustedRequest(
            "redirect_uri must be one of: " + ", ".join(sorted(client.redirect_uris)) + "."
        )
    return redirect_uri


def _checked(
    parameters: Parameters, client: PublicClient, redirect_uri: str
) -> AuthorizationRequest:
    parameters.refuse_repeated()
    _refuse_unsupported(parameters)
    return AuthorizationRequest(
        client_id=client.id,
        redirect_uri=redirect_uri,
        scopes=_scopes(parameters.required("scope")),
        challenge=_challenge(parameters),
        state=parameters.get("state"),
        nonce=parameters.get("nonce"),
        prompts=_prompts(parameters.get("prompt")),
        max_age=_max_age(parameters.get("max_age")),
        organization=_organization(parameters.get("organization")),
        login_hint=parameters.get("login_hint"),
        invitation=parameters.get("invitation"),
    )


def _refuse_unsupported(parameters: Parameters) -> None:
    if parameters.required("response_type") != "code":
        raise OAuthError("unsupported_response_type", "response_type must be code")
    if parameters.get("response_mode") not in {None, "query"}:
        raise OAuthError("invalid_request", "response_mode must be query")
    for name in ("request", "request_uri"):
        if parameters.get(name) is not None:
            raise OAuthError(f"{name}_not_supported", f"{name} is not supported")
    for name in ("audience", "resource"):
        if parameters.get(name) not in {None, AUDIENCE}:
            raise OAuthError("invalid_target", f"{name} must be {AUDIENCE}")


def _scopes(text: str) -> tuple[str, ...]:
    """The scopes that are known; OpenID Connect Core, section 3.1.2.1 ignores others."""
    requested = text.split()
    if "openid" not in requested:
        raise OAuthError("invalid_scope", "scope must contain openid")
    return tuple(scope for scope in SCOPES if scope in requested)


def _challenge(parameters: Parameters) -> str:
    challenge = parameters.required("code_challenge")
    if parameters.get("code_challenge_method") != "S256":
        raise OAuthError("invalid_request", "code_challenge_method must be S256")
    if not _CHALLENGE.fullmatch(challenge):
        raise OAuthError("invalid_request", "code_challenge must be 43 characters of base64url")
    return challenge


def _prompts(text: str | None) -> frozenset[str]:
    prompts = frozenset((text or "").split())
    if not prompts <= set(PROMPTS):
        raise OAuthError("invalid_request", f"prompt must be one of: {', '.join(PROMPTS)}")
    if "none" in prompts and len(prompts) > 1:
        raise OAuthError("invalid_request", "prompt none cannot be combined with other values")
    return prompts


def _max_age(text: str | None) -> int | None:
    if text is not None and not _SECONDS.fullmatch(text):
        raise OAuthError("invalid_request", "max_age must be a number of seconds")
    return None if text is None else int(text)


def _organization(organization: str | None) -> str | None:
    if organization is not None and organization not in ORGANIZATIONS:
        raise OAuthError("invalid_request", "organization is unknown")
    return organization
