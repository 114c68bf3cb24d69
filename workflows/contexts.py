"""Going on, from the run of a workflow, in the context of a message that it took earlier."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import Context
from typing import Final

_UNSET: Final = object()


@contextmanager
def adopted(context: Context) -> Iterator[None]:
    """What happens within belongs to the message: a trace of its request shows it.

    A task with that context would do the same, but begins a turn of the event loop later, after
    commands that sessions which run already have in their histories behind its own.
    """
    tokens = [
        (variable, variable.set(value))
        for variable, value in context.items()
        if variable.get(_UNSET) is not value
    ]
    try:
        yield
    finally:
        for variable, token in reversed(tokens):
            with suppress(ValueError):  # an evicted session is taken down in another context
                variable.reset(token)
