"""The session workflow of an earlier release, as far as the API can tell.

It ignores the fields of a request that it does not know, so its answers hold the whole session and
do not name the attempt that they answer.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import ids
    from domain.session.answers import UpdateResult
    from domain.session.messages import Request, SessionStart
    from domain.session.view import SessionView
    from workflows.session.messages import ChangeStep, SessionMessages, handled_by
    from workflows.wizard_session import WizardSession

EARLIER_RULES = 1


class EarlierMessages(SessionMessages):
    def admit(self, request: Request, step: ChangeStep | None = None) -> None:
        super().admit(_as_understood(request), step)

    def answer(self, request: Request, *steps: ChangeStep) -> UpdateResult | None:
        return super().answer(_as_understood(request), *steps)


@workflow.defn(name=ids.WIZARD_SESSION)
class EarlierWizardSession(WizardSession):
    @workflow.init
    def __init__(self, start: SessionStart) -> None:
        super().__init__(start.model_copy(update={"rules": EARLIER_RULES}))
        self._messages = EarlierMessages(self, handled_by(start.carried))

    @workflow.run
    async def run(self, start: SessionStart) -> SessionView:
        return await super().run(start)


def _as_understood(request: Request) -> Request:
    return request.model_copy(update={"key": None, "attempt": None, "known_revision": None})
