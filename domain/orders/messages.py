"""What the processes of orders receive and answer, beside the request that an order begins with."""

from pydantic import Field

from domain.actors import Tenant
from domain.orders.order import Order
from domain.orders.transitions import OrderReason
from domain.publishing.event import SalesSwitch
from domain.session.messages import Message


class AskCheckout(Message):
    """Of the update ``checkout``. It has no fields."""


class OrderAnswer(Message):
    """Of the update ``checkout``."""

    order: Order
    is_first: bool = Field(
        description="Whether this update began the order; false for every repeat of the request"
    )


class CancelOrder(Message):
    """Of the update ``cancel``."""

    reason: OrderReason = OrderReason.BUYER


class SalesChange(Message):
    """What the process that changes the sales of an event begins with."""

    event_id: str
    tenant: Tenant
    wanted: SalesSwitch
