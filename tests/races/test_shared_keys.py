"""One Idempotency-Key in two requests at the same moment, through two API processes."""

import asyncio
from uuid import uuid4

from tests.races.arena import Arena
from tests.support.problem_documents import assert_problem
from tests.support.wizard import Wizard, start

RACES = 20


async def test_a_refusal_is_not_the_answer_to_another_request(arena: Arena) -> None:
    first, last, *_ = arena.clients
    session_id = (await start(first)).session_id
    for number in range(RACES):
        key = uuid4().hex
        save = {"bio": f"Bio {number}"}

        conditional, saved = await asyncio.gather(
            Wizard(first, session_id).save(
                "organizerSetup", {"name": "Ada"}, if_match='"4000"', idempotency_key=key
            ),
            Wizard(last, session_id).save("organizerSetup", save, idempotency_key=key),
        )

        # The first one is refused before or after the second one takes the key.
        assert conditional.status_code in {409, 412}, conditional.text
        assert saved.status_code == 200, saved.text


async def test_a_repeat_of_a_refused_request_is_refused_alike(arena: Arena) -> None:
    first, last, *_ = arena.clients
    session_id = (await start(first)).session_id
    for _ in range(RACES):
        refused = await asyncio.gather(
            *(
                Wizard(client, session_id).save(
                    "organizerSetup", {"name": "Ada"}, if_match='"4000"', idempotency_key="once"
                )
                for client in (first, last)
            )
        )

        for answer in refused:
            assert "attempt" not in assert_problem(answer, 412, "revision_conflict")
