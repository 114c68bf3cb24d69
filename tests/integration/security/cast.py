"""The callers of the tenancy tests, and the resources of one of them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx
from temporalio.testing import WorkflowEnvironment

from tests.integration.security.documented_operations import Target
from tests.support.api import ISSUER, client_for, token
from tests.support.postgres import Database
from tests.support.system import running_api, running_worker
from tests.support.wizard import Wizard, start_filled

ORGANIZATION: Final = "acme"
OTHER_ISSUER: Final = "https://other-issuer.example"
MEMBERS: Final = {
    "owner": token("ada", ORGANIZATION),
    "same organization": token("bob", ORGANIZATION),
}
# The owner's user without the organization is another tenant, and so are the owner's ids if another
# issuer gave them.
STRANGERS: Final = {
    "other organization": token("eve", "globex"),
    "no organization": token("ada"),
    "other issuer": token("ada", ORGANIZATION, iss=OTHER_ISSUER),
}


@dataclass(frozen=True)
class Cast:
    """The callers, and the owner's open session and published event."""

    callers: dict[str, httpx.AsyncClient]
    anonymous: httpx.AsyncClient
    wizard: Wizard
    event_id: str

    @property
    def owned(self) -> Target:
        return Target(self.wizard.session_id, self.event_id)


@asynccontextmanager
async def running_cast(
    temporal: WorkflowEnvironment, database: Database, **settings: Any
) -> AsyncIterator[Cast]:
    """The cast of a system of its own; keywords are settings of the API."""
    async with (
        running_api(temporal, database, jwt_issuer=(ISSUER, OTHER_ISSUER), **settings) as api,
        running_worker(api),
        AsyncExitStack() as browsers,
    ):

        async def browser(bearer: str | None) -> httpx.AsyncClient:
            return await browsers.enter_async_context(client_for(api.address, bearer))

        identities = {**MEMBERS, **STRANGERS}
        callers = {name: await browser(bearer) for name, bearer in identities.items()}
        event_id = await _published(callers["owner"])
        wizard = await start_filled(callers["owner"], title="Not For Others")
        yield Cast(callers, await browser(None), wizard, event_id)


async def _published(http: httpx.AsyncClient) -> str:
    response = await (await start_filled(http)).post("/publish", Prefer="wait=20")
    assert response.status_code == 200, response.text
    return str(response.json()["event_id"])
