"""The setting that says where pictures are kept, of the processes that store or delete them."""

from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings

FOLDER: Final = "file"
BUCKETS: Final = frozenset({"s3", "gs", "az"})


def _checked_store(url: str) -> str:
    """Refuses credentials, because the URL appears in logs and errors."""
    parts = urlsplit(url)
    if parts.scheme == FOLDER:
        if parts.netloc or len(parts.path) <= 1:
            raise ValueError("must name a folder like file:///var/lib/pictures, with three slashes")
    elif parts.scheme not in BUCKETS or not parts.netloc:
        raise ValueError("must begin with file:///, s3://, gs:// or az://")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("must not contain credentials or options: they have their own settings")
    return url


StoreUrl = Annotated[str, AfterValidator(_checked_store)]


class PictureSettings(BaseSettings):
    """Settings of the API and the worker."""

    media_store: StoreUrl | None = Field(
        default=None,
        description="Where pictures are stored: a folder that all processes share (file:///…), or "
        "a bucket (s3://…, gs://…, az://…), with the credentials of its usual client, such as "
        "AWS_ACCESS_KEY_ID. Unless set, pictures cannot be uploaded",
        examples=["s3://bucket/prefix"],
    )
