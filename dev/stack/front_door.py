"""The link that opens the front end of a running stack, signed in."""

import http.client
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode, urlsplit

from dev.identity.clients import INVITATIONS_PATH
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
    invitation = _invitation(stack.identity_url)
    query = {"person": ORGANIZER.sub, "organization": ACME.id}
    if invitation is not None:
        query["invitation"] = invitation
    return f"{stack.api_url}{path}?{urlencode(query)}"


def _has_front_end(stack: Stack) -> bool:
    status, _ = _exchange("HEAD", f"{stack.api_url}{MY_EVENTS}", {"Accept": "text/html"})
    return status == HTTPStatus.OK


def _invitation(identity_url: str) -> str | None:
    """A new invitation of the identity provider; None if it gives none."""
    status, answer = _exchange(
        "POST",
        f"{identity_url}{INVITATIONS_PATH}",
        {"Content-Type": "application/json"},
        json.dumps({"user": ORGANIZER.sub, "org": ACME.id}).encode(),
    )
    if status != HTTPStatus.CREATED:
        return None
    invitation: str = json.loads(answer)["invitation"]
    return invitation


def _exchange(
    method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
) -> tuple[int | None, bytes]:
    """The status, or None if there is no response, and its body. Ignores proxy settings."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT_SECONDS)
    try:
        connection.request(method, parts.path, body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException):
        return None, b""
    finally:
        connection.close()
