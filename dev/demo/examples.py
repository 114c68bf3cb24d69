"""The examples that the demo plays, ``examples/*.json``: the data of each stage.

``stages`` has the data of each stage, in the order of the wizard and in the format of the API.
``mistakes`` are sent before, and must be refused.

Their pictures have addresses at ``pictures.example``, named for the drawing (``dev/pictures``) that
the demo uploads in their place.

Dates are relative to today, so that examples stay valid: ``{"in_days": 45}`` is a date, and
``{"in_days": 45, "at": "18:00"}`` a date and time, local to the event.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from dev.stack.state import ROOT
from domain.schemas.ticket import TierKind
from domain.stages import Stage

EXAMPLES: Final = ROOT / "examples"

PICTURES: Final = "https://pictures.example/"
_FORMAT: Final = ".jpg"

_DATE_KEYS: Final = ({"in_days"}, {"in_days", "at"})


class UnknownExample(Exception):
    """There is no example of that name; the message lists the names."""


class _Described(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Mistake(_Described):
    """A user is ``at`` a stage and tries to complete ``stage`` with ``data``.

    ``why`` is the reason that the demo shows. ``code`` and ``pointers`` are those of the expected
    problem.
    """

    at: str
    stage: str
    data: dict[str, Any]
    why: str
    code: str
    pointers: list[str]


class Example(_Described):
    """``title`` and ``about`` are shown when the demo plays the example."""

    title: str
    about: str
    mistakes: list[Mistake]
    stages: dict[str, dict[str, Any]]

    @property
    def sections(self) -> dict[str, dict[str, Any]]:
        """The data of the stages by section, to create a session with it."""
        return {Stage(stage).section.value: data for stage, data in self.stages.items()}

    @property
    def pictures(self) -> list[str]:
        """The names of its drawings."""
        return list(dict.fromkeys(_pictures_in(self.stages)))

    def with_pictures(self, urls: Mapping[str, str]) -> "Example":
        """``urls``: by the names of the drawings."""
        return self.model_copy(update={"stages": _with_pictures(self.stages, urls)})

    @property
    def takes_payment(self) -> bool:
        tiers = self.stages[Stage.TICKET_SETUP]["tiers"]
        return any(tier["kind"] != TierKind.FREE for tier in tiers)


def names() -> list[str]:
    return sorted(path.stem for path in EXAMPLES.glob("*.json"))


def load(name: str, today: date) -> Example:
    """
    Raises:
        UnknownExample: there is no such example.
    """
    if name not in names():
        raise UnknownExample(f"There is no example {name!r}. Examples: {', '.join(names())}.")
    example = Example.model_validate_json(_file(name).read_text(encoding="utf-8"))
    return Example.model_validate(_with_dates(example.model_dump(), today))


def _file(name: str) -> Path:
    return EXAMPLES / f"{name}.json"


def _with_dates(value: Any, today: date) -> Any:
    if isinstance(value, list):
        return [_with_dates(item, today) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() in _DATE_KEYS:
        return _moment(today + timedelta(days=value["in_days"]), value.get("at"))
    return {name: _with_dates(item, today) for name, item in value.items()}


def _pictures_in(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.startswith(PICTURES):
        yield _drawing_of(value)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _pictures_in(item)


def _with_pictures(value: Any, urls: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_with_pictures(item, urls) for item in value]
    if isinstance(value, dict):
        return {name: _with_pictures(item, urls) for name, item in value.items()}
    if isinstance(value, str) and value.startswith(PICTURES):
        return urls[_drawing_of(value)]
    return value


def _drawing_of(url: str) -> str:
    return url.removeprefix(PICTURES).removesuffix(_FORMAT)


def _moment(day: date, time_of_day: str | None) -> str:
    return f"{day.isoformat()}T{time_of_day}" if time_of_day else day.isoformat()
