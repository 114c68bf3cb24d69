"""``python -m dev COMMAND``: the embedded stack from the command line."""

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from dev.identity.clients import DEFAULT_TTL_SECONDS
from dev.stack.commands import EXIT_FAILED, EXIT_INTERRUPTED, Commands, Program
from dev.stack.ports import PAYLOAD_KEYS
from dev.stack.report import Report
from dev.stack.state import Stack, StackError, StateDir


def main(arguments: Sequence[str], program: Program) -> int:
    """Runs one command. Returns the exit code."""
    options = _parser().parse_args(arguments)
    report = Report()
    commands = Commands(program, StateDir.of(os.environ), report)
    try:
        return _dispatch(commands, options)
    except StackError as error:
        report.failure(error)
        return EXIT_FAILED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m dev", description="The embedded stack.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="run the stack in the foreground")
    commands.add_parser("up", help="start the stack in the background")
    commands.add_parser("down", help="stop the stack")
    commands.add_parser(
        "status",
        help="show processes, restarts and addresses; exit code 3 if the stack is not running",
    )
    commands.add_parser("url", help="print the address of the API")
    commands.add_parser("reset", help="stop the stack and delete its data")
    token = commands.add_parser("token", help="print a development JWT")
    token.add_argument("--user", required=True)
    token.add_argument("--org")
    token.add_argument("--email")
    token.add_argument(
        "--permission",
        dest="permissions",
        action="append",
        default=[],
        help="such as wizard:operate; may be repeated",
    )
    token.add_argument("--ttl", type=int, default=DEFAULT_TTL_SECONDS, help="seconds")
    demo = commands.add_parser("demo", help="run one session from creation to a published event")
    demo.add_argument("--exit", action="store_true", help="stop the stack afterwards")
    importing = commands.add_parser(
        "import", help="create a session from an event in a file, while the stack is running"
    )
    importing.add_argument(
        "file",
        type=Path,
        help="iCalendar (.ics), schema.org (.json) or a ticket shop's export (.csv)",
    )
    importing.add_argument(
        "--set",
        dest="corrections",
        metavar="SECTION/FIELD=VALUE",
        action="append",
        default=[],
        help="correct a value, such as event/type=launch",
    )
    importing.add_argument(
        "--event", type=int, default=1, metavar="NUMBER", help="of several events in the file"
    )
    importing.add_argument("--publish", action="store_true", help="accept the terms, and publish")
    commands.add_parser("screenshots", help="retake the screenshots in docs/images")
    commands.add_parser("lighthouse", help="measure the front end and a public page")
    return parser


def _dispatch(commands: Commands, options: argparse.Namespace) -> int:
    match options.command:
        case "token":
            return commands.token(
                user=options.user,
                org=options.org,
                email=options.email,
                permissions=options.permissions,
                ttl=options.ttl,
            )
        case "demo":
            return _demo(commands, stay=not options.exit)
        case "import":
            return _import(commands, options)
        case "screenshots":
            return _screenshots(commands)
        case "lighthouse":
            return _lighthouse(commands)
        case name:
            without_options = {
                "run": commands.run,
                "up": commands.up,
                "down": commands.down,
                "status": commands.status,
                "url": commands.url,
                "reset": commands.reset,
            }
            return without_options[name]()


def _demo(commands: Commands, *, stay: bool) -> int:
    from dev.demo import play  # noqa: PLC0415 - only this command needs the player's imports

    return commands.demo(play, stay=stay)


def _import(commands: Commands, options: argparse.Namespace) -> int:
    """
    Raises:
        StackError: the stack is not running, or nothing was imported.
    """
    from dev.imports.command import import_event  # noqa: PLC0415 - only this command needs it

    return commands.with_running(
        lambda stack: import_event(
            stack,
            Report(),
            options.file,
            options.corrections,
            number=options.event,
            publishes=options.publish,
        )
    )


def _screenshots(commands: Commands) -> int:
    """
    Raises:
        StackError: there is no Chromium, or a page does not show what is expected.
    """
    from dev.screenshots import take, take_encrypted  # noqa: PLC0415 - only here: Playwright
    from dev.screenshots.browser import find_chromium  # noqa: PLC0415 - as above
    from dev.stack.payload_keys import generated_keys  # noqa: PLC0415 - loads the SDK

    find_chromium()
    os.environ.pop(PAYLOAD_KEYS, None)
    if (code := _with_fresh_stack(commands, take)) != 0:
        return code
    os.environ[PAYLOAD_KEYS] = generated_keys()
    return _with_fresh_stack(commands, take_encrypted)


def _lighthouse(commands: Commands) -> int:
    """
    Raises:
        StackError: there is no Chromium, or Lighthouse fails.
    """
    from dev.screenshots.lighthouse import measure  # noqa: PLC0415 - only this command needs it

    return _with_fresh_stack(commands, measure)


def _with_fresh_stack(commands: Commands, use: Callable[[Stack], int]) -> int:
    with TemporaryDirectory() as fresh:
        return commands.for_directory(StateDir(Path(fresh))).demo(
            lambda stack, **_: use(stack), stay=False
        )
