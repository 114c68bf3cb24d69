"""Where Node comes from, and what happens without a package registry."""

import os
from pathlib import Path
from subprocess import CalledProcessError

import pytest

from dev import node

NEW, OLD = "v24.19.0", "v20.20.2"


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A folder with a lock, as ``web`` has one."""
    folder = tmp_path / "web"
    (folder / "node_modules").mkdir(parents=True)
    (folder / "package-lock.json").write_text("{}")
    return folder


def put_on_path(
    monkeypatch: pytest.MonkeyPatch, folder: Path, version: str, npm: str = "exit 0"
) -> None:
    """A ``node`` that says its version, and runs an ``npm`` that is a shell script."""
    for name, script in (
        ("node", f'[ "$1" = --version ] && echo {version} || {{ shift; {npm}; }}'),
        ("npm", npm),
    ):
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")


@pytest.mark.parametrize(
    ("version", "expected"),
    [("v22.18.0", True), (NEW, True), ("v22.17.9", False), (OLD, False), ("", False)],
)
def test_version_of_node_is_compared_by_number(version: str, expected: bool) -> None:
    assert node.is_new_enough(f"{version}\n") is expected


def test_new_node_of_the_path_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_on_path(monkeypatch, tmp_path, NEW)

    found = node.node_on_path()

    assert found is not None
    assert found.binary == tmp_path / "node"
    assert found.environment()["PATH"].startswith(str(tmp_path))


def test_old_node_of_the_path_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_on_path(monkeypatch, tmp_path, OLD)

    assert node.node_on_path() is None


def test_scripts_are_skipped_without_a_registry(
    tmp_path: Path, web: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put_on_path(monkeypatch, tmp_path, NEW, npm="echo npm error code ENOTFOUND >&2; exit 1")

    assert node.main(web, ["types"]) == 0
    assert capsys.readouterr().out == (
        "Skipped, because a package registry cannot be reached: types.\n"
    )


def test_lock_that_is_wrong_fails(
    tmp_path: Path, web: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put_on_path(monkeypatch, tmp_path, NEW, npm="echo npm error code EUSAGE >&2; exit 3")

    assert node.main(web, ["types"]) == 3
    assert "EUSAGE" in capsys.readouterr().err


def test_packages_are_installed_once(
    tmp_path: Path, web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on_path(monkeypatch, tmp_path, NEW)
    found = node.node_on_path()
    assert found is not None
    node.install_packages(found, web)

    put_on_path(monkeypatch, tmp_path, NEW, npm="exit 1")
    node.install_packages(found, web)

    (web / "node_modules" / ".installed").unlink()
    with pytest.raises(CalledProcessError):
        node.install_packages(found, web)


def test_first_script_that_fails_ends_the_run(
    tmp_path: Path, web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (web / "node_modules" / ".installed").touch()
    put_on_path(monkeypatch, tmp_path, NEW, npm='echo "$3" >> ran; [ "$3" != types ] || exit 7')

    assert node.main(web, ["lint", "types", "generate"]) == 7
    assert (web / "ran").read_text().split() == ["lint", "types"]
