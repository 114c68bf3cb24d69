"""How the files of the project hang together: no import circles, no name for two things."""

import ast
import tomllib
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[2]

CONTRACTS: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"][
    "importlinter"
]

FOLDERS: Final = (*CONTRACTS["root_packages"], "tests")

FILES: Final = sorted(
    path
    for pattern in ("*.py", *(f"{folder}/**/*.py" for folder in FOLDERS))
    for path in ROOT.glob(pattern)
)


def module_name(path: Path) -> str:
    """``a.b`` for ``a/b.py`` and for ``a/b/__init__.py``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_names(source: str) -> set[str]:
    """Dotted, wherever in the source they are imported, under TYPE_CHECKING too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def import_graph(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """From each module to the modules among ``sources`` that it imports."""
    graph: dict[str, set[str]] = {}
    for module, source in sources.items():
        found = {
            # ``from a import b`` is the module ``a.b``, or a name of the module ``a``
            name if name in sources else name.rpartition(".")[0]
            for name in imported_names(source)
        }
        graph[module] = found & sources.keys() - {module}
    return graph


def circle_in(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """A circle if there is one, from a module to itself."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle
    return []


def test_imports_make_no_circle() -> None:
    sources = {module_name(path): path.read_text() for path in FILES}
    assert circle_in(import_graph(sources)) == []


@pytest.mark.parametrize(
    "importing",
    [
        "import shop.prices",
        "from shop import prices",
        "from shop.prices import price_of",
        "if TYPE_CHECKING:\n    from shop.prices import Price",
        "def total():\n    from shop.prices import price_of",
    ],
)
def test_an_import_circle_is_found(importing: str) -> None:
    sources = {
        "shop": "",
        "shop.basket": importing,
        "shop.prices": "from shop.taxes import tax",
        "shop.taxes": "from shop.basket import Basket",
        "shop.window": "from shop.basket import Basket",
    }
    circle = {"shop.basket", "shop.prices", "shop.taxes"}
    assert set(circle_in(import_graph(sources))) == circle
    assert circle_in(import_graph({**sources, "shop.taxes": "import decimal"})) == []


def test_import_contracts_have_no_exceptions() -> None:
    for contract in CONTRACTS["contracts"]:
        assert "ignore_imports" not in contract, contract["id"]
