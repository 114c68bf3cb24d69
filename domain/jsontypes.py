"""What a draft is made of: JSON values, as Python has them."""

from typing import Any, TypeAlias

# Any, not a recursive alias: pydantic resolves recursive aliases slowly, and every value has
# been checked at the boundary before it is handed on.
JsonObject: TypeAlias = dict[str, Any]


def same_json(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same. Python takes 1, 1.0 and true for equal: a field does
    not, and who corrects one to another changed something."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(
            same_json(value, other[key]) for key, value in one.items()
        )
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    return bool(one == other)
