"""Conversations are kept for the person who had them, and erased with the session."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx
import pytest

from domain.json_values import JsonObject
from tests.support.api import SignIn, serving, settings_for
from tests.support.assistant import RUN, Answer, Chat, events_of, result_of, said
from tests.support.chat_completions import MODEL, ChatCompletionsServer, running_chat_completions
from tests.support.erasures import erase
from tests.support.postgres import as_owner
from tests.support.problem_documents import assert_problem
from tests.support.system import System
from tests.support.waiting import until
from tests.support.wizard import Wizard, start

CONNECT = "/v1/copilot/agent/default/connect"


@pytest.fixture
def chat(wizard: Wizard) -> Chat:
    return Chat(wizard.http, wizard.session_id)


@asynccontextmanager
async def answering_by_model(
    wizard: Wizard, system: System
) -> AsyncIterator[tuple[ChatCompletionsServer, httpx.AsyncClient]]:
    """The model's server, and a client of an API that answers by it."""
    async with running_chat_completions() as server:
        settings = settings_for(
            system.database, copilot_model=f"openai:{MODEL}", copilot_base_url=server.url
        )
        async with (
            serving(settings, system.temporal.client) as address,
            httpx.AsyncClient(base_url=address, headers=wizard.http.headers, timeout=30) as http,
        ):
            yield server, http


async def connected(chat: Chat) -> list[JsonObject]:
    """The messages that a reload gives back."""
    response = await chat.http.post(CONNECT, json=chat.body(messages=[]))
    assert response.status_code == 200, response.text
    events = events_of(response.text)
    assert [events[0]["type"], events[-1]["type"]] == ["RUN_STARTED", "RUN_FINISHED"]
    snapshots = [event for event in events if event["type"] == "MESSAGES_SNAPSHOT"]
    return list(snapshots[0]["messages"]) if snapshots else []


async def test_a_reload_gives_the_conversation_back(chat: Chat) -> None:
    await chat.say("What is missing?")
    await chat.say("Help")

    assert await connected(chat) == chat.messages


async def test_a_new_thread_is_empty(chat: Chat) -> None:
    assert await connected(chat) == []


async def test_a_call_without_a_result_is_offered_again(chat: Chat, wizard: Wizard) -> None:
    (call,) = (await chat.say('The title is "The Hat Room"')).calls
    await wizard.save("eventSetup", call["arguments"], Idempotency_Key=call["id"])

    *_, last = await connected(chat)

    assert [offered["id"] for offered in last["toolCalls"]] == [call["id"]]
    again = await wizard.save("eventSetup", call["arguments"], Idempotency_Key=call["id"])
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json()["revision"] == 1


async def test_the_last_run_of_a_thread_replaces_the_conversation(chat: Chat) -> None:
    await chat.say("Help")
    chat.messages.clear()
    await chat.say("What is missing?")

    assert await connected(chat) == chat.messages


async def test_an_earlier_run_that_ends_late_keeps_the_conversation_of_the_last_one(
    wizard: Wizard, system: System
) -> None:
    async with answering_by_model(wizard, system) as (server, http):
        ends = asyncio.Event()
        server.script = [["It is ", ends, "far."], ["Saved."]]
        earlier = Chat(http, wizard.session_id)
        late = asyncio.create_task(earlier.say("Is it far?"))
        await until(lambda: len(server.requests) == 1)
        last = Chat(http, wizard.session_id, thread_id=earlier.thread_id)
        await last.say("Forget it")

        ends.set()
        await late

        assert await connected(last) == last.messages


async def test_a_late_request_keeps_what_was_said_since(chat: Chat) -> None:
    await chat.say("Help")
    chat.messages.append(said("What is missing?"))
    dropped = chat.body(messages=[*chat.messages])
    chat.messages += (await chat.run()).messages
    (call,) = (await chat.say('The title is "The Hat Room"')).calls
    await chat.send(result_of(call["id"], "Saved"))

    late = await chat.http.post(RUN, json=dropped)

    assert Answer(events_of(late.text)).kinds[-1] == "RUN_FINISHED"
    kept = [message["id"] for message in await connected(chat)]
    assert kept == [message["id"] for message in chat.messages]


async def test_an_answer_that_is_asked_for_again_replaces_the_first_one(
    wizard: Wizard, system: System
) -> None:
    async with answering_by_model(wizard, system) as (server, http):
        server.script = [["It is far."], ["It is near."]]
        chat = Chat(http, wizard.session_id)
        await chat.say("Is it far?")
        del chat.messages[1:]

        again = await chat.run()

        assert again.words == "It is near."
        assert await connected(chat) == [*chat.messages, *again.messages]


@pytest.mark.parametrize("text", ["\x00", "\u2028 \U0001f3a9", "{{x}}", "'; DROP TABLE events"])
async def test_any_text_is_given_back(chat: Chat, text: str) -> None:
    await chat.say(text)

    assert (await connected(chat))[0]["content"] == text


async def test_another_persons_thread_is_not_found(chat: Chat, sign_in: SignIn) -> None:
    await chat.say("Help")
    eve = sign_in("eve", "globex")
    own = (await start(eve)).session_id

    for session_id, code in ((chat.session_id, "session_not_found"), (own, "thread_not_found")):
        stranger = Chat(eve, session_id, thread_id=chat.thread_id, messages=[said("Help")])
        assert_problem(await stranger.post(), 404, code)
        assert_problem(await eve.post(CONNECT, json=stranger.body()), 404, code)
    assert await connected(chat) == chat.messages


async def test_a_thread_is_not_shared_with_other_members(sign_in: SignIn, user: str) -> None:
    ada, bob = sign_in(user, f"acme-{user}"), sign_in(f"bob-{user}", f"acme-{user}")
    session_id = (await start(ada)).session_id
    hers = Chat(ada, session_id)
    await hers.say("Help")
    his = Chat(bob, session_id, thread_id=hers.thread_id, messages=[said("Help")])

    assert_problem(await his.post(), 404, "thread_not_found")
    assert_problem(await bob.post(CONNECT, json=his.body()), 404, "thread_not_found")
    his.thread_id = str(uuid4())
    assert Answer(events_of((await his.post()).text)).words


async def test_a_thread_belongs_to_one_session(chat: Chat, ada: httpx.AsyncClient) -> None:
    await chat.say("Help")
    chat.session_id = (await start(ada)).session_id

    assert_problem(await chat.post(), 404, "thread_not_found")


async def test_a_thread_is_erased_with_its_session(system: System, chat: Chat) -> None:
    await chat.say("My name is Ada Lovelace")

    assert await erase(chat.http, chat.session_id) == 204

    async with as_owner(system.database) as owner:
        query = "SELECT count(*) FROM copilot_threads WHERE session_id = $1"
        assert await owner.fetchval(query, chat.session_id) == 0
    assert_problem(await chat.post(), 404, "session_not_found")
