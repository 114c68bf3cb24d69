"""Statements are fixed texts, loaded by name; values are parameters."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from db.sql import InvalidQueryFile, load_statements, statements

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = sorted((ROOT / "db").glob("**/*.py"))

TAKE_A_STATEMENT: Final = {
    "execute",
    "executemany",
    "fetch",
    "fetchval",
    "fetchrow",
    "fetchmany",
    "prepare",
    "cursor",
    "copy_from_query",
}

TAKE_A_NAME: Final = {"sql", "value", "values", "_execute"}

# Migrations are the project's own files, run by an operator: they contain no input.
MIGRATIONS: Final = {"migrate.py"}

# An empty JSON object is written '{}', in quotes.
PLACEHOLDER: Final = re.compile(r"%[sdr(]|\{\w+\}|(?<!')\{\}|\$\{|\bEXECUTE\b", re.IGNORECASE)


def statement_arguments(tree: ast.AST) -> Iterator[ast.expr]:
    """The arguments of calls that are executed as a statement."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in TAKE_A_STATEMENT
        ):
            yield from node.args[:1]
            yield from (
                keyword.value for keyword in node.keywords if keyword.arg in {"query", "command"}
            )


def nodes_of_sources() -> Iterator[ast.AST]:
    for source in SOURCES:
        yield from ast.walk(ast.parse(source.read_text(encoding="utf-8")))


def called(call: ast.Call) -> str:
    """The name of the function or method."""
    return ast.unparse(call.func).rpartition(".")[2]


def is_fixed(statement: ast.expr) -> bool:
    """Whether it is a literal or a statement of ``db/queries``, not composed at run time."""
    if isinstance(statement, ast.Constant):
        return isinstance(statement.value, str)
    return (
        isinstance(statement, ast.Call)
        and isinstance(statement.func, ast.Name)
        and statement.func.id == "sql"
    )


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_statements_are_not_composed(source: Path) -> None:
    if source.name in MIGRATIONS:
        pytest.skip("runs migrations, which are the project's own files")
    tree = ast.parse(source.read_text(encoding="utf-8"))
    composed = [
        ast.unparse(argument) for argument in statement_arguments(tree) if not is_fixed(argument)
    ]
    assert composed == []


@pytest.mark.parametrize("name", sorted(statements()))
def test_statements_have_parameters_only(name: str) -> None:
    assert PLACEHOLDER.findall(statements()[name]) == []


def test_every_statement_is_used() -> None:
    texts = {node.value for node in nodes_of_sources() if isinstance(node, ast.Constant)}
    assert statements().keys() - texts == set()


def test_every_name_of_a_statement_is_defined() -> None:
    names = {
        argument.value
        for node in nodes_of_sources()
        if isinstance(node, ast.Call) and called(node) in TAKE_A_NAME
        for argument in node.args[:1]
        if isinstance(argument, ast.Constant)
    }
    assert names - statements().keys() == set()


def test_a_statement_starts_below_its_comments(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text(
        "-- name: first\n-- Why.\nSELECT 1\n\n-- name: second\nSELECT 2\n"
    )
    assert load_statements(tmp_path) == {"first": "SELECT 1", "second": "SELECT 2"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT 1\n", "above the first name"),
        ("-- name:\nSELECT 1\n", "is not a name"),
        ("-- name: first second\nSELECT 1\n", "is not a name"),
        ("-- name: first\n-- Nothing.\n", "first has no statement"),
        ("-- name: first\nSELECT 1\n-- name: first\nSELECT 2\n", "second statement is named first"),
    ],
)
def test_a_malformed_query_file_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "a.sql").write_text(text)
    with pytest.raises(InvalidQueryFile, match=reason):
        load_statements(tmp_path)


def test_a_name_in_two_query_files_is_refused(tmp_path: Path) -> None:
    for file in ("a.sql", "b.sql"):
        (tmp_path / file).write_text("-- name: first\nSELECT 1\n")
    with pytest.raises(InvalidQueryFile, match="second statement is named first"):
        load_statements(tmp_path)


@pytest.mark.parametrize(
    "loose",
    [
        "connection.fetch(f'SELECT {name}')",
        "connection.fetch('SELECT %s' % name)",
        "connection.execute('SELECT ' + name)",
        "connection.fetchval('SELECT {}'.format(name))",
        "connection.fetchrow(query)",
        "connection.execute(query=text)",
    ],
)
def test_a_composed_statement_is_found(loose: str) -> None:
    (statement,) = statement_arguments(ast.parse(loose))
    assert not is_fixed(statement)
