"""The page of an event: valid HTML, nothing but text from the organizer, the state of sales."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from api.pages.calendar_entry import calendar_entry
from api.pages.event_html import Notice, published_page
from api.pages.event_page import title_class
from domain.json_values import JsonObject
from domain.orders.order import OrderState
from domain.publishing.event import Event, SalesSwitch
from domain.publishing.translation import in_preferred_language
from tests.unit.api.pages.sample_pages import (
    NOW,
    SITE,
    a_tier,
    an_event,
    an_order,
    html_of,
    parsed,
    sales_of,
)

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "<!-- --> ]]> &amp;",
    "\u202egnihton\u202e",
]


def hostile_event(text: str) -> Event:
    """An event whose every text is hostile, as if nothing had been validated."""
    image = {"url": text, "alt": text, "credit": text}
    return an_event(
        title=text,
        summary=text,
        description=f"{text}\n\n{text}",
        language="de",
        dress_code=text,
        age_restriction=text,
        external_url=text,
        performers=[{"name": text, "url": text}],
        organizers=[{"name": text, "url": text}],
        organizer={"name": text, "organization": text, "website": text, "bio": text},
        venue_data={
            "name": text,
            "address": dict.fromkeys(("line1", "line2", "city", "region", "postalCode"), text),
            "accessibility": text,
        },
        refund_policy={"kind": "custom", "text": text},
        ticket_tiers=[a_tier("a", name=text, description=text), a_tier("b", kind="donation")],
        sponsor_data={
            "sponsors": [{"name": text, "url": text, "logo": {"url": text, "alt": text}}],
            "media": {"cover": image, "gallery": [image]},
        },
    )


def elements(html: str, name: str) -> list[Any]:
    return list(parsed(html).iter(name))


def json_ld(html: str) -> Any:
    (script,) = elements(html, "script")
    assert script.get("type") == "application/ld+json"
    return json.loads(script.text)


def text_of(html: str) -> str:
    return " ".join(" ".join(parsed(html).find("body").itertext()).split())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(text: str) -> None:
    html = html_of(hostile_event(text))

    assert json_ld(html)["name"] == text
    assert "".join(elements(html, "h1")[0].itertext()) == text
    assert elements(html, "img") == []
    for element in parsed(html).iter():
        names = [name for name in element.keys() if isinstance(name, str)]  # noqa: SIM118 (an Element)
        assert not [name for name in names if name.startswith("on") or name == "style"]
        for name in ("href", "src", "action"):
            assert not (element.get(name) or "").startswith("javascript:")


@pytest.mark.parametrize("state", list(OrderState))
def test_each_state_of_an_order_is_a_valid_page(state: OrderState) -> None:
    event = an_event()
    html = html_of(event, order=an_order(event, state))
    actions = {form.get("action") for form in elements(html, "form")}

    assert elements(html, "h2")
    can_cancel = any(action.endswith("/cancel") for action in actions)
    assert can_cancel == (state in (OrderState.HELD, OrderState.OPEN))
    assert ("Continue to payment" in html) == (
        state not in (OrderState.HELD, OrderState.PROCESSING)
    )
    assert 'content="noindex"' in html


def test_an_open_order_forwards_to_its_checkout_once() -> None:
    event = an_event()
    order = an_order(event, OrderState.OPEN)

    assert 'content="0; url=https://checkout.example/c/1"' in html_of(
        event, order=order, forwards=True
    )
    assert 'content="0; url=' not in html_of(event, order=order)
    assert 'href="https://checkout.example/c/1"' in html_of(event, order=order)


def test_an_order_is_shown_in_the_language_of_its_buyer() -> None:
    event = an_event(
        translations=[{"language": "en", "title": "Night shift", "tiers": {"standing": "Floor"}}]
    )
    shown = in_preferred_language(event, "en")

    html = html_of(shown, order=an_order(event, OrderState.OPEN))

    assert "Floor" in [name.text for name in elements(html, "bdi")]
    assert "Standing" not in text_of(html)
    assert parsed(html).get("lang") == "en"


def test_each_form_has_another_key() -> None:
    event = an_event()

    def key() -> str:
        (hidden,) = [e for e in elements(html_of(event), "input") if e.get("name") == "key"]
        return str(hidden.get("value"))

    assert key() != key()
    assert 22 <= len(key()) <= 255


def test_tiers_show_their_sale() -> None:
    later = (NOW + timedelta(days=3)).isoformat()
    past = (NOW - timedelta(days=3)).isoformat()
    event = an_event(
        ticket_tiers=[
            a_tier("few", quantity=5),
            a_tier("gone", quantity=5),
            a_tier("soon", saleStart=later),
            a_tier("over", saleEnd=past),
            a_tier("entry", kind="free", unit_amount=0),
            a_tier("secret", visibility="hidden"),
        ]
    )
    html = html_of(event, sales=sales_of(event, few=2, gone=5))
    shown = text_of(html)

    assert "3 left" in shown
    for text in ("Sold out", "Not yet", "Sale ended", "Free", "€18.00"):
        assert text in shown
    assert "secret" not in html
    assert [select.get("name") for select in elements(html, "select")] == ["tier.few"]
    offers = [offer["availability"].rpartition("/")[2] for offer in json_ld(html)["offers"]]
    assert offers == ["InStock", "SoldOut", "PreOrder", "Discontinued", "InStock"]


def test_conditions_of_a_ticket_share_a_line_above_its_description() -> None:
    later = (NOW + timedelta(days=3)).isoformat()
    tier = a_tier("early", saleEnd=later, quantity=5, description="With a drink.")
    notes = [
        note.text
        for note in elements(html_of(an_event(ticket_tiers=[tier])), "span")
        if note.get("class") == "small two lines"
    ]

    assert len(notes) == 2
    assert notes[0].startswith("until ")
    assert notes[0].endswith(" · 5 left · at most 4 per order")
    assert notes[1] == "With a drink."


@pytest.mark.parametrize(
    ("changed", "text"),
    [({"sales": SalesSwitch.PAUSED}, "Paused"), ({"sales": SalesSwitch.CLOSED}, "Sale ended")],
)
def test_nothing_can_be_ordered_while_sales_are_off(changed: dict[str, Any], text: str) -> None:
    html = html_of(an_event(**changed))

    assert text in text_of(html)
    assert elements(html, "form") == []


def test_a_refused_form_keeps_what_was_entered() -> None:
    html = html_of(
        an_event(),
        notice=Notice("Sold out", ["Fewer tickets are left."]),
        entered={"tier.standing": "3"},
    )

    assert [option.text for option in elements(html, "option") if option.get("selected") == ""] == [
        "3",
        "0",
    ]
    assert 'role="alert"' in html


def test_times_are_those_of_the_events_zone() -> None:
    shown = text_of(html_of(an_event()))

    assert "Berlin time (UTC+" in shown
    assert "Doors at 19:00" in shown


@pytest.mark.parametrize("entered", ["Ines Okafor", "Photo: Ines Okafor"])
def test_the_credit_of_a_picture_says_once_that_it_is_a_photo(entered: str) -> None:
    cover = {"url": "https://cdn.example.com/c.jpg", "alt": "Hall", "credit": entered}
    html = html_of(an_event(sponsor_data={"media": {"cover": cover}}))
    assert text_of(html).count("Photo:") == 1


STORED = f"/media/{'ab' * 32}-1920.webp"


def with_cover(url: str) -> Event:
    return an_event(sponsor_data={"media": {"cover": {"url": url, "alt": "Hall"}}})


def test_a_stored_picture_is_absolute_and_in_all_its_widths() -> None:
    html = html_of(with_cover(STORED))

    (image,) = elements(html, "img")
    assert image.get("src") == f"https://media.example{STORED}"
    widths = [width for _, width in map(str.split, image.get("srcset").split(", "))]
    assert widths == ["480w", "960w", "1920w"]
    assert image.get("sizes")
    assert f'property="og:image" content="https://media.example{STORED}"' in html
    assert json_ld(html)["image"] == [f"https://media.example{STORED}"]


def test_a_picture_of_another_site_is_shown_in_its_only_width() -> None:
    for url in ("https://cdn.example/c.jpg", f"https://cdn.example{STORED}"):
        (image,) = elements(html_of(with_cover(url)), "img")
        assert (image.get("src"), image.get("srcset")) == (url, None)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://cdn.example/c.jpg", "", None])
def test_an_address_that_is_not_https_is_not_shown(url: str | None) -> None:
    assert elements(html_of(an_event(sponsor_data={"media": {"cover": {"url": url}}})), "img") == []


def test_the_calendar_entry_has_the_picture_by_its_absolute_url() -> None:
    event = with_cover(STORED)
    entry = calendar_entry(event, published_page(event, sales_of(event), SITE)).decode()
    unfolded = entry.replace("\r\n ", "")
    assert f"IMAGE;DISPLAY=BADGE;VALUE=URI:https://media.example{STORED}" in unfolded


def test_the_gallery_is_shown_in_order_with_its_alternatives() -> None:
    stored = f"/media/{'a' * 64}-960.webp"
    gallery = [
        {"url": stored, "alt": "Felt hat", "focal": {"x": 0.2, "y": 0.9}},
        {"url": "https://cdn.example.com/b.jpg", "decorative": True, "credit": "Ines Okafor"},
        {"alt": "An address is missing"},
    ]
    html = html_of(an_event(sponsor_data={"media": {"gallery": gallery}}))

    first, second = elements(html, "img")
    assert first.get("src").endswith(stored)
    assert "480w" in first.get("srcset")
    assert first.get("class") == "fx2 fy9"
    assert (first.get("alt"), second.get("alt")) == ("Felt hat", "")
    assert {image.get("loading") for image in (first, second)} == {"lazy"}
    assert "Photo: Ines Okafor" in text_of(html)
    assert json_ld(html)["image"] == [first.get("src"), second.get("src")]


def test_sponsors_are_shown_by_their_logos() -> None:
    sponsors = [
        {
            "name": "Weberei Nordhaus",
            "url": "https://weberei.example",
            "logo": {"url": "https://cdn.example.com/w.svg"},
        },
        {"name": "Marrow", "logo": {"url": "https://cdn.example.com/m.svg", "alt": "Marrow, est."}},
        {"name": "Lamp Works", "url": "javascript:alert(1)"},
    ]
    html = html_of(an_event(sponsor_data={"sponsors": sponsors}))

    assert [logo.get("alt") for logo in elements(html, "img")] == [
        "Weberei Nordhaus",
        "Marrow, est.",
    ]
    (link,) = [a for a in elements(html, "a") if a.get("href") == "https://weberei.example"]
    assert link.find("img") is not None
    assert text_of(html).count("Lamp Works") == 1
    assert "With" not in ["".join(term.itertext()) for term in elements(html, "dt")]


def test_sponsors_without_logos_are_one_line() -> None:
    html = html_of(an_event(sponsor_data={"sponsors": [{"name": "Marrow"}, {"name": "Lamp"}]}))

    assert "With Marrow, Lamp" in text_of(html)
    assert elements(html, "img") == []


def test_the_address_has_the_name_of_its_country() -> None:
    html = html_of(an_event())

    assert "10245 Berlin, Germany" in text_of(html)
    assert json_ld(html)["location"]["address"]["addressCountry"] == "DE"


def test_the_address_of_an_online_event_is_private() -> None:
    event = an_event(
        venue_mode="virtual",
        venue_data={"url": "https://meet.example/secret", "accessNote": "Code 1234"},
    )
    html = html_of(event)

    assert "meet.example" not in html
    assert "1234" not in html
    assert json_ld(html)["location"]["@type"] == "VirtualLocation"


def test_contacts_are_private() -> None:
    contacts = {"email": "ada@private.example", "phone": "+4915112345678"}
    sponsor_data = {"pressContact": "press@private.example"}
    html = html_of(
        an_event(organizer={"name": "Ada", **contacts}, sponsor_data=sponsor_data, user_id="u-7")
    )

    assert "private.example" not in html
    assert "+4915112345678" not in html
    assert "acct_1" not in html
    assert "price_1" not in html


def hours(day: date, opens: str, closes: str) -> JsonObject:
    return {"date": day, "opens": opens, "closes": closes}


def test_participants_and_opening_hours_are_shown() -> None:
    first = date(2031, 12, 30)
    days = [first + timedelta(days=n) for n in range(5)]
    html = html_of(
        an_event(
            external_url="https://festival.example/nachtschicht?utm=1",
            performers=[{"name": "Marrow Quartet", "url": "https://marrow.example"}],
            organizers=[{"name": "Gießerei e. V."}],
            opening_hours=[
                *[hours(day, "10:00", "18:00") for day in days[:3]],
                hours(days[4], "10:00", "14:00"),
                hours(days[4], "20:00", "02:00"),
            ],
        )
    )

    shown = text_of(html)
    assert "30 December to 1 January: 10:00 to 18:00" in shown
    assert "3 January: 10:00 to 14:00, 20:00 to 02:00" in shown
    assert "Marrow Quartet" in shown
    assert "Also by" in shown
    links = {link.text: link.get("href") for link in elements(html, "a")}
    assert links["festival.example"] == "https://festival.example/nachtschicht?utm=1"
    assert links["Marrow Quartet"] == "https://marrow.example"
    data = json_ld(html)
    assert data["sameAs"] == "https://festival.example/nachtschicht?utm=1"
    assert data["performer"] == [
        {"@type": "PerformingGroup", "name": "Marrow Quartet", "url": "https://marrow.example"}
    ]
    assert [organizer["name"] for organizer in data["organizer"]] == [
        "Studio Halm",
        "Gießerei e. V.",
    ]
    assert data["eventSchedule"][-1] == {
        "@type": "Schedule",
        "startDate": "2032-01-03",
        "startTime": "20:00",
        "endDate": "2032-01-04",
        "endTime": "02:00",
        "scheduleTimezone": "Europe/Berlin",
    }


def test_an_event_without_participants_has_no_details_of_them() -> None:
    html = html_of(an_event())
    assert not {"Open", "Performers", "Also by", "More"} & {
        "".join(term.itertext()) for term in elements(html, "dt")
    }
    assert json_ld(html).keys().isdisjoint({"sameAs", "performer", "eventSchedule"})
    assert json_ld(html)["organizer"]["name"] == "Studio Halm"


def test_an_unlisted_event_is_not_indexed() -> None:
    assert "noindex" in html_of(an_event(visibility="unlisted"))
    html = html_of(an_event())
    assert "noindex" not in html
    assert '<link rel="canonical" href="https://events.example/e/nachtschicht">' in html


@pytest.mark.parametrize(
    ("title", "size"),
    [
        ("Oda", ""),
        ("Nachtschicht", "w16"),
        ("Frühjahrskollektion", "w24"),
        ("Frühjahrskollektionspräsentationsbegleitprogramm", "w48"),
        ("春夏新作発表会", "w16"),
        ("The Hat Room: Three Days", ""),
        ("The Hat Room: Three Days in Alfama", "w24"),
        ("A title of many short words, which would fill the whole screen as a poster", "w24"),
    ],
)
def test_the_title_is_sized_by_its_longest_word(title: str, size: str) -> None:
    assert title_class(title) == size
