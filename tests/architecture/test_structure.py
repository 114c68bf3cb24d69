"""The structure of the project: no import cycles, unique class names, no short files."""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.distribution import SLOWEST, TOGETHER

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
    """Dotted names of all imports, nested ones and those under TYPE_CHECKING included."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def import_graph(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """Maps each module to the modules of ``sources`` that it imports."""
    graph: dict[str, set[str]] = {}
    for module, source in sources.items():
        candidates = {
            # ``from a import b`` is the module ``a.b``, or a name of the module ``a``
            name if name in sources else name.rpartition(".")[0]
            for name in imported_names(source)
        }
        graph[module] = candidates & sources.keys() - {module}
    return graph


def cycle_in(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """A cycle, from a module back to itself; empty if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        cycle: list[str] = error.args[1]
        return cycle
    return []


def test_imports_have_no_cycle() -> None:
    sources = {module_name(path): path.read_text() for path in FILES}
    assert cycle_in(import_graph(sources)) == []


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
def test_an_import_cycle_is_found(importing: str) -> None:
    sources = {
        "shop": "",
        "shop.basket": importing,
        "shop.prices": "from shop.taxes import tax",
        "shop.taxes": "from shop.basket import Basket",
        "shop.window": "from shop.basket import Basket",
    }
    cycle = {"shop.basket", "shop.prices", "shop.taxes"}
    assert set(cycle_in(import_graph(sources))) == cycle
    assert cycle_in(import_graph({**sources, "shop.taxes": "import decimal"})) == []


def test_import_contracts_have_no_exceptions() -> None:
    for contract in CONTRACTS["contracts"]:
        assert "ignore_imports" not in contract, contract["id"]


PRODUCTION: Final = [path for path in FILES if path.relative_to(ROOT).parts[0] != "tests"]

MIN_LINES: Final = 40
"""A shorter file rarely has a subject of its own."""

SHORT_FILES: Final = {
    "activities/sessions.py": "a class of activities per file, as its workers register them",
    "api/sessions/known_lost.py": "a cache with a clock of its own, apart from the reads of views",
    "benchmarks/peers/serving.py": "imported by every peer, none of which imports another",
    "copilot/texts/de/questions.py": "a file per subject, in each language",
    "copilot/texts/en/errors.py": "a file per subject, in each language",
    "copilot/texts/en/questions.py": "a file per subject, in each language",
    "copilot/understanding/found_tier.py": "used by the tiers and by their limits",
    "db/stripe_answers.py": "written by the workers and read by the API, unlike the accounts",
    "db/issuers.py": "checked once, when the API starts, unlike what is asked per request",
    "dev/stack/watchdog.py": "runs as a process that has to start fast and outlive the supervisor",
    "dev/identity/invitations.py": "a router, apart from the commands that ask for an invitation",
    "domain/orders/messages.py": "of the processes, apart from the order that Postgres has",
    "domain/schemas/review.py": "a file per section",
    "domain/session/erasure.py": "an erasure outlives its session, and shares no name with it",
    "domain/values/slugs.py": "shared by the schema of the event and by its publication",
    "domain/values/urls.py": "shared by the types of fields and by social profiles",
    "payments/api_keys.py": "loaded by the stack's commands, unlike the adapter with its SDK",
    "pictures/settings.py": "loaded by every process, unlike the store with its driver",
    "settings/codec_server.py": "a file per process",
    "settings/migration.py": "a file per process",
    "workflows/outbox_redrive.py": "a workflow per file: the sandbox loads the whole file",
    "workflows/session/host.py": "breaks the import cycle between the session and its parts",
    "workflows/stripe_redrive.py": "a workflow per file: the sandbox loads the whole file",
}
"""Short files with the reason for each; ``__init__`` and ``__main__`` need none."""


def classes_of(source: str) -> Iterator[tuple[str, int]]:
    """Name and line of each class, nested ones included."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            yield node.name, node.lineno


def test_a_class_name_is_defined_once() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in PRODUCTION:
        for name, line in classes_of(path.read_text()):
            places[name].append(f"{path.relative_to(ROOT)}:{line}")
    assert {name: locations for name, locations in places.items() if len(locations) > 1} == {}


def test_a_short_file_has_a_reason() -> None:
    short = {
        str(path.relative_to(ROOT))
        for path in PRODUCTION
        if path.name not in {"__init__.py", "__main__.py"}
        and len(path.read_text().splitlines()) < MIN_LINES
    }
    without_reason = short - SHORT_FILES.keys()
    assert not without_reason, "merge it with a neighbour, or give a reason in SHORT_FILES"
    assert SHORT_FILES.keys() - short == set(), "is no longer short"


_STRIPES_QUEUES: Final = {"STRIPE_TASK_QUEUE", "ORDERS_STRIPE_TASK_QUEUE"}


def activities_on_stripes_queue(source: str) -> Iterator[set[str]]:
    """The arguments of each activity that is scheduled on Stripe's task queue."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            arguments = {keyword.arg or "": keyword.value for keyword in node.keywords}
            queue = arguments.get("task_queue")
            if isinstance(queue, ast.Attribute) and queue.attr in _STRIPES_QUEUES:
                yield set(arguments)


def test_every_activity_on_stripes_queue_has_a_fairness_key() -> None:
    sources = [path.read_text() for path in (ROOT / "workflows").rglob("*.py")]
    found = [names for source in sources for names in activities_on_stripes_queue(source)]
    assert found
    assert all("priority" in names for names in found)


def test_files_that_start_first_exist() -> None:
    assert [path for path in (*SLOWEST, *TOGETHER) if not (ROOT / path).exists()] == []
