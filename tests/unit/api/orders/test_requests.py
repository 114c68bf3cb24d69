"""Orders as buyers send them: numbers in any notation of JSON, and nothing else."""

from typing import Any

import pytest
from pydantic import ValidationError

from api.orders.requests import NewItem


def test_whole_numbers_may_have_a_fraction_of_zero() -> None:
    item = NewItem.model_validate({"tier_id": "gift", "quantity": 2.0, "unit_amount": 1000.0})

    assert repr((item.quantity, item.unit_amount)) == "(2, 1000)"


@pytest.mark.parametrize("quantity", ["2", 2.5, True, None, 0.0])
def test_other_quantities_are_refused(quantity: Any) -> None:
    with pytest.raises(ValidationError):
        NewItem.model_validate({"tier_id": "gift", "quantity": quantity})
