"""The pages of the provider, rendered without scripts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment
from starlette.responses import HTMLResponse, Response

from api.pages import static_files as public_pages
from api.pages.rendering import templates_in
from dev.identity.people import PEOPLE, Organization, Person

STATIC_PATH: Final = "/static/"

MEDIA_TYPES: Final = {
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_FONTS: Final = ("instrument-sans-latin-wght-normal.woff2", "imbue-latin-opsz-normal.woff2")
_OWN: Final = Path(__file__).with_name("static")

_SHOWN_NEWCOMERS: Final = 5


@dataclass(frozen=True)
class Choice:
    """A button: a person, and the organization that the token is for."""

    value: str
    name: str
    organization: str


def choices(
    newcomers: Sequence[Person], organization: str | None, hinted: Person | None = None
) -> list[Choice]:
    """One for each membership; only those of the organization, if the client names one, and only
    those of the person whom it expects."""
    everyone = (*PEOPLE, *newcomers[:_SHOWN_NEWCOMERS])
    return [
        _choice(person, member)
        for person in ((hinted,) if hinted else everyone)
        for member in person.organizations or (None,)
        if organization is None or (member is not None and member.id == organization)
    ]


def chosen(value: str) -> tuple[str, str | None]:
    """The subject and the organization of a choice."""
    sub, _, organization = value.partition("/")
    return sub, organization or None


def sign_in_page(
    *,
    request: str,
    choices: Iterable[Choice],
    takes_newcomers: bool,
    redirect_origin: str,
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> Response:
    """``request``: the parameters of the authorization request, which the forms send back."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return _page(
        "sign_in.html",
        status,
        form_action=f"'self' {redirect_origin}",
        request=request,
        choices=list(choices),
        takes_newcomers=takes_newcomers,
        values=values,
        errors=errors,
    )


def sign_out_page(*, request: str, person: Person, redirect_origin: str) -> Response:
    """Asks before it signs out, because the link may come from another site."""
    form_action = f"'self' {redirect_origin}".strip()
    return _page("sign_out.html", form_action=form_action, request=request, person=person)


def message_page(heading: str, text: str, status: int = HTTPStatus.OK) -> Response:
    return _page("message.html", status, form_action="'none'", heading=heading, text=text)


@cache
def static_files() -> Mapping[str, bytes]:
    """By name. The fonts are those of the public pages."""
    own = {path.name: path.read_bytes() for path in _OWN.iterdir()}
    return own | {name: (public_pages.FOLDER / name).read_bytes() for name in _FONTS}


def _choice(person: Person, member: Organization | None) -> Choice:
    value = f"{person.sub}/{member.id if member else ''}"
    return Choice(value, person.name, member.name if member else "no organization")


@cache
def _templates() -> Environment:
    return templates_in(Path(__file__).with_name("templates"))


def _page(
    template: str, status: int = HTTPStatus.OK, *, form_action: str, **values: Any
) -> Response:
    """``form_action``: browsers apply it to redirects after a form, too."""
    policy = (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
        f"form-action {form_action}; base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    markup = _templates().get_template(template).render(static=STATIC_PATH, **values)
    return HTMLResponse(markup, status_code=status, headers=headers)
