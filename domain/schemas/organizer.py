"""Stage ``organizerSetup``: the organizer, as shown to guests."""

from typing import Annotated

from pydantic import Field

from domain.schemas.base import REQUIRED, SchemaModel
from domain.schemas.fields import (
    MANY_LINES,
    ONE_LINE,
    STRICT,
    Email,
    Phone,
    PictureUrl,
    ShortUrl,
    Social,
    profile_in,
)


class Logo(SchemaModel):
    url: Annotated[PictureUrl | None, REQUIRED] = None
    alt: Annotated[str, STRICT, Field(max_length=250), ONE_LINE] | None = None


class Socials(SchemaModel):
    instagram: Annotated[Social | None, profile_in("instagram")] = None
    tiktok: Annotated[Social | None, profile_in("tiktok")] = None
    x: Annotated[Social | None, profile_in("x")] = None
    youtube: Annotated[Social | None, profile_in("youtube")] = None
    linkedin: Annotated[Social | None, profile_in("linkedin")] = None
    facebook: Annotated[Social | None, profile_in("facebook")] = None
    pinterest: Annotated[Social | None, profile_in("pinterest")] = None


OrganizerName = Annotated[str, STRICT, Field(min_length=2, max_length=100), ONE_LINE]
OrganizationName = Annotated[str, STRICT, Field(max_length=150), ONE_LINE]


class OrganizerSection(SchemaModel):
    name: Annotated[OrganizerName | None, REQUIRED] = None
    organization: OrganizationName | None = None
    email: Annotated[
        Email | None, Field(description="The email address in the owner's token by default")
    ] = None
    phone: Phone | None = None
    website: ShortUrl | None = None
    bio: Annotated[str, STRICT, Field(max_length=1200), MANY_LINES] | None = None
    logo: Logo | None = None
    socials: Socials | None = None
