"""A bar for a person, lines for a log."""

from io import StringIO

from observability.progress import Progress


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def run(stream: StringIO, *, counted: int, done: int) -> str:
    progress = Progress("Sessions", counted, stream=stream)
    for _ in range(done):
        progress.advance()
    progress.finish()
    return stream.getvalue()


def test_a_terminal_has_one_line_that_is_drawn_anew() -> None:
    shown = run(Terminal(), counted=4, done=4)

    assert shown.count("\n") == 1
    assert shown.endswith("100% 4/4\n")
    assert shown.startswith("\rSessions ░")


def test_a_log_has_few_lines_and_nothing_that_moves_the_cursor() -> None:
    shown = run(StringIO(), counted=1000, done=1000)

    assert "\r" not in shown
    assert len(shown.splitlines()) < 5
    assert shown.endswith("100% 1000/1000\n")


def test_more_than_was_counted_is_no_more_than_all() -> None:
    assert run(StringIO(), counted=2, done=3).endswith("100% 3/3\n")


def test_nothing_to_do_is_done() -> None:
    assert run(StringIO(), counted=0, done=0).endswith("100% 0/0\n")
