"""What reaches Postgres is a fixed text; values go beside it, as parameters."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from db.sql import QUERIES

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = sorted((ROOT / "db").glob("**/*.py"))
STATEMENTS: Final = sorted(QUERIES.glob("**/*.sql"))

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

# Migrations are the project's own files, run by an operator: nothing in them comes from a caller.
MIGRATIONS: Final = {"migrate.py"}

# An empty JSON object is written '{}', in quotes.
PLACEHOLDER: Final = re.compile(r"%[sdr(]|\{\w+\}|(?<!')\{\}|\$\{|\bEXECUTE\b", re.IGNORECASE)


def statements(tree: ast.AST) -> Iterator[ast.expr]:
    """What the calls that take a statement are given as one."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in TAKE_A_STATEMENT
        ):
            yield from node.args[:1]
            yield from (each.value for each in node.keywords if each.arg in {"query", "command"})


def is_fixed(statement: ast.expr) -> bool:
    """A literal, or a file of ``db/queries``: never a text put together on the way."""
    if isinstance(statement, ast.Constant):
        return isinstance(statement.value, str)
    return (
        isinstance(statement, ast.Call)
        and isinstance(statement.func, ast.Name)
        and statement.func.id == "sql"
    )


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_statements_are_not_put_together(source: Path) -> None:
    if source.name in MIGRATIONS:
        pytest.skip("runs migrations, which are the project's own files")
    tree = ast.parse(source.read_text(encoding="utf-8"))
    loose = [ast.unparse(each) for each in statements(tree) if not is_fixed(each)]
    assert loose == []


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda path: path.stem)
def test_statements_have_parameters_only(statement: Path) -> None:
    text = statement.read_text(encoding="utf-8")
    assert PLACEHOLDER.findall(text) == []


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
def test_a_statement_that_is_put_together_is_noticed(loose: str) -> None:
    (statement,) = statements(ast.parse(loose))
    assert not is_fixed(statement)
