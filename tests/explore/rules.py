"""The rules of a publication, and of an order, by what Postgres, Stripe and Temporal have. Pure.

They share no code with production: they compare what was entered with what is there.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tests.sales.judge import Evidence, judge


@dataclass(frozen=True)
class Breach:
    """A rule that is broken, and how."""

    rule: str
    detail: str


MOST_STEPS: Final = 60
"""Several times as many as a run with two faults takes."""


def busy(steps: int) -> list[Breach]:
    """No run repeats a step again and again."""
    if steps <= MOST_STEPS:
        return []
    return [Breach("busy", f"the run took {steps} steps")]


@dataclass(frozen=True)
class StoredEvent:
    status: str
    title: str
    prices: Mapping[str, tuple[int, str | None]]
    """The amount and the id of the price at Stripe, by the name of the tier."""


@dataclass(frozen=True)
class ProductAtStripe:
    product_id: str
    name: str
    active: bool


@dataclass(frozen=True)
class PriceAtStripe:
    price_id: str
    product_id: str
    amount: int
    active: bool


@dataclass(frozen=True)
class SessionRow:
    """``revisions`` are those of the audit trail, in order."""

    status: str
    publication: str
    revision: int
    revisions: Sequence[int]


@dataclass(frozen=True)
class Ending:
    """What there is when a publication has ended, and what was acknowledged before it.

    ``publication`` is its state, and ``row`` what Postgres has of the session; ``may_be_left`` is
    true if Stripe declined to take the catalogue off sale.
    """

    title: str
    amounts: Mapping[str, int]
    """Of the tiers as they were saved, by name."""
    is_settled: bool
    publication: str
    status: str
    revision: int
    is_closed: bool
    row: SessionRow | None
    events: Sequence[StoredEvent]
    products: Sequence[ProductAtStripe]
    prices: Sequence[PriceAtStripe]
    may_be_left: bool = False
    earlier_prices: int = 0
    """Prices of an earlier publication, which failed."""
    shown_title: str | None = None
    """The title in the session; None if that is gone."""
    ends_as: frozenset[str] = frozenset({"in_progress"})
    """The statuses that a session may have if it is not published."""
    is_erased: bool = False
    """An erasure was accepted."""


def breaches_of(ending: Ending) -> list[Breach]:
    """All of them, in the order of the rules; empty if the publication ended as it should."""
    rules = ERASED_RULES if ending.is_erased else PUBLICATION_RULES
    return [breach for rule in rules for breach in rule(ending)]


def _stuck(ending: Ending) -> Iterator[Breach]:
    """A publication ends: the session is completed and closed, or open again."""
    if not ending.is_settled:
        yield Breach("stuck", f"the publication is {ending.publication}, and nothing goes on")
    elif ending.publication not in {"published", "failed"}:
        yield Breach("stuck", f"the publication is {ending.publication}")
    if ending.is_closed != (ending.status != "in_progress"):
        yield Breach("stuck", f"the workflow is {'closed' if ending.is_closed else 'running'}")


def _status(ending: Ending) -> Iterator[Breach]:
    """A published session is completed, and any other one as its messages have left it: one that
    was abandoned is not published."""
    is_published = ending.publication == "published" and ending.ends_as != {"abandoned"}
    wanted = {"completed"} if is_published else ending.ends_as
    if ending.status not in wanted:
        yield Breach("status", f"the session is {ending.status}, not one of {sorted(wanted)}")


def _one_event(ending: Ending) -> Iterator[Breach]:
    """One event if the publication succeeded, and not even a draft if it failed."""
    statuses = [event.status for event in ending.events]
    wanted = ["published"] if ending.publication == "published" else []
    if statuses != wanted:
        yield Breach("event", f"the publication is {ending.publication}, the events are {statuses}")


def _acknowledged_data(ending: Ending) -> Iterator[Breach]:
    """An event, and its session, have the data that the session has acknowledged."""
    if ending.shown_title not in {None, ending.title}:
        yield Breach("data", f"the session has {ending.shown_title!r} instead of {ending.title!r}")
    for event in ending.events:
        amounts = {name: amount for name, (amount, _) in event.prices.items()}
        if event.title != ending.title:
            yield Breach("data", f"the title is {event.title!r} instead of {ending.title!r}")
        if amounts != dict(ending.amounts):
            yield Breach("data", f"the amounts are {amounts} instead of {dict(ending.amounts)}")


def _one_catalogue(ending: Ending) -> Iterator[Breach]:
    """Each tier of a published event has one active product with one active price, its own."""
    if ending.publication != "published":
        return
    products = [product for product in ending.products if product.active]
    names = Counter(product.name for product in products)
    if names != Counter(ending.amounts.keys()):
        yield Breach("catalogue", f"the active products are {dict(names)}")
    of_event = {name: price for event in ending.events for name, price in event.prices.items()}
    for product in products:
        on_sale = [
            (price.amount, price.price_id)
            for price in ending.prices
            if price.active and price.product_id == product.product_id
        ]
        if on_sale != [of_event.get(product.name)]:
            yield Breach(
                "catalogue",
                f"{product.name} is sold at {on_sale}, the event has {of_event.get(product.name)}",
            )
    known = {product.product_id for product in products}
    for price in ending.prices:
        if price.active and price.product_id not in known:
            yield Breach("catalogue", f"{price.price_id} is active, its product is not")


def _created_once(ending: Ending) -> Iterator[Breach]:
    """Nothing was created twice, whether it is active or not."""
    for name, count in Counter(product.name for product in ending.products).items():
        if count > 1:
            yield Breach("doubled", f"{name} has {count} products")
    if len(ending.prices) - ending.earlier_prices > len(ending.amounts):
        yield Breach("doubled", f"{len(ending.prices)} prices for {len(ending.amounts)} tiers")


def _nothing_on_sale(ending: Ending) -> Iterator[Breach]:
    """After a publication that failed. Stripe may have declined to take the catalogue off sale;
    that is logged, and the next publication repairs it."""
    if ending.publication == "published" or ending.may_be_left:
        return
    active = [product.name for product in ending.products if product.active]
    active += [price.price_id for price in ending.prices if price.active]
    if active:
        yield Breach("on sale", f"after a failure, {active} are active")


def _read_model(ending: Ending) -> Iterator[Breach]:
    """Postgres has the session as it is, and each of its changes once."""
    row = ending.row
    if row is None:
        yield Breach("read model", "there is no row of the session")
        return
    shown = (row.status, row.publication, row.revision)
    wanted = (ending.status, ending.publication, ending.revision)
    if shown != wanted:
        yield Breach("read model", f"the row has {shown}, the session {wanted}")
    if list(row.revisions) != list(range(1, ending.revision + 1)):
        yield Breach("read model", f"the audit trail has the revisions {list(row.revisions)}")


def _erased(ending: Ending) -> Iterator[Breach]:
    """A session that was erased leaves neither a row nor a workflow."""
    if ending.row is not None or not ending.is_closed:
        yield Breach("erased", f"the row is {ending.row}, the workflow closed: {ending.is_closed}")


PUBLICATION_RULES: Final[tuple[Callable[[Ending], Iterator[Breach]], ...]] = (
    _stuck,
    _status,
    _one_event,
    _acknowledged_data,
    _one_catalogue,
    _created_once,
    _nothing_on_sale,
    _read_model,
)


ERASED_RULES: Final[tuple[Callable[[Ending], Iterator[Breach]], ...]] = (
    _erased,
    _one_event,
    _acknowledged_data,
    _one_catalogue,
    _created_once,
    _nothing_on_sale,
)


@dataclass(frozen=True)
class OrderEnding:
    """``wanted`` is the state in which the order should end, by what its buyer did; None if each
    request was refused. If messages arrived meanwhile, ``is_raced``, the order may end in any state
    that fits its charge. ``state`` is None if Postgres has no such order."""

    wanted: str | None
    state: str | None
    is_settled: bool
    evidence: Evidence
    is_raced: bool = False
    told: Sequence[tuple[str, str, str | None]] = ()
    """The message, the state and the checkout of each answer to a message."""
    checkout_id: str | None = None
    """The checkout that the buyer was answered with first."""


_FINAL: Final = frozenset({"paid", "cancelled", "expired"})


def breaches_of_order(ending: OrderEnding) -> list[Breach]:
    """The rules of sales, for one order: the inventory is the sum of the orders, each paid order
    has one charge, and no other one has any. And it ends as its buyer wants."""
    breaches = [Breach(found.rule, found.detail) for found in judge(ending.evidence)]
    if not ending.is_settled:
        breaches.append(Breach("stuck", f"the order is {ending.state}, and nothing goes on"))
    if ending.wanted is None:
        breaches.append(Breach("refused", "each request of the buyer was refused"))
    wanted = _may_end_as(ending)
    if ending.state not in wanted:
        breaches.append(Breach("end", f"the order is {ending.state}, not one of {wanted}"))
    return [*breaches, *_wrong_answers(ending)]


def _may_end_as(ending: OrderEnding) -> Sequence[str | None]:
    if not ending.is_raced:
        return [ending.wanted]
    is_paid = any(charge.succeeded for charge in ending.evidence.charges)
    return ["paid"] if is_paid else ["cancelled", "expired"]


def _wrong_answers(ending: OrderEnding) -> Iterator[Breach]:
    """An answer that says how the order ends is right, and each one has the same checkout."""
    for message, state, checkout_id in ending.told:
        if state in _FINAL and state != ending.state:
            yield Breach("answer", f"{message} got {state}, and the order is {ending.state}")
        if checkout_id is not None and ending.checkout_id not in {None, checkout_id}:
            yield Breach("answer", f"{message} got the checkout {checkout_id}")
