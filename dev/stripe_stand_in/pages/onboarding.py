"""The page of an account link: the onboarding, reduced to buttons."""

import secrets
from enum import StrEnum
from html import escape
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dev.stripe_stand_in.pages import html
from dev.stripe_stand_in.protocol.endpoints import World
from dev.stripe_stand_in.resources.account_links import PAGE_PATH
from dev.stripe_stand_in.resources.account_state import AccountState
from dev.stripe_stand_in.resources.accounts import disconnect, move
from dev.stripe_stand_in.state.models import AccountLink

_LINK_RETURNED: Final = "v2.core.account_link.returned"


class OnboardingChoice(StrEnum):
    COMPLETE = "complete"
    NEEDS_MORE = "needs_more"
    LEAVE = "leave"
    DISCONNECT = "disconnect"


_LEADS_TO: Final = {
    OnboardingChoice.COMPLETE: AccountState.READY,
    OnboardingChoice.NEEDS_MORE: AccountState.RESTRICTED,
}


class OnboardingPages:
    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        path = f"{PAGE_PATH}/{{token}}"
        return [
            Route(path, self.open, methods=["GET"]),
            Route(path, self.submit, methods=["POST"]),
        ]

    async def open(self, request: Request) -> Response:
        """Opens the page. As with Stripe, a link can be opened once."""
        link = self._link(request)
        if link is None:
            return _unknown()
        if not link.can_be_opened():
            return _redirect(link.refresh_url)
        link.used, link.visit = True, secrets.token_urlsafe(12)
        self._world.store.changed()
        return _page(link)

    async def submit(self, request: Request) -> Response:
        """Submits the form, at most once per visit."""
        link = self._link(request)
        if link is None:
            return _unknown()
        given = parse_qs((await request.body()).decode())
        choice = given.get("choice", [""])[0]
        if given.get("visit") != [link.visit] or choice not in list(OnboardingChoice):
            return _redirect(link.refresh_url)
        link.visit = None
        self._submitted(link, OnboardingChoice(choice))
        return _redirect(link.return_url or link.refresh_url)

    def _submitted(self, link: AccountLink, choice: OnboardingChoice) -> None:
        if choice is OnboardingChoice.DISCONNECT:
            disconnect(self._world, link.account)
            return
        if choice in _LEADS_TO:
            move(self._world, link.account, _LEADS_TO[choice])
        self._world.events.thin(
            _LINK_RETURNED,
            link.account,
            None,
            {
                "account_id": link.account,
                "configurations": ["merchant"],
                "use_case": link.use_case,
            },
        )

    def _link(self, request: Request) -> AccountLink | None:
        store = self._world.store
        link = store.account_links.get(request.path_params["token"])
        return link if link and store.has_account(link.account) else None


def _page(link: AccountLink) -> Response:
    choices = (
        html.button("Complete", OnboardingChoice.COMPLETE),
        html.button("Submit, but more information is needed", OnboardingChoice.NEEDS_MORE),
        html.button("Leave without submitting", OnboardingChoice.LEAVE),
        html.button("Disconnect from the platform", OnboardingChoice.DISCONNECT),
    )
    visit = f'<input type="hidden" name="visit" value="{escape(link.visit or "")}">'
    text = f"<p>Account <code>{escape(link.account)}</code> requests card payments.</p>"
    return html.page("Set up payments", text + html.form(visit + "".join(choices)))


def _unknown() -> Response:
    return html.page("This link does not exist", "", status=HTTPStatus.NOT_FOUND)


def _redirect(url: str) -> Response:
    return RedirectResponse(url, status_code=HTTPStatus.SEE_OTHER)
