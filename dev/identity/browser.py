"""The endpoints that a person's browser visits: sign-in and sign-out."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from dev.identity import pages
from dev.identity.authorization import (
    AuthorizationRequest,
    RefusedAuthorization,
    UntrustedRequest,
    authorization_request,
    redirect_target,
)
from dev.identity.clients import origin_of
from dev.identity.parameters import OAuthError, Parameters, form_of
from dev.identity.people import email_error, name_error
from dev.identity.provider import Provider
from dev.identity.store import SignIn

AUTHORIZE_PATH: Final = "/authorize"
LOGOUT_PATH: Final = "/logout"

router = APIRouter()


async def provider_of(request: Request) -> Provider:
    provider: Provider = request.app.state.provider
    return provider


OfProvider = Annotated[Provider, Depends(provider_of)]


def _current(request: Request, provider: Provider) -> SignIn | None:
    """The session of the browser."""
    cookie = request.cookies.get(provider.cookie_name)
    return provider.store.signed_in(cookie, now=provider.now)


@router.get(AUTHORIZE_PATH)
@router.post(AUTHORIZE_PATH)
async def authorize(request: Request, provider: OfProvider) -> Response:
    """The authorization endpoint (OpenID Connect Core, section 3.1.2)."""
    text = request.url.query if request.method == "GET" else await form_of(request)
    asked = authorization_request(Parameters.parse(text), provider.client)
    current = _current(request, provider)
    sign_in = provider.usable(current, asked)
    if sign_in is not None and asked.prompts <= {"none"}:
        code = provider.code_for(sign_in, asked)
        if code is not None:
            return _redirect(provider, asked, code=code)
    invited = provider.invited(asked)
    if invited is not None:
        return _signed_in(provider, asked, current, invited.sub, invited.organization)
    if asked.is_silent:
        error = "login_required" if sign_in is None else "interaction_required"
        raise RefusedAuthorization(
            asked.redirect_uri, asked.state, OAuthError(error, "show the sign-in page")
        )
    return _sign_in_page(provider, text, asked)


@router.post("/sign-in")
async def sign_in(request: Request, provider: OfProvider) -> Response:
    """Takes the choice of the sign-in page, and redirects to the client with a code."""
    form = await _own_form(request)
    text = form.required("request")
    asked = authorization_request(Parameters.parse(text), provider.client)
    choice = form.required("choice")
    if choice == "cancel":
        raise RefusedAuthorization(
            asked.redirect_uri, asked.state, OAuthError("access_denied", "sign-in was cancelled")
        )
    if choice == "new":
        values = {name: (form.get(name) or "").strip() for name in ("name", "email")}
        errors = _newcomer_errors(values)
        if errors:
            return _sign_in_page(provider, text, asked, values, errors)
        sub, organization = _introduced(provider, values)
    else:
        sub, organization = _offered(provider, asked, choice)
    current = _current(request, provider)
    return _signed_in(provider, asked, current, sub, organization)


@router.get(LOGOUT_PATH)
@router.post(LOGOUT_PATH)
async def logout(request: Request, provider: OfProvider) -> Response:
    """Ends the session (OpenID Connect RP-Initiated Logout). Without a token of the same session,
    it asks first, because any site can link to it."""
    text = request.url.query if request.method == "GET" else await form_of(request)
    parameters = Parameters.parse(text)
    target = _signed_out_target(provider, parameters)
    current = _current(request, provider)
    hinted = _hinted_session(provider, parameters)
    if current is not None and current.id != hinted:
        person = provider.store.person(current.sub)
        if person is not None:
            origin = origin_of(target) if target else ""
            return pages.sign_out_page(request=text, person=person, redirect_origin=origin)
    return _signed_out(provider, hinted, target)


@router.post("/sign-out")
async def sign_out(request: Request, provider: OfProvider) -> Response:
    """Takes the confirmation of the sign-out page."""
    form = await _own_form(request)
    target = _signed_out_target(provider, Parameters.parse(form.get("request") or ""))
    current = _current(request, provider)
    return _signed_out(provider, current.id if current else None, target)


def redirect_error(provider: Provider, refused: RefusedAuthorization) -> Response:
    values = {"error": refused.error.error, "error_description": refused.error.description}
    target = redirect_target(refused.redirect_uri, provider.issuer.url, refused.state, **values)
    return RedirectResponse(target, HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})


async def _own_form(request: Request) -> Parameters:
    """The form of one of our own pages, which no other site can send in the person's name."""
    origin = request.headers.get("origin")
    if origin is not None and origin != origin_of(str(request.base_url)):
        raise UntrustedRequest("The form must be sent by this site's own page.")
    form = Parameters.parse(await form_of(request))
    form.refuse_repeated()
    return form


