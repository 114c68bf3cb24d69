"""Reads the page of an event, and fills in its form."""

import re
from dataclasses import dataclass
from typing import Any, Final

import html5lib
import httpx

from tests.support.ticket_orders import Sale

PUBLIC_URL: Final = "http://events.localhost"
"""A browser trusts it as it trusts an https address, and so says where a visit comes from."""

FORM: Final = {"Content-Type": "application/x-www-form-urlencoded", "Origin": PUBLIC_URL}

_REFRESH: Final = re.compile(r'<meta http-equiv="refresh" content="([^"]+)">')


@dataclass(frozen=True)
class EventPage:
    """A response with HTML, which is checked for errors of syntax."""

    response: httpx.Response

    def __post_init__(self) -> None:
        assert self.response.headers["Content-Type"] == "text/html; charset=utf-8"
        self.document  # noqa: B018 (raises html5lib's ParseError)

    @property
    def document(self) -> Any:
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        return parser.parse(self.response.text)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.document.find("body").itertext()).split())

    @property
    def refresh(self) -> str | None:
        found = _REFRESH.search(self.response.text)
        return found[1].replace("&amp;", "&") if found else None

    def fields(self) -> dict[str, str]:
        """The values of the form as the page has them."""
        inputs = {
            field.get("name"): field.get("value")
            for field in self.document.iter("input")
            if field.get("name")
        }
        selects = {
            select.get("name"): next(
                option.get("value")
                for option in select.iter("option")
                if option.get("selected") is not None
            )
            for select in self.document.iter("select")
        }
        return {**inputs, **selects}

    def actions(self) -> list[str]:
        return [form.get("action") for form in self.document.iter("form")]


def page_path(sale: Sale) -> str:
    return f"/e/{sale.event['slug']}"


def tier_field(sale: Sale, number: int = 0) -> str:
    return f"tier.{sale.event['ticket_tiers'][number]['id']}"


async def open_page(visitor: httpx.AsyncClient, path: str, **headers: str) -> EventPage:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return EventPage(await visitor.get(path, headers=names))


async def send_form(
    visitor: httpx.AsyncClient, sale: Sale, fields: dict[str, str], **headers: str
) -> httpx.Response:
    return await visitor.post(f"{page_path(sale)}/orders", data=fields, headers={**FORM, **headers})
