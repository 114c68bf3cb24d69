"""The pictures of each tenant: quota, concurrent uploads, and the rows that each role sees."""

import asyncio
import json

import asyncpg
import pytest

from db.media import KeptPicture, MediaRegister, QuotaExceeded
from db.pool import Connection, Pool
from domain.actors import Actor
from tests.integration.db.read_model_factories import (
    ADA,
    ADA_AT_ACME,
    BOB,
    EVE_AT_ACME,
    NAMED_LIKE_ORGANIZATION,
)
from tests.support.waiting import eventually

QUOTA = 1000


def picture(number: int, stored_bytes: int = 100) -> KeptPicture:
    return KeptPicture(f"{number:064x}", stored_bytes, 1920, 1280)


async def counted(admin: Connection, actor: Actor) -> int:
    total: int = await admin.fetchval(
        "SELECT coalesce(sum(bytes), 0)::int FROM media WHERE tenant = $1", str(actor.tenant)
    )
    return total


async def test_each_tenant_has_its_own_quota(api: Pool, admin: Connection) -> None:
    register = MediaRegister(api)
    for actor in (ADA, ADA_AT_ACME, BOB):
        await register.keep(actor, picture(1, QUOTA), quota=QUOTA)

    with pytest.raises(QuotaExceeded) as refused:
        await register.keep(EVE_AT_ACME, picture(2, 1), quota=QUOTA)

    assert refused.value.used == QUOTA
    assert [await counted(admin, actor) for actor in (ADA, ADA_AT_ACME, BOB)] == [QUOTA] * 3


async def test_a_repeat_counts_once_and_renews_the_upload(api: Pool, admin: Connection) -> None:
    register = MediaRegister(api)
    await register.keep(ADA, picture(1, QUOTA), quota=QUOTA)
    await admin.execute("UPDATE media SET created_at = now() - interval '6 days'")

    await register.keep(ADA, picture(1, QUOTA), quota=QUOTA)

    assert await counted(admin, ADA) == QUOTA
    assert await admin.fetchval("SELECT now() - created_at < interval '1 hour' FROM media")


async def test_concurrent_uploads_never_exceed_the_quota(api: Pool, admin: Connection) -> None:
    register = MediaRegister(api)

    results = await asyncio.gather(
        *(register.keep(ADA, picture(number, 300), quota=QUOTA) for number in range(8)),
        return_exceptions=True,
    )

    assert [type(result) for result in results].count(QuotaExceeded) == 5
    assert await counted(admin, ADA) == 900


async def test_an_upload_waits_while_its_files_are_deleted(api: Pool, admin: Connection) -> None:
    register, shared = MediaRegister(api), picture(1)
    await register.keep(BOB, shared, quota=QUOTA)
    deleting = admin.transaction()
    await deleting.start()
    await admin.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('media ' || $1::text, 0))", shared.hash
    )
    await admin.execute("DELETE FROM media")

    upload = asyncio.create_task(register.keep(ADA, shared, quota=QUOTA))

    async def waits() -> bool:
        return bool(await admin.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"))

    await eventually(waits, what="an upload that waits for the deletion")
    assert not upload.done()
    await deleting.commit()
    await upload

    assert await counted(admin, ADA) == 100


async def tenants_seen(api: Pool, claims: dict[str, str] | None) -> set[str]:
    async with api.acquire() as connection, connection.transaction():
        if claims is not None:
            await connection.execute(
                "SELECT set_config('request.jwt.claims', $1, true)", json.dumps(claims)
            )
        return {row["tenant"] for row in await connection.fetch("TABLE media")}


@pytest.mark.parametrize(
    ("claims", "seen"),
    [
        ({"sub": "ada"}, {"user:ada"}),
        ({"sub": "ada", "org_id": "acme"}, {"organization:acme"}),
        ({"sub": "eve", "org_id": "acme"}, {"organization:acme"}),
        ({"sub": "acme"}, set()),
        ({}, set()),
        (None, set()),
    ],
)
async def test_the_api_sees_the_pictures_of_the_tenant(
    api: Pool, claims: dict[str, str] | None, seen: set[str]
) -> None:
    register = MediaRegister(api)
    for actor in (ADA, ADA_AT_ACME, BOB):
        await register.keep(actor, picture(1), quota=QUOTA)

    assert await tenants_seen(api, claims) == seen


_FOREIGN_ROW = """
INSERT INTO media (tenant, hash, bytes, width, height)
VALUES ('user:bob', repeat('a', 64), 1, 1, 1)
"""


async def test_the_api_writes_only_for_the_tenant_of_the_claims(api: Pool) -> None:
    async with api.acquire() as connection, connection.transaction():
        await connection.execute(
            "SELECT set_config('request.jwt.claims', $1, true)", '{"sub": "ada"}'
        )
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(_FOREIGN_ROW)


async def test_a_user_named_like_an_organization_has_its_own_quota(
    api: Pool, admin: Connection
) -> None:
    register = MediaRegister(api)
    await register.keep(ADA_AT_ACME, picture(1, QUOTA), quota=QUOTA)

    await register.keep(NAMED_LIKE_ORGANIZATION, picture(2, QUOTA), quota=QUOTA)

    assert await counted(admin, NAMED_LIKE_ORGANIZATION) == QUOTA
