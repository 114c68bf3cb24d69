"""Erase a session: end its workflow, erase its records, delete its history.

Each step may be repeated, and is retried without end. The records are erased before the history:
while anything is left, a stub says that the session is erased, and it cannot be started again
under its id.
"""

from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.erasure import ErasureActivities
    from domain import ids
    from domain.session.erasure import Erasure

_ATTEMPT: Final = timedelta(seconds=10)
_LONG_ATTEMPT: Final = timedelta(minutes=5)
_HEARTBEAT_TIMEOUT: Final = timedelta(seconds=10)
"""After that another worker goes on: deleting the histories may take long, noticing a death not."""

_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(minutes=1)
)


@workflow.defn(name=ids.WIZARD_ERASE_SESSION)
class EraseSession:
    @workflow.run
    async def run(self, erasure: Erasure) -> None:
        await workflow.execute_activity_method(
            ErasureActivities.end_session,
            erasure.session_id,
            start_to_close_timeout=_ATTEMPT,
            retry_policy=_RETRY,
            summary="End the session",
        )
        await workflow.execute_activity_method(
            ErasureActivities.erase_records,
            erasure,
            start_to_close_timeout=_ATTEMPT,
            retry_policy=_RETRY,
            summary="Erase its records",
        )
        await workflow.execute_activity_method(
            ErasureActivities.delete_history,
            erasure.session_id,
            start_to_close_timeout=_LONG_ATTEMPT,
            heartbeat_timeout=_HEARTBEAT_TIMEOUT,
            retry_policy=_RETRY,
            summary="Delete its history",
        )
