"""What a draft is made of: JSON values, as Python has them."""

from typing import Any, TypeAlias

# Any, not a recursive alias: pydantic resolves recursive aliases slowly, and every value has
# been checked at the boundary before it is handed on.
JsonObject: TypeAlias = dict[str, Any]
