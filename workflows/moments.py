"""Moments as operators read them, wherever they and the people are: absolute, in UTC."""

from datetime import UTC, datetime


def shown(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
