"""What a sentence that is a command asks for."""

from dataclasses import dataclass
from enum import StrEnum


class Intent(StrEnum):
    COMPLETE = "complete"
    SUGGEST = "suggest"
    SAVE = "save"
    CHECKS = "checks"
    MISSING = "missing"
    EXPLAIN = "explain"
    UNDO = "undo"
    PUBLISH = "publish"
    GO = "go"
    BACK = "back"
    CREATE = "create"
    CONNECT = "connect"
    TERMS = "terms"
    ADD_TIER = "add_tier"
    SET = "set"
    STATE = "state"
    REMOVE = "remove"
    RETRY = "retry"
    HELP = "help"
    LATER = "later"
    """Whether values can be changed later."""
    THANKS = "thanks"
    FILL = "fill"
    ACCEPT = "accept"
    REJECT = "reject"
    WITHOUT = "without"
    ONLY = "only"


@dataclass(frozen=True)
class Command:
    intent: Intent
    subject: str = ""
    """The words that say what it is about, as they were written."""
    value: str = ""
    """The new value, of ``SET`` and ``STATE`` alone."""
