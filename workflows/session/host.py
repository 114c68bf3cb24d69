"""The protocol through which the parts of the session workflow use the session.

It keeps them independent of ``workflows/wizard_session.py``, which imports them.
"""

from typing import Protocol

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.session.changes import Change
    from domain.session.state import SessionState
    from domain.session.view import SessionView
    from domain.validation.assessment import Assessment


class SessionHost(Protocol):
    @property
    def state(self) -> SessionState: ...

    def accept(self, change: Change) -> None:
        """Applies a change to the session's state, and queues its action for the read model."""

    def require_editable(self, *, is_acknowledged: bool = False) -> None:
        """
        Args:
            is_acknowledged: the change is in the history already, and its sender has a response.

        Raises:
            SessionClosed, Publishing: as :func:`domain.session.state.require_editable`.
            Unavailable: too many changes wait for the read model.
        """

    def assess(self) -> Assessment:
        """The errors and the progress of the session now."""

    def session(self) -> SessionView:
        """The session as the API shows it."""
