"""``python -m rebuild``: see :mod:`rebuild.command`."""

from rebuild.command import main

main()
