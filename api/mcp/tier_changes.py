"""Adds, changes and removes one ticket of a session. The stage saves its tickets as one list.

A change that is made already is not made again, so that a call can be repeated: names of tickets
are unique.
"""

from collections.abc import Callable
from typing import Any, Final

from api.errors import body_error
from api.mcp.arguments import OfChange
from api.sessions.client import SessionClient
from api.sessions.idempotency import Attempt, system_id
from api.sessions.updates import ChangeRequest
from domain.actors import Actor
from domain.errors import ErrorCode, InvalidRequest, RevisionConflict
from domain.json_values import JsonObject, merge, same_json
from domain.schemas import INPUT_SCHEMAS
from domain.schemas.base import canonical, normalised
from domain.session.state import revision_conflict
from domain.session.view import SessionView
from domain.stages import Stage
from domain.validation.drafts import check_patch
from domain.values.text import as_seen

Tiers = list[JsonObject]
Edit = Callable[[Tiers], Tiers]
"""The tickets after the change: an equal list if it is made already."""

_STAGE: Final = Stage.TICKET_SETUP
_FIRST: Final = "/tiers/0"
_ATTEMPTS: Final = 3
"""If other changes come in between. One of them may be the same call, which was sent twice."""


async def save(sessions: SessionClient, actor: Actor, change: OfChange, edit: Edit) -> SessionView:
    """The session after the change.

    Raises:
        RevisionConflict: the session has another revision than the call names, or changes all the
            time.
        InvalidRequest: as the edit, or as :meth:`SessionClient.save`.
    """
    view = await sessions.view(actor, change.session, consistent=True)
    for attempt in range(_ATTEMPTS):
        tiers = _tiers_of(view)
        edited = edit(tiers)
        if same_json(edited, tiers):
            break
        if change.revision not in (None, view.revision):
            raise revision_conflict(view)
        request = ChangeRequest(
            actor, change.session, Attempt.of_system(system_id("mcp")), (view.revision,)
        )
        try:
            return (await sessions.save(request, _STAGE, {"tiers": edited})).view
        except RevisionConflict:
            if attempt == _ATTEMPTS - 1:
                raise
            view = await sessions.view(actor, change.session, consistent=True)
    return view


def added(fields: JsonObject) -> Edit:
    """A ticket more, unless there is one with this name and these values."""
    tier = _canonical(fields)

    def edit(tiers: Tiers) -> Tiers:
        same = _named(tiers, str(tier.get("name")))
        if same is None:
            return [*tiers, tier]
        if same_json(merge(same, tier), same):
            return tiers
        raise _refused("name", ErrorCode.NOT_UNIQUE, value="name")

    return edit


def changed(reference: str, fields: JsonObject) -> Edit:
    """Other values of some fields. A field that is null is removed."""
    patch = _canonical(fields)

    def edit(tiers: Tiers) -> Tiers:
        tier = _referred(tiers, reference) or _renamed(tiers, patch)
        if tier is None:
            raise _refused("tier", ErrorCode.UNKNOWN_ID, value="tier")
        return [merge(entry, patch) if entry is tier else entry for entry in tiers]

    return edit


def removed(reference: str) -> Edit:
    """One ticket less, unless there is none of this id or name."""

    def edit(tiers: Tiers) -> Tiers:
        tier = _referred(tiers, reference)
        return [entry for entry in tiers if entry is not tier]

    return edit


def _canonical(fields: JsonObject) -> JsonObject:
    """The fields as they are saved, so that they can be compared.

    Raises:
        InvalidRequest: a value cannot be saved, or a field does not exist.
    """
    patch = {"tiers": [{name: value for name, value in fields.items() if value is not None}]}
    try:
        check_patch(_STAGE, patch)
    except InvalidRequest as refusal:
        errors = [
            error.model_copy(update={"pointer": error.pointer.removeprefix(_FIRST)})
            for error in refusal.errors
        ]
        raise InvalidRequest(refusal.detail, errors=errors) from None
    tier: JsonObject = canonical(INPUT_SCHEMAS[_STAGE], normalised(patch))["tiers"][0]
    return {**tier, **{name: None for name, value in fields.items() if value is None}}


def _tiers_of(view: SessionView) -> Tiers:
    """Entries that are no objects cannot be kept beside others: the stage has an error for them."""
    tiers: Any = view.stages[_STAGE].data.get("tiers")
    return [tier for tier in tiers if isinstance(tier, dict)] if isinstance(tiers, list) else []


def _referred(tiers: Tiers, reference: str) -> JsonObject | None:
    by_id = next((tier for tier in tiers if tier.get("id") == reference), None)
    return by_id or _named(tiers, reference)


def _named(tiers: Tiers, name: str) -> JsonObject | None:
    return next(
        (
            tier
            for tier in tiers
            if isinstance(tier.get("name"), str) and as_seen(tier["name"]) == as_seen(name)
        ),
        None,
    )


def _renamed(tiers: Tiers, patch: JsonObject) -> JsonObject | None:
    """The ticket that has the new name and all values already: the call is a repeat."""
    tier = _named(tiers, str(patch["name"])) if patch.get("name") else None
    return tier if tier is not None and same_json(merge(tier, patch), tier) else None


def _refused(name: str, code: ErrorCode, **params: Any) -> InvalidRequest:
    error = body_error((name,), code, **params)
    return InvalidRequest(error.message, errors=[error])
