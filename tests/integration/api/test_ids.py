"""Ids: one canonical form, none that another tenant can take, none that a client can imitate."""

from collections.abc import Callable
from uuid import UUID, uuid4, uuid5

import httpx
import pytest

from domain import ids
from domain.session.messages import AbandonIdle
from tests.support.api import SignIn
from tests.support.problem_documents import assert_problem, error_places
from tests.support.session_workflow import session_handle
from tests.support.stage_data import free_sections
from tests.support.system import System
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start

Spell = Callable[[str], str]
SPELLINGS: list[Spell] = [
    str.upper,
    "{{{}}}".format,
    "urn:uuid:{}".format,
    lambda text: text.replace("-", ""),
]
FULLWIDTH_ZERO = 0xFF10
OTHER_DIGITS = {ord(digit): FULLWIDTH_ZERO + int(digit) for digit in "0123456789"}

PUBLISHED_NAMESPACE = UUID("0f5b7e52-6a0e-5c44-8f0b-9b7a4f6f2c31")
"""With which an earlier release derived the ids of sessions: anyone can compute with it."""

EDGE_FUNCTION = "/functions/v1/wizard-session"


@pytest.mark.parametrize("spell", SPELLINGS)
@pytest.mark.parametrize("prefer", ["respond-async", "wait=1"])
async def test_a_save_names_the_canonical_session(
    wizard: Wizard, spell: Spell, prefer: str
) -> None:
    spelled = Wizard(wizard.http, spell(wizard.session_id))

    saved = await spelled.save("organizerSetup", {"name": "Ada"}, prefer=prefer)

    assert saved.is_success, saved.text
    assert saved.json()["session_id"] == wizard.session_id
    assert saved.headers.get("Location", wizard.path()) == wizard.path()

    async def arrived() -> bool:
        return int((await wizard.view(consistent="true"))["revision"]) == 1

    await eventually(arrived, what="the save")


async def test_a_publication_names_the_canonical_session(ada: httpx.AsyncClient) -> None:
    wizard = await start(ada, free_sections())

    accepted = await Wizard(wizard.http, wizard.session_id.upper()).post(
        "/publish", prefer="wait=0"
    )

    assert accepted.headers["Location"] == wizard.path()


CALLS = [
    ("GET", "", None),
    ("GET", "/checks", None),
    ("GET", "/actions", None),
    ("PATCH", "/stages/organizerSetup", {"name": "Ada"}),
    ("POST", "/stages/organizerSetup/complete", {}),
    ("POST", "/transition", {"from_stage": "organizerSetup", "to_stage": "eventSetup"}),
    ("POST", "/publish", None),
    ("DELETE", "/publication", None),
    ("POST", "/restore", {"revision": 0}),
    ("POST", "/payments/disconnect", None),
    ("POST", "/abandon", None),
    ("DELETE", "", None),
]


@pytest.mark.parametrize("prefer", ["respond-async", "wait=1"])
@pytest.mark.parametrize(("method", "suffix", "body"), CALLS)
async def test_digits_of_another_script_are_not_found(
    wizard: Wizard, method: str, suffix: str, body: object, prefer: str
) -> None:
    elsewhere = Wizard(wizard.http, wizard.session_id.translate(OTHER_DIGITS))

    response = await wizard.http.request(
        method, elsewhere.path(suffix), json=body, headers={"Prefer": prefer}
    )

    assert_problem(response, 404, "session_not_found")


async def test_an_event_is_found_by_the_spellings_of_its_id(ada: httpx.AsyncClient) -> None:
    event = (await (await start(ada, free_sections())).post("/publish")).json()

    for spell in SPELLINGS:
        found = await ada.get(f"/v1/events/{spell(event['event_id'])}")
        assert found.json() == event
    other = await ada.get(f"/v1/events/{event['event_id'].translate(OTHER_DIGITS)}")
    assert_problem(other, 404, "event_not_found")


async def test_a_chosen_id_is_canonical(ada: httpx.AsyncClient) -> None:
    chosen = str(uuid4())

    created = [
        await ada.post("/v1/sessions", json={"session_id": spelled})
        for spelled in (chosen.upper(), f"urn:uuid:{chosen}", f"{{{chosen}}}", chosen)
    ]

    assert [response.status_code for response in created] == [201, 200, 200, 200]
    assert {response.json()["session_id"] for response in created} == {chosen}
    assert {response.headers["Location"] for response in created} == {f"/v1/sessions/{chosen}"}


async def test_a_chosen_id_in_other_digits_is_refused(ada: httpx.AsyncClient) -> None:
    chosen = str(uuid4()).translate(OTHER_DIGITS)

    refused = await ada.post("/v1/sessions", json={"session_id": chosen})
    earlier = await ada.post(EDGE_FUNCTION, json={"op": "create", "sessionId": chosen})

    assert error_places(assert_problem(refused, 422, "invalid_request")) == [
        ("/session_id", "invalid_format")
    ]
    assert earlier.status_code == 400


async def test_no_tenant_takes_the_session_of_anothers_key(
    ada: httpx.AsyncClient, sign_in: SignIn, user: str
) -> None:
    guessed = str(uuid5(PUBLISHED_NAMESPACE, f"user:{user}\ncreate-1"))
    await sign_in(f"eve-{user}").post("/v1/sessions", json={"session_id": guessed})

    created = [
        await ada.post("/v1/sessions", headers={"Idempotency-Key": "create-1"}) for _ in range(2)
    ]

    assert [response.status_code for response in created] == [201, 200]
    assert created[0].json()["session_id"] != guessed


async def test_no_tenant_takes_the_successor_of_anothers_session(
    ada: httpx.AsyncClient, sign_in: SignIn, user: str
) -> None:
    chosen = str(uuid4())
    await ada.post(EDGE_FUNCTION, json={"op": "create", "sessionId": chosen})
    guessed = str(uuid5(PUBLISHED_NAMESPACE, f"after\n{chosen}"))
    await sign_in(f"eve-{user}").post("/v1/sessions", json={"session_id": guessed})
    await Wizard(ada, chosen).post("/abandon")

    first, again = [
        await ada.post(EDGE_FUNCTION, json={"op": "create", "sessionId": chosen}) for _ in range(2)
    ]

    assert first.status_code == again.status_code == 200
    assert first.json()["session"]["id"] == again.json()["session"]["id"]
    assert first.json()["session"]["id"] not in {chosen, guessed}


@pytest.mark.parametrize("key", ["idle-at-2", "idle_at_2", "terms-2"])
async def test_a_key_of_a_client_is_no_id_of_the_system(
    system: System, wizard: Wizard, key: str
) -> None:
    await wizard.save("organizerSetup", {"name": "Ada"})
    await wizard.save("organizerSetup", {"name": "Grace"}, idempotency_key=key)

    await session_handle(system.temporal.client, wizard.session_id).execute_update(
        ids.UPDATE_ABANDON_IDLE, AbandonIdle(revision=2), id=ids.idle_update_id(2)
    )

    assert (await wizard.view(consistent="true"))["status"] == "abandoned"


async def test_attempts_without_a_key_are_marked_as_the_systems(wizard: Wizard) -> None:
    accepted = await wizard.save("organizerSetup", {"name": "Ada"}, prefer="respond-async")

    message_id = accepted.json()["message_id"]
    assert " " in message_id

    async def recorded() -> bool:
        actions = (await wizard.get("/actions")).json()["items"]
        return [action["idempotency_key"] for action in actions] == [message_id]

    await eventually(recorded, what="the audit trail")
