"""Takes the screenshots of README and of the guides, with a headless Chromium.

Plays sessions into every state that operators see, and takes screenshots of their pages in the real
Temporal UI; of the public page of the event that the demo publishes; and of the front end.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import urlencode

from playwright.sync_api import FloatRect, Page, Route, ViewportSize
from playwright.sync_api import TimeoutError as TooSlow
from rich.console import Console

from dev.demo.client import sign_in
from dev.screenshots import beside_demo, event_page, wizard
from dev.screenshots.browser import BrowserFailed, chromium, write_picture
from dev.screenshots.sessions import Play, person, play_all, published
from dev.stack.state import ROOT, Stack
from domain import ids
from domain.session.view import PublicationState

IMAGES: Final = ROOT / "docs" / "images"

COLUMNS: Final = (
    "Workflow ID",
    ids.SEARCH_STATUS,
    ids.SEARCH_STAGE,
    ids.SEARCH_PROGRESS,
    ids.SEARCH_PUBLICATION,
    ids.SEARCH_PAYMENTS,
    ids.SEARCH_ORGANIZATION_ID,
    ids.SEARCH_USER_ID,
    ids.SEARCH_EXPIRES_AT,
)
_COLUMNS_KEY: Final = "namespace-workflow-table-columns"
"""The key in the local storage under which the UI stores the choice of columns."""

_PAGE_HAS: Final = "text => document.body.innerText.includes(text)"
_DETAILS_HAVE: Final = """
text => [...document.querySelectorAll('iframe')]
    .filter(frame => frame.clientHeight > 200)
    .some(frame => frame.contentDocument?.body?.innerText.includes(text))
"""
"""The UI renders Markdown in frames, which get their height afterwards."""

_FIRST_WAIT_SECONDS: Final = 5.0
_LONGEST_WAIT_SECONDS: Final = 160.0
"""Of waits that double: a slow machine may need much longer for a page than a fast one."""

_LIST_SIZE: Final = ViewportSize(width=2240, height=700)

_CONTENT: Final = "main"
"""The part of the page without the UI's navigation."""

_VISIBLE_PART: Final = """
element => {
    const {x, y, width} = element.getBoundingClientRect();
    return {x, y, width, height: innerHeight - y};
}
"""


@dataclass(frozen=True)
class Shot:
    """A tab of a session's page, taken once ``condition`` holds for ``text``."""

    image: str
    session: str
    tab: str
    condition: str
    text: str
    height: int
    width: int = 1560


_SHOTS: Final = (
    Shot("session", "invalid", "user-metadata", _DETAILS_HAVE, "up to date", 1300),
    Shot("failed-publication", "failed", "user-metadata", _DETAILS_HAVE, "up to date", 1380),
    Shot("timeline", "failed", "timeline", _PAGE_HAS, "undo reserve", 1080),
    Shot("pending-activities", "running", "pending-activities", _PAGE_HAS, "_unavailable", 720),
)

_DECRYPTED: Final = Shot(
    "decrypted", "published", "timeline", _PAGE_HAS, "make the event public", 1080
)
_NOT_DECRYPTED: Final = Shot(
    "not-decrypted", "published", "timeline", _PAGE_HAS, "Codec Server could not connect", 560
)
_DECODE_REQUESTS: Final = "**/decode*"

_DEMO_SHOT: Final = Shot("demo", "demo", "user-metadata", _DETAILS_HAVE, "up to date", 1130, 1560)


def take(stack: Stack) -> int:
    """Writes all screenshots. Returns the exit code.

    Raises:
        StackError: a session does not get into its state, or a page does not show it.
    """
    session_ids = play_all(stack)
    IMAGES.mkdir(exist_ok=True)
    workflows = f"{stack.temporal_ui_url}/namespaces/default/workflows"
    with chromium() as page:
        _take_list(page, workflows)
        for shot in _SHOTS:
            workflow_id = ids.session_workflow_id(session_ids[shot.session])
            _show(page, f"{workflows}/{workflow_id}", shot)
            _save(page, shot.image)
        console = _take_demo(page, stack)
        event_page.take(page, event_page.address(console), IMAGES)
    with chromium(wizard.SCALE) as page:
        wizard.take(page, stack, IMAGES)
    print(f"The pictures are in {IMAGES.relative_to(ROOT)}.")
    return 0


