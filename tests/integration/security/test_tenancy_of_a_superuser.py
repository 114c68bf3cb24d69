"""The API compares tenants itself: also as a superuser, whom row-level security does not limit.

No setting lets an API process run as one, so its check is switched off here.
"""

from collections.abc import AsyncIterator
from typing import Final

import pytest
from temporalio.testing import WorkflowEnvironment

from db.pool import Pool
from db.roles import RequiredRole
from tests.integration.security.cast import STRANGERS, Cast, running_cast
from tests.integration.security.documented_operations import Operation, operations
from tests.support.postgres import PostgresServer, migrated_database
from tests.support.waiting import eventually
from tests.support.wizard import start, untouched

ADDRESSED: Final = {
    operation.name: operation
    for operation in operations()
    if operation.secured and operation.addressed
}
LISTS: Final = {
    operation.name: operation
    for operation in operations()
    if operation.secured and not operation.addressed and operation.method == "GET"
}


@pytest.fixture(scope="module")
async def cast(temporal: WorkflowEnvironment, postgres: PostgresServer) -> AsyncIterator[Cast]:
    async def accept(_pool: Pool, _role: RequiredRole) -> None:
        pass

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("db.pool.require_role", accept)
        async with (
            migrated_database(postgres) as database,
            running_cast(temporal, database, database_api_url=database.admin_dsn) as cast,
        ):
            yield cast


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("operation", ADDRESSED.values(), ids=ADDRESSED.keys())
async def test_a_superuser_finds_no_foreign_resource(
    cast: Cast, operation: Operation, stranger: str
) -> None:
    async with untouched(cast.wizard):
        response = await operation.call(cast.callers[stranger], cast.owned)

    assert response.status_code == 404, response.text


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("operation", LISTS.values(), ids=LISTS.keys())
async def test_lists_of_a_superuser_omit_other_tenants(
    cast: Cast, operation: Operation, stranger: str
) -> None:
    async def is_listed_for_its_owner() -> bool:
        listed = await cast.callers["owner"].get("/v1/sessions", params={"limit": 100})
        return cast.wizard.session_id in listed.text

    await eventually(is_listed_for_its_owner, what="the session in its owner's list")

    response = await operation.call(cast.callers[stranger], cast.owned)

    assert response.is_success
    assert cast.wizard.session_id not in response.text
    assert cast.event_id not in response.text
    assert response.json().get("items", []) == []


@pytest.mark.parametrize("stranger", STRANGERS)
async def test_a_superuser_finds_no_foreign_erasure(cast: Cast, stranger: str) -> None:
    wizard = await start(cast.callers["owner"])
    assert (await wizard.http.delete(wizard.path())).status_code in {202, 204}

    response = await cast.callers[stranger].delete(wizard.path())

    assert response.status_code == 404, response.text
