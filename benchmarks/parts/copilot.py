"""The assistant by rules: from a sentence to the first words or call of its answer."""

import asyncio
import itertools
import time
from typing import Any, Final
from uuid import uuid4

import httpx

from benchmarks.api_client import ApiClient
from benchmarks.measuring import percentile
from benchmarks.parts.sizes import Sizes
from benchmarks.stack import BenchStack
from copilot.tools import TOOLS

SENTENCES: Final = (
    "A pop-up called The Hat Room, Friday at 7 pm in Lisbon, 300 people, 25 euros",
    "What is missing?",
    "Add a tier VIP at 80 euros, 20 of them",
    "Doors at 7",
    "Complete this stage",
    "The organizer is Atelier Nord",
)
"""Understood, asked back, or commands."""

ANSWERS: Final = (b'"TEXT_MESSAGE_CONTENT"', b'"TOOL_CALL_START"')


def run(bench: BenchStack, sizes: Sizes) -> dict[str, Any]:
    return asyncio.run(_measure(bench, sizes.copilot_answers))


async def _measure(bench: BenchStack, answers: int) -> dict[str, Any]:
    session = await (await ApiClient.open(bench)).create()
    headers = {"Authorization": f"Bearer {bench.token('bench')}"}
    async with httpx.AsyncClient(base_url=bench.stack.api_url, headers=headers, timeout=60) as http:
        for sentence in SENTENCES:  # not measured: loads the tables
            await _first_answer(http, _input(session.id, sentence))
        delays = [
            await _first_answer(http, _input(session.id, sentence))
            for sentence in itertools.islice(itertools.cycle(SENTENCES), answers)
        ]
    return {
        "answers": answers,
        **{f"p{percent}_ms": round(1000 * percentile(delays, percent), 3) for percent in (50, 95)},
    }


def _input(session_id: str, sentence: str) -> dict[str, Any]:
    return {
        "threadId": str(uuid4()),
        "runId": "run",
        "messages": [{"id": str(uuid4()), "role": "user", "content": sentence}],
        "tools": [{"name": tool.name} for tool in TOOLS],
        "forwardedProps": {
            "session_id": session_id,
            "locale": "en-GB",
            "timezone": "Europe/Lisbon",
        },
    }


async def _first_answer(http: httpx.AsyncClient, body: dict[str, Any]) -> float:
    """Seconds from sending the sentence to the first event with words or a call."""
    started = time.perf_counter()
    first: float | None = None
    async with http.stream("POST", "/v1/copilot", json=body) as response:
        response.raise_for_status()
        async for chunk in response.aiter_bytes():
            if first is None and any(answer in chunk for answer in ANSWERS):
                first = time.perf_counter() - started
    if first is None:
        raise RuntimeError("the assistant said nothing")
    return first
