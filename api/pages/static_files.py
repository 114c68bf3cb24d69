"""The style, the fonts and the icon of the page. Names contain the hash of the content, so that
they can be cached for good."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final

FOLDER: Final = Path(__file__).with_name("static")
PATH: Final = "/e/static/"

_TEXT_FONT: Final = "instrument-sans-latin-wght-normal.woff2"
_DISPLAY_FONT: Final = "imbue-latin-opsz-normal.woff2"
_STYLE: Final = "page.css"
_ICON: Final = "mark.svg"
_ASSETS: Final = (_STYLE, _TEXT_FONT, _DISPLAY_FONT, _ICON)
"""In the order of the fields of ``Assets``."""

_MEDIA_TYPES: Final = {".woff2": "font/woff2", ".svg": "image/svg+xml; charset=utf-8"}


@dataclass(frozen=True)
class Assets:
    """Addresses of the files that each page loads."""

    style: str
    text_font: str
    display_font: str
    icon: str


@dataclass(frozen=True)
class StaticFile:
    content: bytes
    media_type: str


@dataclass(frozen=True)
class StaticFiles:
    by_name: MappingProxyType[str, StaticFile]
    names: MappingProxyType[str, str]
    """The name with the hash, by the name in the folder."""

    def assets(self, base: str) -> Assets:
        """``base``: the origin of the files, or empty if the page has the same one."""
        return Assets(*(f"{base}{PATH}{self.names[name]}" for name in _ASSETS))


@cache
def static_files() -> StaticFiles:
    contents = {
        path: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in _MEDIA_TYPES
    }
    names = {path.name: _hashed(path.name, content) for path, content in contents.items()}
    style = (FOLDER / _STYLE).read_text()
    for name, hashed in names.items():
        style = style.replace(f'url("{name}")', f'url("{hashed}")')
    names[_STYLE] = _hashed(_STYLE, style.encode())
    files = {
        names[path.name]: StaticFile(content, _MEDIA_TYPES[path.suffix])
        for path, content in contents.items()
    }
    files[names[_STYLE]] = StaticFile(style.encode(), "text/css; charset=utf-8")
    return StaticFiles(MappingProxyType(files), MappingProxyType(names))


def _hashed(name: str, content: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{sha256(content).hexdigest()[:16]}.{suffix}"
