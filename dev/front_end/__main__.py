"""``python -m dev.front_end build|size``: see the modules of these names."""

import sys

from dev.front_end import build, size
from dev.node import ROOT

COMMANDS = {"build": build.main, "size": size.main}

sys.exit(COMMANDS[sys.argv[1]](ROOT / "web"))
