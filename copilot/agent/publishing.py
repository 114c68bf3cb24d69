"""Publishing: the checks first, then the question, then the confirmation of what was checked."""

from collections.abc import Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from copilot.agent import choices
from copilot.agent.capabilities import Capabilities
from copilot.agent.check_lines import blocking, lines_of
from copilot.agent.replies import Step, Use
from copilot.agent.results import Result
from copilot.context import checks_digest
from copilot.conversation import Turn
from copilot.understanding.facts import Understanding
from domain.json_values import JsonObject
from domain.stages import Section, Stage
from domain.validation.check_codes import CheckCode


def publish(when: str, turn: Turn, capabilities: Capabilities) -> Iterator[Step]:
    """The question to publish, if no check but the terms blocks it: these are accepted with it."""
    checks = blocking(turn.context)
    others = [check for check in checks if check.code != CheckCode.TERMS_NOT_ACCEPTED]
    if others:
        yield turn.language.text("blocked")
        yield from lines_of(checks, turn)
        return
    arguments: JsonObject = {}
    if when:
        at = _time_of(when, turn, capabilities)
        if isinstance(at, str):
            yield at
            return
        arguments = {"publish_at": at.isoformat()}
    if checks:
        yield turn.language.text("terms_in_dialog")
    yield Use("publishEvent", arguments)


def confirmed(result: Result, turn: Turn) -> Iterator[Step]:
    """The publication, once the person has confirmed what the checks found.

    It names the revision and the checks that the person has seen. If the session has changed since,
    it is checked again.
    """
    if result.is_declined:
        yield turn.language.text("not_confirmed")
        yield choices.offered(turn.language, "publish")
        return
    if result.body.get("confirmed") is not True:
        yield turn.language.text("publishing")
        return
    context = turn.context
    digest = checks_digest(context.revision, context.checks)
    seen = (result.body.get("revision"), result.body.get("checks_digest"))
    if seen != (context.revision, digest) or blocking(context):
        yield turn.language.text("changed_since")
        yield choices.offered(turn.language, "publish")
        return
    at = {name: at for name, at in result.call.arguments.items() if name == "publish_at"}
    arguments = {"revision": context.revision, "checks_digest": digest, **at}
    yield Use("confirmPublish", arguments)


def _time_of(when: str, turn: Turn, capabilities: Capabilities) -> datetime | str:
    """The time that words say, in the time zone of the event; a sentence if it is not certain."""
    zone_name = turn.circumstances.known.get(Section.EVENT, {}).get("timezone")
    try:
        zone = ZoneInfo(str(zone_name or turn.circumstances.timezone or ""))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return turn.language.text("no_zone")
    understood = capabilities.understand(when, turn.circumstances)
    day, clock = _fact(understood, "/date"), _fact(understood, "/startTime")
    if understood.questions or day is None or clock is None:
        return turn.language.text("when")
    try:
        at = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), zone)
    except ValueError:
        return turn.language.text("when")
    return at if at > turn.circumstances.now else turn.language.text("when_past")


def _fact(understood: Understanding, pointer: str) -> str | None:
    values = [
        fact.value
        for fact in understood.facts
        if fact.stage is Stage.EVENT_SETUP and fact.pointer == pointer
    ]
    return str(values[0]) if len(values) == 1 else None
