"""Messages that arrive while a step runs, and the moment at which they do. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from tests.explore.steps import Step


class Message(StrEnum):
    """The first ones are for a session, and the others for an order."""

    SAVE = "save"
    MOVE = "move"
    PUBLISH_AGAIN = "publish_again"
    CANCEL_PUBLICATION = "cancel_publication"
    ABANDON = "abandon"
    ERASE = "erase"
    EXPIRE = "expire"
    """The session's deadline passes. Clocks do not move while an activity runs, so this is between
    two steps at the earliest."""

    CANCEL = "cancel"
    ORDER_AGAIN = "order_again"
    """The same order with the same key."""
    PAID = "paid"
    """Another tab of the buyer pays, and Stripe sends a webhook."""
    EXPIRED = "expired"
    """Stripe expires the checkout, and sends a webhook."""
    FAILED = "failed"
    """The payment that takes days fails, and Stripe sends a webhook."""


_OF_ORDERS: Final = (Message.CANCEL, Message.ORDER_AGAIN, Message.EXPIRED)

MESSAGES: Final[Mapping[str, tuple[Message, ...]]] = {
    "publish": (
        Message.SAVE,
        Message.MOVE,
        Message.PUBLISH_AGAIN,
        Message.CANCEL_PUBLICATION,
        Message.ABANDON,
        Message.ERASE,
        Message.EXPIRE,
    ),
    "order": _OF_ORDERS,
    "debit": (*_OF_ORDERS, Message.FAILED),
    "cancel": (*_OF_ORDERS, Message.PAID),
    "leave": (*_OF_ORDERS, Message.PAID),
}
"""By course."""


class Moment(StrEnum):
    START = "start"
    """Before the attempt has an effect, and handled by then unless the workflow waits for it."""
    AFTER = "after"
    """After its effect, and before its result."""
    BETWEEN = "between"
    """In flight together with its result."""


@dataclass(frozen=True)
class Arrival:
    """Its text is ``abandon``, ``abandon.after`` or ``abandon.between``."""

    message: Message
    moment: Moment = Moment.START

    def __str__(self) -> str:
        if self.moment is Moment.START:
            return self.message.value
        return f"{self.message}.{self.moment}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Raises:
            ValueError: the text is no arrival.
        """
        message, _, moment = text.partition(".")
        return cls(Message(message), Moment(moment or Moment.START))


def moments_of(step: Step) -> tuple[Moment, ...]:
    """The moments that make a difference. A read has no effect, and a workflow handles no message
    while its local activity runs."""
    if step.is_local or step.only_reads:
        return (Moment.START, Moment.BETWEEN)
    return tuple(Moment)
