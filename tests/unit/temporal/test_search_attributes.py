"""The search attributes of a session follow from its view, whatever was entered."""

from typing import Any

import pytest

from domain.session.state import view_of
from domain.stages import Section
from temporal.search_attributes import EVENT_TYPE, at_start, values_of
from tests.unit.domain.samples import NOW, session


@pytest.mark.parametrize(
    ("entered", "searched"),
    [
        ("popup", "popup"),
        ("party", None),
        (None, None),
        (5, None),
        (["popup"], None),
        ({"popup": 1}, None),
    ],
)
def test_only_a_type_that_exists_is_searched(entered: Any, searched: str | None) -> None:
    shown = view_of(session(sections={Section.EVENT: {"type": entered}}), NOW)

    assert values_of(shown)[EVENT_TYPE] == searched
    assert [pair.value for pair in at_start(shown) if pair.key == EVENT_TYPE] == (
        [searched] if searched else []
    )
