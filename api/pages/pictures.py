"""Pictures as the event's page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.pages.texts import https_url
from domain.values.pictures import PICTURE_PATH, absolute_picture_url, picture_variants


@dataclass(frozen=True)
class Picture:
    url: str
    """Absolute, because other sites read it too."""
    variants: str
    """The value of ``srcset``; empty for a picture of another site, whose widths are unknown."""
    alt: str
    credit: str | None
    focus: str
    """Classes of the focal point."""


def picture_of(image: Mapping[str, Any], media_url: str) -> Picture | None:
    """The picture of a value of the schema ``Image`` or ``Logo``, or None without an address.

    Args:
        image: the value, which may be of a draft or of an earlier release, and so not valid.
        media_url: the address of the server that serves ``/media``.
    """
    url = picture_url(image.get("url"), media_url)
    if url is None:
        return None
    focal = image.get("focal") or {}
    return Picture(
        url=url,
        variants=_variants(url, media_url),
        alt="" if image.get("decorative") else image.get("alt") or "",
        credit=_credit(image.get("credit")),
        focus=f"fx{_tenths(focal, 'x')} fy{_tenths(focal, 'y')}",
    )


def pictures_of(images: object, media_url: str) -> list[Picture]:
    """Those of a list of such values that have an address."""
    values = images if isinstance(images, list) else []
    return [
        picture for image in values if (picture := picture_of(image or {}, media_url)) is not None
    ]


def picture_url(value: object, media_url: str) -> str | None:
    """The absolute address, or None if a page may not show it. Pictures of this service may be on
    plain http, on a developer's machine."""
    if not isinstance(value, str):
        return None
    url = absolute_picture_url(value, media_url)
    return url if _is_own(url, media_url) else https_url(url)


def _variants(url: str, media_url: str) -> str:
    """Another site may have such a path too, and not all of these widths."""
    own = picture_variants(url) if _is_own(url, media_url) else []
    return ", ".join(f"{variant} {width}w" for variant, width in own)


def _is_own(url: str, media_url: str) -> bool:
    return url.startswith(f"{media_url}{PICTURE_PATH}")


def _credit(entered: str | None) -> str | None:
    """Organizers enter a name, or what it stands for as well: ``Photo: Ines Okafor``."""
    return entered if entered is None or ":" in entered else f"Photo: {entered}"


def _tenths(focal: Mapping[str, Any], axis: str) -> int:
    return round(10 * min(1.0, max(0.0, float(focal.get(axis, 0.5)))))
