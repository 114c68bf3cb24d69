"""Stage ``sponsorsMedia``: sponsors, images and press. Valid when empty."""

from enum import StrEnum
from typing import Annotated, ClassVar, Final

from pydantic import Field

from domain.json_values import JsonObject
from domain.schemas.base import REQUIRED, SchemaModel
from domain.schemas.fields import ONE_LINE, STRICT, Bool, Float, Hashtag, PictureUrl, Url
from domain.schemas.organizer import Logo

MAX_SPONSORS: Final = 50
MAX_GALLERY: Final = 20


class SponsorTier(StrEnum):
    TITLE = "title"
    PLATINUM = "platinum"
    GOLD = "gold"
    SILVER = "silver"
    MEDIA = "media"
    PARTNER = "partner"


class Sponsor(SchemaModel):
    name: Annotated[
        Annotated[str, STRICT, Field(min_length=1, max_length=150), ONE_LINE] | None, REQUIRED
    ] = None
    tier: SponsorTier | None = None
    url: Url | None = None
    logo: Logo | None = None


class Focal(SchemaModel):
    """The point that stays visible when the image is cropped."""

    x: Annotated[
        Annotated[Float, Field(ge=0, le=1)] | None,
        REQUIRED,
        Field(description="Distance from the left edge, as a fraction of the width"),
    ] = None
    y: Annotated[
        Annotated[Float, Field(ge=0, le=1)] | None,
        REQUIRED,
        Field(description="Distance from the top edge, as a fraction of the height"),
    ] = None


class Image(SchemaModel):
    """An image. It has a text alternative, or is marked as decorative."""

    schema_rules: ClassVar[JsonObject] = {
        "anyOf": [
            {"required": ["alt"]},
            {"properties": {"decorative": {"const": True}}, "required": ["decorative"]},
        ]
    }

    url: Annotated[PictureUrl | None, REQUIRED] = None
    alt: Annotated[str, STRICT, Field(min_length=1, max_length=250), ONE_LINE] | None = None
    decorative: Bool | None = None
    credit: Annotated[str, STRICT, Field(max_length=150), ONE_LINE] | None = None
    focal: Focal | None = None


class Media(SchemaModel):
    cover: Image | None = None
    gallery: Annotated[list[Image], Field(max_length=MAX_GALLERY)] | None = None


class SponsorSection(SchemaModel):
    sponsors: Annotated[list[Sponsor], Field(max_length=MAX_SPONSORS)] | None = None
    media: Media | None = None
    video_url: Url | None = None
    hashtag: Hashtag | None = None
    press_contact: Annotated[str, STRICT, Field(max_length=200), ONE_LINE] | None = None
