"""The output of the demo: coloured on a terminal, plain elsewhere."""

import json
import re
from datetime import date
from http import HTTPStatus
from typing import Any, Final

import httpx
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from dev.demo.examples import Example
from domain.schemas.ticket import TierKind
from domain.values import money
from domain.values.payments import PaymentStatus

BAR_WIDTH: Final = 30
PATH_WIDTH: Final = 33
CARD_WIDTH: Final = 100

_SESSION: Final = re.compile(r"^/v1/sessions/[^/]+")
_ONBOARDING: Final = re.compile(r"(?<=^/onboarding/).+")

_ACCOUNT_COLOURS: Final = {
    PaymentStatus.NOT_CONNECTED: "red",
    PaymentStatus.ONBOARDING: "yellow",
    PaymentStatus.RESTRICTED: "red",
    PaymentStatus.READY: "green",
}

_ACCESS: Final = {"in_person": "in person", "online": "online", "both": "in person and online"}


class Screen:
    def __init__(self) -> None:
        self._console = Console(highlight=False)

    def opening(self, example: Example) -> None:
        self._console.print()
        self._console.rule(f"[bold]{escape(example.title)}[/]")
        self._print(escape(example.about))
        self._print()

    def chapter(self, title: str) -> None:
        self._print()
        self._print(f"[bold]{escape(title)}[/]")

    def answer(self, response: httpx.Response, note: str) -> None:
        self._print(
            f"  [green]✓[/] {_request(response.request)} [green]{response.status_code}[/]  "
            f"[dim]{escape(note)}[/]"
        )

    def repeated(self, request: httpx.Request, reason: str) -> None:
        """Shows that a request is repeated."""
        self._print(f"  [yellow]↻[/] {_request(request)} [yellow]{escape(reason)}[/]  repeating")

    def refusal(self, response: httpx.Response, why: str) -> None:
        """Shows a problem document (RFC 9457) as readable text."""
        problem = response.json()
        self._print(f"  [dim]{escape(why)}[/]")
        status = f"{response.status_code} {problem['code']}"
        self._print(f"  [red]✗[/] {_request(response.request)} [red]{status}[/]")
        found = [(error["pointer"], error["message"], error["code"]) for error in problem["errors"]]
        for pointer, message, code in found or [("", problem["detail"], "")]:
            place = f"[yellow]{escape(pointer)}[/] " if pointer else ""
            named = f" [dim]{escape(code)}[/]" if code else ""
            self._print(f"      {place}{escape(message)}{named}")

    def note(self, text: str) -> None:
        self._print(f"    [dim]{escape(text)}[/]")

    def progress(self, view: dict[str, Any]) -> None:
        self._print(f"    {_bar(view['completion_percentage'])} of the wizard")

    def overview(self, view: dict[str, Any]) -> None:
        for stage, completion in view["completion_details"].items():
            done = "[green]✓[/]" if stage in view["completed_stages"] else " "
            self._print(f"  {done} {stage:16} {_bar(completion)}")

    def publication(self, view: dict[str, Any]) -> None:
        steps = view["publication"]["steps"]
        self._print("    " + " → ".join(f"{step['name']} {step['state']}" for step in steps))
        self.progress(view)

    def account(self, payments: dict[str, Any]) -> None:
        """Shows the organization's Stripe account, from the view of the session."""
        colour = _ACCOUNT_COLOURS[payments["status"]]
        self._print(f"    Stripe account [{colour}]{escape(payments['status'])}[/]")
        for requirement in payments["requirements"]:
            self._print(f"      required: [yellow]{escape(requirement)}[/]")

    def event(self, event: dict[str, Any]) -> None:
        self._console.print(
            Panel(
                _card(event),
                title=f"[bold]{escape(event['title'])}[/]",
                padding=(1, 2),
                width=min(self._console.width, CARD_WIDTH),
            )
        )

    def for_sale(self, event: dict[str, Any]) -> None:
        for tier in event["ticket_tiers"]:
            offer = f"{tier['name']:26} {_price(tier, event['currency']):28}"
            where = tier.get("paymentLink", "no payment, no link")
            self._print(f"  {escape(offer)} [cyan]{escape(where)}[/]")

    def links(self, links: dict[str, str]) -> None:
        for name, url in links.items():
            self._print(f"  {name:34} [cyan]{escape(url)}[/]")

    def invitation(self, person: dict[str, str]) -> None:
        command = f"make token USER={person['user']} ORG={person['org']}"
        self._print(f"  {'A token for your own requests':34} [cyan]{escape(command)}[/]")

    def failed(self, reason: str) -> None:
        self._print(f"[red]✗ {escape(reason)}[/]")

    def unexpected(self, response: httpx.Response) -> None:
        status = HTTPStatus(response.status_code)
        request = f"{response.request.method} {response.url}"
        self.failed(f"{request} returned an unexpected {status} {status.phrase}:")
        self._print(escape(_readable(response)))

    def _print(self, text: str = "") -> None:
        # Wrapped by the terminal, so that URLs can be clicked and copied.
        self._console.print(text, soft_wrap=True)


