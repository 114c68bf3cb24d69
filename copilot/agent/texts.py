"""The English texts of the agent by rules. The front end shows them as they are."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
    "completed": "{stage} is complete.",
    "saved": "Saved: {names}.",
    "saved_stage": "{stage} is saved.",
    "unchanged": "It is like that already. Nothing was changed.",
    "kept": "You changed {names} while I was writing. Yours stands.",
    "undone": "The last change is undone.",
    "ticket_removed": "The ticket is removed.",
    "went": "{stage} is open.",
    "created": "A new draft is open. Say what the event is, when and where.",
    "connected": "Stripe is open. The tickets with a price are sold once the account is ready.",
    "publishing": "The event is being published.",
    "not_confirmed": 'Nothing was published. Say "publish" when it is time.',
    "changed_since": 'The event has changed since it was checked. Say "publish" to check it again.',
    "done": "Done.",
    "declined": "Nothing was changed.",
    "next": "Next: {message}",
    "next_stage": '{stage} has all it needs. Say "continue" to complete it.',
    "proposal": "This is understood:",
    "unused": "Not used: {words}",
    "accept": 'Say "yes" to save it, or name what to leave out.',
    "dropped": "Nothing is saved.",
    "assumed": "{line} (assumed)",
    "nothing_open": "There is nothing to accept. Say what the event is, or ask what is missing.",
    "ideas": "Suggestions:",
    "idea": "{line} ({reason})",
    "use_ideas": 'Say "yes" to use all, or name the ones to use, such as "only the {name}".',
    "only": "only the {name}",
    "use_only": "Use only the {name}",
    "no_ideas": "There is nothing to suggest here: the fields that rules can fill have values.",
    "nothing_missing": 'Nothing is missing. Say "publish" to publish the event.',
    "blocking": "Before it can be published:",
    "warnings": "Worth a look:",
    "in_stage": "{stage}: {message}",
    "blocked": "The event cannot be published yet:",
    "terms": "Only you can accept the terms: tick them at Review and publish, last of all.",
    "terms_in_dialog": "You accept the terms when you confirm.",
    "when": 'Give the day and the time, such as "publish on 3 May at 10 am".',
    "when_past": "That time has passed. Give a time in the future.",
    "no_zone": "The time zone is not known. Set the time zone of the event first.",
    "cannot": "This page cannot do that. Open the event in the wizard.",
    "what_field": 'Which field is it? Name it as on the page, such as "start time".',
    "no_explanation": "There is nothing more to say about {name} than the page does.",
    "what_value": "What is the new value of {name}?",
    "what_tier": "What are the name and the price of the ticket? "
    'For example: "add a ticket VIP at 80 euros, 20 of them".',
    "no_such_tier": "There is no ticket of that name. There are: {names}.",
    "no_tiers": "There are no tickets yet.",
    "one_currency": "All tickets have one currency, {currency}. Give the price in it.",
    "first_stage": "Organizer is the first stage.",
    "not_understood": 'No value of a field is found in that. Say, for example, "{example}", or ask '
    "what is missing.",
    "help": "Say what the event is, when and where, and what a ticket costs. You can also say "
    '"what is missing", "suggest a title", "continue", "undo" or "publish".',
    "choose": "{number}. {option}",
    "nothing_to_repeat": "There is nothing to repeat.",
    "say_again": "The list may be another one by now. Say once more what to change.",
    "look_first": "It is not certain that the last change was undone. Look at the page, then say "
    '"undo" again if it was not.',
}

EXAMPLES: Final[dict[str, str]] = {
    "organizerSetup": "The organizer is Atelier Nord",
    "eventSetup": "A pop-up called The Hat Room on 9 May at 7 pm",
    "venueSetup": "At Galeria Sul in Lisbon, 300 people",
    "ticketSetup": "Add a ticket Standard at 25 euros",
    "sponsorsMedia": "Sponsored by Maison Verte",
    "reviewPublish": "Publish",
}

REFUSALS: Final[dict[str, str]] = {
    "unauthenticated": 'You are signed out. Sign in again, then say "try again".',
    "permission_missing": "You may not do that for this organization. Ask an administrator of it.",
    "session_not_found": 'The session no longer exists. Say "new event" to begin another.',
    "revision_not_found": "There is no earlier state to go back to.",
    "session_closed": 'The session is closed and cannot be changed. Say "new event" to begin '
    "another.",
    "session_lost": 'The session takes no more changes. Say "new event" to begin another.',
    "stage_mismatch": "The session is at {stage}, not at that stage. Shall I go on from there? Say "
    '"go to {stage}".',
    "publishing": "The event is being published and cannot be changed now. Wait until it is out.",
    "publish_failed": 'The publication failed and was taken back. Say "what is missing", then '
    '"publish" again.',
    "slug_taken": 'Another event has this address. Which one do you want instead? Say "set the '
    'slug to …".',
    "payments_refused": 'Stripe declined that. Say "connect Stripe" to look at the account.',
    "idempotency_key_reused": "That was sent already with other values. Say it once more.",
    "media_quota_exceeded": "The room for pictures is used up. Remove a picture first.",
    "revision_conflict": "The session was changed by another person in the meantime, and nothing "
    'was saved. Do you still want it? Say "try again".',
    "payload_too_large": "That is too long to be saved. Give a shorter text.",
    "rate_limited": 'Too many changes at once. Wait a moment, then say "try again".',
    "unavailable": 'The service cannot be reached. Nothing that you wrote is lost: say "try again" '
    "in a moment.",
}
"""By the code of a problem document. Problems with ``errors`` or ``checks`` have texts of their
own."""

REFUSED: Final = 'That was refused, and nothing was changed. Say "try again", or change it.'


def text(key: str, **values: object) -> str:
    return TEXTS[key].format(**values)
