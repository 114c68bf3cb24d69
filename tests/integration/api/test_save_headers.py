"""A save reads its headers from the request, and answers as a route that declares them."""

from collections.abc import Awaitable, Callable, Sequence

import httpx
import pytest

from tests.support.wizard import Wizard, start

Lines = Sequence[str]
Change = Callable[[Wizard, str, Lines], Awaitable[httpx.Response]]

IF_MATCH: list[tuple[Lines, int]] = [
    (["*"], 200),
    (['"7"', '"0"'], 200),
    (["", '"0"'], 200),
    (['W/"0"', '"0"'], 200),
    (['W/"0"'], 412),
    (['"7"', ""], 412),
    (['"\u00e9"'], 412),
    (['"\u00b2"'], 412),
    (['"' + "9" * 5000 + '"'], 412),
    ([""], 422),
    (["", ""], 422),
    ([","], 422),
    (["*", "*"], 422),
    (["*", '"0"'], 422),
    (['"0"', "*"], 422),
    (['"7"', "seven"], 422),
    (['w/"0"'], 422),
    (['"0\t"'], 422),
]
KEYS: list[tuple[Lines, int]] = [
    (["k" * 255], 200),
    (['"quoted"'], 200),
    (["a,b"], 200),
    (["k" * 256], 422),
    ([""], 422),
    (["\u00e9"], 422),
    (["\u00b2"], 422),
    (["two words"], 422),
    (["tab\tkey"], 422),
    (["first", "second"], 422),
    (["same", "same"], 422),
    (["first", ""], 422),
    (["", "second"], 422),
]
MINIMAL: list[Lines] = [
    ["return=minimal"],
    ['Return = "Minimal"'],
    ["return=minimal; reason=slow"],
    ["wait=5", "return=minimal"],
    ["return=minimal, return=representation"],
]
WHOLE: list[Lines] = [
    [""],
    ["return=representation", "return=minimal"],
    ['note="a, return=minimal"'],
    ["handling=lenient; return=minimal"],
    ["\u00e9"],
]


async def saved(wizard: Wizard, name: str, lines: Lines) -> httpx.Response:
    return await wizard.http.patch(
        wizard.path("/stages/organizerSetup"), json={"name": "Ada"}, headers=_raw(name, lines)
    )


async def disconnected(wizard: Wizard, name: str, lines: Lines) -> httpx.Response:
    """A change whose route declares the same headers as parameters."""
    return await wizard.http.post(wizard.path("/payments/disconnect"), headers=_raw(name, lines))


def _raw(name: str, lines: Lines) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), line.encode("latin-1")) for line in lines]


@pytest.mark.parametrize(
    ("name", "lines", "status"),
    [("If-Match", *case) for case in IF_MATCH] + [("Idempotency-Key", *case) for case in KEYS],
)
async def test_a_condition_or_key_has_the_same_answer_on_every_route(
    ada: httpx.AsyncClient, name: str, lines: Lines, status: int
) -> None:
    answers = [await change(await start(ada), name, lines) for change in (saved, disconnected)]

    assert [answer.status_code for answer in answers] == [status] * 2
    if status != 200:
        save, other = [_problem(answer) for answer in answers]
        assert save == other


def _problem(answer: httpx.Response) -> object:
    assert answer.headers["Content-Type"] == "application/problem+json"
    return {name: value for name, value in answer.json().items() if name != "session"}


@pytest.mark.parametrize("change", [saved, disconnected])
@pytest.mark.parametrize(
    ("lines", "applied"),
    [(lines, "return=minimal") for lines in MINIMAL] + [(lines, None) for lines in WHOLE],
)
async def test_a_preference_is_applied_on_every_route(
    wizard: Wizard, change: Change, lines: Lines, applied: str | None
) -> None:
    answer = await change(wizard, "Prefer", lines)

    assert answer.status_code == 200, answer.text
    assert answer.headers.get("Preference-Applied") == applied
    assert ("stages" in answer.json()) is (applied is None)


@pytest.mark.parametrize(
    "lines",
    [["respond-async; wait=5"], ["wait=5", "respond-async"], ['note="a, b", respond-async']],
)
async def test_a_save_is_queued_if_any_line_asks_for_it(wizard: Wizard, lines: Lines) -> None:
    answer = await saved(wizard, "Prefer", lines)

    assert answer.status_code == 202, answer.text
    assert answer.headers["Preference-Applied"] == "respond-async"
