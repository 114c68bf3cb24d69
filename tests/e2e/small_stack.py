"""``python -m tests.e2e.small_stack COMMAND``: the stack's commands with other components.

``SMALL_STACK`` in the environment chooses which.
"""

import os
import sys
from collections.abc import Callable

from dev.stack.cli import main
from dev.stack.commands import Program
from dev.stack.component import Component
from dev.stack.services import Site, backing_services, environment_of, whole_stack

WAIT_FOR_FILE = """
import os, sys, time
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
"""
STAY = "import signal; signal.pause()"
LAST_LINE = "line 39"
CRASH = "import sys; [print('line', number) for number in range(40)]; sys.exit(7)"


def _fake(site: Site, name: str, code: str, needs: tuple[str, ...] = ()) -> Component:
    return Component(
        name=name,
        command=(sys.executable, "-c", code),
        environment=environment_of(site),
        needs=needs,
        ready=lambda: True,
    )


def _idle(site: Site) -> list[Component]:
    return [_fake(site, "first", STAY), _fake(site, "second", STAY, needs=("first",))]


def _dying(site: Site) -> list[Component]:
    """One of its components dies each time it becomes ready."""
    was_ready = site.state.root / "fragile.ready"

    def ready() -> bool:
        was_ready.touch()
        return True

    component = Component(
        name="fragile",
        command=(sys.executable, "-c", f"{WAIT_FOR_FILE}\n{CRASH}", str(was_ready)),
        environment=environment_of(site),
        ready=ready,
    )
    return [*_idle(site), component]


def _crashing(site: Site) -> list[Component]:
    step = Component(
        name="fragile",
        command=(sys.executable, "-c", CRASH),
        environment=environment_of(site),
        needs=("second",),
    )
    return [*_idle(site), step]


VARIANTS: dict[str, Callable[[Site], list[Component]]] = {
    "whole": whole_stack,
    "backing": backing_services,
    "idle": _idle,
    "crashing": _crashing,
    "dying": _dying,
}

if __name__ == "__main__":
    program = Program(
        VARIANTS[os.environ["SMALL_STACK"]], (sys.executable, "-m", "tests.e2e.small_stack")
    )
    sys.exit(main(sys.argv[1:], program))
