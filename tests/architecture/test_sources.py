"""Rules about the sources that linters do not check."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from inspect import getmembers, isclass, isfunction
from pathlib import Path
from pkgutil import iter_modules

import pytest
from temporalio import activity

import activities
from domain import ids
from domain.errors import ERRORS

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "activities",
    "api",
    "copilot",
    "db",
    "dev",
    "domain",
    "notifications",
    "observability",
    "payments",
    "pictures",
    "rebuild",
    "settings",
    "temporal",
    "workers",
    "workflows",
)
ROOTS = (
    "codec_server.py",
    "health_check.py",
    "migrate.py",
    "retire_links.py",
    "worker.py",
)
ACTIVITIES = {
    "check_payment_account",
    "checkout_opened",
    "close_open_orders",
    "confirm_order",
    "connect_account",
    "create_onboarding_link",
    "delete_history",
    "delete_order_histories",
    "deliver_notification",
    "empty_stripe_payloads",
    "end_account",
    "end_session",
    "ensure_payment_account",
    "erase_old_sessions",
    "erase_records",
    "expire_checkout",
    "fetch_account",
    "fetch_charge",
    "find_checkout",
    "forget_notifications",
    "forget_orders",
    "gather_publish_facts",
    "give_up_notification",
    "hand_account_on",
    "hold_tickets",
    "link_tier",
    "load_stripe_event",
    "look_at_checkout",
    "offer_tier",
    "open_checkout",
    "payment_processing",
    "project_session",
    "publish_event",
    "record_charge",
    "redrive_notifications",
    "redrive_stripe_events",
    "release_event",
    "release_order",
    "reserve_event",
    "retire_catalogue",
    "sessions_of_account",
    "set_sales",
    "stamp_stripe_event",
    "stored_status",
    "sweep_orders",
    "sweep_pictures",
    "delete_picture_files",
    "sweep_rows",
    "sweep_workflows",
    "withdraw_order",
}
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FOLDERS_OF_SOURCES = (*PACKAGES, "benchmarks", "ops", "tests", "web/src", "web/tools")


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))
    yield from (ROOT / name for name in ROOTS)


def imported_by(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def test_composition_roots_import_no_driver_and_no_dev() -> None:
    """The import contracts cover packages only."""
    for name in (*ROOTS, "rebuild/command.py"):
        assert not imported_by(ROOT / name) & {"asyncpg", "dev", "stripe"}, name


def activity_names() -> list[str]:
    """The names of all activities, as registered at Temporal."""
    classes = {
        cls
        for module in iter_modules(activities.__path__)
        for _, cls in getmembers(import_module(f"activities.{module.name}"), isclass)
        if cls.__module__.startswith("activities.")
    }
    definitions = (
        activity._Definition.from_callable(method)
        for cls in classes
        for _, method in getmembers(cls, isfunction)
    )
    return [str(definition.name) for definition in definitions if definition]


def test_temporal_names_are_unique_and_defined_once() -> None:
    listed = [
        value
        for name, value in vars(ids).items()
        if re.match("SIGNAL_|UPDATE_|QUERY_|SEARCH_|WIZARD_", name)
    ]
    names = [*listed, *activity_names()]
    assert len(set(names)) == len(names)
    distinctive = {name for name in names if "_" in name or name[0].isupper()}
    for path in sources():
        if (
            path.relative_to(ROOT).parts[0] in {"workflows", "activities"}
            or path.parent.name == "sessions"
        ):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant):
                    assert node.value not in distinctive, f"{path}:{node.lineno}: use domain/ids.py"


def test_activity_names_are_those_of_histories() -> None:
    """A renamed activity needs ``name=``: open workflows have scheduled it by its old name."""
    assert set(activity_names()) == ACTIVITIES
    listed = {value for name, value in vars(ids).items() if name.startswith("ACTIVITY_")}
    assert listed <= ACTIVITIES


def test_every_error_has_a_valid_status_and_title() -> None:
    for code, error in ERRORS.items():
        assert 400 <= error.status <= 599, code
        assert error.title[0].isupper(), code
        assert not error.title.endswith("."), code


def test_sql_is_only_in_query_files() -> None:
    statement = re.compile(
        r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|MERGE INTO)\b[\s\S]*\b(FROM|SET|VALUES|WHERE)\b"
    )
    for path in sources():
        if path.relative_to(ROOT).parts[0] in {"api", "activities", "workflows", "domain"}:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    assert not statement.search(node.value), f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_names_existing_tests(path: Path) -> None:
    enforced = path.read_text().partition("**Enforced by**")[2]
    named = re.findall(r"`(tests/[^`]+)`", enforced)
    assert named, "a decision names the tests that enforce it"
    for test in named:
        assert (ROOT / test).exists(), test


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_a_status(path: Path) -> None:
    title, _, status = path.read_text().splitlines()[:3]
    assert title.startswith(f"# {int(path.name[:4])}. ")
    superseded = re.fullmatch(r"Status: superseded by \[(\d+)\]\((\S+)\)", status)
    assert superseded or status == "Status: accepted"
    if superseded:
        later = path.parent / superseded[2]
        assert later in DECISIONS
        assert later.name.startswith(f"{int(superseded[1]):04d}-")
        assert later > path


WAITS_WITH_TIMEOUT = {"workflows/session/read_model.py": 1, "workflows/ticket_order.py": 1}
"""In runs of earlier rules, and before an order is refused (ADR 76)."""


def test_workflows_wait_alike_in_every_version_of_python() -> None:
    found: dict[str, int] = {}
    for path in (ROOT / "workflows").rglob("*.py"):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and waits_with_timeout(node):
                found[name] = found.get(name, 0) + 1
    assert found == WAITS_WITH_TIMEOUT


def waits_with_timeout(call: ast.Call) -> bool:
    name = getattr(call.func, "attr", None)
    has_timeout = any(keyword.arg == "timeout" for keyword in call.keywords)
    return name in {"wait_for", "timeout", "timeout_at"} or (
        name == "wait_condition" and has_timeout
    )


def test_decisions_are_indexed() -> None:
    rows = []
    for path in DECISIONS:
        title, _, status = path.read_text().splitlines()[:3]
        decision = title.partition(". ")[2]
        rows.append(f"| [{path.name[:4]}]({path.name}) | {decision} | {status[8:]} |")
    index = (ROOT / "docs" / "adr" / "README.md").read_text()
    assert [line for line in index.splitlines() if line.startswith("| [")] == rows


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_commands_of_documents_exist(path: Path) -> None:
    makefile = (ROOT / "Makefile").read_text()
    for command in set(re.findall(r"\bmake (?:-s )?([a-z-]+)", "\n".join(code_of(path)))):
        assert re.search(rf"^{command}:", makefile, re.MULTILINE), f"make {command}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_source_files_named_in_documents_exist(path: Path) -> None:
    """A name may leave out the leading folders."""
    for name in set(re.findall(r"`([\w./-]+\.(?:py|ts|tsx|sql|css))`", path.read_text())):
        assert any(f"/{known}".endswith(f"/{name}") for known in source_files()), name


def code_of(path: Path) -> list[str]:
    """The code spans and code blocks of a Markdown file."""
    return re.findall(r"```.*?```|`[^`]+`", path.read_text(), re.DOTALL)


@cache
def source_files() -> tuple[str, ...]:
    """Paths below the root."""
    found = [*ROOT.glob("*.*"), *(ROOT / "web").glob("*.*")]
    for folder in FOLDERS_OF_SOURCES:
        found.extend((ROOT / folder).rglob("*.*"))
    return tuple(path.relative_to(ROOT).as_posix() for path in found)


def anchors_of(path: Path) -> set[str]:
    """The anchors that GitHub generates for the headings of a Markdown file."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_document_links_have_a_target() -> None:
    for path in DOCUMENTS:
        for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
            if link.startswith("http"):
                continue
            name, _, anchor = link.partition("#")
            target = path.parent / name if name else path
            assert target.exists(), f"{path.name}: {link}"
            if anchor:
                assert anchor in anchors_of(target), f"{path.name}: {link}"
