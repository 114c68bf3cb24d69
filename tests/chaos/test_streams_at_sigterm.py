"""SIGTERM with open streams: they end at once, and the process with them."""

import time
from collections.abc import Callable
from functools import partial
from typing import Final

from api.server import GRACE_SECONDS
from tests.support.api import client_for, token
from tests.support.full_size import IS_FULL
from tests.support.many_streams import bearer_of, screens
from tests.support.processes import Processes
from tests.support.waiting import eventually, until
from tests.support.wizard import start

STREAMS: Final = 200 if IS_FULL else 30

ENDED_WITHIN: Final = 3.0 if IS_FULL else GRACE_SECONDS / 2
"""Seconds; without streams, the process ends within one. If streams did not end by themselves, it
would wait for them as long as its grace. ``make test`` keeps all processors busy, and requires only
that it does not."""


async def test_sigterm_ends_all_streams_and_the_process(
    processes: Processes, record_property: Callable[[str, object], None]
) -> None:
    await processes.worker()
    api, address = await processes.api()
    async with client_for(address, token("ada", "acme")) as http:
        wizard = await start(http)
    bearer = partial(bearer_of, organization="acme")

    async with screens(address, [wizard.session_id], STREAMS, bearer) as opened:
        begun = time.monotonic()
        api.send_sigterm()
        await until(lambda: all(screen.has_ended for screen in opened), within=GRACE_SECONDS)
        await eventually(api.has_ended, within=GRACE_SECONDS, what="the end of the process")

        took = time.monotonic() - begun
        record_property("seconds", took)
        assert took < ENDED_WITHIN
        assert api.exit_code == 0, api.log()
