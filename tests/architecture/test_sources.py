"""Rules about the sources that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain import ids
from domain.errors import ERRORS

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "activities",
    "api",
    "db",
    "dev",
    "domain",
    "notifications",
    "observability",
    "payments",
    "rebuild",
    "temporal",
    "workflows",
)
ROOTS = ("codec_server.py", "health_check.py", "migrate.py", "settings.py", "worker.py")
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))
    yield from (ROOT / name for name in ROOTS)


def imported_by(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def test_composition_roots_import_no_driver_and_no_dev() -> None:
    """Import contracts look at packages only."""
    for name in (*ROOTS, "rebuild/command.py"):
        assert not imported_by(ROOT / name) & {"asyncpg", "dev", "stripe"}, name


def test_names_known_to_temporal_are_unique_and_spelled_once() -> None:
    names = [
        value
        for name, value in vars(ids).items()
        if re.match("SIGNAL_|UPDATE_|QUERY_|ACTIVITY_|SEARCH_|WIZARD_", name)
    ]
    assert len(set(names)) == len(names)
    telling = {each for each in names if "_" in each or each[0].isupper()}
    for path in sources():
        if (
            path.relative_to(ROOT).parts[0] in {"workflows", "activities"}
            or path.parent.name == "sessions"
        ):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant):
                    assert node.value not in telling, f"{path}:{node.lineno}: use domain/ids.py"


def test_every_error_is_in_the_design_of_problems() -> None:
    for code, error in ERRORS.items():
        assert 400 <= error.status <= 599, code
        assert error.title[0].isupper(), code
        assert not error.title.endswith("."), code


def test_sql_is_in_files() -> None:
    statement = re.compile(
        r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|MERGE INTO)\b[\s\S]*\b(FROM|SET|VALUES|WHERE)\b"
    )
    for path in sources():
        if path.relative_to(ROOT).parts[0] in {"api", "activities", "workflows", "domain"}:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    assert not statement.search(node.value), f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_names_tests_that_exist(path: Path) -> None:
    enforced = path.read_text().partition("**Enforced by**")[2]
    named = re.findall(r"`(tests/[^`]+)`", enforced)
    assert named, "a decision names the tests that enforce it"
    for each in named:
        assert (ROOT / each).exists(), each


def test_commands_of_the_readme_exist() -> None:
    text = (ROOT / "README.md").read_text() + (ROOT / "CONTRIBUTING.md").read_text()
    makefile = (ROOT / "Makefile").read_text()
    for command in set(re.findall(r"\bmake (?:-s )?([a-z-]+)", text)):
        assert re.search(rf"^{command}:", makefile, re.MULTILINE), f"make {command}"


def test_links_of_the_documents_lead_somewhere() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text()):
            if not target.startswith("http"):
                assert (path.parent / target).exists(), f"{path.name}: {target}"
