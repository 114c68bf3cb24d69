"""Prints the output of commands."""

from rich.console import Console
from rich.markup import escape

from dev.stack.state import Restarts, Stack, StackError

NAME_WIDTH = 12


class Report:
    """Colored on a terminal, plain otherwise."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=True)

    def ready(self, name: str, seconds: float) -> None:
        self._console.print(f"[green]✓[/] {escape(name):{NAME_WIDTH}} {seconds:5.1f} s")

    def died(self, name: str, reason: str, delay: float) -> None:
        self._console.print(
            f"[yellow]![/] {escape(name):{NAME_WIDTH}} {escape(reason)}; restart in {delay:g} s"
        )

    def say(self, text: str) -> None:
        self._console.print(escape(text))

    def value(self, text: str) -> None:
        """Prints unformatted text for scripts; it is the only output of the command."""
        print(text)

    def output(self, text: str) -> None:
        """Prints the output of a stack in the background."""
        print(text, end="", flush=True)

    def failure(self, error: StackError) -> None:
        self._console.print(f"[red]✗[/] {escape(str(error))}")

    def addresses(self, stack: Stack) -> None:
        lines = {
            "API": ", ".join(stack.api_urls),
            "Temporal UI": stack.temporal_ui_url,
            "Temporal": stack.temporal_address,
            "Identity": stack.identity_url,
            **({"Stripe": stack.stripe_url} if stack.stripe_url else {}),
            **({"Codec server": stack.codec_url} if stack.codec_url else {}),
            "Postgres": stack.database_admin_url,
        }
        for name, value in lines.items():
            self._console.print(f"  {name:{NAME_WIDTH}} [cyan]{escape(value)}[/]")

    def front_door(self, link: str | None) -> None:
        """The link that opens the front end, signed in, if there is a front end."""
        if link is not None:
            self._console.print("  Open the wizard, signed in (the link signs one browser in):")
            self._console.print(f"  [cyan]{escape(link)}[/]")

    def processes(self, stack: Stack) -> None:
        for name, pid in stack.pids.items():
            self._console.print(
                f"[green]✓[/] {escape(name):{NAME_WIDTH}} pid {pid:<8}"
                f"{escape(_restarts(stack.restarts.get(name)))}".rstrip()
            )
        for name, restarts in stack.restarts.items():
            if name not in stack.pids:
                self._console.print(
                    f"[yellow]![/] {escape(name):{NAME_WIDTH}} restarting: "
                    f"{escape(restarts.last_reason)}"
                )


def _restarts(restarts: Restarts | None) -> str:
    if restarts is None:
        return ""
    times = "once" if restarts.count == 1 else f"{restarts.count} times"
    return f"restarted {times}; the last process {restarts.last_reason}"