def _sign_in_page(
    provider: Provider,
    text: str,
    asked: AuthorizationRequest,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    return pages.sign_in_page(
        request=text,
        choices=pages.choices(
            provider.store.newcomers(),
            asked.organization,
            provider.store.hinted(asked.login_hint),
        ),
        takes_newcomers=asked.organization is None,
        redirect_origin=origin_of(asked.redirect_uri),
        values=values or {},
        errors=errors or {},
    )


def _newcomer_errors(values: Mapping[str, str]) -> dict[str, str]:
    found = {"name": name_error(values["name"]), "email": email_error(values["email"])}
    return {name: error for name, error in found.items() if error is not None}


def _introduced(provider: Provider, values: Mapping[str, str]) -> tuple[str, str | None]:
    person = provider.store.introduce(values["name"], values["email"])
    return person.sub, person.organizations[0].id if person.organizations else None


def _offered(
    provider: Provider, asked: AuthorizationRequest, choice: str
) -> tuple[str, str | None]:
    """
    Raises:
        OAuthError: the page has no such button.
    """
    offered = pages.choices(provider.store.newcomers(), asked.organization)
    if choice not in {button.value for button in offered}:
        raise OAuthError("invalid_request", "choice must be one of those on the page")
    return pages.chosen(choice)


def _signed_in(
    provider: Provider,
    asked: AuthorizationRequest,
    current: SignIn | None,
    sub: str,
    organization: str | None,
) -> Response:
    """Ends the session of another person, because the browser forgets its cookie."""
    if current is not None and current.sub != sub:
        provider.store.sign_out(current.id)
        current = None
    now, ttl = provider.now, provider.lifetimes.sign_in
    signed_in, cookie = provider.store.sign_in(current, sub, organization, now=now, ttl=ttl)
    code = provider.code_for(signed_in, asked)
    if code is None:
        raise OAuthError("invalid_request", "the person is not a member of the organization")
    response = _redirect(provider, asked, code=code)
    response.set_cookie(provider.cookie_name, cookie, max_age=ttl, httponly=True, samesite="lax")
    return response


def _redirect(provider: Provider, asked: AuthorizationRequest, **values: str) -> Response:
    target = redirect_target(asked.redirect_uri, provider.issuer.url, asked.state, **values)
    return RedirectResponse(target, HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})


def _signed_out_target(provider: Provider, parameters: Parameters) -> str | None:
    """The registered address to return to, with the state; None for our own page.

    Raises:
        UntrustedRequest: the client or the address is not registered.
    """
    parameters.refuse_repeated()
    if parameters.get("client_id") not in {None, provider.client.id}:
        raise UntrustedRequest(f"client_id must be {provider.client.id}.")
    uri, state = parameters.get("post_logout_redirect_uri"), parameters.get("state")
    if uri is None:
        return None
    if uri not in provider.client.signed_out_uris:
        raise UntrustedRequest(
            "post_logout_redirect_uri must be one of: "
            + ", ".join(sorted(provider.client.signed_out_uris))
            + "."
        )
    return uri if state is None else f"{uri}?{urlencode({'state': state})}"


def _hinted_session(provider: Provider, parameters: Parameters) -> str | None:
    """The session of ``id_token_hint``. The token may have expired.

    Raises:
        UntrustedRequest: it is no token for the client.
    """
    hint = parameters.get("id_token_hint")
    if hint is None:
        return None
    claims = provider.issuer.claims(hint, audience=provider.client.id)
    if claims is None:
        raise UntrustedRequest("id_token_hint must be an ID token of this issuer.")
    session: str | None = claims.get("sid")
    return session


def _signed_out(provider: Provider, session: str | None, target: str | None) -> Response:
    if session is not None:
        provider.store.sign_out(session)
    response: Response
    if target is None:
        response = pages.message_page("Signed out.", "You can close this page.")
    else:
        headers = {"Cache-Control": "no-store"}
        response = RedirectResponse(target, HTTPStatus.SEE_OTHER, headers)
    response.delete_cookie(provider.cookie_name, httponly=True, samesite="lax")
    return response
