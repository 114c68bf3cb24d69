"""What the parts of the session workflow need of the session; one protocol for all of them.

It keeps the parts independent of ``workflows/wizard_session.py``, which imports them.
"""

from typing import Protocol

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.session.changes import Change
    from domain.session.state import SessionState
    from domain.session.view import SessionView


class SessionHost(Protocol):
    @property
    def state(self) -> SessionState: ...

    def accept(self, change: Change) -> None:
        """Make a change the session's state, and have it written to the read model."""

    def require_editable(self) -> None:
        """
        Raises:
            SessionClosed, Publishing, Unavailable: nothing can be edited, for good or for now.
        """

    def session(self) -> SessionView:
        """The session as the API shows it."""
