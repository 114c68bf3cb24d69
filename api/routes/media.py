"""Pictures: uploads, and their files."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from api.auth import CurrentActor
from api.content import Content, content_response
from api.deps import ClientTags, CurrentServices, RequestAttempt
from api.json_bodies import refuse_compressed
from api.responses import (
    AUTHENTICATED_ERRORS,
    documented_errors,
    documented_not_modified,
    documented_response,
    json_response,
)
from api.routing import ApiRoute
from domain.errors import (
    InvalidImage,
    MediaDisabled,
    MediaNotFound,
    MediaQuotaExceeded,
    PayloadTooLarge,
    Unavailable,
    UnsupportedMediaType,
)
from pictures.store import CACHE_CONTROL
from pictures.variants import MEDIA_TYPE, ConvertedPicture, file_name

router = APIRouter(tags=["media"], route_class=ApiRoute)

UPLOAD_PATH: Final = "/v1/media"

MAX_UPLOAD_BYTES: Final = 10 * 1024 * 1024

ACCEPTED_TYPES: Final = ("image/jpeg", "image/png", "image/webp", "image/avif")

_FILE_HEADERS: Final = ("ETag", "Cache-Control", "Cross-Origin-Resource-Policy")
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}


class PictureFile(BaseModel):
    """One file of a picture."""

    url: str
    width: int = Field(description="Pixels")


class StoredPicture(BaseModel):
    """A picture as it is stored."""

    url: str = Field(
        description="The address of the widest file, relative to the API's. Use it as the `url` of "
        "an image in a stage",
        pattern=r"^/media/[0-9a-f]{64}-[1-9][0-9]{0,3}\.webp$",
    )
    width: int = Field(description="Pixels of the widest file")
    height: int = Field(description="Pixels of the widest file")
    variants: list[PictureFile] = Field(description="All files, from the narrowest to the widest")

    @classmethod
    def of(cls, picture: ConvertedPicture) -> "StoredPicture":
        variants = [
            PictureFile(url=f"/media/{file_name(picture.hash, width)}", width=width)
            for width in (variant.size.width for variant in picture.variants)
        ]
        size = picture.size
        return cls(url=variants[-1].url, width=size.width, height=size.height, variants=variants)


@router.post(
    UPLOAD_PATH,
    status_code=201,
    summary="Upload a picture",
    response_model=None,
    responses={
        **documented_response(
            StoredPicture, "The picture is stored", status=201, headers=["Location"]
        ),
        **documented_errors(
            *AUTHENTICATED_ERRORS,
            MediaQuotaExceeded,
            PayloadTooLarge,
            UnsupportedMediaType,
            InvalidImage,
            MediaDisabled,
        ),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "The file, of at most 10 MiB, 50 megapixels and 20,000 pixels on each "
            "side",
            "content": dict.fromkeys(ACCEPTED_TYPES, _BINARY),
        }
    },
)
async def upload_media(
    request: Request,
    actor: CurrentActor,
    services: CurrentServices,
    _attempt: RequestAttempt,
) -> Response:
    """Send the file itself as the body, with its media type as `Content-Type`: no form. It is
    converted to WebP in widths of 480, 960 and 1920 pixels, turned upright, without metadata such
    as the place where a photo was taken. Of an animation, the first frame is taken. A picture is
    not enlarged.

    The same file can be sent again, with any `Idempotency-Key` or none: it has the same addresses,
    and counts once. Pictures that no session or event uses are deleted after seven days."""
    _require_image(request)
    async with services.pictures.turn(actor):
        picture = await services.pictures.keep(actor, await request.body())
    shown = StoredPicture.of(picture)
    return json_response(shown, 201, {"Location": shown.url})


def _require_image(request: Request) -> None:
    """A page of another site cannot send these media types without asking the browser's
    permission. The bytes decide which of the formats it is.

    Raises:
        UnsupportedMediaType: the body has another media type, or is compressed.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in ACCEPTED_TYPES:
        raise UnsupportedMediaType(
            f"Send a JPEG, PNG, WebP or AVIF image, with Content-Type: "
            f"{', '.join(ACCEPTED_TYPES[:-1])} or {ACCEPTED_TYPES[-1]}.",
            accepted=ACCEPTED_TYPES,
        )
    refuse_compressed(request)


@router.get(
    "/media/{name}",
    summary="Get a picture file",
    response_model=None,
    responses={
        200: {
            "description": "The file",
            "headers": {name: {"schema": {"type": "string"}} for name in _FILE_HEADERS},
            "content": {MEDIA_TYPE: _BINARY},
        },
        **documented_not_modified("Cache-Control"),
        **documented_errors(MediaNotFound, Unavailable),
    },
)
async def get_media(
    request: Request,
    services: CurrentServices,
    name: Annotated[
        str,
        Path(
            description="The hash of the picture and the width of the file.",
            examples=[f"{'0' * 64}-960.webp"],
        ),
    ],
    _known: ClientTags,
) -> Response:
    """One file of a picture. Needs no token. Its content never changes, and pages of other origins
    may embed it."""
    file = await services.pictures.file(name)
    if file is None:
        raise MediaNotFound
    headers = {"Cross-Origin-Resource-Policy": "cross-origin"}
    return content_response(request, Content(file, MEDIA_TYPE, CACHE_CONTROL, headers))
