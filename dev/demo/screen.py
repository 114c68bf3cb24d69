"""The output of the demo: coloured on a terminal, plain elsewhere; at most 100 columns wide.

Only addresses are printed whole, however long they are: so they can be clicked and copied.
"""

import json
import re
import sys
import textwrap
from datetime import date
from http import HTTPStatus
from typing import Any, Final, TextIO

import httpx
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from dev.demo.examples import Example
from domain.schemas.ticket import TierKind
from domain.values import money
from domain.values.payments import PaymentStatus
from payments.models import product_id_of

WIDTH: Final = 100
BAR_WIDTH: Final = 30
PATH_WIDTH: Final = 32
OUTCOME_WIDTH: Final = 11

_SESSION: Final = re.compile(r"^/v1/sessions/[^/]+")
_PAGE: Final = re.compile(r"^/onboarding/.+")
_ORDER: Final = re.compile(r"^/v1/public/orders/[^/]+")
_EVENT: Final = re.compile(r"^(/v1(?:/public)?/events)/[^/]+")

_ACCOUNT_COLOURS: Final = {
    PaymentStatus.NOT_CONNECTED: "red",
    PaymentStatus.ONBOARDING: "yellow",
    PaymentStatus.RESTRICTED: "red",
    PaymentStatus.DISCONNECTED: "red",
    PaymentStatus.READY: "green",
}

_SALE_STATES: Final = {
    "scheduled": "[yellow]sale opens later[/]",
    "on_sale": "[green]on sale[/]",
    "paused": "[yellow]paused[/]",
    "sold_out": "[red]sold out[/]",
    "ended": "[dim]sale is over[/]",
    None: "[dim]free entry[/]",
}

_ACCESS: Final = {"in_person": "in person", "online": "online", "both": "in person and online"}


def console_of(file: TextIO, *, colours: bool | None = None, record: bool = False) -> Console:
    """``colours``: None decides by whether the file is a terminal."""
    found = Console(file=file)
    width = min(found.width, WIDTH) if found.is_terminal else WIDTH
    return Console(file=file, width=width, force_terminal=colours, record=record, highlight=False)


