"""The arguments of a call: what is refused before anything is done."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from api.errors import body_error, invalid_request
from api.mcp.tools import MAX_KEY, MIN_KEY
from api.routes.publication import Moment
from copilot.tools import Tool
from domain.errors import ErrorCode, InvalidRequest, SessionNotFound
from domain.ids import required_id
from domain.json_values import MAX_NUMBER, JsonObject
from domain.schemas.fields import refused
from domain.stages import Stage

MAX_SENTENCE: Final = 4000
MAX_POINTER: Final = 500

_ArgumentsT = TypeVar("_ArgumentsT", bound=BaseModel)

_Revision = Annotated[int, Field(strict=True, ge=0, le=MAX_NUMBER)]
_Text = Annotated[str, Field(strict=True)]

_VISIBLE_ASCII: Final = re.compile("[!-~]+")


def _visible_ascii(text: str) -> str:
    if _VISIBLE_ASCII.fullmatch(text) is None:
        raise refused(ErrorCode.INVALID_FORMAT, format="visible_ascii")
    return text


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NewSession(_Arguments):
    key: Annotated[
        _Text, Field(min_length=MIN_KEY, max_length=MAX_KEY), AfterValidator(_visible_ascii)
    ]


class OfSession(_Arguments):
    """Of each call that is about a session."""

    session_id: _Text

    @property
    def session(self) -> str:
        """
        Raises:
            SessionNotFound: the id is none.
        """
        return required_id(self.session_id, SessionNotFound)


class OfChange(OfSession):
    revision: _Revision | None = None


class OfUndo(OfSession):
    revision: _Revision


class OfMove(OfChange):
    stage: Stage


class OfTier(OfChange):
    tier: Annotated[_Text, Field(min_length=1)]


class OfField(OfSession):
    stage: Stage
    pointer: Annotated[_Text, Field(max_length=MAX_POINTER)]


class OfSentence(OfSession):
    text: Annotated[_Text, Field(max_length=MAX_SENTENCE)]


class OfConfirmation(OfUndo):
    checks_digest: _Text
    publish_at: Moment | None = None


def parsed(kind: type[_ArgumentsT], arguments: JsonObject) -> _ArgumentsT:
    """
    Raises:
        InvalidRequest: with an error for each argument that is missing, wrong or unknown.
    """
    try:
        return kind.model_validate(arguments)
    except ValidationError as error:
        found: Sequence[Any] = error.errors(include_url=False, include_input=False)
        located = [{**problem, "loc": ("body", *problem["loc"])} for problem in found]
        raise invalid_request(located) from None


def fields_of(tool: Tool, arguments: JsonObject) -> tuple[JsonObject, JsonObject]:
    """The fields of a stage or a ticket among the arguments, and the other arguments.

    The values are not looked at: a draft keeps wrong ones. A field that the tool does not have,
    such as the acceptance of the terms, is among the others, of which unknown ones are refused.

    Raises:
        InvalidRequest: a field without which the call means nothing is missing.
    """
    own = tool.parameters["properties"]
    missing = [name for name in tool.parameters.get("required", ()) if name not in arguments]
    if missing:
        errors = [body_error((name,), ErrorCode.MISSING) for name in missing]
        raise InvalidRequest(errors[0].message, errors=errors)
    fields = {name: value for name, value in arguments.items() if name in own and name != "tier"}
    return fields, {name: value for name, value in arguments.items() if name not in fields}
