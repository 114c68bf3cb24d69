"""The link that opens the front end of a running stack, signed in."""

from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

import httpx

from dev.identity.invitations import request_invitation
from dev.identity.people import ACME, PEOPLE
from dev.stack.state import Stack

ORGANIZER: Final = PEOPLE[0]
"""Who plays the demo, for the organization ``ACME``."""

TIMEOUT_SECONDS: Final = 5.0

MY_EVENTS: Final = "/"


def signed_in_link(stack: Stack, path: str = MY_EVENTS) -> str | None:
    """The address of a page of the wizard; None if the stack has no front end.

    The first browser that follows it is signed in at once. For others, and without the identity
    provider, it leads to the sign-in page with this person to choose.
    """
    if not _has_front_end(stack):
        return None
    invitation = request_invitation(stack.identity_url, ORGANIZER.sub, ACME.id)
    query = {"person": ORGANIZER.sub, "organization": ACME.id}
    if invitation is not None:
        query["invitation"] = invitation
    return f"{stack.api_url}{path}?{urlencode(query)}"


def _has_front_end(stack: Stack) -> bool:
    try:
        response = httpx.head(
            f"{stack.api_url}{MY_EVENTS}", headers={"Accept": "text/html"}, timeout=TIMEOUT_SECONDS
        )
    except httpx.HTTPError:
        return False
    return response.status_code == HTTPStatus.OK
