"""The pictures of the operations guide, of the real Temporal UI.

Plays sessions in every state that an operator meets, and takes pictures of their pages with a
headless Chromium.
"""

import json
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from dev.screenshots.browser import Page, chromium
from dev.screenshots.sessions import play_all
from dev.stack.state import ROOT, Stack
from domain import ids

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


_TEXT: Final = "document.body.innerText"
_DETAILS: Final = (
    "[...document.querySelectorAll('iframe')].filter(frame => frame.clientHeight > 200)"
    ".map(frame => frame.contentDocument?.body?.innerText ?? '').join()"
)
"""The UI renders Markdown in frames, which grow once it is rendered."""

_LIST_SIZE: Final = {"width": 2160, "height": 700}

_CONTENT: Final = "main"
"""Without the UI's own navigation."""


@dataclass(frozen=True)
class Shot:
    """A tab of a session's page, taken once ``where`` shows ``what``."""

    image: str
    session: str
    tab: str
    where: str
    what: str
    height: int
    width: int = 1500


_SHOTS: Final = (
    Shot("session", "invalid", "user-metadata", _DETAILS, "up to date", 1300),
    Shot("failed-publication", "failed", "user-metadata", _DETAILS, "up to date", 1380),
    Shot("timeline", "failed", "timeline", _TEXT, "undo reserve", 1080),
    Shot("pending-activities", "running", "pending-activities", _TEXT, "_unavailable", 720),
)


def take(stack: Stack) -> int:
    """Writes every picture anew; the exit code.

    Raises:
        StackError: a session or a page does not come to show what it should.
    """
    played = play_all(stack)
    IMAGES.mkdir(exist_ok=True)
    workflows = f"{stack.temporal_ui_url}/namespaces/default/workflows"
    with chromium() as page:
        _take_list(page, workflows)
        for shot in _SHOTS:
            _take(page, f"{workflows}/{ids.session_workflow_id(played[shot.session])}", shot)
    print(f"The pictures are in {IMAGES.relative_to(ROOT)}.")
    return 0


def _take_list(page: Page, workflows: str) -> None:
    page.open(workflows, **_LIST_SIZE)
    page.wait_for(f"{_TEXT}.includes('Workflow ID')")
    columns = json.dumps({"default": [{"label": each} for each in COLUMNS]})
    key = "namespace-workflow-table-columns"
    page.run(f"localStorage.setItem({json.dumps(key)}, {json.dumps(columns)})")
    query = urlencode({"query": f'WorkflowType="{ids.WIZARD_SESSION}"'})
    page.open(f"{workflows}?{query}", **_LIST_SIZE)
    page.wait_for(f"{_TEXT}.includes('{ids.SEARCH_EXPIRES_AT}') && {_TEXT}.includes('published')")
    page.save(IMAGES / "session-list.png", element=_CONTENT)


def _take(page: Page, workflow: str, shot: Shot) -> None:
    """The page's address without a tab leads to that of the newest run's timeline."""
    page.open(workflow, width=shot.width, height=shot.height)
    page.wait_for("location.pathname.endsWith('/timeline')")
    tab = str(page.run("location.href")).removesuffix("timeline") + shot.tab
    page.open(tab, width=shot.width, height=shot.height)
    page.wait_for(f"{shot.where}.includes({json.dumps(shot.what)})")
    page.save(IMAGES / f"{shot.image}.png", element=_CONTENT)
