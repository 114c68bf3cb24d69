"""Pages of the Temporal UI that were loaded too early."""

from typing import cast

import pytest
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as TooSlow

from dev.screenshots import reload_until
from dev.stack.state import StackError


class EarlyPage:
    """Shows the text after some reloads, if it then has the time to."""

    url = "http://127.0.0.1:1/namespaces/default/workflows"

    def __init__(self, *, reloads: int, seconds: float) -> None:
        self.reloads = reloads
        self.milliseconds = 1000 * seconds

    def wait_for_function(self, _condition: str, *, arg: str, timeout: float) -> None:
        if self.reloads > 0 or timeout < self.milliseconds:
            raise TooSlow(arg)

    def reload(self) -> None:
        self.reloads -= 1


def wait_for(page: EarlyPage) -> None:
    reload_until(cast("Page", page), "text => true", "up to date")


def test_page_that_is_loaded_too_early_is_loaded_again() -> None:
    wait_for(EarlyPage(reloads=2, seconds=1))


def test_slow_page_gets_longer_waits() -> None:
    wait_for(EarlyPage(reloads=0, seconds=100))


def test_page_that_never_shows_the_text_is_an_error() -> None:
    with pytest.raises(StackError, match="up to date"):
        wait_for(EarlyPage(reloads=100, seconds=1))
