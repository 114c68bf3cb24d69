"""Runs the calls of tools, by the code that the routes use, with the rights of the caller's token.

A call is safe to repeat with the same arguments. With a revision, its key is derived from the
arguments, and the session knows a repeat. Without one, the same change of the same data is none.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from api.mcp import readings, tier_changes
from api.mcp.agent_call import KEY_PREFIX, AgentCall
from api.mcp.arguments import (
    NewSession,
    OfChange,
    OfConfirmation,
    OfMove,
    OfSession,
    OfTier,
    OfUndo,
    fields_of,
    parsed,
)
from api.mcp.results import checked_result, session_result
from api.request_headers import DEFAULT_WAIT_SECONDS
from api.sessions.idempotency import Attempt, system_id
from api.sessions.revisions import undo_last
from api.sessions.updates import Changed
from copilot.context import checks_digest
from copilot.tools import Tool
from domain.errors import RevisionConflict, StageMismatch, Unavailable
from domain.ids import session_id_for_key
from domain.json_values import JsonObject
from domain.stages import Stage

_UNDO_WAIT: Final = 2.0
"""Seconds."""


async def create_session(call: AgentCall) -> JsonObject:
    key = parsed(NewSession, call.arguments).key
    services, actor = call.services, call.actor
    # Of the person, because agents may choose the same key for two members of a tenant.
    session_id = session_id_for_key(
        services.id_secret.get_secret_value(),
        f"{actor.tenant} {actor.user_id}",
        f"{KEY_PREFIX} {key}",
    )
    view, is_new = await services.sessions.create(
        actor, session_id, key=f"{KEY_PREFIX}-{session_id}"
    )
    return {"is_new": is_new, **session_result(view)}


async def save_stage(call: AgentCall) -> JsonObject:
    patch, others = fields_of(call.tool, call.arguments)
    change = call.change(parsed(OfChange, others))
    return _result(await call.services.sessions.save(change, call.stage, patch), call.stage)


async def complete_stage(call: AgentCall) -> JsonObject:
    change = call.change(parsed(OfChange, call.arguments))
    return _result(await call.services.sessions.complete(change, call.stage, None), call.stage)


async def go_to_stage(call: AgentCall) -> JsonObject:
    move = parsed(OfMove, call.arguments)
    sessions = call.services.sessions
    change = call.change(move)
    # The current stage is no argument: with a key, a repeat would be another request.
    change = replace(change, attempt=Attempt.of_system(system_id(KEY_PREFIX)))
    view = await sessions.view(call.actor, move.session, consistent=True)
    if view.current_stage is move.stage:
        return session_result(view, (move.stage,))
    try:
        return _result(await sessions.move(change, view.current_stage, move.stage), move.stage)
    except (StageMismatch, RevisionConflict):
        view = await sessions.view(call.actor, move.session, consistent=True)
        if view.current_stage is not move.stage:  # else by the same call, which was sent twice
            raise
        return session_result(view, (move.stage,))


async def change_tiers(call: AgentCall) -> JsonObject:
    fields, others = fields_of(call.tool, call.arguments)
    change: OfChange
    if call.tool.name == "addTier":
        change, edit = parsed(OfChange, others), tier_changes.added(fields)
    else:
        change = of_tier = parsed(OfTier, others)
        is_removal = call.tool.name == "removeTier"
        edit = (
            tier_changes.removed(of_tier.tier)
            if is_removal
            else tier_changes.changed(of_tier.tier, fields)
        )
    view = await tier_changes.save(call.services.sessions, call.actor, change, edit)
    return session_result(view, (Stage.TICKET_SETUP,))


async def undo(call: AgentCall) -> JsonObject:
    """Waits for a moment, because the audit trail gets the last change after its response."""
    of = parsed(OfUndo, call.arguments)
    services, change = call.services, call.change(of)
    deadline = time.monotonic() + _UNDO_WAIT
    with services.hub.subscribe(of.session) as changes:
        while True:
            try:
                changed = await undo_last(
                    services.sessions, services.session_reads, change, of.revision
                )
            except Unavailable:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise
                await changes.next(left)
            else:
                return session_result(changed.view)


async def check(call: AgentCall) -> JsonObject:
    checked = await call.checked(parsed(OfSession, call.arguments))
    return checked_result(checked.view, checked.checks)


async def confirm_publish(call: AgentCall) -> JsonObject:
    """Publishes the revision that was checked.

    The session compares the revision itself, and lets a repeat join the publication.
    """
    of = parsed(OfConfirmation, call.arguments)
    checked = await call.checked(of)
    is_seen = checks_digest(of.revision, checked.checks) == of.checks_digest
    if checked.view.revision == of.revision and not is_seen:
        raise RevisionConflict(
            "The checks have another result by now. Run them again.",
            extra={"session": checked.view.model_dump(mode="json")},
        )
    outcome = await call.services.publisher.publish(
        call.change(of), of.publish_at, wait_seconds=DEFAULT_WAIT_SECONDS
    )
    if outcome.event is None:
        return session_result(outcome.view)
    slug = outcome.event.slug
    page = call.services.site.page_url(slug)
    return session_result(outcome.view, slug=slug, page=page)


def _result(changed: Changed, stage: Stage) -> JsonObject:
    return {"is_repeat": changed.is_repeat, **session_result(changed.view, (stage,))}


Run = Callable[[AgentCall], Awaitable[JsonObject]]

_BY_NAME: Final[dict[str, Run]] = {
    "createSession": create_session,
    "goToStage": go_to_stage,
    "undoLast": undo,
    "runChecks": check,
    "confirmPublish": confirm_publish,
    "addTier": change_tiers,
    "changeTier": change_tiers,
    "removeTier": change_tiers,
    "whatIsMissing": readings.what_is_missing,
    "explainField": readings.explain_field,
    "fillFromText": readings.fill_from_text,
}
_BY_PREFIX: Final[dict[str, Run]] = {
    "complete": complete_stage,
    "autosave": save_stage,
    "suggest": readings.suggest_details,
}
"""Of the tools that each stage has."""


def function_of(tool: Tool) -> Run:
    """What runs a tool that is offered."""
    if tool.name in _BY_NAME:
        return _BY_NAME[tool.name]
    return next(run for prefix, run in _BY_PREFIX.items() if tool.name.startswith(prefix))
