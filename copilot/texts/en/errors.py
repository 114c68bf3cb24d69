"""Errors and checks that name other fields than their own: in the names that the page shows.

All other texts are those of the domain, with the page's name of the field.
"""

from typing import Final

FIELD_ERROR_TEXTS: Final[dict[str, str]] = {
    "missing.place": "Enter a street, a city, or the exact position.",
    "not_in_future.date": (
        "{label} must be later: the event is already over in its time zone. If it lasts several "
        "days, enter its last day."
    ),
    "end_before_start.time": (
        "{label} must be after the event starts. If the event ends on a later day, enter that day "
        "as its last day."
    ),
    "end_before_start.hours": "{label} must differ from the time at which it opens.",
}
"""By the keys of the domain's texts."""

CHECK_TEXTS: Final[dict[str, str]] = {
    "stage_invalid": "{stage} has {errors:error|errors}. {first}",
    "sale_over": (
        "The sale of this ticket is over before the event is published. Extend it, or remove the "
        "ticket."
    ),
    "capacity_exceeded.venue": (
        "There are more tickets than the venue has room for. Offer fewer tickets, or enter more "
        "room."
    ),
    "slug_taken": "Another event uses this address of its page. Choose another.",
    "cover_missing": "The event has no cover. Add one.",
    "alt_text_missing": "A picture has no description. Say what it shows in a few words.",
    "sale_opens_late": "The sale starts after the event starts. Let it start earlier.",
}
