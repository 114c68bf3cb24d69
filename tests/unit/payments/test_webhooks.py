"""A body is accepted as an event only if Stripe signed it recently for this endpoint."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
import stripe
from pydantic import SecretStr

from payments.errors import LivemodeMismatch, SignatureRefused
from payments.models import InboxEvent
from payments.webhooks import verify

OURS = SecretStr("whsec_ours")
NEXT = SecretStr("whsec_next")

SNAPSHOT: dict[str, Any] = {
    "id": "evt_1",
    "object": "event",
    "type": "checkout.session.completed",
    "account": "acct_ada",
    "livemode": False,
    "created": 1_893_456_000,
    "data": {"object": {"id": "cs_1"}},
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


def signed(body: str, secret: SecretStr = OURS, *, age: int = 0) -> str:
    header: str = stripe.WebhookSignature.generate_signature_header(
        body, secret.get_secret_value(), int(time.time()) - age
    )
    return header


def delivered(
    payload: object, *, secret: SecretStr = OURS, age: int = 0, livemode: bool = False
) -> InboxEvent:
    body = json.dumps(payload)
    return verify(body.encode(), signed(body, secret, age=age), [OURS, NEXT], livemode=livemode)


def test_a_snapshot_event_is_read() -> None:
    event = delivered(SNAPSHOT)
    assert (event.id, event.type, event.account) == ("evt_1", SNAPSHOT["type"], "acct_ada")
    assert event.created == datetime(2030, 1, 1, tzinfo=UTC)
    assert (event.livemode, event.thin) == (False, False)
    assert event.payload == SNAPSHOT


def test_a_snapshot_event_of_the_platform_has_no_account() -> None:
    platform_event = {name: value for name, value in SNAPSHOT.items() if name != "account"}
    assert delivered(platform_event).account is None


def test_a_thin_event_is_about_the_account_that_it_names() -> None:
    event = delivered(THIN)
    assert (event.id, event.type, event.account) == ("evt_2", THIN["type"], "acct_ada")
    assert event.created == datetime(2030, 1, 1, tzinfo=UTC)
    assert event.thin


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
    assert verify(body.encode(), signatures, [OURS], livemode=False).id == "evt_1"


@pytest.mark.parametrize("secrets", [[], [SecretStr("")], [SecretStr(" ")]])
def test_an_event_without_a_secret_is_refused(secrets: list[SecretStr]) -> None:
    body = json.dumps(SNAPSHOT)
    for secret in (OURS, SecretStr("")):
        with pytest.raises(SignatureRefused):
            verify(body.encode(), signed(body, secret), secrets, livemode=False)


def test_an_old_signature_is_refused() -> None:
    assert delivered(SNAPSHOT, age=290).id == "evt_1"
    with pytest.raises(SignatureRefused):
        delivered(SNAPSHOT, age=310)


def test_the_tolerance_can_be_shortened() -> None:
    body = json.dumps(SNAPSHOT)
    with pytest.raises(SignatureRefused):
        verify(body.encode(), signed(body, age=20), [OURS], livemode=False, tolerance=10)


def test_a_body_that_was_changed_is_refused() -> None:
    body = json.dumps(SNAPSHOT)
    changed = body.replace("evt_1", "evt_9")
    with pytest.raises(SignatureRefused):
        verify(changed.encode(), signed(body), [OURS], livemode=False)


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
        verify(json.dumps(SNAPSHOT).encode(), signature, [OURS], livemode=False)


@pytest.mark.parametrize("body", ["", "not json", "[]", "null", '"evt_1"', '{"object": "event"}'])
def test_a_signed_body_that_is_not_an_event_is_refused(body: str) -> None:
    with pytest.raises(SignatureRefused):
        verify(body.encode(), signed(body), [OURS], livemode=False)


@pytest.mark.parametrize(
    "changes",
    [{"id": ""}, {"id": 7}, {"type": None}, {"object": "charge"}, {"created": "x"}, {"account": 7}],
    ids=str,
)
def test_an_event_with_a_wrong_field_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(SignatureRefused):
        delivered({**SNAPSHOT, **changes})


def test_a_body_that_is_not_text_is_refused() -> None:
    with pytest.raises(SignatureRefused):
        verify(b"\xff\xfe", "t=1,v1=abc", [OURS], livemode=False)


@pytest.mark.parametrize("payload", [SNAPSHOT, THIN], ids=["snapshot", "thin"])
def test_an_event_of_the_other_mode_is_refused(payload: dict[str, Any]) -> None:
    with pytest.raises(LivemodeMismatch):
        delivered(payload, livemode=True)
    live = {**payload, "livemode": True}
    with pytest.raises(LivemodeMismatch):
        delivered(live)
    assert delivered(live, livemode=True).livemode


def test_a_refusal_names_no_secret_and_no_content() -> None:
    with pytest.raises(SignatureRefused) as caught:
        delivered({"email": "ada@example.test"}, secret=SecretStr("whsec_retired"))
    assert "whsec" not in str(caught.value)
    assert "ada@" not in str(caught.value)
    assert caught.value.code == "webhook_signature_refused"
