"""A body is accepted as an event only if Stripe signed it recently for this endpoint."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
import stripe
from pydantic import SecretStr

from payments.errors import EndpointMismatch, SignatureRefused
from payments.models import InboxEvent, ObjectReference
from payments.webhook_secrets import WebhookSecret
from payments.webhooks import verify

OURS = SecretStr("whsec_ours")
NEXT = SecretStr("whsec_next")
SECRETS = [WebhookSecret(OURS), WebhookSecret(NEXT)]

SNAPSHOT: dict[str, Any] = {
    "id": "evt_1",
    "object": "event",
    "type": "checkout.session.completed",
    "account": "acct_ada",
    "livemode": False,
    "created": 1_893_456_000,
    "data": {
        "object": {
            "id": "cs_1",
            "object": "checkout.session",
            "customer_details": {"name": "Ada Lovelace", "email": "ada@example.test"},
        }
    },
}
THIN: dict[str, Any] = {
    "id": "evt_2",
    "object": "v2.core.event",
    "type": "v2.core.account[requirements].updated",
    "livemode": False,
    "created": "2030-01-01T00:00:00.000Z",
    "context": None,
    "related_object": {
        "id": "acct_ada",
        "type": "v2.core.account",
        "url": "/v2/core/accounts/acct_ada",
    },
}


ORDER_ID = "6a3f5a52-0c1b-5d8e-9f6a-3b1c2d4e5f60"


def signed(body: str, secret: SecretStr = OURS, *, age: int = 0) -> str:
    header: str = stripe.WebhookSignature.generate_signature_header(
        body, secret.get_secret_value(), int(time.time()) - age
    )
    return header


def delivered(payload: object, *, secret: SecretStr = OURS, age: int = 0) -> InboxEvent:
    body = json.dumps(payload)
    return verify(body.encode(), signed(body, secret, age=age), SECRETS)


def test_a_snapshot_event_is_read() -> None:
    event = delivered(SNAPSHOT)
    assert (event.id, event.type, event.account) == ("evt_1", SNAPSHOT["type"], "acct_ada")
    assert event.created == datetime(2030, 1, 1, tzinfo=UTC)
    assert event.livemode is False
    assert event.reference == ObjectReference(type="checkout.session", id="cs_1")


def test_a_snapshot_event_of_the_platform_has_no_account() -> None:
    platform_event = {name: value for name, value in SNAPSHOT.items() if name != "account"}
    assert delivered(platform_event).account is None


def test_a_thin_event_is_about_the_account_that_it_names() -> None:
    event = delivered(THIN)
    assert (event.id, event.type, event.account) == ("evt_2", THIN["type"], "acct_ada")
    assert event.created == datetime(2030, 1, 1, tzinfo=UTC)
    assert event.reference == ObjectReference(type="v2.core.account", id="acct_ada")


@pytest.mark.parametrize(
    ("context", "account"),
    [(None, None), ("", None), ("acct_ada", "acct_ada"), ("acct_platform/acct_ada", "acct_ada")],
)
def test_a_thin_event_falls_back_to_its_context(context: str | None, account: str | None) -> None:
    related = {"id": "mtr_1", "type": "billing.meter", "url": "/v1/billing/meters/mtr_1"}
    assert delivered({**THIN, "context": context, "related_object": related}).account == account


def test_every_secret_verifies_during_a_rotation() -> None:
    assert delivered(SNAPSHOT, secret=NEXT).id == "evt_1"
    with pytest.raises(SignatureRefused):
        delivered(SNAPSHOT, secret=SecretStr("whsec_retired"))


def test_stripe_signs_with_both_secrets_during_a_rotation() -> None:
    body = json.dumps(SNAPSHOT)
    signatures = f"{signed(body, SecretStr('whsec_other'))},{signed(body).partition(',')[2]}"
    assert verify(body.encode(), signatures, SECRETS).id == "evt_1"


@pytest.mark.parametrize("secrets", [[], [SecretStr("")], [SecretStr(" ")]])
def test_an_event_without_a_secret_is_refused(secrets: list[SecretStr]) -> None:
    body = json.dumps(SNAPSHOT)
    for secret in (OURS, SecretStr("")):
        with pytest.raises(SignatureRefused):
            verify(body.encode(), signed(body, secret), [WebhookSecret(s) for s in secrets])


def test_an_old_signature_is_refused() -> None:
    assert delivered(SNAPSHOT, age=290).id == "evt_1"
    with pytest.raises(SignatureRefused):
        delivered(SNAPSHOT, age=310)


def test_the_tolerance_can_be_shortened() -> None:
    body = json.dumps(SNAPSHOT)
    with pytest.raises(SignatureRefused):
        verify(body.encode(), signed(body, age=20), SECRETS, tolerance=10)


def test_a_body_that_was_changed_is_refused() -> None:
    body = json.dumps(SNAPSHOT)
    changed = body.replace("evt_1", "evt_9")
    with pytest.raises(SignatureRefused):
        verify(changed.encode(), signed(body), SECRETS)


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "nonsense",
        "t=1",
        "v1=abc",
        "t=x,v1=abc",
        "t=1,v0=abc",
        "t=1,v1=ä",
        "=,=",
        "t=,v1=",
    ],
)
def test_a_malformed_signature_is_refused(signature: str | None) -> None:
    with pytest.raises(SignatureRefused):
        verify(json.dumps(SNAPSHOT).encode(), signature, SECRETS)


@pytest.mark.parametrize("body", ["", "not json", "[]", "null", '"evt_1"', '{"object": "event"}'])
def test_a_signed_body_that_is_not_an_event_is_refused(body: str) -> None:
    with pytest.raises(SignatureRefused):
        verify(body.encode(), signed(body), SECRETS)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": ""},
        {"id": 7},
        {"id": "evt 1"},
        {"id": "evt_\0"},
        {"id": "x" * 256},
        {"type": None},
        {"type": "y" * 256},
        {"object": "charge"},
        {"object": ["event"]},
        {"created": "x"},
        {"created": "2030-01-01T00:00:00"},
        {"created": 10**18},
        {"livemode": None},
        {"livemode": "false"},
        {"account": 7},
        {"account": "acct_\n"},
    ],
    ids=str,
)
def test_an_event_with_a_wrong_field_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(SignatureRefused):
        delivered({**SNAPSHOT, **changes})


def test_a_body_that_is_not_text_is_refused() -> None:
    with pytest.raises(SignatureRefused):
        verify(b"\xff\xfe", "t=1,v1=abc", SECRETS)


@pytest.mark.parametrize("payload", [SNAPSHOT, THIN], ids=["snapshot", "thin"])
def test_an_event_of_each_mode_is_read(payload: dict[str, Any]) -> None:
    assert not delivered(payload).livemode
    assert delivered({**payload, "livemode": True}).livemode


def test_an_event_has_nothing_but_its_used_fields() -> None:
    shown = repr(delivered({**SNAPSHOT, "request": {"id": "req_1"}}))
    assert "ada@example.test" not in shown
    assert "req_1" not in shown


@pytest.mark.parametrize(
    "changes",
    [
        {"data": None},
        {"data": {}},
        {"data": {"object": None}},
        {"data": {"object": {"object": "balance"}}},
        {"data": {"object": {"id": "ada@example.test", "object": "product"}}},
        {"data": {"object": {"id": "x" * 256, "object": "product"}}},
        {"data": {"object": {"id": 7, "object": "product"}}},
        {"data": {"object": {"id": "prod_1"}}},
    ],
    ids=str,
)
def test_an_object_without_an_id_of_stripe_has_no_reference(changes: dict[str, object]) -> None:
    assert delivered({**SNAPSHOT, **changes}).reference is None


def object_of(**fields: object) -> ObjectReference | None:
    checkout = {"id": "cs_1", "object": "checkout.session", **fields}
    return delivered({**SNAPSHOT, "data": {"object": checkout}}).reference


def test_an_object_names_its_order_and_its_payment() -> None:
    metadata = {"order": ORDER_ID.upper(), "guest": "Ada"}
    assert object_of(metadata=metadata, payment_intent="pi_1") == ObjectReference(
        type="checkout.session", id="cs_1", order_id=ORDER_ID, payment_intent="pi_1"
    )


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"metadata": None, "payment_intent": None},
        {"metadata": "order", "payment_intent": {"id": "pi_1"}},
        {"metadata": {"order": "Ada Lovelace"}, "payment_intent": "ada@example.test"},
        {"metadata": {"order": [ORDER_ID]}, "payment_intent": ["pi_1"]},
        {"metadata": {"orders": ORDER_ID}, "payment_intent": ""},
    ],
)
def test_other_metadata_names_no_order(fields: dict[str, object]) -> None:
    assert object_of(**fields) == ObjectReference(type="checkout.session", id="cs_1")


def test_a_thin_event_without_an_object_has_no_reference() -> None:
    assert delivered({**THIN, "related_object": None}).reference is None


PLATFORM_SNAPSHOT = {**SNAPSHOT, "account": None}
PLATFORM_THIN = {**THIN, "related_object": {"id": "mtr_1", "type": "billing.meter"}}
THIN_IN_CONTEXT = {**PLATFORM_THIN, "context": "acct_ada"}
PING = {
    **THIN,
    "type": "v2.core.event_destination.ping",
    "related_object": {"id": "ed_1", "type": "v2.core.event_destination"},
}
OF_PLATFORM = [PLATFORM_SNAPSHOT, PLATFORM_THIN]
OF_ACCOUNTS = [SNAPSHOT, THIN, THIN_IN_CONTEXT]
LABELLED = [
    WebhookSecret.parse(SecretStr(entry))
    for entry in ("platform:whsec_platform", "connect:whsec_connect", "whsec_ours")
]
PLATFORM, CONNECT = SecretStr("whsec_platform"), SecretStr("whsec_connect")


def verified(payload: object, *signers: SecretStr) -> InboxEvent:
    """The event, with a signature of each secret."""
    body = json.dumps(payload)
    timestamp, *_ = signed(body).split(",")
    signatures = [signed(body, secret).partition(",")[2] for secret in signers]
    return verify(body.encode(), ",".join([timestamp, *signatures]), LABELLED)


@pytest.mark.parametrize(
    ("payloads", "right", "wrong", "owner"),
    [
        (OF_PLATFORM, PLATFORM, CONNECT, "the platform"),
        (OF_ACCOUNTS, CONNECT, PLATFORM, "a connected account"),
    ],
    ids=["platform", "connect"],
)
def test_a_secret_accepts_the_events_of_its_endpoint_only(
    payloads: list[dict[str, Any]], right: SecretStr, wrong: SecretStr, owner: str
) -> None:
    for payload in payloads:
        assert verified(payload, right).id == payload["id"]
        assert verified(payload, OURS).id == payload["id"]
        assert verified(payload, wrong, right).id == payload["id"]
        with pytest.raises(EndpointMismatch, match=f"{payload['id']} belongs to {owner}") as caught:
            verified(payload, wrong)
        assert "whsec" not in caught.value.message


@pytest.mark.parametrize("secret", [PLATFORM, CONNECT, OURS])
def test_a_ping_belongs_to_every_endpoint(secret: SecretStr) -> None:
    assert verified(PING, secret).id == PING["id"]


def test_a_refusal_names_no_secret_and_no_content() -> None:
    with pytest.raises(SignatureRefused) as caught:
        delivered({"email": "ada@example.test"}, secret=SecretStr("whsec_retired"))
    assert "whsec" not in str(caught.value)
    assert "ada@" not in str(caught.value)
    assert caught.value.code == "webhook_signature_refused"
