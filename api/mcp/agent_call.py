"""A call of a tool: by whom, with which arguments, and the key by which a repeat is known."""

from dataclasses import dataclass
from typing import Final

from api.deps import Services
from api.mcp.arguments import OfChange, OfSession, OfUndo
from api.sessions.checks import CheckedSession, run_checks
from api.sessions.idempotency import Attempt, fingerprint, system_id
from api.sessions.updates import ChangeRequest
from copilot.tools import Tool
from domain.actors import Actor
from domain.json_values import JsonObject
from domain.stages import Stage

KEY_PREFIX: Final = "mcp"
"""Of idempotency keys, so that the audit trail shows which changes an agent made."""


@dataclass(frozen=True)
class AgentCall:
    """A call of a tool, with the services and the caller."""

    services: Services
    actor: Actor
    tool: Tool
    arguments: JsonObject

    @property
    def stage(self) -> Stage:
        """Of a tool that belongs to one."""
        if self.tool.stage is None:
            raise ValueError(f"{self.tool.name} belongs to no stage")
        return self.tool.stage

    def change(self, of: OfChange | OfUndo) -> ChangeRequest:
        """The context of the change that the call asks for."""
        if of.revision is None:
            attempt = Attempt.of_system(system_id(KEY_PREFIX))
            return ChangeRequest(self.actor, of.session, attempt)
        return ChangeRequest(self.actor, of.session, self._attempt(), (of.revision,))

    def _attempt(self) -> Attempt:
        """Equal calls of a person have the same key. Another change has another revision."""
        call = [self.actor.user_id, self.arguments]
        return Attempt.of(f"{KEY_PREFIX}-{fingerprint(self.tool.name, call)}")

    async def checked(self, of: OfSession) -> CheckedSession:
        services = self.services
        return await run_checks(
            services.sessions, services.session_reads, self.actor, of.session, consistent=True
        )
