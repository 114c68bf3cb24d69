"""Where a worker kills itself, as the faults that its process is started with."""

from dataclasses import dataclass

from domain import ids
from tests.support.faults import Moment

MOMENTS: tuple[Moment, Moment] = ("before", "after")


@dataclass(frozen=True)
class CrashPoint:
    """``call``: of the same activity, as each tier has one. ``fails``: the activity that fails for
    good before, so that the publication is undone."""

    activity: str
    moment: Moment
    call: int = 1
    fails: str | None = None

    def faults(self, session_id: str) -> list[dict[str, object]]:
        return self.faults_of(ids.session_workflow_id(session_id))

    def faults_of(self, workflow_id: str) -> list[dict[str, object]]:
        crash: dict[str, object] = {
            "what": "crash",
            "activity_name": self.activity,
            "moment": self.moment,
            "from_call": self.call,
            "workflow_id": workflow_id,
        }
        fail: dict[str, object] = {
            "what": "fail",
            "activity_name": self.fails,
            "moment": "before",
            "workflow_id": workflow_id,
        }
        return [crash, fail] if self.fails else [crash]
