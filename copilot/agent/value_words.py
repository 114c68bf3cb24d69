"""Values of fields as a person reads them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from copilot.agent.patches import Proposed, name_of
from copilot.texts.language import Language
from domain.json_values import JsonObject
from domain.schemas.ticket import TierKind

_SHOWN_LENGTH: Final = 120
_CHOICES: Final = frozenset({"type", "mode", "kind", "access", "visibility", "tier"})
_KINDS_OF_TICKETS: Final = frozenset(TierKind)
_AMOUNTS: Final = frozenset({"unit_amount", "minAmount"})
_SALE_TEXTS: Final = {"saleStart": "sale_from", "saleEnd": "sale_until"}
_COUNT_TEXTS: Final = {"quantity": "tickets", "maxPerOrder": "most_per_order"}
_DAY: Final = timedelta(days=1)


def shown(proposed: Proposed, currency: str, language: Language) -> str:
    """A line of a list, such as ``Starts: 19:00``."""
    label = name_of(proposed.pointer, language, proposed.stage)
    name = proposed.pointer.rpartition("/")[2]
    return f"{label}: {_words(name, proposed.value, currency, language)}"


def _words(name: str, value: Any, currency: str, language: Language) -> str:
    """A value of a field with this name, or of an entry of a list."""
    if value is None:
        return language.text("nothing")
    if isinstance(value, bool):
        return language.explanations["yes" if value else "no"]
    if isinstance(value, dict):
        return _object_words(value, currency, language)
    if isinstance(value, list):
        return _list_words(value, currency, language)
    if name in _AMOUNTS and isinstance(value, int):
        return language.amount(value, currency)
    return _text_words(name, str(value), language)


def _object_words(value: JsonObject, currency: str, language: Language) -> str:
    if value.get("kind") == "until_days" and "days" in value:
        return language.text("refund_until", days=value["days"])
    if value.keys() == {"date", "opens", "closes"}:
        return _hours_words([value], language)
    words = (_part_words(name, part, currency, language) for name, part in value.items() if part)
    return ", ".join(filter(None, words))


def _part_words(name: str, value: Any, currency: str, language: Language) -> str:
    """A part of an object, without the name of the part; empty if it needs no words."""
    if name in _COUNT_TEXTS:
        return language.text(_COUNT_TEXTS[name], count=value)
    if name == "kind" and value in _KINDS_OF_TICKETS:
        return language.kinds_of_tickets.get(value, "")
    words = _words(name, value, currency, language)
    return language.text(_SALE_TEXTS[name], moment=words) if name in _SALE_TEXTS else words


def _list_words(entries: list[Any], currency: str, language: Language) -> str:
    if _are_daily(entries):
        return _hours_words(entries, language)
    return ", ".join(_words("", entry, currency, language) for entry in entries)


def _are_daily(entries: list[Any]) -> bool:
    """Whether these are the same hours on each of some consecutive days."""
    try:
        days = [date.fromisoformat(entry["date"]) for entry in entries]
        hours = {(entry["opens"], entry["closes"]) for entry in entries}
    except (TypeError, KeyError, ValueError):
        return False
    return len(hours) == 1 and days == [days[0] + _DAY * index for index in range(len(days))]


def _hours_words(entries: Sequence[JsonObject], language: Language) -> str:
    first, last = entries[0], entries[-1]
    days = [_day_words(str(entry["date"]), language) for entry in (first, last)]
    period = days[0] if len(entries) == 1 else language.text("days", first=days[0], last=days[1])
    return f"{period}, {first['opens']}–{first['closes']}"


def _text_words(name: str, text: str, language: Language) -> str:
    if name in _CHOICES:
        return language.value(text)
    if name in _WRITERS:
        return _WRITERS[name](text, language)
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}…"


def _day_words(text: str, language: Language) -> str:
    try:
        return language.day(date.fromisoformat(text))
    except ValueError:
        return text


def _moment_words(text: str, language: Language) -> str:
    try:
        return language.moment(datetime.fromisoformat(text))
    except ValueError:
        return text


def _zone_words(text: str, language: Language) -> str:
    """By the city that the zone is named for."""
    return language.text("zone", city=text.rpartition("/")[2].replace("_", " "))


_WRITERS: Final[dict[str, Callable[[str, Language], str]]] = {
    "date": _day_words,
    "endDate": _day_words,
    "saleStart": _moment_words,
    "saleEnd": _moment_words,
    "timezone": _zone_words,
    "language": lambda text, language: language.language_name(text),
    "country": lambda text, language: language.country(text),
    "currency": lambda text, _: text.upper(),
}
"""Fields whose text is not shown as it is stored, by the name in JSON."""
