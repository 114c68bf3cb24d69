"""Writes the pictures of the examples into a folder: ``python -m dev.pictures FOLDER``."""

import sys
from pathlib import Path

from dev.pictures.drawing import draw, names


def main() -> int:
    if len(sys.argv) != 2:  # noqa: PLR2004 (the program and its argument)
        print(__doc__)
        return 2
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in names():
        (folder / f"{name}.jpg").write_bytes(draw(name))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
