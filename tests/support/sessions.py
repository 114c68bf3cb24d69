"""Sessions that have come a certain way already."""

from typing import Any

import httpx

from tests.support.api import Wizard, start
from tests.support.samples import free_event


async def filled(http: httpx.AsyncClient, **event: Any) -> Wizard:
    """One that can be published; keywords go into ``eventSetup``."""
    wizard = await start(http)
    for stage, data in free_event(**event).items():
        response = await wizard.complete(stage, data)
        assert response.status_code == 200, response.text
    return wizard
