"""Stripe's way to write nested parameters as a form: ``line_items[0][price]=price_1``."""

import re
from typing import Any, Final
from urllib.parse import parse_qsl

from domain.json_values import JsonObject

_STEP: Final = re.compile(r"\[([^\[\]]*)\]")


def decode(encoded: str) -> JsonObject:
    """The parameters as nested objects; a list is an object keyed by its indices."""
    decoded: JsonObject = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        head, _, rest = name.partition("[")
        _put(decoded, [head, *_STEP.findall(f"[{rest}" if rest else "")], value)
    return decoded


def _put(into: JsonObject, steps: list[str], value: str) -> None:
    """An empty step, as in ``lookup_keys[]``, appends. The last of two values wins."""
    for number, step in enumerate(steps):
        key = step or str(len(into))
        if number == len(steps) - 1:
            into[key] = value
        else:
            nested: Any = into.setdefault(key, {})
            if not isinstance(nested, dict):
                nested = into[key] = {}
            into = nested


def path(within: str, name: str | int) -> str:
    """The name of a nested parameter, as error messages spell it."""
    return f"{within}[{name}]" if within else str(name)
