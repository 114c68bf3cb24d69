"""Suggestions for sponsors and media: a hashtag, and pictures whose texts a person writes.

What a picture shows is never invented: a suggestion asks for it.
"""

import re
from collections.abc import Iterator
from typing import Final

from copilot.suggestions.basis import Basis, Suggestion
from domain.schemas.organizer import Logo
from domain.schemas.sponsor import Image
from domain.stages import Stage
from domain.values.social import is_hashtag

_LONGEST_HASHTAG: Final = 30
_WORD: Final = re.compile(r"\w+")


def hashtags(basis: Basis) -> Iterator[Suggestion]:
    """The first words of the title, and the same with the year."""
    tag = ""
    for word in _WORD.findall(basis.data.event.title or ""):
        if len(tag) + len(word) >= _LONGEST_HASHTAG:
            break
        tag += word[0].upper() + word[1:]
    if not tag or not is_hashtag(f"#{tag}"):
        return
    yield _suggestion("/hashtag", f"#{tag}", "from_title")
    day = basis.data.event.date
    if day is not None and not tag.endswith(str(day.year)):
        yield _suggestion("/hashtag", f"#{tag}{day.year}", "from_title_and_year")


def alt_texts(basis: Basis) -> Iterator[Suggestion]:
    media = basis.data.sponsor.media
    if media is not None and _is_undescribed(media.cover):
        yield _suggestion("/media/cover/alt", None, "describe_picture")
    for index, image in enumerate((media.gallery if media else None) or []):
        if _is_undescribed(image):
            yield _suggestion(f"/media/gallery/{index}/alt", None, "describe_picture")
    for index, sponsor in enumerate(basis.data.sponsor.sponsors or []):
        if _is_undescribed(sponsor.logo):
            yield _suggestion(f"/sponsors/{index}/logo/alt", None, "describe_picture")


def logo_texts(basis: Basis) -> Iterator[Suggestion]:
    if _is_undescribed(basis.data.organizer.logo):
        yield Suggestion(Stage.ORGANIZER_SETUP, "/logo/alt", None, "describe_picture")


def covers(basis: Basis) -> Iterator[Suggestion]:
    media = basis.data.sponsor.media
    if media is None or media.cover is None:
        yield _suggestion("/media/cover", None, "add_cover")


def press_contacts(basis: Basis) -> Iterator[Suggestion]:
    """The organizer's address, which is public already."""
    if basis.data.organizer.email:
        yield _suggestion("/pressContact", basis.data.organizer.email, "from_organizer")


def _is_undescribed(picture: Image | Logo | None) -> bool:
    if picture is None or picture.url is None or picture.alt is not None:
        return False
    return not (isinstance(picture, Image) and picture.decorative)


def _suggestion(pointer: str, value: object, reason_code: str) -> Suggestion:
    return Suggestion(Stage.SPONSORS_MEDIA, pointer, value, reason_code)
