"""The front end is built if a source is newer than the last build."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dev import node
from dev.front_end import build

SOURCES = (
    "index.html",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
    "public/mark.svg",
    "src/app/App.tsx",
)
BEFORE, BUILT_AT, AFTER = 1_000, 2_000, 3_000


def set_times(web: Path, time: int) -> None:
    for path in (web, *web.rglob("*")):
        os.utime(path, (time, time))


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A folder whose build is newer than each of its sources."""
    for name in SOURCES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    set_times(tmp_path, BEFORE)
    built = tmp_path / build.BUILT
    built.parent.mkdir()
    built.touch()
    os.utime(built, (BUILT_AT, BUILT_AT))
    return tmp_path


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The scripts that were run; each fails."""
    found: list[list[str]] = []

    def run(_: Path, scripts: list[str]) -> int:
        found.append(scripts)
        return 1

    monkeypatch.setattr(node, "main", run)
    monkeypatch.delenv("WEB_ROOT", raising=False)
    return found


def touch_at(path: Path, time: int) -> None:
    path.touch()
    os.utime(path, (time, time))


def remove(path: Path, time: int) -> None:
    path.unlink()
    os.utime(path.parent, (time, time))


def test_current_build_is_kept(web: Path, runs: list[list[str]]) -> None:
    assert build.main(web) == 0
    assert runs == []


@pytest.mark.parametrize("source", SOURCES)
def test_newer_source_is_built(web: Path, runs: list[list[str]], source: str) -> None:
    touch_at(web / source, AFTER)

    build.main(web)

    assert runs == [["build"]]


@pytest.mark.parametrize(
    ("change", "name"),
    [(remove, "src/app/App.tsx"), (remove, build.BUILT), (touch_at, "src/app/New.tsx")],
)
def test_added_and_removed_files_are_noticed(
    web: Path, runs: list[list[str]], change: Callable[[Path, int], None], name: str
) -> None:
    change(web / name, AFTER)

    build.main(web)

    assert runs == [["build"]]


def test_failed_build_does_not_stop_the_stack(
    web: Path, runs: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    (web / build.BUILT).unlink()

    assert build.main(web) == 0
    assert "The front end was not built" in capsys.readouterr().out


def test_other_front_end_is_not_built(
    web: Path, runs: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (web / build.BUILT).unlink()
    monkeypatch.setenv("WEB_ROOT", "")

    assert build.main(web) == 0
    assert runs == []
