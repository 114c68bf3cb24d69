"""Every documented call by each kind of caller: other tenants' resources look missing."""

from collections.abc import AsyncIterator
from typing import Final
from uuid import uuid4

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from tests.integration.security.cast import MEMBERS, STRANGERS, Cast, running_cast
from tests.integration.security.documented_operations import Operation, Target, operations
from tests.support.postgres import PostgresServer, migrated_database
from tests.support.waiting import eventually
from tests.support.wizard import start, untouched

# Public by design.
OPEN: Final = {
    "GET /v1/config",
    "GET /v1/public/events/{slug}",
    "GET /v1/public/events/{slug}.ics",
    "POST /v1/public/events/{slug}/orders",
    "GET /v1/public/orders/{order_id}",
    "POST /v1/public/orders/{order_id}/cancel",
    "GET /media/{name}",
    "POST /v1/webhooks/stripe",
    "GET /healthz",
    "GET /readyz",
}

SECURED: Final = [operation for operation in operations() if operation.secured]
ADDRESSED: Final = [operation for operation in SECURED if operation.addressed]
UNADDRESSED: Final = [operation for operation in SECURED if not operation.addressed]

DIFFER_ALWAYS: Final = {"x-request-id", "date"}


@pytest.fixture(scope="module")
async def cast(temporal: WorkflowEnvironment, postgres: PostgresServer) -> AsyncIterator[Cast]:
    async with migrated_database(postgres) as database, running_cast(temporal, database) as cast:
        yield cast


def missing() -> Target:
    return Target(str(uuid4()), str(uuid4()))


def named(found: list[Operation]) -> list[str]:
    return [operation.name for operation in found]


def lasting_headers(response: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name not in DIFFER_ALWAYS}


def test_public_operations_are_the_listed_ones() -> None:
    assert {
        f"{operation.method} {operation.path}"
        for operation in operations()
        if not operation.secured
    } == OPEN


@pytest.mark.parametrize("operation", SECURED, ids=named(SECURED))
async def test_anonymous_requests_are_refused(cast: Cast, operation: Operation) -> None:
    async with untouched(cast.wizard):
        response = await operation.call(cast.anonymous, cast.owned)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    absent = await operation.call(cast.anonymous, missing())
    assert response.content == absent.content
    assert lasting_headers(response) == lasting_headers(absent)


@pytest.mark.parametrize("member", MEMBERS)
@pytest.mark.parametrize("operation", SECURED, ids=named(SECURED))
async def test_members_of_the_tenant_are_admitted(
    cast: Cast, operation: Operation, member: str
) -> None:
    fresh = await start(cast.callers["owner"])

    response = await operation.call(cast.callers[member], Target(fresh.session_id, cast.event_id))

    assert response.status_code not in {401, 403, 404}, response.text


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("operation", ADDRESSED, ids=named(ADDRESSED))
async def test_another_tenants_resources_are_not_found(
    cast: Cast, operation: Operation, stranger: str
) -> None:
    async with untouched(cast.wizard):
        response = await operation.call(cast.callers[stranger], cast.owned)

    assert response.status_code == 404, response.text
    if operation.creates:
        return  # a missing session is created instead
    absent = await operation.call(cast.callers[stranger], missing())
    assert absent.status_code == 404
    assert response.content == absent.content
    assert lasting_headers(response) == lasting_headers(absent)


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("operation", UNADDRESSED, ids=named(UNADDRESSED))
async def test_lists_omit_other_tenants(cast: Cast, operation: Operation, stranger: str) -> None:
    response = await operation.call(cast.callers[stranger], cast.owned)

    assert response.is_success
    assert cast.wizard.session_id not in response.text
    assert cast.event_id not in response.text


@pytest.mark.parametrize("member", MEMBERS)
async def test_lists_have_the_tenants_items(cast: Cast, member: str) -> None:
    http = cast.callers[member]

    async def listed() -> bool:
        sessions = await http.get("/v1/sessions", params={"limit": 100})
        events = await http.get("/v1/events", params={"limit": 100})
        return cast.wizard.session_id in sessions.text and cast.event_id in events.text

    await eventually(listed, what="the session and the event in the lists")
