"""What a buyer sends: the key of an order, and its items."""

import re
from typing import Annotated, Final

from fastapi import Depends, Header
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from api.errors import header_error
from api.request_headers import combined
from domain.errors import ErrorCode, InvalidRequest
from domain.json_values import whole
from domain.orders.order import WantedItem

MIN_KEY_LENGTH: Final = 22
"""As many characters as 128 random bits have in base64url."""
MAX_KEY_LENGTH: Final = 255

MAX_ITEMS: Final = 50
"""An event has at most as many tiers."""

_KEY: Final = re.compile(rf"[A-Za-z0-9_-]{{{MIN_KEY_LENGTH},{MAX_KEY_LENGTH}}}")


def is_order_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


async def order_key(
    idempotency_key: Annotated[
        Annotated[list[str], WithJsonSchema({"type": "string", "pattern": f"^{_KEY.pattern}$"})]
        | None,
        Header(
            description="A random key of your choice, new for each order: "
            f"{MIN_KEY_LENGTH} to {MAX_KEY_LENGTH} letters, digits, hyphens and underscores, such "
            "as 128 random bits in base64url. A request that is repeated with the same key "
            "returns the same order.",
            examples=["n4bQgYhMfWWaL-qgxVrQFa"],
        ),
    ] = None,
) -> str:
    """
    Raises:
        InvalidRequest: there is no key, or it is too short, too long, or has other characters.
    """
    name, key = "Idempotency-Key", combined(idempotency_key)
    if key is None:
        error = header_error(name, ErrorCode.MISSING)
    elif not is_order_key(key):
        error = header_error(
            name,
            ErrorCode.INVALID_FORMAT,
            format="order_key",
            min=MIN_KEY_LENGTH,
            max=MAX_KEY_LENGTH,
        )
    else:
        return key
    raise InvalidRequest(error.message, errors=[error])


OrderKey = Annotated[str, Depends(order_key)]


class NewItem(BaseModel):
    """Tickets of one tier."""

    model_config = ConfigDict(extra="forbid")

    tier_id: str = Field(max_length=100, description="The `id` of a tier of the event")
    quantity: Annotated[int, Field(ge=1, le=1_000_000, strict=True), BeforeValidator(whole)] = (
        Field(
            description="From `minPerOrder` to `maxPerOrder` of the tier",
        )
    )
    unit_amount: (
        Annotated[int, Field(ge=0, le=10**12, strict=True), BeforeValidator(whole)] | None
    ) = Field(
        default=None,
        description="For a donation, the amount that the buyer has chosen, in the minor unit of "
        "the currency; the suggested amount if omitted. Not for other tiers",
    )

    @property
    def wanted(self) -> WantedItem:
        return WantedItem(
            tier_id=self.tier_id, quantity=self.quantity, unit_amount=self.unit_amount
        )


class NewOrder(BaseModel):
    """The tickets that a buyer wants."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"items": [{"tier_id": "general", "quantity": 2}]}]},
    )

    items: list[NewItem] = Field(
        min_length=1, max_length=MAX_ITEMS, description="Each tier at most once"
    )
