"""The event's page over HTTP: what it shows, its form, its refusals, and who may send it."""

from datetime import UTC, datetime
from http.cookies import SimpleCookie

import httpx
import pytest
from icalendar import Calendar

from tests.support.api import SignIn, client_for
from tests.support.event_pages import (
    FORM,
    EventPage,
    open_page,
    page_path,
    send_form,
    tier_field,
)
from tests.support.problem_documents import assert_problem
from tests.support.stage_data import free_event
from tests.support.system import System
from tests.support.ticket_orders import Sale
from tests.support.wizard import fill_in, publish, start

KEY = "k" * 22


async def ordered(visitor: httpx.AsyncClient, sale: Sale, quantity: int = 1) -> str:
    """The address of the page of a new order."""
    page = await open_page(visitor, page_path(sale))
    response = await send_form(visitor, sale, {**page.fields(), tier_field(sale): str(quantity)})
    assert response.status_code == 303, response.text
    return response.headers["Location"]


async def test_the_page_is_private_to_its_visitor_and_loads_only_our_files(
    visitor: httpx.AsyncClient, sale: Sale
) -> None:
    page = await open_page(visitor, page_path(sale))
    headers = page.response.headers

    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; img-src 'self' https: data:; style-src 'self'; font-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, no-cache"
    assert "5 left" in page.text
    assert "Imprint" in page.text
    for link in page.document.iter("link"):
        if link.get("rel") in ("stylesheet", "preload"):
            file = await visitor.get(link.get("href"))
            assert file.status_code == 200
            assert file.headers["Cache-Control"].endswith("immutable")


async def test_a_form_begins_one_order_however_often_it_is_sent(
    visitor: httpx.AsyncClient, sale: Sale
) -> None:
    page = await open_page(visitor, page_path(sale))
    fields = {**page.fields(), tier_field(sale): "2"}

    first, second = [await send_form(visitor, sale, fields) for _ in range(2)]

    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert first.headers["Location"].startswith(f"{page_path(sale)}?order=")
    assert await sale.stock() == (0, 2)
    (checkout,) = await sale.checkouts()
    shown = await open_page(visitor, first.headers["Location"])
    assert shown.refresh == f"0; url={checkout['url']}"
    assert checkout["url"] in shown.response.text
    assert "Continue to payment" in shown.text


async def test_a_second_form_of_a_visitor_is_the_same_order(
    visitor: httpx.AsyncClient, sale: Sale
) -> None:
    """A browser without a cache gets another form on the way back, and a second tab has one."""
    forms = [(await open_page(visitor, page_path(sale))).fields() for _ in range(2)]
    chosen = {tier_field(sale): "2"}

    first, second = [await send_form(visitor, sale, {**form, **chosen}) for form in forms]

    assert forms[0]["key"] != forms[1]["key"]
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert await sale.stock() == (0, 2)
    assert len(await sale.checkouts()) == 1


async def test_a_second_form_with_other_tickets_shows_the_unpaid_order(
    visitor: httpx.AsyncClient, sale: Sale
) -> None:
    form = (await open_page(visitor, page_path(sale))).fields()
    await ordered(visitor, sale, 1)

    refused = EventPage(await send_form(visitor, sale, {**form, tier_field(sale): "2"}))

    assert refused.response.status_code == 409
    assert "You already have an order" in refused.text
    assert [action.rpartition("/")[2] for action in refused.actions()] == ["cancel"]
    assert await sale.stock() == (0, 1)


async def test_the_page_shows_the_unpaid_order_of_its_visitor(
    api: System, visitor: httpx.AsyncClient, sale: Sale
) -> None:
    location = await ordered(visitor, sale)

    again = await open_page(visitor, page_path(sale))

    assert "Your tickets are held" in again.text
    assert again.refresh == f"10; url={location}&stay=1"
    (cancel,) = again.actions()
    async with client_for(api.address, None) as stranger:
        assert "key" in (await open_page(stranger, page_path(sale))).fields()
    await visitor.post(cancel, headers=FORM)
    assert await ordered(visitor, sale) != location


