"""A session belongs to a tenant; other tenants get the response for a missing session."""

from uuid import uuid4

import httpx
import pytest

from tests.support.api import SignIn, client_for
from tests.support.problem_documents import assert_problem
from tests.support.system import System
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start, untouched

Request = tuple[str, str, object]

REQUESTS: dict[str, Request] = {
    "view": ("GET", "", None),
    "consistent view": ("GET", "?consistent=true", None),
    "checks": ("GET", "/checks", None),
    "actions": ("GET", "/actions", None),
    "save": ("PATCH", "/stages/organizerSetup", {"name": "Eve"}),
    "complete": ("POST", "/stages/organizerSetup/complete", {"data": {"name": "Eve"}}),
    "transition": (
        "POST",
        "/transition",
        {"from_stage": "organizerSetup", "to_stage": "eventSetup"},
    ),
    "publish": ("POST", "/publish", None),
    "cancel": ("DELETE", "/publication", None),
    "restore": ("POST", "/restore", {"revision": 0}),
    "disconnect": ("POST", "/payments/disconnect", None),
    "abandon": ("POST", "/abandon", None),
}

# The owner of the session and the caller, who is of another tenant.
STRANGERS: dict[str, tuple[tuple[str, str | None], tuple[str, str | None]]] = {
    "another user": (("ada", None), ("eve", None)),
    "another organization": (("ada", "acme"), ("eve", "globex")),
    "the same user for herself": (("ada", "acme"), ("ada", None)),
    "the same user for an organization": (("ada", None), ("ada", "acme")),
    "the same user for another organization": (("ada", "acme"), ("ada", "globex")),
    "an organization with the user's id": (("ada", None), ("eve", "ada")),
    "a user with the organization's id": (("ada", "acme"), ("acme", None)),
}


async def ask(http: httpx.AsyncClient, session_id: str, request: Request) -> httpx.Response:
    method, suffix, body = request
    return await http.request(method, f"/v1/sessions/{session_id}{suffix}", json=body)


@pytest.mark.parametrize(("owner", "stranger"), STRANGERS.values(), ids=STRANGERS.keys())
async def test_another_tenants_session_is_not_found(
    sign_in: SignIn, owner: tuple[str, str | None], stranger: tuple[str, str | None]
) -> None:
    wizard = await start(sign_in(*owner))
    await wizard.save("organizerSetup", {"name": "Ada"})
    eve = sign_in(*stranger)

    async with untouched(wizard):
        for name, request in REQUESTS.items():
            foreign = await ask(eve, wizard.session_id, request)
            missing = await ask(eve, str(uuid4()), request)
            assert_problem(foreign, 404, "session_not_found")
            assert foreign.json() == missing.json(), name
            assert foreign.headers.keys() == missing.headers.keys(), name

    listed = (await eve.get("/v1/sessions", params={"limit": 100})).json()["items"]
    assert wizard.session_id not in [session["session_id"] for session in listed]


async def test_a_session_id_of_another_tenant_is_taken(wizard: Wizard, sign_in: SignIn) -> None:
    eve = sign_in(f"eve-{uuid4().hex}")

    async with untouched(wizard):
        response = await eve.post("/v1/sessions", json={"session_id": wizard.session_id})

    assert_problem(response, 404, "session_not_found")


async def test_creating_an_own_session_again_returns_it(wizard: Wizard) -> None:
    await wizard.save("organizerSetup", {"name": "Ada"})

    repeated = await wizard.http.post("/v1/sessions", json={"session_id": wizard.session_id})

    assert repeated.status_code == 200
    assert repeated.headers["Location"] == wizard.path()
    assert repeated.json()["stages"]["organizerSetup"]["data"] == {"name": "Ada"}


async def test_members_of_an_organization_share_sessions(sign_in: SignIn, user: str) -> None:
    org = f"org-{user}"
    ada, bob = sign_in("ada", org), sign_in("bob", org)
    wizard = await start(ada)
    assert (await wizard.view())["organization_id"] == org
    colleague = Wizard(bob, wizard.session_id)

    saved = await colleague.save("organizerSetup", {"name": "Bob"})

    assert saved.status_code == 200
    assert saved.json()["user_id"] == "ada"
    assert await wizard.view() == await colleague.view()

    async def listed_for_bob() -> list[str]:
        page = (await bob.get("/v1/sessions")).json()
        return [session["session_id"] for session in page["items"]]

    assert await eventually(listed_for_bob, what="the list") == [wizard.session_id]
    repeated = await bob.post("/v1/sessions", json={"session_id": wizard.session_id})
    assert repeated.status_code == 200


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS.keys())
async def test_a_request_without_a_token_is_refused(
    system: System, wizard: Wizard, request_: Request
) -> None:
    async with client_for(system.address, None) as http:
        response = await ask(http, wizard.session_id, request_)

    assert_problem(response, 401, "unauthenticated")
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer x",
        "Basic YWRhOmFkYQ==",
        "Bearer a.b.c",
        "bearer",
        "x",
        "Bearer " + "x" * 9000,
    ],
)
async def test_an_invalid_token_is_refused(system: System, header: str) -> None:
    async with client_for(system.address, None) as http:
        response = await http.get("/v1/sessions", headers={"Authorization": header})

    assert_problem(response, 401, "unauthenticated")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


async def test_a_refused_token_is_not_repeated(system: System) -> None:
    async with client_for(system.address, "eyJhbGciOiJub25lIn0.secret.x") as http:
        response = await http.get("/v1/sessions")

    assert_problem(response, 401, "unauthenticated")
    assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]
    assert "secret" not in response.text + str(response.headers)


async def test_the_token_is_checked_before_the_body(system: System) -> None:
    async with client_for(system.address, None) as http:
        responses = [
            await http.patch("/v1/sessions/x/stages/y", content=b"{"),
            await http.get("/v1/sessions", params={"limit": "x"}),
            await http.post("/v1/sessions", json={"session_id": "x"}),
        ]

    for response in responses:
        assert_problem(response, 401, "unauthenticated")


async def test_health_and_readiness_need_no_token(system: System) -> None:
    async with client_for(system.address, None) as http:
        assert (await http.get("/healthz")).json() == {"status": "ok"}
        assert (await http.get("/readyz")).json() == {
            "status": "ready",
            "postgres": "ok",
            "temporal": "ok",
            "stripe": None,
            "stripe_since": None,
        }