def take_encrypted(stack: Stack) -> int:
    """As :func:`take`, of a stack with ``PAYLOAD_KEYS``: a session's page for an operator, and for
    a person without the permission."""
    with person(stack, "ada", "acme") as ada:
        session_id = published(Play(ada, stack, "free-launch")).session_id
    workflow_id = ids.session_workflow_id(session_id)
    workflow = f"{stack.temporal_ui_url}/namespaces/default/workflows/{workflow_id}"
    with chromium() as page:
        _show(page, workflow, _DECRYPTED)
        _save(page, _DECRYPTED.image)
        with _signed_in_as_member(page, stack):
            _show(page, workflow, _NOT_DECRYPTED)
            _save(page, _NOT_DECRYPTED.image)
    return 0


def _take_list(page: Page, workflows: str) -> None:
    page.set_viewport_size(_LIST_SIZE)
    page.goto(workflows)
    page.wait_for_function(_PAGE_HAS, arg="Workflow ID")
    columns = json.dumps({"default": [{"label": column} for column in COLUMNS]})
    page.evaluate("([key, value]) => localStorage.setItem(key, value)", [_COLUMNS_KEY, columns])
    newest_runs = f'WorkflowType="{ids.WIZARD_SESSION}" AND ExecutionStatus != "ContinuedAsNew"'
    page.goto(f"{workflows}?{urlencode({'query': newest_runs})}")
    reload_until(page, _PAGE_HAS, PublicationState.RUNNING)
    _save(page, "session-list")


def reload_until(page: Page, condition: str, text: str) -> None:
    """Reloads until the condition holds for the text, with longer and longer waits.

    The UI asks once for lists, for the details of a session and for its pending activities: if it
    was too early, the page has to be loaded again. Each wait begins anew, and so has to be long
    enough for the machine.

    Raises:
        BrowserFailed: it does not hold within the longest wait either.
    """
    seconds = _FIRST_WAIT_SECONDS
    while not _holds_within(page, condition, text, seconds):
        if seconds >= _LONGEST_WAIT_SECONDS:
            raise BrowserFailed(f"{page.url} does not show {text!r}")
        seconds = min(2 * seconds, _LONGEST_WAIT_SECONDS)
        page.reload()


def _holds_within(page: Page, condition: str, text: str, seconds: float) -> bool:
    try:
        page.wait_for_function(condition, arg=text, timeout=1000 * seconds)
    except TooSlow:
        return False
    return True


@contextmanager
def _signed_in_as_member(page: Page, stack: Stack) -> Iterator[None]:
    """The UI passes on the token of a person without the operators' permission."""
    token = sign_in(stack, user="ada", org="acme")

    def pass_token(route: Route) -> None:
        route.continue_(headers={**route.request.headers, "Authorization": f"Bearer {token}"})

    page.route(_DECODE_REQUESTS, pass_token)
    yield
    page.unroute(_DECODE_REQUESTS)


def _take_demo(page: Page, stack: Stack) -> Console:
    """After the others: its session is in no list. Returns the output of the demo."""
    console = beside_demo.play_recorded(stack)
    _show(page, beside_demo.session_page(console), _DEMO_SHOT)
    clip = _content(page)
    beside_demo.compose(page, console, page.screenshot(clip=clip), width=clip["width"])
    write_picture(page.locator(_CONTENT).screenshot(), IMAGES / f"{_DEMO_SHOT.image}.png")
    return console


def _show(page: Page, workflow: str, shot: Shot) -> None:
    page.set_viewport_size(ViewportSize(width=shot.width, height=shot.height))
    # A URL without a run id shows the timeline of the latest run.
    page.goto(workflow)
    page.wait_for_url("**/timeline")
    page.goto(page.url.removesuffix("timeline") + shot.tab)
    reload_until(page, shot.condition, shot.text)


def _save(page: Page, image: str) -> None:
    write_picture(page.screenshot(clip=_content(page)), IMAGES / f"{image}.png")


def _content(page: Page) -> FloatRect:
    return cast("FloatRect", page.locator(_CONTENT).evaluate(_VISIBLE_PART))
