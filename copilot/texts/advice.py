"""The texts of the assistant's advice, for agents over MCP: in English.

No text quotes a value or a name that a user entered.
"""

from collections.abc import Mapping
from typing import Any, Final

from copilot.suggestions.explanations import path_of
from domain.stages import TITLES, Stage
from domain.validation.texts import ENTRY_LABELS, amount_in, filled, label

ADVICE_TEXTS: Final[dict[str, str]] = {
    # errors of values
    "missing": "{label}: enter a value.",
    "missing.place": "Enter an address line, a city or coordinates.",
    "missing.list": "Add at least one {entry}.",
    "invalid_type": "{label}: enter the value again, in another format.",
    "invalid_format": "{label}: enter the value again, in another format.",
    "invalid_choice": "{label}: choose another value.",
    "invalid_choice.value": "{label}: choose one of {choices}.",
    "invalid_character": "{label}: type the text again instead of pasting it.",
    "too_short": "{label}: enter at least {min:character|characters}.",
    "too_long": "{label}: shorten it to at most {max:character|characters}.",
    "too_small": "{label}: enter a number that is at least {min}.",
    "too_large": "{label}: enter a number that is at most {max}.",
    "too_large.total": "Order fewer tickets, so that the order costs at most {amount}.",
    "too_few": "Add at least {min:one {entry}|{entries}}.",
    "too_many": "Remove some, so that there are at most {max:{entry}|{entries}}.",
    "too_many_bytes": "Shorten the longest texts, or remove entries of the longest lists.",
    "not_unique": "{label}: choose a value that is not used yet.",
    "not_unique.name": "{label}: choose another name. Each ticket has its own.",
    "not_unique.id": "{label}: omit it, and the ticket is a new one.",
    "not_unique.tier": "List the ticket once, with the total quantity.",
    "not_unique.language": "Keep one translation for each language.",
    "not_unique.original": "{label}: choose another language than that of the event.",
    "not_unique.opening_hours": "Change the hours so that they do not overlap, or remove one.",
    "not_unique.title_sponsor": "Choose the title sponsor, and another tier for the others.",
    "unknown_id": "{label}: omit it, and the ticket is a new one.",
    "unknown_id.tier": "Choose one of the tickets of the event.",
    "unknown_field": "Omit this field. No field has this name.",
    "server_owned": "{label}: omit it. It is set by the server.",
    "number_out_of_range": "{label}: enter a number between {min} and {max}.",
    "too_deep": "{label}: enter a value with fewer levels.",
    "not_in_future": "{label}: choose a later one. The event must not be over.",
    "not_in_future.date": "Choose a later date, or an end date if the event lasts several days.",
    "not_in_future.moment": "{label}: choose a time in the future.",
    "too_far_ahead": "{label}: choose a day at most {max:year|years} from now.",
    "nonexistent_time": "{label}: choose another time. Clocks skip this one on that day.",
    "end_before_start": "{label}: choose one after the start.",
    "end_before_start.date": "Choose an end date that is not before the date of the event.",
    "end_before_start.time": "Choose an end time after the start time, or a later end date.",
    "end_before_start.hours": "{label}: choose a time that differs from the opening time.",
    "outside_event": "{label}: choose one between the start and the end of the event.",
    "doors_after_start": "Choose a doors time before the start of the event.",
    "sale_end_before_start": "Choose a sale end after the start of the sale.",
    "sale_ends_after_event": "Choose a sale end before the end of the event, or remove it.",
    "kind_mismatch": "Change the price or the kind of the ticket.",
    "kind_mismatch.free": "Set the price to 0, or choose the kind paid.",
    "kind_mismatch.paid": "Enter a price, or choose the kind free.",
    "kind_mismatch.donation": "Remove the minimum amount, or choose the kind donation.",
    "currency_unsupported": "Choose another currency, or offer free tickets only.",
    "amount_too_small": "{label}: enter at least {amount}, or 0 for a free ticket.",
    "amount_too_small.donation": "{label}: enter at least {amount}.",
    "amount_not_chargeable": "{label}: enter a rounder amount.",
    "amount_not_chargeable.multiple": "{label}: enter a multiple of {amount}.",
    "amount_not_chargeable.too_large": "{label}: enter at most {amount}.",
    "capacity_exceeded": "Offer fewer tickets, or increase the total capacity.",
    "capacity_exceeded.venue": "Offer fewer tickets, or enter a larger capacity of the venue.",
    "quantity_inconsistent": "Change the limits so that they fit together.",
    "quantity_inconsistent.min_per_order": "Lower the minimum per order, or raise the maximum.",
    "quantity_inconsistent.min_amount": "Lower the minimum amount, or raise the suggested one.",
    "quantity_inconsistent.quantity": "Offer more of this ticket, or lower the minimum per order.",
    "terms_outdated": "Read the terms and accept them again. Only you can do that.",
    "not_supported": "{label}: omit it here.",
    # findings of the publish checks
    "stage_invalid": "Complete the stage {stage}.",
    "event_not_in_future": "Choose a later date for the event.",
    "event_not_in_future.publish_at": "Publish now, or schedule an earlier time.",
    "payments_not_ready": "Connect a Stripe account, or offer free tickets only.",
    "payments_not_ready.onboarding": "Complete the onboarding at Stripe.",
    "payments_not_ready.restricted": "Open Stripe, and provide what it asks for.",
    "payments_not_ready.rejected": "Ask Stripe for the reason, or offer free tickets only.",
    "payments_not_ready.unauthorized": (
        "Ask support to correct the server's Stripe key, or offer free tickets only."
    ),
    "payments_not_ready.unknown": "Run the checks again. They look at the Stripe account.",
    "payments_not_ready.disconnected": "Connect a Stripe account again.",
    "no_tier_for_sale": "Make a ticket visible, give it a quantity, or extend its sale.",
    "sale_over": "Choose a later sale end, or remove the ticket.",
    "access_incomplete": "Change the access of the tickets, or the mode of the venue.",
    "access_incomplete.online_missing": "Add a ticket with online access.",
    "access_incomplete.in_person_missing": "Add a ticket with in-person access.",
    "access_incomplete.venue_is_physical": "Choose in-person access for this ticket.",
    "access_incomplete.venue_is_virtual": "Choose online access for this ticket.",
    "slug_taken": "Choose another slug.",
    "terms_not_accepted": "Read the terms and accept them. Only you can do that.",
    "terms_not_accepted.outdated": "Read the terms and accept them again. Only you can do that.",
    "not_allowed": "Ask a member of the organization who may publish.",
    "cover_missing": "Add a cover image, and say what it shows.",
    "alt_text_missing": "Say what the image shows, in a few words.",
    "event_has_begun": "Publish soon: it is possible until the event is over.",
    "event_has_begun.publish_at": "Publish now, or schedule an earlier time.",
    "sale_opens_late": "Choose a sale start before the start of the event.",
    "translation_unused": "Remove this name from the translation.",
    "payouts_disabled": "Open Stripe, and complete what payouts need.",
    "currency_differs": "Choose {currency} to avoid the conversion, or keep the currency.",
}
"""Texts by the code of the finding, followed by its variant if that has a text of its own."""


def advice_text(code: str, params: Mapping[str, Any], stage: Stage | None, pointer: str) -> str:
    """The text of an advice.

    Raises:
        KeyError: the code has no text, or the text needs another parameter.
    """
    path = path_of(pointer)
    entry, entries = ENTRY_LABELS.get(str(path[-1]) if path else "", ("entry", "entries"))
    values = {
        "label": label(path),
        "entry": entry,
        "entries": entries,
        "stage": TITLES[stage] if stage else "",
        **params,
    }
    if "{amount}" in ADVICE_TEXTS[code]:
        values["amount"] = amount_in(params)
    example = " Example: {example}." if "example" in params else ""
    return filled(ADVICE_TEXTS[code] + example, values)