async def test_the_cookie_of_an_order_is_for_its_page_and_its_time(
    visitor: httpx.AsyncClient, sale: Sale
) -> None:
    """So a visitor who orders nothing has none."""
    page = await open_page(visitor, page_path(sale))
    form = {**page.fields(), tier_field(sale): "1"}

    begun = await send_form(visitor, sale, form)

    assert "Set-Cookie" not in page.response.headers
    (cookie,) = SimpleCookie(begun.headers["Set-Cookie"]).values()
    assert cookie.value == begun.headers["Location"].rpartition("=")[2]
    assert cookie["path"] == page_path(sale)
    assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "lax", "")
    assert 30 * 60 < int(cookie["max-age"]) <= 40 * 60


@pytest.mark.parametrize(
    "headers",
    [{"Sec_Fetch_Site": "cross-site"}, {"Referer": "https://checkout.stripe.com/"}],
)
async def test_a_buyer_who_comes_back_is_not_sent_to_the_checkout_again(
    visitor: httpx.AsyncClient, sale: Sale, headers: dict[str, str]
) -> None:
    location = await ordered(visitor, sale)

    shown = await open_page(visitor, location, **headers)

    assert shown.refresh == f"10; url={location}&stay=1"
    again = await open_page(visitor, f"{location}&stay=1", Sec_Fetch_Site="same-origin")
    assert again.refresh == shown.refresh
    assert len(again.actions()) == 1


async def test_the_cancel_button_gives_the_tickets_back(
    visitor: httpx.AsyncClient, sale: Sale
) -> None:
    location = await ordered(visitor, sale, 2)
    (cancel,) = (await open_page(visitor, location)).actions()

    seen = [await visitor.post(cancel, headers=FORM) for _ in range(2)]

    assert [response.status_code for response in seen] == [303, 303]
    assert {response.headers["Location"] for response in seen} == {location}
    assert await sale.stock() == (0, 0)
    shown = await open_page(visitor, location)
    assert "The order is cancelled" in shown.text
    assert shown.refresh is None
    assert shown.actions() == [f"{page_path(sale)}/orders"]


async def test_a_paid_order_is_shown_and_not_cancelled(
    visitor: httpx.AsyncClient, sale: Sale
) -> None:
    location = await ordered(visitor, sale)
    (cancel,) = (await open_page(visitor, location)).actions()
    (checkout,) = await sale.checkouts()
    await sale.stand_in.post(f"/checkout_sessions/{checkout['id']}/pay")

    refused = EventPage(await visitor.post(cancel, headers=FORM))

    assert refused.response.status_code == 409
    assert "Your tickets are paid" in refused.text
    assert (await open_page(visitor, location)).refresh is None


async def test_a_donation_has_the_amount_that_was_entered(
    visitor: httpx.AsyncClient, sale: Sale
) -> None:
    page = await open_page(visitor, page_path(sale))
    gift = tier_field(sale, 1)
    fields = {**page.fields(), gift: "1", gift.replace("tier.", "amount."): "$ 12,50"}

    response = await send_form(visitor, sale, fields)

    assert response.status_code == 303, response.text
    assert "$12.50" in (await open_page(visitor, response.headers["Location"])).text


@pytest.mark.parametrize(
    ("changed", "status", "text"),
    [
        ({}, 422, "Choose at least one ticket."),
        ({"quantity": "5"}, 422, "General: "),
        ({"quantity": "x"}, 422, "must be a number"),
        ({"quantity": "1", "key": "short"}, 422, "not complete"),
    ],
)
async def test_a_refusal_is_the_page_with_its_reason(
    visitor: httpx.AsyncClient, sale: Sale, changed: dict[str, str], status: int, text: str
) -> None:
    fields = {"key": changed.get("key", KEY), tier_field(sale): changed.get("quantity", "0")}

    refused = EventPage(await send_form(visitor, sale, fields))

    assert refused.response.status_code == status
    assert text in refused.text
    assert refused.fields()["key"] != fields["key"]
    assert await sale.stock() == (0, 0)


async def test_more_tickets_than_are_left_are_refused_with_their_number(
    visitor: httpx.AsyncClient, sale: Sale
) -> None:
    await sale.place(4)

    fields = {"key": KEY, tier_field(sale): "2"}
    refused = EventPage(await send_form(visitor, sale, fields))

    assert refused.response.status_code == 409
    assert "General: 1 left." in refused.text


