"""Stage ``reviewPublish``: the client accepts the terms, the server stores which and when."""

from typing import Annotated, Final

from pydantic import AwareDatetime, Field

from domain.schemas.base import REQUIRED, Required, SchemaModel
from domain.schemas.fields import STRICT, Bool

TERMS_VERSION: Final = "2026-01"


class AcceptedTerms(SchemaModel):
    version: Annotated[Annotated[str, STRICT] | None, REQUIRED] = None
    at: Annotated[AwareDatetime | None, REQUIRED] = None


class ReviewSection(SchemaModel):
    """The stored section."""

    accepted_terms: Annotated[AcceptedTerms | None, Required(as_one=True)] = None


class ReviewInput(SchemaModel):
    """The fields that a client can set."""

    accept_terms: Annotated[
        Bool | None,
        REQUIRED,
        Field(description="`true` accepts the current terms, `false` withdraws the acceptance"),
    ] = None
