"""The session workflow of a next release, with a command that the current release never issues.

The memo is a command of the workflow: a session that started on the current code does not replay
on this code.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import ids
    from domain.session.messages import SessionStart
    from domain.session.view import SessionView
    from workflows.wizard_session import WizardSession

RELEASE = "release"
NEXT = "next"


@workflow.defn(name=ids.WIZARD_SESSION)
class NextWizardSession(WizardSession):
    @workflow.init
    def __init__(self, start: SessionStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: SessionStart) -> SessionView:
        workflow.upsert_memo({RELEASE: NEXT})
        return await super().run(start)
