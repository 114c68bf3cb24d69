"""The files of the built front end, as its folder has them at the moment.

A build may replace the folder while the API runs. The builder writes compressed files beside the
originals: ``app-Ab3dE5g7.js``, ``app-Ab3dE5g7.js.br`` and ``app-Ab3dE5g7.js.gz``.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import structlog

from api.content import Content

SHELL: Final = "index.html"
ASSETS: Final = "assets"

IMMUTABLE: Final = "public, max-age=31536000, immutable"
FOR_AN_HOUR: Final = "public, max-age=3600"
REVALIDATED: Final = "no-cache"

MEDIA_TYPES: Final = MappingProxyType(
    {
        ".avif": "image/avif",
        ".css": "text/css; charset=utf-8",
        ".gif": "image/gif",
        ".html": "text/html; charset=utf-8",
        ".ico": "image/x-icon",
        ".jpeg": "image/jpeg",
        ".jpg": "image/jpeg",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".map": "application/json",
        ".mjs": "text/javascript; charset=utf-8",
        ".png": "image/png",
        ".svg": "image/svg+xml; charset=utf-8",
        ".txt": "text/plain; charset=utf-8",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
        ".webp": "image/webp",
        ".woff2": "font/woff2",
        ".xml": "application/xml",
    }
)
"""By suffix, not by the tables of the machine. Other files are not served: they are in the folder
by mistake."""

_SHOWN_ALONE: Final = ("image/", "application/manifest")
"""No other file depends on their version."""

_CODINGS: Final = MappingProxyType({"br": ".br", "gzip": ".gz"})
"""Suffixes by coding, in the order of preference."""

_PART: Final = re.compile(r"[A-Za-z0-9_@~+-][A-Za-z0-9_@~+. -]*")
"""Names that begin with a dot are hidden."""

_HASHED: Final = re.compile(
    r"[-.](?:(?=[\w-]*[A-Z0-9])[\w-]{8}|[0-9a-f]{16,64})\.[a-z0-9]+$", re.ASCII
)
"""A hash as bundlers write it. A word of eight letters in lower case is none."""

_CACHED_FILES: Final = 256

_log = structlog.get_logger(__name__)


class WebRoot:
    """Reads from the disk, so call it in a thread."""

    def __init__(self, folder: Path, headers: Mapping[str, str]) -> None:
        """``headers``: of every file. A script that runs as a worker has the policy of its own
        response, not that of the page."""
        self._folder = folder
        self._headers = headers
        self._read = lru_cache(maxsize=_CACHED_FILES)(self._read_version)

    def find(self, name: str) -> Content | None:
        """The file of that name, such as ``assets/app-Ab3dE5g7.js``, with its cache rules.

        Returns:
            None if there is no such file, if it leads out of the folder, or if it is of a kind that
            is not served.
        """
        path = self._path_of(name)
        if path is None or Path(name).suffix not in MEDIA_TYPES:
            return None
        compressed = {coding: self._path_of(f"{name}{end}") for coding, end in _CODINGS.items()}
        paths = (path, *compressed.values())
        try:
            versions = tuple(_version_of(path) for path in paths)
            return self._read(name, paths, versions)
        except OSError as error:  # replaced at this moment, or not readable
            _log.warning("a file of the front end is not readable", reason=type(error).__name__)
            return None

    def _path_of(self, name: str) -> Path | None:
        if not all(_PART.fullmatch(part) for part in name.split("/")):
            return None
        try:
            path = (self._folder / name).resolve(strict=True)
            is_inside = path.is_relative_to(self._folder.resolve())
        except OSError:
            return None
        return path if is_inside and path.is_file() else None

    def _read_version(
        self, name: str, paths: tuple[Path | None, ...], _versions: tuple[object, ...]
    ) -> Content:
        """Cached by the versions of the files."""
        body, *compressed = (path.read_bytes() if path else b"" for path in paths)
        return Content(
            body,
            MEDIA_TYPES[Path(name).suffix],
            cache_control_of(name),
            self._headers,
            {
                coding: content
                for coding, content in zip(_CODINGS, compressed, strict=True)
                if content
            },
        )


def cache_control_of(name: str) -> str:
    """Hashed files never change. All else is asked for again: the shell, the service worker and
    other scripts must not be older than the files that they load."""
    folder, _, rest = name.partition("/")
    if folder == ASSETS and _HASHED.search(rest):
        return IMMUTABLE
    media_type = MEDIA_TYPES[Path(name).suffix]
    return FOR_AN_HOUR if media_type.startswith(_SHOWN_ALONE) else REVALIDATED


def _version_of(path: Path | None) -> tuple[int, int, int] | None:
    if path is None:
        return None
    stat = path.stat()
    return stat.st_ino, stat.st_mtime_ns, stat.st_size
