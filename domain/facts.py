"""What an assessment has to know besides the data that was entered."""

from dataclasses import dataclass
from datetime import datetime

from domain.view import Payments


@dataclass(frozen=True)
class Facts:
    """``sponsors_completed``: the person went on from that stage, also with nothing in it.
    ``terms_current``: terms were accepted and nothing was changed since. ``tiers_issued``: how
    many tier ids were given out; None where it is not known."""

    payments: Payments
    published: bool
    sponsors_completed: bool
    terms_current: bool
    slug_taken: bool = False
    may_publish: bool = True
    publish_at: datetime | None = None
    tiers_issued: int | None = None