async def test_another_choice_with_the_same_key_shows_the_first_order(
    visitor: httpx.AsyncClient, sale: Sale
) -> None:
    await send_form(visitor, sale, {"key": KEY, tier_field(sale): "1"})

    refused = EventPage(await send_form(visitor, sale, {"key": KEY, tier_field(sale): "2"}))

    assert refused.response.status_code == 409
    assert "You already have an order" in refused.text
    assert [action for action in refused.actions() if action.endswith("/cancel")]
    assert await sale.stock() == (0, 1)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://events.localhost.evil.example"},
    ],
)
async def test_forms_of_other_sites_are_refused(
    visitor: httpx.AsyncClient, sale: Sale, headers: dict[str, str]
) -> None:
    fields = {"key": KEY, tier_field(sale): "1"}
    for path in (f"{page_path(sale)}/orders", f"{page_path(sale)}/orders/{sale.event_id}/cancel"):
        response = await visitor.post(path, data=fields, headers={**FORM, **headers})
        assert EventPage(response).response.status_code == 403
    assert await sale.stock() == (0, 0)


async def test_a_form_without_an_origin_from_another_site_is_refused(
    visitor: httpx.AsyncClient, sale: Sale
) -> None:
    fields = {"key": KEY, tier_field(sale): "1"}
    headers = {"Sec-Fetch-Site": "cross-site"}

    response = await visitor.post(f"{page_path(sale)}/orders", data=fields, headers=headers)

    assert response.status_code == 403


async def test_other_bodies_than_forms_are_refused(visitor: httpx.AsyncClient, sale: Sale) -> None:
    response = await visitor.post(f"{page_path(sale)}/orders", json={"key": KEY})

    assert EventPage(response).response.status_code == 415


@pytest.mark.parametrize(
    "path",
    [
        "/e/no-such-event",
        "/e/%00",
        f"/e/{'x' * 300}",
        "/e/static/none.css",
        "/e/a/b/c",
        "/e/",
    ],
)
async def test_what_does_not_exist_is_a_page(visitor: httpx.AsyncClient, path: str) -> None:
    page = await open_page(visitor, path)

    assert page.response.status_code == 404
    assert "noindex" in page.response.text


async def test_an_order_of_another_event_is_not_shown(
    visitor: httpx.AsyncClient, sale: Sale
) -> None:
    for order in ("x", "00000000-0000-4000-8000-000000000000", "%00", ""):
        page = await open_page(visitor, f"{page_path(sale)}?order={order}")
        assert page.response.status_code == 404


async def test_a_private_event_and_a_draft_have_no_page(
    visitor: httpx.AsyncClient, ada: httpx.AsyncClient, sale: Sale
) -> None:
    wizard = await start(ada)
    await fill_in(
        wizard, free_event(title="Private view", slug="private-view-7", visibility="private")
    )
    assert (await open_page(visitor, "/e/private-view-7")).response.status_code == 404
    await publish(wizard)
    assert (await open_page(visitor, "/e/private-view-7")).response.status_code == 404
    assert (await visitor.get("/v1/public/events/private-view-7.ics")).status_code == 404


async def test_a_calendar_reads_the_entry(visitor: httpx.AsyncClient, sale: Sale) -> None:
    response = await visitor.get(f"/v1/public/events/{sale.event['slug']}.ics")

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    (entry,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert str(entry["summary"]) == sale.event["title"]
    starts = datetime.fromisoformat(sale.event["starts_at"]).astimezone(UTC)
    assert entry.decoded("dtstart") == starts
    assert str(entry["url"]).endswith(page_path(sale))


async def test_the_preview_marks_what_a_draft_lacks(
    ada: httpx.AsyncClient, sign_in: SignIn, visitor: httpx.AsyncClient, sale: Sale
) -> None:
    wizard = await start(ada)
    path = wizard.path("/preview")

    empty = EventPage(await ada.get(path))
    for part in ("Title", "Date and time", "Venue", "Tickets", "Picture"):
        assert part in empty.text

    await wizard.save("eventSetup", {"title": "<b>Half", "date": "nonsense"})
    await wizard.save("ticketSetup", {"tiers": [{"name": "Floor"}, {"unit_amount": 1200}]})
    half = EventPage(await ada.get(path))
    assert "<b>Half" in half.text
    assert "Date and time" in half.text
    assert "Price" in half.text
    assert "noindex" in half.response.text
    assert all(field.get("disabled") is not None for field in half.document.iter("select"))

    stranger = sign_in("mallory")
    assert_problem(await stranger.get(path), 404, "session_not_found")
    assert_problem(await visitor.get(path), 401, "unauthenticated")
