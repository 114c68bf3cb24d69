"""Signals that arrive while a session is being published, or is closed already."""

import asyncio
from typing import Any

import httpx
from temporalio import activity
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from domain import ids
from tests.support.problem_documents import assert_problem
from tests.support.refused_messages import refusal_of, signal_save
from tests.support.session_rows import complete_session_rows
from tests.support.session_workflow import session_handle
from tests.support.system import System, running_worker
from tests.support.wizard import start_filled


class Hold(Interceptor):
    """Holds the last activity of one session's publication back."""

    def __init__(self) -> None:
        self.session_id = ""
        self.reached, self.released = asyncio.Event(), asyncio.Event()

    def intercept_activity(
        self,
        next: ActivityInboundInterceptor,  # noqa: A002 - the SDK's name
    ) -> ActivityInboundInterceptor:
        return _Held(next, self)


class _Held(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, hold: Hold) -> None:
        super().__init__(following)
        self._hold = hold

    async def execute_activity(
        self,
        input: ExecuteActivityInput,  # noqa: A002 - the SDK's name
    ) -> Any:
        info = activity.info()
        if (info.workflow_id, info.activity_type) == (
            ids.session_workflow_id(self._hold.session_id),
            ids.ACTIVITY_PUBLISH_EVENT,
        ):
            self._hold.reached.set()
            await self._hold.released.wait()
        return await super().execute_activity(input)


async def test_a_save_during_a_publication_is_refused_and_recorded(
    api: System, ada: httpx.AsyncClient
) -> None:
    """Once the publication has ended: while it runs, it is the only writer of its session."""
    held = Hold()
    async with running_worker(api, interceptors=[held]):
        wizard = await start_filled(ada)
        held.session_id = wizard.session_id
        await wizard.post("/publish", prefer="wait=0")
        await held.reached.wait()

        refused = await wizard.save("organizerSetup", {"name": "A"}, prefer="respond-async")
        assert_problem(refused, 409, "publishing")
        assert_problem(await wizard.delete("/publication"), 409, "publishing")
        await signal_save(api, wizard, "late", {"name": "Late"})
        held.released.set()

        action = await refusal_of(wizard, "late")
        assert (action["stage"], action["detail"]) == ("organizerSetup", "publishing")
        records = await complete_session_rows(api.database, api.temporal.client, wizard.session_id)
        assert records.status == "completed"
        assert records.names[-2:] == ["publish_event", "refuse_message"]
        await session_handle(api.temporal.client, wizard.session_id).result()
