"""``python -m dev COMMAND``: see :mod:`dev.stack.cli`."""

import sys

from dev.stack.cli import main
from dev.stack.commands import Program
from dev.stack.services import whole_stack

sys.exit(main(sys.argv[1:], Program(whole_stack, (sys.executable, "-m", "dev"))))
