"""Erases a session: ends its workflow, erases its records, deletes its history.

Each step is idempotent, and retried without a limit. The records are erased before the history, and
leave a stub: a session with this id cannot be started again, even while the history still exists.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.erasure import ErasureActivities
    from activities.pictures import PictureActivities
    from domain import ids
    from domain.session.erasure import Erasure

_ATTEMPT: Final = timedelta(seconds=10)
_LONG_ATTEMPT: Final = timedelta(minutes=5)
_HEARTBEAT_TIMEOUT: Final = timedelta(seconds=10)
"""Another worker takes over this long after a worker was killed; an attempt may take longer."""

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
            summary="Terminate the session's workflow",
        )
        await workflow.execute_activity_method(
            ErasureActivities.erase_records,
            erasure,
            start_to_close_timeout=_ATTEMPT,
            retry_policy=_RETRY,
            summary="Erase the session's records",
        )
        await self._delete(
            ErasureActivities.delete_history,
            erasure.session_id,
            summary="Delete the session's history",
        )
        if workflow.patched(ids.PATCH_ERASED_ORDERS):
            await self._delete(
                ErasureActivities.delete_order_histories,
                erasure.session_id,
                summary="Delete the histories of the event's ended orders",
            )
        if workflow.patched(ids.PATCH_ERASED_PICTURES):
            await self._delete(
                PictureActivities.delete_picture_files,
                summary="Delete the files of pictures that are no longer used",
            )

    async def _delete(
        self, activity: Callable[..., Awaitable[object]], *arguments: str, summary: str
    ) -> None:
        await workflow.execute_activity_method(
            activity,
            args=arguments,
            start_to_close_timeout=_LONG_ATTEMPT,
            heartbeat_timeout=_HEARTBEAT_TIMEOUT,
            retry_policy=_RETRY,
            summary=summary,
        )
