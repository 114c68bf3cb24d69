"""Parameters of OAuth requests, each at most once (RFC 6749, section 3.1), and error responses."""

from collections import Counter
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

FORM: Final = "application/x-www-form-urlencoded"

MAX_FIELDS: Final = 50
MAX_BYTES: Final = 16 * 1024


class OAuthError(Exception):
    """An error of RFC 6749, section 5.2, or of one of its extensions."""

    def __init__(self, error: str, description: str, *, status: int = 400) -> None:
        self.error = error
        self.description = description
        self.status = status
        super().__init__(f"{error}: {description}")


@dataclass(frozen=True)
class Parameters:
    """Empty parameters count as omitted (RFC 6749, section 3.1)."""

    values: dict[str, str]
    repeated: frozenset[str]
    """Names that are sent more than once, which have no value here."""

    @classmethod
    def parse(cls, text: str) -> "Parameters":
        """
        Raises:
            OAuthError: too many fields.
        """
        try:
            pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)
        except ValueError:
            raise OAuthError("invalid_request", "too many parameters") from None
        counts = Counter(name for name, _ in pairs)
        repeated = frozenset(name for name, count in counts.items() if count > 1)
        values = {name: value for name, value in pairs if value and name not in repeated}
        return cls(values, repeated)

    def get(self, name: str) -> str | None:
        return self.values.get(name)

    def required(self, name: str) -> str:
        """
        Raises:
            OAuthError: the parameter is missing.
        """
        value = self.values.get(name)
        if value is None:
            raise OAuthError("invalid_request", f"{name} is required")
        return value

    def refuse_repeated(self) -> None:
        """
        Raises:
            OAuthError: a parameter is sent more than once.
        """
        if self.repeated:
            names = ", ".join(sorted(self.repeated))
            raise OAuthError("invalid_request", f"must be sent once: {names}")


def is_form(request: Request) -> bool:
    media_type = request.headers.get("content-type", "").partition(";")[0]
    return media_type.strip().lower() == FORM


async def form_of(request: Request) -> str:
    """The body of a form, undecoded.

    Raises:
        OAuthError: the body is not a form, or too large.
    """
    if not is_form(request):
        raise OAuthError("invalid_request", f"the body must be {FORM}")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            raise OAuthError("invalid_request", f"the body must be at most {MAX_BYTES} bytes")
    return body.decode("utf-8", "replace")
