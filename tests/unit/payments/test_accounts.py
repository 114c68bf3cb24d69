"""Connected accounts: created once per tenant, with Stripe's state mapped to our statuses."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from domain.actors import Tenant
from domain.values.payments import PaymentReason, Payments, PaymentStatus
from payments.errors import KeyRefused, PaymentsDeclined, PaymentsUnavailable
from payments.idempotency import account_key
from payments.models import AccountDetails
from tests.unit.payments.fake_stripe import adapter_on, body_of, failure

ADA = Tenant("user", "ada")
NOW = datetime(2030, 1, 1, tzinfo=UTC)
DETAILS = AccountDetails(email="ada@example.test", country="US", display_name="Ada")


def entry(description: str, deadline: str = "currently_due", by: str = "user") -> dict[str, Any]:
    return {
        "description": description,
        "awaiting_action_from": by,
        "minimum_deadline": {"status": deadline},
        "errors": [],
    }


def account(
    card_payments: str | None = "restricted",
    *entries: dict[str, Any],
    payouts: str = "pending",
    **changes: Any,
) -> dict[str, Any]:
    capabilities = {
        "card_payments": card_payments and {"status": card_payments, "status_details": []},
        "stripe_balance": {"payouts": {"status": payouts, "status_details": []}},
    }
    return {
        "id": "acct_ada",
        "object": "v2.core.account",
        "livemode": False,
        "closed": False,
        "configuration": {"merchant": {"capabilities": capabilities}},
        "defaults": {"currency": "usd"},
        "requirements": {"entries": list(entries)},
        **changes,
    }


async def payments_of(answer: dict[str, Any]) -> Payments:
    adapter = adapter_on(lambda _request: httpx.Response(200, json=answer))
    return await adapter.account("acct_ada", checked_at=NOW)


async def test_an_account_with_card_payments_is_ready() -> None:
    payments = await payments_of(account("active", payouts="active"))
    assert payments == Payments(
        account_id="acct_ada",
        status=PaymentStatus.READY,
        requirements=[],
        livemode=False,
        payouts_enabled=True,
        default_currency="usd",
        checked_at=NOW,
    )


DUE = entry("identity.individual.given_name")
TERMS = entry("identity.attestations.terms_of_service.account", "past_due")


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (account("restricted", DUE, TERMS), PaymentStatus.ONBOARDING),
        (account("pending", TERMS), PaymentStatus.ONBOARDING),
        (account("pending"), PaymentStatus.ONBOARDING),
        (account("pending", entry("documents", by="stripe")), PaymentStatus.ONBOARDING),
        (account("pending", DUE), PaymentStatus.RESTRICTED),
        (account("restricted", DUE), PaymentStatus.RESTRICTED),
        (account("restricted"), PaymentStatus.RESTRICTED),
        (account("rejected"), PaymentStatus.RESTRICTED),
        (account("unsupported", TERMS), PaymentStatus.RESTRICTED),
        (account("active", closed=True), PaymentStatus.DISCONNECTED),
        (account("active", DUE), PaymentStatus.READY),
        (account("active"), PaymentStatus.READY),
    ],
)
async def test_the_status_of_an_account(answer: dict[str, Any], status: PaymentStatus) -> None:
    assert (await payments_of(answer)).status is status


async def test_an_answer_without_optional_parts_is_onboarding() -> None:
    bare = {"id": "acct_ada", "object": "v2.core.account", "livemode": True}
    payments = await payments_of(
        {**bare, "configuration": None, "requirements": None, "defaults": None}
    )
    assert payments == await payments_of(bare)
    assert (payments.status, payments.livemode) == (PaymentStatus.ONBOARDING, True)
    assert (payments.payouts_enabled, payments.default_currency) == (False, None)


async def test_requirements_are_those_due_from_the_organizer() -> None:
    payments = await payments_of(
        account(
            "restricted",
            entry("identity.individual.surname", "past_due"),
            entry("identity.individual.given_name"),
            entry("identity.individual.given_name"),
            entry("identity.individual.id_numbers", "eventually_due"),
            entry("identity.individual.address", by="stripe"),
        )
    )
    assert payments.requirements == [
        "identity.individual.given_name",
        "identity.individual.surname",
    ]


async def test_every_part_that_is_read_is_requested() -> None:
    requests: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json=account())

    await adapter_on(handler).account("acct_ada", checked_at=NOW)
    assert sorted(requests[0].url.params.values()) == [
        "configuration.merchant",
        "defaults",
        "requirements",
    ]
    assert "Stripe-Account" not in requests[0].headers


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (account("active"), None),
        (account("restricted", DUE), None),
        (account("active", closed=True), PaymentReason.CLOSED),
        (account("rejected"), PaymentReason.REJECTED),
        (account("unsupported"), PaymentReason.REJECTED),
        (account("rejected", closed=True), PaymentReason.CLOSED),
    ],
)
async def test_the_reason_of_a_status(answer: dict[str, Any], reason: PaymentReason | None) -> None:
    assert (await payments_of(answer)).reason == reason


@pytest.mark.parametrize(
    "refusal",
    [failure(404, code="resource_missing"), failure(403, code="account_invalid")],
    ids=["deleted", "access revoked"],
)
async def test_an_account_that_is_gone_is_disconnected(refusal: httpx.Response) -> None:
    adapter = adapter_on(lambda _request: refusal)
    assert await adapter.account("acct_ada", checked_at=NOW) == Payments(
        account_id="acct_ada",
        status=PaymentStatus.DISCONNECTED,
        reason=PaymentReason.ACCOUNT_GONE,
        checked_at=NOW,
    )


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_key_says_nothing_about_the_account(status: int) -> None:
    adapter = adapter_on(lambda _request: failure(status, message="Invalid API Key"))
    with pytest.raises(KeyRefused):
        await adapter.account("acct_ada", checked_at=NOW)


@dataclass
class Recorded:
    """Answers creations in order, then with an account, and lists the given accounts."""

    creations: list[httpx.Response] = field(default_factory=list)
    listed: list[list[dict[str, Any]]] = field(default_factory=lambda: [[]])
    requests: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.method == "POST":
            return self.creations.pop(0) if self.creations else httpx.Response(200, json=account())
        page = int(request.url.params.get("page", 1))
        entries = [
            {"object": "v2.core.account", "metadata": None, **entry}
            for entry in self.listed[page - 1]
        ]
        is_last = page == len(self.listed)
        following = None if is_last else f"/v2/core/accounts?page={page + 1}"
        return httpx.Response(200, json={"data": entries, "next_page_url": following})

    @property
    def keys(self) -> list[str]:
        """The idempotency keys of the creations."""
        return [
            request.headers["Idempotency-Key"]
            for request in self.requests
            if request.method == "POST"
        ]


def key_of_ada(generation: int, *, livemode: bool = False) -> str:
    return account_key(ADA, livemode=livemode, generation=generation)


async def test_an_account_is_created_under_its_tenants_key() -> None:
    stripe = Recorded()
    adapter = adapter_on(stripe)

    assert await adapter.create_account(ADA, 1, DETAILS) == "acct_ada"

    assert stripe.keys == [key_of_ada(1)]
    assert body_of(stripe.requests[0]) == {
        "contact_email": "ada@example.test",
        "display_name": "Ada",
        "identity": {"country": "US"},
        "dashboard": "full",
        "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
        "defaults": {
            "responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}
        },
        "metadata": {"tenant": "user:ada", "generation": "1"},
    }
    await adapter.create_account(ADA, 2, AccountDetails())
    assert stripe.keys[1] == key_of_ada(2)
    assert not {"contact_email", "display_name", "identity"} & body_of(stripe.requests[1]).keys()


REUSED = failure(409, type="idempotency_error", code="idempotency_error")
OF_ADA = {"tenant": "user:ada", "generation": "1"}


async def test_a_reused_key_finds_the_existing_account() -> None:
    """Another member created the account, with another email address."""
    stripe = Recorded(
        creations=[REUSED],
        listed=[
            [
                {"id": "acct_bob", "metadata": {**OF_ADA, "tenant": "user:bob"}},
                {"id": "acct_bare"},
                {"id": "acct_later", "metadata": {**OF_ADA, "generation": "2"}},
            ],
            [{"id": "acct_first", "metadata": OF_ADA}],
        ],
    )

    assert await adapter_on(stripe).create_account(ADA, 1, DETAILS) == "acct_first"

    assert stripe.keys == [key_of_ada(1)]


@pytest.mark.parametrize("details", [DETAILS, AccountDetails()])
async def test_a_reused_key_without_an_account_does_not_last(details: AccountDetails) -> None:
    """The creation under the key failed: all members then create the same account."""
    stripe = Recorded(creations=[REUSED])

    assert await adapter_on(stripe).create_account(ADA, 1, details) == "acct_ada"

    assert stripe.keys == [key_of_ada(1), f"{key_of_ada(1)}:bare"]
    assert not {"contact_email", "display_name", "identity"} & body_of(stripe.requests[-1]).keys()


async def test_declined_details_do_not_prevent_an_account() -> None:
    """Such as the country of a venue in which Stripe has no accounts."""
    stripe = Recorded(creations=[failure(400, code="country_unsupported")])

    assert await adapter_on(stripe).create_account(ADA, 1, DETAILS) == "acct_ada"

    assert stripe.keys == [key_of_ada(1), f"{key_of_ada(1)}:bare"]


@pytest.mark.parametrize(
    ("details", "refusal"),
    [
        (AccountDetails(), failure(400, code="invalid_fields")),
        (DETAILS, failure(401, message="Invalid API Key")),
    ],
)
async def test_another_refusal_is_final(details: AccountDetails, refusal: httpx.Response) -> None:
    stripe = Recorded(creations=[refusal])

    with pytest.raises(PaymentsDeclined):
        await adapter_on(stripe).create_account(ADA, 1, details)

    assert stripe.keys == [key_of_ada(1)]


@pytest.mark.parametrize("status", [400, 409, 429])
async def test_a_key_in_use_is_retried(status: int) -> None:
    """The SDK raises the same error as for a reused key. Another member is creating the account."""
    in_use = failure(status, type="idempotency_error", code="idempotency_key_in_use")
    stripe = Recorded(creations=[in_use])

    with pytest.raises(PaymentsUnavailable) as caught:
        await adapter_on(stripe).create_account(ADA, 1, DETAILS)

    assert caught.value.code == "payments_in_flight"
    assert stripe.keys == [key_of_ada(1)]


@pytest.mark.parametrize(
    ("stored", "details", "updates"),
    [
        ({}, DETAILS, [{"contact_email": DETAILS.email}, {"identity": {"country": "US"}}]),
        ({"contact_email": "ada@example.test", "identity": {"country": "us"}}, DETAILS, []),
        (
            {"contact_email": "old@example.test", "identity": {"country": "FR"}},
            DETAILS,
            [{"contact_email": DETAILS.email}, {"identity": {"country": "US"}}],
        ),
        ({"contact_email": "old@example.test"}, AccountDetails(), []),
    ],
)
@pytest.mark.parametrize("answer", [200, 400])
async def test_changed_details_are_updated_in_the_onboarding(
    stored: dict[str, Any], details: AccountDetails, updates: list[Any], answer: int
) -> None:
    """A detail that Stripe declines is left to the onboarding."""
    sent: list[Any] = []

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            sent.append(body_of(request))
            return httpx.Response(answer, json=account() if answer == 200 else {"error": {}})
        assert "identity" in request.url.params.values()
        return httpx.Response(200, json=account("restricted", DUE, TERMS, **stored))

    completed = await adapter_on(handler).complete_account("acct_ada", details, checked_at=NOW)

    assert completed.status is PaymentStatus.ONBOARDING
    assert sent == updates


@pytest.mark.parametrize("state", [account("active"), account("pending", DUE)])
async def test_details_are_left_alone_after_the_onboarding(state: dict[str, Any]) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.method == "GET"
        return httpx.Response(200, json=state)

    await adapter_on(handler).complete_account("acct_ada", DETAILS, checked_at=NOW)


async def test_an_account_that_is_gone_cannot_be_completed() -> None:
    adapter = adapter_on(lambda _request: failure(403, code="account_invalid"))

    completed = await adapter.complete_account("acct_ada", DETAILS, checked_at=NOW)

    assert completed.is_over


async def test_every_onboarding_link_is_new() -> None:
    requests: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(
            200,
            json={
                "object": "v2.core.account_link",
                "url": f"https://connect.stripe.test/setup/{len(requests)}",
                "expires_at": "2030-01-01T00:05:00.000Z",
            },
        )

    adapter = adapter_on(handler)
    urls = {"return_url": "https://wizard.test/done", "refresh_url": "https://wizard.test/again"}
    links = [await adapter.onboarding_link("acct_ada", **urls) for _ in range(2)]
    assert [link.url.get_secret_value()[-1] for link in links] == ["1", "2"]
    assert links[0].expires_at == datetime(2030, 1, 1, 0, 5, tzinfo=UTC)
    assert len({request.headers["Idempotency-Key"] for request in requests}) == 2
    assert body_of(requests[0])["use_case"] == {
        "type": "account_onboarding",
        "account_onboarding": urls,
    }


async def test_bodies_are_never_logged(caplog: pytest.LogCaptureFixture) -> None:
    answer = {"url": "https://connect/secret", "expires_at": "2030-01-01T00:05:00Z"}
    adapter = adapter_on(lambda _request: httpx.Response(200, json=answer))
    caplog.set_level("DEBUG")
    await adapter.onboarding_link("acct_ada", return_url="https://a.test", refresh_url="https://b")
    assert "secret" not in caplog.text


async def test_a_thin_event_is_fetched_in_full() -> None:
    stored = {
        "id": "evt_1",
        "object": "v2.core.event",
        "type": "v2.core.account_link.returned",
        "data": {"account_id": "acct_ada"},
    }
    adapter = adapter_on(lambda _request: httpx.Response(200, json=stored))
    assert (await adapter.event("evt_1"))["data"] == {"account_id": "acct_ada"}
