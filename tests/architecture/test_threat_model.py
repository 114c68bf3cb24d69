"""Every measure in docs/threat-model.md names tests that exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "threat-model.md").read_text()
THREATS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if line.startswith("| ") and not line.startswith(("| ---", "| asset"))
]
NAMED = sorted(set(re.findall(r"`(tests/[^`]+)`", TEXT)))


def functions_of(path: Path) -> set[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.parse(path.read_text()).body if isinstance(node, kinds)}


@pytest.mark.parametrize("threat", THREATS, ids=lambda cells: ": ".join(cells[:2]))
def test_every_threat_has_a_measure_and_a_test(threat: list[str]) -> None:
    assert len(threat) == 4
    assert all(threat)
    assert "`tests/" in threat[3]


@pytest.mark.parametrize("named", NAMED)
def test_a_named_test_exists(named: str) -> None:
    path, _, function = named.partition("::")
    assert function.startswith("test_"), "name the function: a file may lose this test unnoticed"
    assert function in functions_of(ROOT / path)
