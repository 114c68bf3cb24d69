"""Plays the demo, request by request."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from dev.demo.client import (
    TIMEOUT_SECONDS,
    BrokenPromise,
    BuyerClient,
    RepeatingTransport,
    UnexpectedAnswer,
    WizardClient,
    sign_in,
)
from dev.demo.examples import Example, Mistake, UnknownExample, load, names
from dev.demo.payments import GettingPaid, where_to_look
from dev.demo.sale import SellingTickets
from dev.demo.screen import Screen
from dev.identity.people import ACME
from dev.pictures.drawing import draw
from dev.stack.front_door import ORGANIZER, signed_in_link
from dev.stack.state import Stack
from domain.ids import session_workflow_id

DEFAULT_EXAMPLE: Final = "paid-pop-up"
ALL_EXAMPLES: Final = "all"

PERSON: Final = {"user": ORGANIZER.sub, "org": ACME.id, "email": ORGANIZER.email}
FIELDS_PER_SAVE: Final = 4


WITHOUT_EXIT: Final = (
    "The stack stops now. Run make demo without EXIT=1 to keep it running: the demo then ends with "
    "links to the session in the wizard, to the event, and to the API's documentation."
)
REVISIONS: Final = (
    "The revision of a session counts its accepted changes, from 0. Updates of its Stripe account "
    "and steps of publishing are changes too. An autosave is answered with 202 before it is "
    "applied: the next revision shown includes it. Saves that arrive together may become one "
    "change."
)


def play(stack: Stack, *, stays: bool, screen: Screen | None = None) -> int:
    """Plays the example that ``DEMO`` names, or ``all``. Returns the exit code.

    ``stays`` says whether the stack keeps running; otherwise no links are printed.
    """
    screen = screen or Screen()
    wanted = os.environ.get("DEMO") or DEFAULT_EXAMPLE
    try:
        _play_examples(stack, screen, names() if wanted == ALL_EXAMPLES else [wanted], stays=stays)
    except UnexpectedAnswer as error:
        screen.unexpected(error.response)
        return 1
    except httpx.RequestError as error:
        screen.failed(
            f"{error.request.method} {error.request.url} failed without a response: {error}"
        )
        return 1
    except (UnknownExample, BrokenPromise) as error:
        screen.failed(str(error))
        return 1
    if not stays:
        screen.chapter("Where to look")
        screen.note(WITHOUT_EXIT, indent=2)
    return 0


def _play_examples(stack: Stack, screen: Screen, wanted: list[str], *, stays: bool) -> None:
    """
    Raises:
        UnknownExample: there is no such example.
        UnexpectedAnswer, BrokenPromise, httpx.RequestError: as :meth:`Player.play`.
    """
    today = datetime.now(UTC).date()
    examples = [load(name, today) for name in wanted]
    signed = {"Authorization": f"Bearer {sign_in(stack, **PERSON)}"}
    transport = RepeatingTransport(httpx.HTTPTransport(), screen.repeated)
    with (
        httpx.Client(
            base_url=stack.api_url, headers=signed, timeout=TIMEOUT_SECONDS, transport=transport
        ) as http,
        httpx.Client(
            base_url=stack.api_url, timeout=TIMEOUT_SECONDS, transport=transport
        ) as without_token,
    ):
        buyers = BuyerClient(without_token)
        for example in examples:
            player = Player(stack, WizardClient(http), buyers, screen, example)
            player.play()
            if stays:
                player.show_where_to_look()


class Player:
    """Plays one example, in one session."""

    def __init__(
        self,
        stack: Stack,
        api: WizardClient,
        buyers: BuyerClient,
        screen: Screen,
        example: Example,
    ) -> None:
        self._stack = stack
        self._api = api
        self._buyers = buyers
        self._screen = screen
        self._example = example
        self._session_id = ""
        self._revision = 0
        self._event: dict[str, Any] = {}

    def play(self) -> None:
        """
        Raises:
            UnexpectedAnswer: a response is not the expected one.
            BrokenPromise: a result is wrong.
            httpx.RequestError: there is no response.
        """
        self._screen.opening(self._example)
        self._screen.note(REVISIONS, indent=0)
        self._screen.gap()
        self._start()
        self._upload_pictures()
        titles = self._api.stages()
        *stages, review = titles
        for stage in stages:
            self._screen.chapter(titles[stage])
            self._fill_in(stage)
        self._reload(stages)
        self._publish_too_early()
        if self._example.takes_payment:
            self._connect_payments()
        self._screen.chapter(titles[review])
        self._fill_in(review, note=": the last percent is publishing itself")
        self._event = self._click_publish_twice()
        self._show_to_the_world(self._event["slug"])
        if self._example.takes_payment:
            self._show_catalogue()
            self._sell()

    def _start(self) -> None:
        answer = self._api.create_session()
        self._session_id = answer.json()["session_id"]
        self._screen.answer(answer, "session", self._session_id)

    def _upload_pictures(self) -> None:
        self._screen.chapter("The pictures")
        urls: dict[str, str] = {}
        names = self._example.pictures
        with ThreadPoolExecutor(max_workers=2) as uploads:
            answers = uploads.map(lambda name: self._api.upload(draw(name)), names)
        for name, answer in zip(names, answers, strict=True):
            stored = answer.json()
            urls[name] = stored["url"]
            self._screen.answer(answer, f"{stored['width']} by {stored['height']}", name)
        self._screen.note(
            "Drawn for this example, and stored as WebP in up to three widths, without metadata."
        )
        self._example = self._example.with_pictures(urls)

    def _fill_in(self, stage: str, *, note: str = "") -> None:
        for mistake in self._example.mistakes:
            if mistake.at == stage:
                self._make(mistake)
        *first, last = _pieces(self._example.stages[stage])
        for piece in first:
            autosaved = self._api.autosave(self._session_id, stage, piece)
            self._screen.answer(autosaved, "accepted", _fields(piece))
        saved = self._api.save(self._session_id, stage, last)
        self._screen.answer(saved, self._seen(saved), _fields(last))
        completed = self._api.complete(self._session_id, stage)
        self._screen.answer(completed, self._seen(completed))
        self._screen.progress(completed.json(), note)

    def _seen(self, session: httpx.Response) -> str:
        """Notes the revision of an answer, and names it."""
        self._revision = session.json()["revision"]
        return f"revision {self._revision}"

    def _make(self, mistake: Mistake) -> None:
        answer = self._api.complete_in_vain(self._session_id, mistake.stage, mistake.data)
        problem = answer.json()
        pointers = [error["pointer"] for error in problem["errors"]]
        if (problem["code"], pointers) != (mistake.code, mistake.pointers):
            raise UnexpectedAnswer(answer)
        revision = problem.get("session", {}).get("revision", self._revision)
        kept = revision > self._revision
        self._screen.refusal(answer, mistake.why, draft_revision=revision if kept else None)

    def _reload(self, stages: list[str]) -> None:
        """Reads the session without any local data, as after a change of device."""
        self._screen.chapter("Reload")
        answer = self._api.session(self._session_id)
        for stage in stages:
            stored = answer.json()["stages"][stage]["data"]
            if not _holds(stored, self._example.stages[stage]):
                raise BrokenPromise(f"Data saved in {stage} is missing.")
        self._screen.answer(answer, self._seen(answer), "all data is stored")
        self._screen.overview(answer.json())
        self._screen.note("The progress of reviewPublish is the share of publish checks that pass.")

    def _publish_too_early(self) -> None:
        self._screen.chapter("Publish too early")
        answer = self._api.publish_in_vain(self._session_id)
        self._screen.refusal(answer, "Some of the checks do not pass yet.")

    def _connect_payments(self) -> None:
        self._screen.chapter("Connect the organizer's Stripe account")
        self._getting_paid().connect()

    def _click_publish_twice(self) -> dict[str, Any]:
        """Sends two concurrent requests with different Idempotency-Keys: they publish one event."""
        self._screen.chapter("Publish with a double click")
        with ThreadPoolExecutor(max_workers=2) as clicks:
            answers = list(clicks.map(self._api.publish, [self._session_id] * 2))
        for answer in answers:
            self._screen.answer(answer, "event", answer.json()["event_id"])
        event, same = (answer.json() for answer in answers)
        if event["event_id"] != same["event_id"]:
            raise BrokenPromise("A double click published two events.")
        self._screen.note("Both requests return the same event: it is published once.")
        session = self._api.session(self._session_id)
        self._screen.answer(session, self._seen(session), "one for the request, one per step")
        self._screen.publication(session.json())
        return dict(event)

    def _show_to_the_world(self, slug: str) -> None:
        self._screen.chapter("The public event")
        answer = self._api.public_event(slug)
        self._screen.answer(answer, "without a token")
        self._screen.event(answer.json())

    def _show_catalogue(self) -> None:
        self._screen.chapter("The catalogue at Stripe")
        self._getting_paid().show_catalogue(self._event)

    def _sell(self) -> None:
        if self._stack.stripe_url is None:
            return  # a person has to pay, on Stripe's own page
        self._screen.chapter("The sale")
        SellingTickets(self._api, self._buyers, self._screen, self._event).play()

    def _getting_paid(self) -> GettingPaid:
        return GettingPaid(self._stack, self._api, self._screen, self._session_id)

    def show_where_to_look(self) -> None:
        """Links to the pages of what was played."""
        self._screen.chapter("Where to look")
        stack = self._stack
        workflow = f"namespaces/default/workflows/{session_workflow_id(self._session_id)}"
        wizard = signed_in_link(stack, f"/s/{self._session_id}/reviewPublish")
        links = {"The session in the wizard, signed in": wizard} if wizard else {}
        links |= {
            "The session in the Temporal UI": f"{stack.temporal_ui_url}/{workflow}",
            "The event's page": f"{stack.api_url}/e/{self._event['slug']}",
            "The published event, as anyone can read it": (
                f"{stack.api_url}/v1/public/events/{self._event['slug']}"
            ),
            "The documentation of the API": f"{stack.api_url}/docs",
        }
        if self._example.takes_payment:
            links |= where_to_look(stack, self._event["stripe_account_id"])
        links["A token for this organizer, for your own requests"] = (
            f"make token USER={PERSON['user']} ORG={PERSON['org']}"
        )
        self._screen.links(links)


def _pieces(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Splits data into a few fields at a time, as a form saves them."""
    fields = list(data.items())
    for start in range(0, len(fields), FIELDS_PER_SAVE):
        yield dict(fields[start : start + FIELDS_PER_SAVE])


def _fields(data: dict[str, Any]) -> str:
    return ", ".join(data)


def _holds(stored: Any, entered: Any) -> bool:
    """Whether all entered data is stored. The server may have added to it, for example ids."""
    if isinstance(entered, dict):
        return isinstance(stored, dict) and all(
            _holds(stored.get(name), value) for name, value in entered.items()
        )
    if isinstance(entered, list):
        return (
            isinstance(stored, list)
            and len(stored) == len(entered)
            and all(map(_holds, stored, entered))
        )
    return bool(stored == entered)
