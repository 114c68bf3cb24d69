"""Threads of the assistant: whose they are, how many are kept, and their end."""

from uuid import uuid4

import asyncpg
import pytest

from db.erasures import Erasures
from db.pool import Connection, Pool, create_pool
from db.sql import sql
from db.threads import MAX_THREADS, Threads
from db.transactions import write_as
from domain.session.erasure import erasure
from tests.integration.db.read_model_factories import ADA, ADA_AT_ACME, EVE_AT_ACME, EVE_AT_OTHER
from tests.support.postgres import Database

OTHERS = {
    "another member": EVE_AT_ACME,
    "without the organization": ADA,
    "a stranger": EVE_AT_OTHER,
}


async def test_a_thread_has_what_was_stored_last(api: Pool) -> None:
    threads, session_id, thread_id = Threads(api), str(uuid4()), str(uuid4())

    assert await threads.put(ADA_AT_ACME, session_id, thread_id, "[1]")
    assert await threads.put(ADA_AT_ACME, session_id, thread_id, "[1,2]")

    assert await threads.get(ADA_AT_ACME, session_id, thread_id) == "[1,2]"


async def test_an_answer_is_stored_if_it_is_that_of_the_last_run(api: Pool) -> None:
    threads, session_id, thread_id = Threads(api), str(uuid4()), str(uuid4())
    first = await threads.put(ADA_AT_ACME, session_id, thread_id, "[1]")
    last = await threads.put(ADA_AT_ACME, session_id, thread_id, "[2]")
    assert first
    assert last

    await threads.put_answer(ADA_AT_ACME, session_id, thread_id, "[1,2]", since=first)
    assert await threads.get(ADA_AT_ACME, session_id, thread_id) == "[2]"
    for _ in range(2):
        await threads.put_answer(ADA_AT_ACME, session_id, thread_id, "[2,3]", since=last)
    assert await threads.get(ADA_AT_ACME, session_id, thread_id) == "[2,3]"


async def test_another_person_neither_reads_nor_replaces_a_thread(api: Pool) -> None:
    threads, session_id, thread_id = Threads(api), str(uuid4()), str(uuid4())
    await threads.put(ADA_AT_ACME, session_id, thread_id, "[1]")

    for name, other in OTHERS.items():
        assert await threads.get(other, session_id, thread_id) is None, name
        assert not await threads.put(other, session_id, thread_id, "[]"), name
    assert await threads.exists(thread_id)
    assert not await threads.exists(str(uuid4()))
    assert await threads.get(ADA_AT_ACME, session_id, thread_id) == "[1]"


async def test_each_statement_compares_the_person(database: Database) -> None:
    """Asked as a superuser, who has no policies."""
    superuser = await create_pool(database.admin_dsn, application_name="test-superuser")
    threads, session_id, thread_id = Threads(superuser), str(uuid4()), str(uuid4())
    stored = await threads.put(ADA_AT_ACME, session_id, thread_id, "[1]")
    assert stored

    for name, other in OTHERS.items():
        assert await threads.get(other, session_id, thread_id) is None, name
        assert not await threads.put(other, session_id, thread_id, "[]"), name
        await threads.put_answer(other, session_id, thread_id, "[]", since=stored)
    assert await threads.get(ADA_AT_ACME, session_id, thread_id) == "[1]"
    await superuser.close()


async def test_a_thread_of_another_person_cannot_be_added(api: Pool) -> None:
    forged = (uuid4(), uuid4(), str(ADA_AT_ACME.tenant), ADA_AT_ACME.user_id, "[]")

    async def add(connection: Connection) -> None:
        await connection.execute(sql("thread_add"), *forged)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await write_as(api, EVE_AT_ACME, add)


async def test_the_newest_threads_of_a_person_are_kept(api: Pool, admin: Connection) -> None:
    threads, session_id = Threads(api), str(uuid4())
    ids = [str(uuid4()) for _ in range(MAX_THREADS + 1)]
    await threads.put(EVE_AT_ACME, session_id, str(uuid4()), "[]")

    for thread_id in ids:
        await threads.put(ADA_AT_ACME, session_id, thread_id, "[]")

    assert await threads.get(ADA_AT_ACME, session_id, ids[0]) is None
    assert await threads.get(ADA_AT_ACME, session_id, ids[1]) == "[]"
    assert await admin.fetchval("SELECT count(*) FROM copilot_threads") == MAX_THREADS + 1


async def test_an_erased_session_has_no_threads(api: Pool, worker: Pool) -> None:
    """Also if its own row is not written yet."""
    threads, session_id, thread_id = Threads(api), str(uuid4()), str(uuid4())
    await threads.put(ADA_AT_ACME, session_id, thread_id, "[]")

    await Erasures(worker).erase(erasure(session_id, ADA_AT_ACME.tenant, "ada"))

    assert not await threads.exists(thread_id)
    assert not await threads.put(ADA_AT_ACME, session_id, thread_id, "[]")
    assert not await threads.exists(thread_id)
