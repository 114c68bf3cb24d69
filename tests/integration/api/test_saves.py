"""Saving drafts: merge patches, revisions, and concurrent users of a session."""

import asyncio

import pytest

from domain.json_values import JsonObject
from tests.support.api import SignIn
from tests.support.wizard import Wizard, untouched


async def data(wizard: Wizard, stage: str) -> JsonObject:
    shown: JsonObject = (await wizard.view(consistent="true"))["stages"][stage]["data"]
    return shown


async def test_saved_fields_are_merged(wizard: Wizard) -> None:
    await wizard.save("organizerSetup", {"name": "Ada", "socials": {"x": "@ada"}})

    await wizard.save("organizerSetup", {"bio": "Counts.", "socials": {"tiktok": "@lovelace"}})

    assert await data(wizard, "organizerSetup") == {
        "name": "Ada",
        "bio": "Counts.",
        "socials": {"x": "@ada", "tiktok": "@lovelace"},
    }


async def test_null_removes_a_field(wizard: Wizard) -> None:
    await wizard.save("organizerSetup", {"name": "Ada", "socials": {"x": "@ada", "tiktok": "@a"}})

    await wizard.save("organizerSetup", {"name": None, "socials": {"x": None}, "bio": None})

    assert await data(wizard, "organizerSetup") == {"socials": {"tiktok": "@a"}}


async def test_a_list_replaces_a_list(wizard: Wizard) -> None:
    await wizard.save("eventSetup", {"tags": ["silk", "spring"]})

    await wizard.save("eventSetup", {"tags": ["autumn"]})

    assert await data(wizard, "eventSetup") == {"tags": ["autumn"]}


async def test_another_type_replaces_a_value(wizard: Wizard) -> None:
    await wizard.save("venueSetup", {"address": {"city": "Paris"}})

    await wizard.save("venueSetup", {"address": "Paris"})
    assert await data(wizard, "venueSetup") == {"address": "Paris"}

    await wizard.save("venueSetup", {"address": {"line1": "1 Quai"}})
    assert await data(wizard, "venueSetup") == {"address": {"line1": "1 Quai"}}


async def test_a_save_leaves_other_stages_unchanged(wizard: Wizard) -> None:
    await wizard.save("organizerSetup", {"name": "Ada"})
    await wizard.save("venueSetup", {"name": "Great Hall"})

    assert await data(wizard, "organizerSetup") == {"name": "Ada"}
    assert await data(wizard, "venueSetup") == {"name": "Great Hall"}


async def test_tiers_keep_their_ids(wizard: Wizard) -> None:
    saved = await wizard.save(
        "ticketSetup",
        {"tiers": [{"name": "General", "unit_amount": 0}, {"name": "VIP", "unit_amount": 5000}]},
    )
    general, vip = saved.json()["stages"]["ticketSetup"]["data"]["tiers"]
    assert general["id"] != vip["id"]

    await wizard.save(
        "ticketSetup",
        {"tiers": [{"name": "VIP", "unit_amount": 6000}, {"name": "New", "unit_amount": 0}]},
    )

    kept, new = (await data(wizard, "ticketSetup"))["tiers"]
    assert kept == {"name": "VIP", "unit_amount": 6000, "id": vip["id"]}
    assert new["id"] not in {vip["id"], general["id"]}


async def test_each_change_raises_the_revision_by_one(wizard: Wizard) -> None:
    assert (await wizard.view())["revision"] == 0

    for revision in (1, 2, 3):
        saved = await wizard.save("organizerSetup", {"name": f"Ada {revision}"})
        assert saved.json()["revision"] == revision
        assert saved.headers["ETag"] == f'"{revision}"'


@pytest.mark.parametrize("repeated", [{}, {"name": "Ada"}, {"name": " Ada "}, {"bio": None}])
async def test_a_save_without_a_difference_changes_nothing(
    wizard: Wizard, repeated: JsonObject
) -> None:
    await wizard.save("organizerSetup", {"name": "Ada"})

    async with untouched(wizard):
        saved = await wizard.save("organizerSetup", repeated)

    assert saved.status_code == 200
    assert saved.json()["revision"] == 1


async def test_a_save_is_visible_to_the_next_read(wizard: Wizard) -> None:
    for name in ("Ada", "Grace", "Radia"):
        saved = await wizard.save("organizerSetup", {"name": name})

        assert await wizard.view() == saved.json()


async def test_an_unchanged_view_is_not_sent_again(wizard: Wizard) -> None:
    tag = (await wizard.save("organizerSetup", {"name": "Ada"})).headers["ETag"]

    for header in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        unchanged = await wizard.http.get(wizard.path(), headers={"If-None-Match": header})
        assert unchanged.status_code == 304
        assert unchanged.headers["ETag"] == tag
        assert unchanged.content == b""

    await wizard.save("organizerSetup", {"name": "Grace"})
    changed = await wizard.http.get(wizard.path(), headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] == '"2"'


async def test_concurrent_saves_of_different_fields_all_apply(
    wizard: Wizard, sign_in: SignIn, user: str
) -> None:
    second_client = Wizard(sign_in(user), wizard.session_id)
    fields = {
        "name": "Ada",
        "organization": "Engines",
        "bio": "Counts.",
        "phone": "+12125550100",
        "website": "https://ada.example",
        "email": "ada@example.com",
    }

    saved = await asyncio.gather(
        *(
            (wizard, second_client)[index % 2].save("organizerSetup", {name: value})
            for index, (name, value) in enumerate(fields.items())
        )
    )

    assert [answer.status_code for answer in saved] == [200] * len(fields)
    assert sorted(answer.json()["revision"] for answer in saved) == list(range(1, len(fields) + 1))
    assert await data(wizard, "organizerSetup") == fields