class Screen:
    def __init__(self, console: Console | None = None) -> None:
        """Prints to the standard output, or to another console of :func:`console_of`."""
        self._console = console or console_of(sys.stdout)

    def opening(self, example: Example) -> None:
        self._console.print()
        self._console.rule(f"[bold]{escape(example.title)}[/]")
        self._paragraph(example.about)
        self._print()

    def chapter(self, title: str) -> None:
        self._print()
        self._print(f"[bold]{escape(title)}[/]")

    def answer(self, response: httpx.Response, outcome: str, note: str = "") -> None:
        """``outcome`` is a word or a revision, ``note`` what the request was about."""
        request = response.request
        head = f"  ✓ {_request(request)} {response.status_code}  "
        text = f"{outcome:{OUTCOME_WIDTH}}  {note}" if note else outcome
        first, *others = textwrap.wrap(
            text,
            width=self._console.width - len(head),
            subsequent_indent=" " * (OUTCOME_WIDTH + 2),
        )
        self._print(
            f"  [green]✓[/] {escape(_request(request))} [green]{response.status_code}[/]  "
            f"[dim]{escape(first)}[/]"
        )
        for line in others:
            self._print(f"{' ' * len(head)}[dim]{escape(line)}[/]")

    def repeated(self, request: httpx.Request, reason: str) -> None:
        """Shows that a request is repeated."""
        self._print(
            f"  [yellow]↻[/] {escape(_request(request))} [yellow]{escape(reason)}[/]  repeating"
        )

    def refusal(
        self, response: httpx.Response, why: str, *, draft_revision: int | None = None
    ) -> None:
        """Shows what was sent, and a problem document (RFC 9457) as readable text.

        ``draft_revision`` is the revision of the session, if it keeps what was sent.
        """
        problem = response.json()
        self.note(why, indent=2)
        self._print(
            f"  [red]✗[/] {escape(_request(response.request))} "
            f"[red]{response.status_code} {problem['code']}[/]"
        )
        if response.request.content:
            sent = json.dumps(json.loads(response.request.content), ensure_ascii=False)
            self._wrapped(f"sent: {sent}", indent=6, hanging=6)
        for error in problem["errors"]:
            self._print(
                f"      [yellow]{escape(error['pointer'])}[/] [dim]({escape(error['code'])})[/]"
            )
            self._wrapped(error["message"], indent=8)
        if not problem["errors"]:
            self._wrapped(problem["detail"], indent=6)
        if draft_revision is not None:
            self.note(f"The input is kept as a draft: revision {draft_revision}.", indent=6)

    def note(self, text: str, *, indent: int = 4) -> None:
        self._wrapped(text, indent=indent, style="dim")

    def gap(self) -> None:
        self._print()

    def progress(self, view: dict[str, Any], note: str = "") -> None:
        self._print(f"    {_bar(view['completion_percentage'])} of the wizard{escape(note)}")

    def overview(self, view: dict[str, Any]) -> None:
        for stage, completion in view["completion_details"].items():
            done = "[green]✓[/]" if stage in view["completed_stages"] else " "
            self._print(f"  {done} {stage:16} {_bar(completion)}")

    def publication(self, view: dict[str, Any]) -> None:
        steps = view["publication"]["steps"]
        self._print("    " + " → ".join(f"{step['name']} {step['state']}" for step in steps))
        self.progress(view)

    def account(self, view: dict[str, Any]) -> None:
        """Shows the organization's Stripe account, from the view of the session."""
        payments = view["payments"]
        colour = _ACCOUNT_COLOURS[payments["status"]]
        self._print(
            f"    Stripe account: [{colour}]{escape(payments['status'])}[/] "
            f"[dim]· revision {view['revision']}[/]"
        )
        for requirement in payments["requirements"]:
            self._print(f"      required: [yellow]{escape(requirement)}[/]")

    def event(self, event: dict[str, Any]) -> None:
        self._console.print(
            Panel(
                _card(event),
                title=f"[bold]{escape(event['title'])}[/]",
                padding=(1, 2),
                width=self._console.width,
            )
        )

    def catalogue(self, event: dict[str, Any]) -> None:
        """Shows the product and the price of each ticket that costs money."""
        for tier in event["ticket_tiers"]:
            self._print(f"  {escape(tier['name']):26} {_price(tier, event['currency'])}")
            if "priceId" in tier:
                product_id = product_id_of(event["event_id"], tier["id"])
                self._print(f"    [dim]product {product_id}[/]")
                self._print(f"    [dim]price   {tier['priceId']}[/]")

    def tickets_on_sale(self, tiers: list[dict[str, Any]]) -> None:
        """Shows the sale state of each ticket, as anyone sees it."""
        for tier in tiers:
            self._print(f"    {escape(tier['name']):26} {_SALE_STATES[tier.get('sale_state')]}")

    def order(self, response: httpx.Response, order: dict[str, Any], note: str) -> None:
        count = sum(item["quantity"] for item in order["items"])
        amount = money.format_amount(order["amount_total"], order["currency"])
        self.answer(response, order["state"], f"{count} tickets, {amount}: {note}")

    def sales(self, view: dict[str, Any]) -> None:
        """Shows how many of each ticket are sold, held and left."""
        for tier in view["tiers"]:
            left = "no limit" if tier["left"] is None else f"{tier['left']} left"
            self._print(
                f"    {escape(tier['name']):26} {tier['sold']} sold, {tier['held']} held, "
                f"{left}  [dim]{tier['state']}[/]"
            )

    def links(self, links: dict[str, str]) -> None:
        for name, url in links.items():
            self._print(f"  {escape(name)}")
            self._address(url)

    def _address(self, url: str) -> None:
        self._print(f"    [cyan]{escape(url)}[/]")

    def failed(self, reason: str) -> None:
        self._print(f"[red]✗ {escape(reason)}[/]")

    def unexpected(self, response: httpx.Response) -> None:
        status = HTTPStatus(response.status_code)
        request = f"{response.request.method} {response.url}"
        self.failed(f"{request} returned an unexpected {status} {status.phrase}:")
        self._print(escape(_readable(response)))

    def _paragraph(self, text: str) -> None:
        self._wrapped(text, indent=0)

    def _wrapped(self, text: str, *, indent: int, hanging: int = 0, style: str = "none") -> None:
        margin = " " * indent
        lines = textwrap.wrap(
            text,
            width=self._console.width,
            initial_indent=margin,
            subsequent_indent=margin + " " * hanging,
            break_on_hyphens=False,
        )
        for line in lines:
            self._print(f"[{style}]{escape(line)}[/]")

    def _print(self, text: str = "") -> None:
        # Wrapped by the terminal, so that URLs can be clicked and copied.
        self._console.print(text, soft_wrap=True)


def _request(request: httpx.Request) -> str:
    """Method and path, without long ids and without what opens a page at Stripe."""
    path = _PAGE.sub("/onboarding/…", _SESSION.sub("…", request.url.path))
    path = _EVENT.sub(r"\1/…", _ORDER.sub("/v1/public/orders/…", path))
    return f"{request.method:5} {path:{PATH_WIDTH}}"


def _bar(percentage: int) -> str:
    filled = BAR_WIDTH * percentage // 100
    return f"[green]{'█' * filled}[/][dim]{'░' * (BAR_WIDTH - filled)}[/] {percentage:3}%"


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
    days = [f"{day:%A}, {day.day} {day:%B %Y}" for day in sorted({first, last})]
    hours = [event[name][:5] for name in ("start_time", "end_time") if event[name]]
    return f"{' to '.join(days)}, {' to '.join(hours)} ({event['timezone']})"


def _where(venue: dict[str, Any]) -> str:
    """The place, the online platform, or both."""
    ways = []
    if "address" in venue:
        parts = (venue["name"], *(venue["address"].get(part) for part in ("line1", "city")))
        ways.append(", ".join(part for part in parts if part))
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
    return f"donation, {amount} suggested" if tier["kind"] == TierKind.DONATION else amount


def _readable(response: httpx.Response) -> str:
    try:
        return json.dumps(response.json(), indent=2, ensure_ascii=False)
    except ValueError:
        return response.text
