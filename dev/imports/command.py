"""``python -m dev import FILE``: an event from another system, in two requests to the API.

The first creates the session with all of its data. A value that is missing or wrong is listed, and
can be corrected with ``--set``. The second, with ``--publish``, publishes the event.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import httpx

from dev.demo.client import TIMEOUT_SECONDS, UnexpectedAnswer, WizardClient, sign_in
from dev.demo.player import PERSON
from dev.imports import icalendar_event, schema_org, ticket_shop
from dev.stack.report import Report
from dev.stack.state import Stack, StackError
from domain.json_values import JsonObject
from domain.stages import Section, Stage

_FORMATS: Final[dict[str, Callable[[str, int], JsonObject]]] = {
    ".ics": icalendar_event.sections_of,
    ".csv": ticket_shop.sections_of,
    ".json": schema_org.sections_of,
    ".jsonld": schema_org.sections_of,
}


class ImportRefused(StackError):
    """The file or a correction cannot be read, or the API refuses a request."""


def read_sections(path: Path, corrections: Sequence[str] = (), *, number: int = 1) -> JsonObject:
    """The sections of an event in a file.

    Args:
        number: of the event, from 1.
        corrections: such as ``event/type=launch``; they replace values of the file.

    Raises:
        ImportRefused: there is no such file, it has no event, or a correction is malformed.
    """
    read = _FORMATS.get(path.suffix.lower())
    if read is None:
        raise ImportRefused(f"{path} must end with one of {', '.join(_FORMATS)}")
    try:
        sections = read(path.read_text(encoding="utf-8-sig"), number)
    except OSError as error:
        raise ImportRefused(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise ImportRefused(f"{path}: {error}") from error
    for correction in corrections:
        correct(sections, correction)
    return sections


def correct(sections: JsonObject, correction: str) -> None:
    """Sets one value, ``SECTION/FIELD=VALUE``. A value that is JSON is taken as such.

    Raises:
        ImportRefused: the path names no value.
    """
    path, separator, text = correction.partition("=")
    section, *fields = path.strip("/").split("/")
    if not separator or section not in set(Section) or not fields:
        raise ImportRefused(f"{correction} is not SECTION/FIELD=VALUE, such as event/type=launch")
    target = sections.setdefault(section, {})
    try:
        for field in fields[:-1]:
            is_list = isinstance(target, list)
            target = target[int(field)] if is_list else target.setdefault(field, {})
        target[int(fields[-1]) if isinstance(target, list) else fields[-1]] = _value(text)
    except (ValueError, IndexError, TypeError, AttributeError) as error:
        raise ImportRefused(f"{path} is not a field of the event") from error


def import_event(
    stack: Stack,
    report: Report,
    path: Path,
    corrections: Sequence[str],
    *,
    number: int,
    publishes: bool,
) -> None:
    """
    Raises:
        ImportRefused: as :func:`read_sections`, or the API refuses a request or does not respond.
    """
    sections = read_sections(path, corrections, number=number)
    if publishes:
        sections["review"] = {"acceptTerms": True}
    try:
        signed = {"Authorization": f"Bearer {sign_in(stack, **PERSON)}"}
        with httpx.Client(base_url=stack.api_url, headers=signed, timeout=TIMEOUT_SECONDS) as http:
            for line in play(WizardClient(http), sections, publishes=publishes):
                report.say(line)
    except UnexpectedAnswer as refusal:
        raise ImportRefused(f"{refusal}\n{explained(refusal.response)}") from refusal
    except httpx.RequestError as error:
        raise ImportRefused(f"the API does not respond: {error}") from error


def play(api: WizardClient, sections: JsonObject, *, publishes: bool) -> Iterator[str]:
    """Creates the session, and publishes its event. Yields lines that say what was done.

    Raises:
        UnexpectedAnswer, httpx.RequestError: as :class:`WizardClient`.
    """
    view = api.create_session(sections).json()
    session_id, progress = view["session_id"], view["completion_percentage"]
    yield f"session {session_id}, revision {view['revision']}, {progress} %"
    yield from (f"  to correct: {line}" for line in _to_correct(view))
    if publishes:
        event = api.publish(session_id)
        yield f"published: {event.request.url.join('/e/' + event.json()['slug'])}"


def explained(refused: httpx.Response) -> str:
    """The problem of a response, for people."""
    try:
        problem = refused.json()
    except ValueError:
        return refused.text
    errors = [f"  {_place(error)}{error['message']}" for error in problem.get("errors", [])]
    return "\n".join([str(problem.get("detail", "")), *errors])


def _to_correct(view: JsonObject) -> list[str]:
    """Each error, with the option that corrects it. The terms are accepted by publishing."""
    return [
        f"{error['message']} (--set {Stage(stage).section.value}{error['pointer']}=…)"
        for stage, shown in view["stages"].items()
        if stage != Stage.REVIEW_PUBLISH
        for error in shown["errors"]
    ]


def _place(error: JsonObject) -> str:
    stage = error.get("stage")
    return f"{Stage(stage).section.value}{error['pointer']}: " if stage else ""


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
