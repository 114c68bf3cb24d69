"""Names of what is measured, as they stand in the JSON."""

from typing import Final

BARE_UPDATE: Final = "bare update"
BARE_SIGNAL: Final = "bare signal"
BARE_QUERY: Final = "bare query"
BARE_SAVE: Final = "bare save behind FastAPI"

SAVE: Final = "HTTP save"
ASYNC_SAVE: Final = "HTTP save, respond-async"
READ: Final = "HTTP read"
CONSISTENT_READ: Final = "HTTP read, consistent"

COMPARED_WITH: Final = {
    SAVE: BARE_UPDATE,
    BARE_SAVE: BARE_UPDATE,
    ASYNC_SAVE: BARE_SIGNAL,
    CONSISTENT_READ: BARE_QUERY,
}
"""What each is compared with; peers are compared with the save."""

FLOORS: Final = frozenset({BARE_UPDATE, BARE_SIGNAL, BARE_QUERY})
"""Compared with nothing."""
