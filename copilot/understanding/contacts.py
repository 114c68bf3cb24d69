"""Addresses and quotes: URLs, e-mail, telephone, profiles, hashtags, and titles in quotes.

They are read first, because any word may be a part of one.
"""

import re
from typing import Final

from copilot.understanding.codes import OptionCode, QuestionCode
from copilot.understanding.facts import Fact, Option
from copilot.understanding.reading import Reading
from domain.stages import Stage
from domain.values.phones import e164

_EMAIL: Final = re.compile(
    r"(?:\b(?:e-?mail|mail|contact)\b(?:\s(?:is|ist|to|an|at))?:?\s{0,3})?\b([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})\b"
)
_URL: Final = re.compile(r"\b(?:https?://|(?=www\.))[^\s,;<>\"“”\x00]{3,500}[^\s,;<>\"“”\x00.)!?]")
_LABEL: Final = r"[a-z0-9à-ÿ](?:[a-z0-9à-ÿ-]{0,61}[a-z0-9à-ÿ])?"
_PATH: Final = r"(?:/[^\s,;<>\"“”\x00]{0,500}[^\s,;<>\"“”\x00.)!?])?"
_DOMAIN: Final = re.compile(
    rf"(?<![\w@./-])(?:{_LABEL}\.){{1,4}}"
    r"(?:(?P<usual>com|org|net|eu|de|fr|io|info|co\.uk)|[a-z]{2,24})"
    rf"(?![\w@-]|\.\w){_PATH}"
)
"""An address without "https://" and "www.". Other ends than the usual ones may be words after a
full stop without a space, so they need a word such as "website" before them."""
_PHONE: Final = re.compile(
    r"(?:\b(?:call(?: me| us)?(?: on| at)?|phone|tel(?:efon)?)\b[:.]?\s{0,3})?(\+\d[\d "
    r"()./-]{5,20}\d)\b"
)
_HASHTAG: Final = re.compile(r"(?:\bhashtag\b(?: is)?:?\s{0,3})?(#\w{1,60})")
_PROFILE: Final = re.compile(
    r"\b(insta(?:gram)?|tiktok|youtube|facebook|pinterest|linkedin)\b(?: "
    r"is)?:?\s{0,3}(@[\w.]{2,30})\b"
)
_QUOTE: Final = re.compile(
    r"(?P<intro>\b(?:called|named|titled|title(?: is)?:?|genannt|intitulee?|titulad[oa]|of|at|"
    r"venue:?)\s+)?(?:\"([^\"\x00]{3,150})\"|“([^”\x00]{3,150})”|„([^“”\x00]{3,150})[“”]|"
    r"«([^»\x00]{3,150})»|(?<!\w)'([^'\x00]{3,150})'(?!\w)|\u2018([^\u2019\x00]{3,150})\u2019)"
)

_WEBSITE_BEFORE: Final = re.compile(r"\b(?:web ?site|site|homepage|web ?seite|web)\b[\w\s:]{0,10}$")
_STREAM_BEFORE: Final = re.compile(
    r"\b(?:stream\w*|link|join|zoom|meet|teams|online|virtual\w*|watch|live)\b[\w\s:,]{0,20}$"
)
ONLINE: Final = re.compile(r"\b(?:online|virtual(?:ly)?|livestream\w*|webinar|hybrid|en ligne)\b")


def read_contacts(reading: Reading) -> None:
    _read_quotes(reading)
    for match in reading.find_all(_EMAIL):
        address = reading.text[slice(*match.span(1))]
        reading.add(Stage.ORGANIZER_SETUP, "/email", address, match.span())
    _read_urls(reading)
    for match in reading.find_all(_PROFILE):
        network = {"insta": "instagram"}.get(match[1], match[1])
        handle = reading.text[slice(*match.span(2))].rstrip(".")
        reading.add(Stage.ORGANIZER_SETUP, f"/socials/{network}", handle, match.span())
    for match in reading.find_all(_PHONE):
        number = e164(match[1])
        if number:
            reading.add(Stage.ORGANIZER_SETUP, "/phone", number, match.span())
    for match in reading.find_all(_HASHTAG):
        tag = reading.text[slice(*match.span(1))]
        reading.add(Stage.SPONSORS_MEDIA, "/hashtag", tag, match.span())


def _read_quotes(reading: Reading) -> None:
    for match in reading.find_all(_QUOTE):
        group = match.lastindex or 0
        value = reading.said(*match.span(group))
        intro = (match["intro"] or "").strip(" :")
        if intro in ("at", "venue"):
            reading.add(Stage.VENUE_SETUP, "/name", value, match.span())
            continue
        reading.add(Stage.EVENT_SETUP, "/title", value, match.span())


def _read_urls(reading: Reading) -> None:
    for match in reading.find_all(_URL):
        _read_url(reading, match)
    for match in reading.find_all(_DOMAIN):
        if match["usual"] or _WEBSITE_BEFORE.search(_before(reading, match)):
            _read_url(reading, match)


def _read_url(reading: Reading, match: re.Match[str]) -> None:
    said = reading.text[match.start() : match.end()]
    url = "https://" + re.sub(r"(?i)^https?://", "", said)
    before = _before(reading, match)
    website = _WEBSITE_BEFORE.search(before)
    stream = _STREAM_BEFORE.search(before)
    if website:
        span = (match.start() - len(website[0]), match.end())
        reading.add(Stage.ORGANIZER_SETUP, "/website", url, span)
    elif stream or reading.has(ONLINE):
        reading.add(Stage.VENUE_SETUP, "/url", url, match.span())
    else:
        _ask_for_what(reading, url, match.span())


def _before(reading: Reading, match: re.Match[str]) -> str:
    return reading.open[max(0, match.start() - 40) : match.start()]


def _ask_for_what(reading: Reading, url: str, span: tuple[int, int]) -> None:
    options = tuple(
        Option(code, {"url": url}, (Fact(stage, pointer, url, *span),))
        for code, stage, pointer in (
            (OptionCode.EVENT_PAGE, Stage.EVENT_SETUP, "/externalUrl"),
            (OptionCode.ORGANIZER_WEBSITE, Stage.ORGANIZER_SETUP, "/website"),
            (OptionCode.ONLINE_ACCESS, Stage.VENUE_SETUP, "/url"),
        )
    )
    reading.ask(QuestionCode.WHICH_URL, Stage.EVENT_SETUP, "/externalUrl", span, options)
