"""Batches of actions."""

import pytest

from domain.session.actions import Action, ActionName, batches
from tests.unit.domain.samples import NOW


def action(revision: int) -> Action:
    return Action(revision=revision, name=ActionName.SAVE_STAGE, actor_id="ada", at=NOW)


def revisions(sizes: list[int], *, limit: int) -> list[list[int]]:
    """Of the actions in each batch; the first action has the first of ``sizes``."""
    actions = [action(number) for number in range(1, len(sizes) + 1)]
    cut = batches(actions, lambda one: sizes[one.revision - 1], limit=limit)
    return [[one.revision for one in batch] for batch in cut]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([], []),
        ([4, 6], [[1, 2]]),
        ([4, 7], [[1], [2]]),
        ([4, 4, 4, 4, 4], [[1, 2], [3, 4], [5]]),
        ([11], [[1]]),
        ([1, 11, 1], [[1], [2], [3]]),
    ],
)
def test_batches_hold_as_many_actions_as_fit(sizes: list[int], expected: list[list[int]]) -> None:
    assert revisions(sizes, limit=10) == expected