def _request(request: httpx.Request) -> str:
    """Method and path, without the session's long id and without secrets of an onboarding link."""
    path = _ONBOARDING.sub("…", _SESSION.sub("…", request.url.path))
    return f"{request.method:5} {escape(path):{PATH_WIDTH}}"


def _bar(percentage: int) -> str:
    filled = BAR_WIDTH * percentage // 100
    return f"[green]{'█' * filled}[/][dim]{'░' * (BAR_WIDTH - filled)}[/] {percentage:3} %"


def _card(event: dict[str, Any]) -> RenderableType:
    sponsors = event["sponsor_data"].get("sponsors", [])
    facts = {
        "When": _when(event),
        "Where": _where(event["venue_data"]),
        "Who": _who(event["organizer"]),
        "Tickets": "\n".join(_ticket(tier, event["currency"]) for tier in event["ticket_tiers"]),
        "With": "\n".join(sponsor["name"] for sponsor in sponsors),
    }
    grid = Table.grid(padding=(0, 2))
    for name, value in facts.items():
        grid.add_row(f"[bold]{name}[/]", escape(value))
    return Group(f"[italic]{escape(event['summary'] or '')}[/]\n", grid)


def _when(event: dict[str, Any]) -> str:
    first, last = (date.fromisoformat(event[name]) for name in ("event_date", "end_date"))
    days = [f"{day:%A, %d %B %Y}" for day in sorted({first, last})]
    hours = [event[name][:5] for name in ("start_time", "end_time") if event[name]]
    return f"{' to '.join(days)}, {' to '.join(hours)} ({event['timezone']})"


def _where(venue: dict[str, Any]) -> str:
    """The place, the online platform, or both."""
    ways = []
    if "address" in venue:
        ways.append(f"{venue['name']}, {venue['address']['line1']}, {venue['address']['city']}")
    if "platform" in venue:
        ways.append(venue["platform"])
    return "\n".join(ways)


def _who(organizer: dict[str, Any]) -> str:
    return ", ".join(organizer[name] for name in ("name", "organization") if name in organizer)


def _ticket(tier: dict[str, Any], currency: str) -> str:
    places = f"{tier['quantity']} places" if tier["quantity"] else "no limit"
    return f"{tier['name']} · {_price(tier, currency)} · {_ACCESS[tier['access']]} · {places}"


def _price(tier: dict[str, Any], currency: str) -> str:
    if tier["kind"] == TierKind.FREE:
        return "free"
    amount = money.format_amount(tier["unit_amount"], currency)
    return f"donation, perhaps {amount}" if tier["kind"] == TierKind.DONATION else amount


def _readable(response: httpx.Response) -> str:
    try:
        return json.dumps(response.json(), indent=2, ensure_ascii=False)
    except ValueError:
        return response.text
