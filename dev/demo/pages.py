"""Uses the pages of the Stripe stand-in, as a user in a browser does."""

from html.parser import HTMLParser
from http import HTTPStatus

import httpx

from dev.demo.client import TIMEOUT_SECONDS, expected


def submit(url: str, **entered: str) -> httpx.Response:
    """Opens the page and submits its form, with the suggested values except those ``entered``.

    Raises:
        UnexpectedAnswer, httpx.RequestError: the page cannot be opened or submitted.
    """
    page = expected(httpx.get(url, timeout=TIMEOUT_SECONDS), HTTPStatus.OK)
    form = {**_PageParser(page.text).suggested, **entered}
    answer = httpx.post(url, data=form, timeout=TIMEOUT_SECONDS)
    return expected(answer, HTTPStatus.OK, HTTPStatus.SEE_OTHER)


def message(page: httpx.Response) -> str:
    """The first paragraph of a page."""
    return _PageParser(page.text).first_paragraph


class _PageParser(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__()
        self.suggested: dict[str, str] = {}
        self._paragraphs: list[str] = []
        self._in_paragraph = False
        self.feed(markup)

    @property
    def first_paragraph(self) -> str:
        return self._paragraphs[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "input":
            field = dict(attrs)
            self.suggested[field["name"] or ""] = field["value"] or ""
        if tag == "p":
            self._in_paragraph = True
            self._paragraphs.append("")

    def handle_data(self, data: str) -> None:
        if self._in_paragraph:
            self._paragraphs[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self._in_paragraph = False
