"""Keeps the files of pictures in a folder or in a bucket: Amazon S3 and what speaks its protocol,
Google Cloud Storage, or Azure Blob Storage.

Credentials are the clients' own (``AWS_ACCESS_KEY_ID``, ``GOOGLE_APPLICATION_CREDENTIALS``,
``AZURE_STORAGE_ACCOUNT_KEY``, …), or those of the machine.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from domain.errors import Unavailable
from pictures.settings import FOLDER
from pictures.variants import MEDIA_TYPE

CACHE_CONTROL: Final = "public, max-age=31536000, immutable"

PREFIX: Final = "media/"
"""Of all files, so that a server in front of the bucket has them at the paths of the API."""

_MAX_RETRIES: Final = 3
_RETRY_TIMEOUT: Final = timedelta(seconds=20)

_log = structlog.get_logger(__name__)


class PictureStore:
    """Every method raises Unavailable if the store does not respond or refuses."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._is_folder = isinstance(store, LocalStore)

    @classmethod
    def from_url(cls, url: str) -> "PictureStore":
        """
        Args:
            url: ``file:///folder``, ``s3://bucket/prefix``, ``gs://…`` or ``az://…``.

        Raises:
            ValueError: the store cannot be used; the message is for operators.
        """
        try:
            if urlsplit(url).scheme == FOLDER:
                return cls(LocalStore.from_url(url, mkdir=True))
            # Without options of the HTTP client here, so that those of the environment apply, such
            # as AWS_ALLOW_HTTP; a request takes 30 seconds at most.
            return cls(
                from_url(
                    url,
                    retry_config={"max_retries": _MAX_RETRIES, "retry_timeout": _RETRY_TIMEOUT},
                )
            )
        except (BaseError, OSError) as error:
            raise ValueError(f"MEDIA_STORE cannot be used: {_first_line(error)}") from error

    async def put(self, name: str, data: bytes) -> None:
        """Stores a file, or replaces it."""
        # A folder has no place for attributes. Servers in front of a bucket send them as headers.
        attributes = {"Content-Type": MEDIA_TYPE, "Cache-Control": CACHE_CONTROL}
        with _translated_errors():
            await obstore.put_async(
                self._store,
                PREFIX + name,
                data,
                attributes=None if self._is_folder else attributes,
                use_multipart=False,
            )

    async def get(self, name: str) -> bytes | None:
        """The content of a file; None if there is none."""
        with _translated_errors():
            try:
                found = await obstore.get_async(self._store, PREFIX + name)
                return bytes(await found.bytes_async())
            except FileNotFoundError:
                return None

    async def delete(self, names: Sequence[str]) -> None:
        """Deletes files. Names that are not there are no error."""
        with _translated_errors():
            await asyncio.gather(*(self._delete(name) for name in names))

    async def _delete(self, name: str) -> None:
        try:
            await obstore.delete_async(self._store, PREFIX + name)
        except FileNotFoundError:
            return


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        _log.warning("the picture store failed", reason=_first_line(error))
        raise Unavailable("The picture store cannot be reached. Try again.") from error


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
