"""Replies of the agent by rules."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
    "completed": "{stage} is complete.",
    "saved": "Saved: {names}.",
    "saved_stage": "{stage} is saved.",
    "unchanged": "It is already like that. Nothing was changed.",
    "kept": "You changed {names} while I was writing. I kept your version.",
    "undone": "The last change is undone.",
    "ticket_removed": "The ticket is removed.",
    "went": "{stage} is open.",
    "created": "A new draft is open. Say what the event is, when and where.",
    "connected": "Stripe is open. Paid tickets go on sale once the account is ready.",
    "publishing": "The event is being published.",
    "not_confirmed": 'Nothing was published. Say "publish" when it is time.',
    "changed_since": 'The event has changed since it was checked. Say "publish" to check it again.',
    "done": "Done.",
    "declined": "Nothing was changed.",
    "next": "Next: {message}",
    "next_stage": '{stage} has all it needs. Say "continue" to complete it.',
    "proposal": "This is what I understood:",
    "unused": "I did not use these words: {words}",
    "accept": 'Say "yes" to save it, or name what to leave out.',
    "dropped": "Nothing was saved.",
    "assumed": "{line} (assumed)",
    "nothing_open": "There is nothing to accept. Say what the event is, or ask what is missing.",
    "ideas": "Suggestions:",
    "idea": "{line} ({reason})",
    "use_ideas": 'Say "yes" to use all, or name the ones to use, such as "only {name}".',
    "only": "only {name}",
    "use_only": 'Use only "{name}"',
    "no_ideas": "There is nothing to suggest here: the fields that I can fill already have values.",
    "nothing_missing": 'Nothing is missing. Say "publish" to publish the event.',
    "blocking": "Before it can be published:",
    "warnings": "Worth a look:",
    "in_stage": "{stage}: {message}",
    "blocked": "The event cannot be published yet:",
    "terms": "Only you can accept the terms: do so under Review, as the last step.",
    "terms_in_dialog": "You accept the terms when you confirm.",
    "when": 'Give the day and the time, such as "publish on 3 May at 10 am".',
    "when_past": "That time has passed. Give a time in the future.",
    "no_zone": "The time zone is not known. Set the time zone of the event first.",
    "cannot": "This page cannot do that. Open the event in the wizard.",
    "what_field": 'Which field do you mean? Use its name on the page, such as "Starts".',
    "no_explanation": 'I know no more about "{name}" than the page shows.',
    "what_value": 'What is the new value of "{name}"?',
    "what_tier": "What are the name and the price of the ticket? "
    'For example: "add a ticket VIP at 80 euros, 20 of them".',
    "which_tier": "Which ticket costs {said}? The tickets are: {names}.",
    "which_tier_has": "Which ticket has {said}? The tickets are: {names}.",
    "no_such_tier": "There is no ticket with that name. The tickets are: {names}.",
    "no_tiers": "There are no tickets yet.",
    "one_currency": "All tickets use one currency. Give the price in {currency}.",
    "first_stage": "Organizer is the first stage.",
    "not_understood": 'I found no value for a field in that. Say, for example, "{example}", or ask '
    "what is missing.",
    "help": "Say what the event is, when and where, and what a ticket costs. You can also say "
    '"what is missing", "suggest a title", "continue", "undo" or "publish".',
    "later": "Yes. You can change everything until the event is published.",
    "thanks": "You are welcome.",
    "cannot_answer": "I cannot answer that question. Nothing was changed. I can say what is "
    "missing, explain a field, or suggest a value.",
    "nothing": "nothing",
    "tickets": "{count} tickets",
    "most_per_order": "at most {count} per order",
    "sale_from": "on sale from {moment}",
    "sale_until": "on sale until {moment}",
    "days": "{first} to {last}",
    "refund_until": "until {days} days before the event",
    "zone": "{city} time",
    "choose": "{number}. {option}",
    "nothing_to_repeat": "There is nothing to repeat.",
    "say_again": "The list may have changed by now. Say again what to change.",
    "look_first": "The last change may not have been undone. Look at the page, and say "
    '"undo" again if it was not.',
    "not_valid": '"{name}" is not valid.',
    "model_failed": "The language model does not answer now. This answer is by rules.",
}

BUTTONS: Final[dict[str, tuple[str, str]]] = {
    "save": ("Save these", "yes"),
    "leave": ("Leave it", "no"),
    "use": ("Use it", "yes"),
    "use_all": ("Use all", "yes"),
    "continue": ("Continue", "continue"),
    "retry": ("Try again", "try again"),
    "publish": ("Publish", "publish"),
    "create": ("New event", "new event"),
    "go": ("Go to {stage}", "go to {stage}"),
}
"""The labels of buttons, and the sentences that they send."""

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
    "permission_missing": "You may not do that for this organization. Ask an administrator.",
    "session_not_found": 'The session no longer exists. Say "new event" to begin another.',
    "revision_not_found": "There is no earlier state to go back to.",
    "session_closed": 'The session is closed and cannot be changed. Say "new event" to begin '
    "another.",
    "session_lost": 'The session accepts no more changes. Say "new event" to begin another.',
    "stage_mismatch": "The session is at {stage}, not at that stage. Shall I continue from there? "
    'Say "go to {stage}".',
    "publishing": "The event is being published and cannot be changed now. Wait until it is "
    "published.",
    "publish_failed": 'The publication failed and was undone. Say "what is missing", then '
    '"publish" again.',
    "slug_taken": 'Another event has this address. Which one do you want instead? Say "set the '
    'address of its page to …".',
    "payments_refused": 'Stripe declined that. Say "connect Stripe" to look at the account.',
    "idempotency_key_reused": "That was already sent with other values. Say it again.",
    "media_quota_exceeded": "The storage for pictures is full. Remove a picture first.",
    "revision_conflict": "The session was changed by another person in the meantime, and nothing "
    'was saved. Do you still want it? Say "try again".',
    "payload_too_large": "That is too long to be saved. Use a shorter text.",
    "rate_limited": 'Too many changes at once. Wait a moment, then say "try again".',
    "unavailable": 'The service cannot be reached. Nothing that you wrote is lost: say "try again" '
    "in a moment.",
}
"""By the code of a problem document. Problems with ``errors`` or ``checks`` have texts of their
own."""

REFUSED: Final = 'That was refused, and nothing was changed. Say "try again", or change it.'

TIER_NAMES: Final[dict[str, str]] = {
    "early": "Early",
    "standard": "Standard",
    "last": "Last",
    "free": "Free entry",
}
