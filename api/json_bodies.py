"""The JSON bodies of requests: media type (RFC 9110), parsing (RFC 8259), and what is refused."""

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any, Final

import pydantic_core
from fastapi import Depends, Request

from api.errors import body_error
from domain.errors import (
    ErrorCode,
    FieldError,
    InvalidRequest,
    UnsupportedMediaType,
)
from domain.json_values import JsonObject
from domain.validation.texts import Path

_JSON: Final = "application/json"
PATCH_TYPES: Final = (_JSON, "application/merge-patch+json")
"""Of a merge patch (RFC 7396)."""

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
"""Must not be sent, and may be ignored (RFC 8259, section 8.1): some Windows programs send it."""

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_MAX_ERRORS: Final = 20

_POSITION: Final = re.compile(r" at line ([0-9]+) column ([0-9]+)\Z")
_WHOLE: Final[Path] = ("body",)


def has_content(request: Request) -> bool:
    """Whether the head announces a body (RFC 9112, section 6.3)."""
    headers = request.headers
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


def require_json(request: Request) -> None:
    """Refuses a body that is not declared as JSON, before it is parsed.

    A page of another site can send forms and plain text without asking the browser's permission,
    but no JSON: so it cannot change anything in the names of its visitors.

    Raises:
        UnsupportedMediaType: the body has another media type, or none, or is compressed.
    """
    if not has_content(request):
        return
    accepted = PATCH_TYPES if request.method == "PATCH" else (_JSON,)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in accepted:
        raise UnsupportedMediaType(
            f"Send the body as JSON, with Content-Type: {' or '.join(accepted)}.",
            accepted=accepted,
            is_patch=request.method == "PATCH",
        )
    refuse_compressed(request)


def refuse_compressed(request: Request) -> None:
    """
    Raises:
        UnsupportedMediaType: the body is compressed.
    """
    encodings = request.headers.getlist("content-encoding")
    if any(coding.strip().lower() not in ("", "identity") for coding in _members(encodings)):
        raise UnsupportedMediaType(
            "Send the body uncompressed, without Content-Encoding.", is_compressed=True
        )


async def json_value(request: Request) -> Any:
    """The parsed body; None if the body is empty.

    Raises:
        UnsupportedMediaType: as :func:`require_json`.
        InvalidRequest: the body is not JSON in UTF-8, is nested too deeply, or has a text with half
            of a surrogate pair.
    """
    require_json(request)
    text = (await request.body()).removeprefix(_BYTE_ORDER_MARK)
    if not text.strip():
        return None
    try:
        return pydantic_core.from_json(text, allow_inf_nan=False)
    except ValueError as error:
        errors = list(_broken_texts(text)) or [_not_json(text, str(error))]
        raise InvalidRequest(errors[0].message, errors=errors) from error


async def json_object(request: Request) -> JsonObject:
    """
    Raises:
        InvalidRequest: as :func:`json_value`, or the body is not a JSON object.
    """
    body = await json_value(request)
    if not isinstance(body, dict):
        error = body_error(_WHOLE, ErrorCode.INVALID_TYPE, expected="object")
        raise InvalidRequest(error.message, errors=[error])
    return body


async def refuse_body(request: Request) -> None:
    """For a route that has no body. A member such as the id of a ticket would be ignored, and the
    request do more than was asked for. An empty object is taken: some clients always send one.

    Raises:
        UnsupportedMediaType, InvalidRequest: as :func:`json_value`, or the body has content.
    """
    if not has_content(request):
        return
    body = await json_value(request)
    if body is None or body == {}:
        return
    if isinstance(body, dict):
        names = list(body)[:_MAX_ERRORS]
        errors = [body_error((name,), ErrorCode.UNKNOWN_FIELD) for name in names]
    else:
        errors = [body_error(_WHOLE, ErrorCode.INVALID_TYPE, expected="object")]
    raise InvalidRequest(errors[0].message, errors=errors)


JsonObjectBody = Annotated[JsonObject, Depends(json_object)]
OptionalJsonBody = Annotated[Any, Depends(json_value)]


class JsonRequest(Request):
    """Gives FastAPI the body as :func:`json_value` parses it."""

    _value: Any = None

    async def parse(self) -> None:
        """
        Raises:
            WizardError: as :func:`json_value`.
        """
        self._value = await json_value(self)

    async def json(self) -> Any:
        return self._value


def documented_body(schema: JsonObject, *, required: bool, **examples: Any) -> JsonObject:
    """``openapi_extra`` of a route with one of these bodies, which FastAPI cannot derive."""
    return {
        "requestBody": {
            "required": required,
            "content": {
                _JSON: {
                    "schema": schema,
                    "examples": {name: {"value": value} for name, value in examples.items()},
                }
            },
        }
    }


def _members(lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield from line.split(",")


def _not_json(text: bytes, reason: str) -> FieldError:
    """``reason`` is pydantic's sentence, of which only the position is for the reader."""
    if reason.startswith("recursion limit"):
        return body_error(_WHOLE, ErrorCode.INVALID_FORMAT, format="json_depth")
    try:
        text.decode()
    except UnicodeDecodeError:
        return body_error(_WHOLE, ErrorCode.INVALID_FORMAT, format="utf_8")
    position = _POSITION.search(reason)
    if position is None:
        return body_error(_WHOLE, ErrorCode.INVALID_FORMAT, format="json")
    place = {"line": int(position[1]), "column": int(position[2])}
    kind = "json_number" if reason.startswith("number out of range") else "json_at"
    return body_error(_WHOLE, ErrorCode.INVALID_FORMAT, format=kind, **place)


def _broken_texts(text: bytes) -> Iterator[FieldError]:
    r"""An error for each text with half of a surrogate pair, such as ``"\ud800"``: the grammar of
    JSON allows it, but it is no text in Unicode (RFC 8259, section 8.2)."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return
    found = 0
    rest: list[tuple[Path, Any]] = [((), value)]
    while rest and found < _MAX_ERRORS:
        path, value = rest.pop()
        if isinstance(value, dict):
            for name in filter(_SURROGATE.search, value):
                found += 1
                yield body_error((*path, name), ErrorCode.INVALID_CHARACTER, expected="name")
            rest += reversed([((*path, name), member) for name, member in value.items()])
        elif isinstance(value, list):
            rest += reversed([((*path, index), entry) for index, entry in enumerate(value)])
        elif isinstance(value, str) and _SURROGATE.search(value):
            found += 1
            yield body_error(path or _WHOLE, ErrorCode.INVALID_CHARACTER, expected="surrogate")
