"""The details of an event: what its page lists below the description, as text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from api.pages.texts import https_url, language_name, short_day
from domain.json_values import JsonObject
from domain.publishing.event import Event, EventHours, EventParticipant
from domain.schemas.ticket import RefundKind

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Part:
    text: str
    url: str | None = None


@dataclass(frozen=True)
class Detail:
    name: str
    parts: list[Part]


def details_of(event: Event, *, names_sponsors: bool) -> Iterator[Detail]:
    """``names_sponsors``: False if the page shows them elsewhere."""
    for name, text in (
        ("Open", "\n".join(opening_lines(event.opening_hours))),
        ("Dress", event.dress_code),
        ("Age", event.age_restriction),
        ("Language", language_name(event.language)),
        ("Refunds", _refunds(event.refund_policy)),
    ):
        if text:
            yield Detail(name, [Part(text)])
    yield from _participants("Performers", event.performers)
    yield from _participants("Also by", event.organizers)
    sponsors = [
        Part(sponsor["name"], https_url(sponsor.get("url")))
        for sponsor in event.sponsor_data.get("sponsors") or []
        if sponsor.get("name")
    ]
    if sponsors and names_sponsors:
        yield Detail("With", sponsors)
    elsewhere = https_url(event.external_url)
    if elsewhere:
        host = elsewhere.removeprefix("https://").partition("/")[0]
        yield Detail("More", [Part(host, elsewhere)])
    website = https_url(event.organizer.get("website"))
    if website:
        yield Detail("Website", [Part(website.removeprefix("https://").rstrip("/"), website)])
    if event.organizer.get("bio"):
        yield Detail("Organizer", [Part(event.organizer["bio"])])


def opening_lines(hours: Sequence[EventHours]) -> list[str]:
    """``3 May to 5 May: 10:00 to 14:00, 18:00 to 02:00``: consecutive days of the same hours are
    one line."""
    return [f"{_days(days)}: {text}" for days, text in _days_of_same_hours(hours)]


def _days_of_same_hours(hours: Sequence[EventHours]) -> list[tuple[list[date], str]]:
    texts: dict[date, str] = {}
    for entry in hours:
        text = f"{entry.opens} to {entry.closes}"
        texts[entry.date] = f"{texts[entry.date]}, {text}" if entry.date in texts else text
    lines: list[tuple[list[date], str]] = []
    for day, text in texts.items():
        days, same = lines[-1] if lines else ([], "")
        if text == same and day - days[-1] == _DAY:
            days.append(day)
        else:
            lines.append(([day], text))
    return lines


def _days(days: Sequence[date]) -> str:
    first, last = short_day(days[0]), short_day(days[-1])
    return first if first == last else f"{first} to {last}"


def _participants(name: str, participants: Sequence[EventParticipant]) -> Iterator[Detail]:
    parts = [Part(participant.name, https_url(participant.url)) for participant in participants]
    if parts:
        yield Detail(name, parts)


def _refunds(policy: JsonObject | None) -> str | None:
    match (policy or {}).get("kind"):
        case RefundKind.NONE:
            return "None"
        case RefundKind.UNTIL_DAYS:
            return _until_days((policy or {}).get("days") or 0)
        case RefundKind.CUSTOM:
            return (policy or {}).get("text")
    return None


def _until_days(days: int) -> str:
    if days == 0:
        return "Until the event"
    return f"Until {days} {'day' if days == 1 else 'days'} before"
