"""JSON Merge Patch: the table of RFC 7396, appendix A, and its laws. Whole numbers."""

from copy import deepcopy
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.json_values import merge, whole

SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4)
    ),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.sampled_from("abcd"), JSON, max_size=4)


def without_nulls(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: without_nulls(member) for key, member in value.items() if member is not None}


@pytest.mark.parametrize(
    ("original", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_examples_of_the_rfc(original: Any, patch: Any, result: Any) -> None:
    assert merge(original, patch) == result


@given(OBJECTS, OBJECTS)
def test_neither_argument_is_changed(target: Any, patch: Any) -> None:
    before = deepcopy((target, patch))
    merge(target, patch)
    assert (target, patch) == before


@given(OBJECTS, OBJECTS)
def test_merging_again_changes_nothing(target: Any, patch: Any) -> None:
    merged = merge(target, patch)
    assert merge(merged, patch) == merged


@given(OBJECTS)
def test_an_empty_patch_changes_nothing(target: Any) -> None:
    assert merge(target, {}) == target


@given(OBJECTS)
def test_merging_into_nothing_gives_the_patch_without_nulls(patch: Any) -> None:
    assert merge({}, patch) == without_nulls(patch)


@given(OBJECTS)
def test_a_null_for_every_field_removes_all_fields(target: Any) -> None:
    assert merge(target, dict.fromkeys(target)) == {}


@given(OBJECTS, OBJECTS, OBJECTS)
def test_patches_of_different_fields_commute(target: Any, first: Any, second: Any) -> None:
    first = {key: value for key, value in first.items() if key in "ab"}
    second = {key: value for key, value in second.items() if key in "cd"}
    assert merge(merge(target, first), second) == merge(merge(target, second), first)
    assert merge(merge(target, first), second) == merge(target, {**first, **second})


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1000.0, "1000"), (-0.0, "0"), (0.5, "0.5"), (1e300, "1e+300"), (7, "7"), (True, "True")],
)
def test_whole_number_is_an_integer_in_any_notation(number: float, expected: str) -> None:
    assert repr(whole(number)) == expected


@pytest.mark.parametrize("value", [inf, nan, "1.0", None, [1.0]])
def test_value_that_is_no_whole_number_is_unchanged(value: Any) -> None:
    assert repr(whole(value)) == repr(value)
