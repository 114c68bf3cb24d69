"""Request headers that steer how a route behaves."""

import re
from typing import Annotated, Final

from fastapi import Depends, Header

from api.gateway.requests import MAX_KEY_LENGTH, Attempt
from domain.errors import InvalidRequest
from domain.jsontypes import JsonObject

DEFAULT_WAIT_SECONDS: Final = 10.0
MAX_WAIT_SECONDS: Final = 30.0

_REVISION: Final = re.compile(r'(?:W/)?"([0-9]{1,18})"')
_WAIT: Final = re.compile(r"wait\s*=\s*\"?([0-9]{1,9})\"?", re.IGNORECASE)


def etag(revision: int) -> str:
    return f'"{revision}"'


_KEY: Final[JsonObject] = {
    "description": "Chosen by the client. A repeat with the same key has the same answer, "
    f"and no second effect. 1 to {MAX_KEY_LENGTH} visible ASCII characters.",
    "examples": ["3f1c9e1e-save-1"],
}
_IF_MATCH: Final[JsonObject] = {
    "description": 'The `ETag` of the view that the change is based on, like `"3"`.'
}
_PREFER_ASYNC: Final[JsonObject] = {
    "description": "`respond-async`: 202 as soon as the change is on its way (RFC 7240)."
}

IdempotencyKey = Annotated[str | None, Header(**_KEY)]
IfMatch = Annotated[str | None, Header(**_IF_MATCH)]


def documented_for_save() -> JsonObject:
    """``openapi_extra`` of a route that reads these headers itself, as FastAPI has them."""
    headers = {"idempotency-key": _KEY, "if-match": _IF_MATCH, "prefer": _PREFER_ASYNC}
    return {
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": False,
                "schema": {
                    "anyOf": [{"type": "string"}, {"type": "null"}],
                    **about,
                    "title": name.title(),
                },
                "description": about["description"],
            }
            for name, about in headers.items()
        ]
    }


async def attempt(idempotency_key: IdempotencyKey = None) -> Attempt:
    return Attempt.of(idempotency_key)


async def expected_revision(if_match: IfMatch = None) -> int | None:
    """
    Raises:
        InvalidRequest: not an entity tag that this API gives out.
    """
    return revision_of(if_match)


def revision_of(if_match: str | None) -> int | None:
    """
    Raises:
        InvalidRequest: as :func:`expected_revision`.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    match = _REVISION.fullmatch(if_match.strip())
    if match is None:
        raise InvalidRequest('If-Match has to be the ETag of a view, like "3" with its quotes.')
    return int(match[1])


async def known_revisions(
    if_none_match: Annotated[
        str | None, Header(description="`ETag` of a view that the client has already.")
    ] = None,
) -> frozenset[int]:
    """Revisions for which the answer may be 304. What is no tag of ours matches nothing."""
    return frozenset(int(each) for each in _REVISION.findall(if_none_match or ""))


async def wait_seconds(
    prefer: Annotated[
        str | None,
        Header(description="`wait=N`: how many seconds to wait for the event (RFC 7240)."),
    ] = None,
) -> float:
    match = _WAIT.search(prefer or "")
    return min(float(match[1]), MAX_WAIT_SECONDS) if match else DEFAULT_WAIT_SECONDS


def is_async(prefer: str | None) -> bool:
    return "respond-async" in {each.strip().lower() for each in (prefer or "").split(",")}


AttemptHeader = Annotated[Attempt, Depends(attempt)]
ExpectedRevision = Annotated[int | None, Depends(expected_revision)]
KnownRevisions = Annotated[frozenset[int], Depends(known_revisions)]
WaitSeconds = Annotated[float, Depends(wait_seconds)]
