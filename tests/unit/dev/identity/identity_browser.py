"""A person's browser and a clock, for tests of the identity provider."""

import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import httpx


class Clock:
    """Begins now, and advances only when a test says so."""

    def __init__(self) -> None:
        self._offset = 0.0

    def __call__(self) -> float:
        return time.time() + self._offset

    def advance(self, seconds: float) -> None:
        self._offset += seconds


@dataclass
class ShownForm:
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    """Name, value and text."""


class Page(HTMLParser):
    """The forms of a page."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.forms: list[ShownForm] = []
        self._button: tuple[str, str] | None = None
        self._text = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                self.forms.append(ShownForm(values["action"]))
            case "input":
                self.forms[-1].fields[values["name"]] = values.get("value", "")
            case "button":
                self._button = (values.get("name", ""), values.get("value", ""))
                self._text = ""

    def handle_data(self, data: str) -> None:
        self._text += f" {data.strip()}"

    def handle_endtag(self, tag: str) -> None:
        if tag == "button" and self._button is not None:
            self.forms[-1].buttons.append((*self._button, " ".join(self._text.split())))

    @property
    def labels(self) -> list[str]:
        return [text for form in self.forms for _, _, text in form.buttons]


class Browser:
    """Keeps cookies, shows pages, and presses their buttons. Does not follow redirects."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def open(self, url: str) -> httpx.Response:
        return await self.http.get(url)

    async def press(self, shown: httpx.Response, label: str, **typed: str) -> httpx.Response:
        for form in Page(shown.text).forms:
            for name, value, text in form.buttons:
                if text == label and typed.keys() <= form.fields.keys():
                    fields = {**form.fields, **typed, **({name: value} if name else {})}
                    origin = f"{shown.url.scheme}://{shown.url.netloc.decode()}"
                    return await self.http.post(
                        form.action, data=fields, headers={"Origin": origin}
                    )
        raise AssertionError(f"there is no button {label!r} on: {shown.text}")


def answer_of(response: httpx.Response) -> dict[str, str]:
    """The parameters of the redirect to the client."""
    assert response.status_code == 303, response.text
    query = parse_qs(urlsplit(response.headers["location"]).query, strict_parsing=True)
    return {name: value for name, (value,) in query.items()}
