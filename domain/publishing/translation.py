"""An event in the language that a visitor prefers."""

from domain.json_values import JsonObject
from domain.publishing.event import Event, EventTranslation
from domain.values.languages import UNKNOWN, preferred_language


def languages_of(event: Event) -> list[str]:
    """The language of the event, if it is known, and those of its translations."""
    original = [event.language] if event.language else []
    return original + [translation.language for translation in event.translations]


def in_preferred_language(event: Event, accept_language: str) -> Event:
    """The event with the texts of a translation, or as it is. Texts that are not translated stay.

    Args:
        accept_language: the value of the header; empty if there is none.
    """
    translated = [translation.language for translation in event.translations]
    preferred = preferred_language(accept_language, [event.language or UNKNOWN, *translated])
    translation = next((one for one in event.translations if one.language == preferred), None)
    return event if translation is None else _translated(event, translation)


def _translated(event: Event, translation: EventTranslation) -> Event:
    return event.model_copy(
        update={
            "language": translation.language,
            "title": translation.title or event.title,
            "summary": translation.summary or event.summary,
            "description": translation.description or event.description,
            "ticket_tiers": [_translated_tier(tier, translation) for tier in event.ticket_tiers],
        }
    )


def _translated_tier(tier: JsonObject, translation: EventTranslation) -> JsonObject:
    name = translation.tiers.get(tier["id"])
    return tier if name is None else {**tier, "name": name}
