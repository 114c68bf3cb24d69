"""What an operator does about a session that does not go on, or leaves alone."""

from collections.abc import Iterator
from typing import Final

from domain.errors import PaymentsRefused, PublishBlocked, PublishFailed, SlugTaken
from domain.view import PaymentStatus, PublicationState, SessionView

_CAUSE: Final = "the activity that failed, red in the timeline, has the cause"

_AFTER_A_FAILURE: Final[dict[str, str]] = {
    PublishBlocked.code: "The organizer corrects what the publication lists, and publishes again.",
    SlugTaken.code: "The organizer chooses another address, and publishes again.",
    PaymentsRefused.code: (
        f"Stripe refused, and repeating does not help: {_CAUSE}. The organizer puts the account "
        "right at Stripe, and publishes again."
    ),
    PublishFailed.code: (
        f"A step was tried for five minutes in vain: {_CAUSE}. Once that is put right, the "
        "organizer publishes again."
    ),
}
"""By the code of the publication's error."""

_PAYMENTS: Final[dict[PaymentStatus, str]] = {
    PaymentStatus.NOT_CONNECTED: "The organizer connects a Stripe account, to sell tickets.",
    PaymentStatus.ONBOARDING: "The organizer finishes the onboarding at Stripe.",
    PaymentStatus.RESTRICTED: "The organizer gives Stripe what it wants; the session hears of it.",
}

_NOTHING_LOST: Final = (
    "Everything was undone: nothing is on sale, and nothing that was typed is lost."
)


def advice(view: SessionView) -> Iterator[str]:
    if not view.is_active:
        return
    publication = view.publication
    if publication.state is PublicationState.RUNNING:
        yield (
            "Nothing, for now. A step that runs for longer than some seconds is repeated: "
            "*Pending Activities* has its attempts and its last error. After five minutes all is "
            "undone."
        )
        return
    if publication.error is not None:
        known = _AFTER_A_FAILURE.get(publication.error.code, _AFTER_A_FAILURE[PublishFailed.code])
        yield f"{known} {_NOTHING_LOST}"
        if publication.error.code == PaymentsRefused.code:
            return
    if view.payments.checked_at is not None and view.payments.status in _PAYMENTS:
        yield _PAYMENTS[view.payments.status]
