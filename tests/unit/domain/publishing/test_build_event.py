"""Building the event of a session: every default is resolved, no field is lost."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.actors import Actor
from domain.errors import StageIncomplete
from domain.ids import event_id_of
from domain.json_values import JsonObject
from domain.publishing.build_event import build_event
from domain.publishing.event import Event, EventStatus
from domain.stages import Section, Stage
from domain.values.slugs import derived_slug
from tests.unit.domain.samples import (
    ADA,
    HYBRID,
    NOW,
    READY,
    VIRTUAL,
    assessment_of,
    errors_of,
    valid_section,
    valid_sections,
)
from tests.unit.domain.strategies import sections

EVENT, TICKET = Stage.EVENT_SETUP, Stage.TICKET_SETUP
SESSION_ID = "0d4f5a7c-9b1e-4c53-8a5e-2f6d7c8b9a01"


def built(owner: Actor = ADA, /, **changed: JsonObject) -> Event:
    return build_event(
        session_id=SESSION_ID,
        owner=owner,
        sections=valid_sections(**changed),
        payments=READY,
        now=NOW,
    )


def event(**fields: Any) -> Event:
    return built(event=valid_section(EVENT, **fields))


def tiers(*given_tiers: JsonObject, **changed: JsonObject) -> list[JsonObject]:
    named = [{"name": f"Tier {n}", "unit_amount": 0, **tier} for n, tier in enumerate(given_tiers)]
    return built(ticket={"tiers": named}, **changed).ticket_tiers


def test_minimal_session_gets_every_default() -> None:
    owner = Actor(user_id="ada", organization_id="acme", email="ada@example.com")
    assert built(owner, sponsor={}) == Event(
        event_id=event_id_of(SESSION_ID),
        session_id=SESSION_ID,
        user_id="ada",
        organization_id="acme",
        slug="spring-show",
        slug_is_derived=True,
        title="Spring Show",
        type="fashion_show",
        visibility="public",
        tags=[],
        event_date=date(2030, 5, 9),
        start_time=time(19, 30),
        end_date=date(2030, 5, 9),
        end_time=None,
        timezone="America/New_York",
        starts_at=datetime(2030, 5, 9, 23, 30, tzinfo=UTC),
        ends_at=None,
        organizer={"name": "Ada Lovelace", "email": "ada@example.com"},
        venue_mode="physical",
        venue_data=valid_section(Stage.VENUE_SETUP),
        currency="usd",
        total_capacity=None,
        refund_policy=None,
        promotion_codes=False,
        automatic_tax=False,
        ticket_tiers=[
            {
                "id": "tier-1",
                "name": "General",
                "kind": "free",
                "unit_amount": 0,
                "quantity": None,
                "minPerOrder": 1,
                "maxPerOrder": 10,
                "access": "in_person",
                "visibility": "visible",
            }
        ],
        sponsor_data={},
        stripe_account_id=None,
        status=EventStatus.DRAFT,
        published_at=None,
    )


def test_the_same_session_always_makes_the_same_event() -> None:
    assert built() == built()
    assert event_id_of(SESSION_ID) == event_id_of(SESSION_ID) != event_id_of("another")


class TestTimes:
    def test_end_without_a_date_is_on_the_same_day(self) -> None:
        ending_late = event(endTime="22:00")
        assert (ending_late.end_date, ending_late.end_time) == (date(2030, 5, 9), time(22, 0))
        assert ending_late.ends_at == datetime(2030, 5, 10, 2, 0, tzinfo=UTC)

    def test_end_earlier_by_the_clock_is_on_the_next_day(self) -> None:
        party = event(startTime="22:00", endTime="04:00")
        assert (party.event_date, party.end_date) == (date(2030, 5, 9), date(2030, 5, 10))
        assert party.ends_at == datetime(2030, 5, 10, 8, 0, tzinfo=UTC)

    def test_last_day_of_the_year_ends_in_the_next(self) -> None:
        party = event(date="2030-12-31", startTime="22:00", endTime="03:00", timezone="UTC")
        assert party.end_date == date(2031, 1, 1)
        assert party.ends_at == datetime(2031, 1, 1, 3, 0, tzinfo=UTC)

    def test_event_that_has_begun_can_be_built(self) -> None:
        exhibition = event(date="2030-02-01", endDate="2030-03-02", timezone="UTC")
        assert exhibition.starts_at < NOW
        assert exhibition.ends_at == datetime(2030, 3, 3, tzinfo=UTC)

    def test_end_date_without_a_time_includes_the_whole_day(self) -> None:
        two_days = event(endDate="2030-05-10")
        assert two_days.end_date == date(2030, 5, 10)
        assert two_days.ends_at == datetime(2030, 5, 11, 4, 0, tzinfo=UTC)

    def test_event_with_a_timezone_starts_in_it(self) -> None:
        in_tokyo = event(timezone="Asia/Tokyo")
        assert in_tokyo.timezone == "Asia/Tokyo"
        assert in_tokyo.starts_at == datetime(2030, 5, 9, 10, 30, tzinfo=UTC)

    def test_start_in_a_repeated_hour_is_the_first(self) -> None:
        at_clock_change = event(date="2030-11-03", startTime="01:30")
        assert at_clock_change.starts_at.astimezone(UTC) == datetime(2030, 11, 3, 5, 30, tzinfo=UTC)

    def test_sale_times_get_the_offset_of_the_event(self) -> None:
        [tier] = tiers({"saleStart": "2030-03-02T10:00", "saleEnd": "2030-05-01T10:00Z"})
        assert tier["saleStart"] == "2030-03-02T10:00:00-05:00"
        assert tier["saleEnd"] == "2030-05-01T06:00:00-04:00"


class TestTiers:
    @pytest.mark.parametrize(
        ("mode", "access"), [({}, "in_person"), (VIRTUAL, "online"), (HYBRID, "both")]
    )
    def test_tier_access_defaults_to_all_that_the_venue_offers(
        self, mode: JsonObject, access: str
    ) -> None:
        [tier] = tiers({}, venue=mode or valid_section(Stage.VENUE_SETUP))
        assert tier["access"] == access

    def test_tier_fields_entered_are_kept(self) -> None:
        chosen = {
            "id": "tier-7",
            "name": "Balcony",
            "kind": "donation",
            "unit_amount": 500,
            "quantity": 20,
            "minPerOrder": 2,
            "maxPerOrder": 4,
            "access": "in_person",
            "visibility": "hidden",
            "description": "With a view",
        }
        assert tiers(chosen) == [chosen]

    @pytest.mark.parametrize(("amount", "kind"), [(0, "free"), (50, "paid")])
    def test_tier_kind_defaults_from_the_amount(self, amount: int, kind: str) -> None:
        assert [tier["kind"] for tier in tiers({"unit_amount": amount})] == [kind]

    def test_every_tier_has_a_unique_id(self) -> None:
        ids = [tier["id"] for tier in tiers({}, {"id": "tier-1"}, {})]
        assert ids == ["tier-2", "tier-1", "tier-3"]

    @pytest.mark.parametrize(
        ("tier", "account"),
        [
            ({"unit_amount": 0}, None),
            ({"unit_amount": 50}, "acct_1"),
            ({"unit_amount": 0, "kind": "donation"}, "acct_1"),
        ],
    )
    def test_only_paid_tiers_set_the_stripe_account(
        self, tier: JsonObject, account: str | None
    ) -> None:
        found = built(ticket={"tiers": [{"name": "General", **tier}]})
        assert found.stripe_account_id == account

    def test_currency_capacity_and_refunds_are_those_of_the_tickets(self) -> None:
        found = built(
            ticket=valid_section(
                TICKET,
                currency="eur",
                totalCapacity=80,
                promotionCodes=True,
                automaticTax=True,
                refundPolicy={"kind": "until_days", "days": 7, "text": None},
            )
        )
        assert (found.currency, found.total_capacity) == ("eur", 80)
        assert (found.promotion_codes, found.automatic_tax) == (True, True)
        assert found.refund_policy == {"kind": "until_days", "days": 7}


class TestOtherSections:
    def test_organizer_email_entered_replaces_that_of_the_token(self) -> None:
        organizer = built(organizer={"name": "Ada", "email": "show@example.com"}).organizer
        assert organizer == {"name": "Ada", "email": "show@example.com"}
        assert built(Actor(user_id="ada")).organizer == {"name": "Ada Lovelace"}

    def test_venue_fields_of_another_mode_are_not_published(self) -> None:
        hybrid_fields = {**HYBRID, "platform": "Zoom", "capacity": 5, "doorsTime": "19:00"}
        physical = built(venue={**hybrid_fields, "mode": "physical"}).venue_data
        virtual = built(venue={**hybrid_fields, "mode": "virtual"}).venue_data
        assert physical.keys() == {"mode", "name", "address", "capacity", "doorsTime"}
        assert virtual == {**VIRTUAL, "platform": "Zoom"}
        assert built(venue=hybrid_fields).venue_data == hybrid_fields

    def test_tags_that_differ_in_case_are_listed_once(self) -> None:
        assert event(tags=["Fashion", "art", "fashion", "ART", "new"]).tags == [
            "Fashion",
            "art",
            "new",
        ]

    def test_text_is_trimmed(self) -> None:
        assert event(title="  Spring\u0301 Show ").title == "Sprinǵ Show"

    @pytest.mark.parametrize(
        ("field", "name", "value"),
        [
            ("summary", "summary", "Short"),
            ("description", "description", "Long\ntext"),
            ("visibility", "visibility", "private"),
            ("language", "language", "pt-BR"),
            ("dressCode", "dress_code", "Black tie"),
            ("ageRestriction", "age_restriction", "18+"),
        ],
    )
    def test_optional_fields_are_taken_over(self, field: str, name: str, value: str) -> None:
        assert getattr(event(**{field: value}), name) == value


class TestIncomplete:
    @pytest.mark.parametrize(
        ("section", "without", "pointer"),
        [
            (Section.EVENT, {"title": None}, "/title"),
            (Section.EVENT, {"type": None}, "/type"),
            (Section.EVENT, {"date": None}, "/date"),
            (Section.EVENT, {"startTime": None}, "/startTime"),
            (Section.EVENT, {"startTime": "25:00"}, "/startTime"),
            (Section.VENUE, {"mode": None}, "/mode"),
            (Section.TICKET, {"tiers": None}, "/tiers"),
        ],
    )
    def test_event_without_a_required_value_is_refused(
        self, section: Section, without: JsonObject, pointer: str
    ) -> None:
        drafts = valid_sections()
        changed = {**drafts[section], **without}
        with pytest.raises(StageIncomplete) as refusal:
            built(**{section.value: changed})
        assert pointer in [error.pointer for error in refusal.value.errors]

    @pytest.mark.parametrize(
        ("day", "code"), [("2030-02-28", "not_in_future"), ("9999-01-01", "too_far_ahead")]
    )
    def test_event_with_an_impossible_date_is_refused(self, day: str, code: str) -> None:
        with pytest.raises(StageIncomplete) as refusal:
            event(date=day)
        assert [(error.pointer, error.code) for error in refusal.value.errors] == [("/date", code)]

    @given(sections(most=3))
    @settings(max_examples=100)
    def test_event_without_blocking_checks_can_be_built(self, drafts: Any) -> None:
        if assessment_of(drafts, payments=READY).blocking:
            return
        published = build_event(
            session_id=SESSION_ID, owner=ADA, sections=drafts, payments=READY, now=NOW
        )
        assert Event.model_validate_json(published.model_dump_json()) == published
        assert (published.ends_at or published.starts_at) > NOW
        assert published.ends_at is None or published.ends_at - published.starts_at > timedelta(0)
        assert published.end_date >= published.event_date


class TestSlug:
    @pytest.mark.parametrize(
        ("title", "slug"),
        [
            ("Spring Show", "spring-show"),
            ("Été à Paris!", "ete-a-paris"),
            ("  --A & B--  ", "a-b"),
            ("Straße 7", "strasse-7"),
            ("x" * 60, "x" * 50),
            ("a" * 49 + " bcd", "a" * 49),
            ("Łódź", "lodz"),
            ("Ærø Øl", "aero-ol"),
            ("Đà Nẵng Đêm", "da-nang-dem"),
            ("I\u015f\u0131k", "isik"),
            ("東京", "dongjing"),
            ("Весна", "vesna"),
            ("\uff33\uff28\uff2f\uff37", "show"),
            ("Party \U0001f389!", "party"),
            ("\U0001f389" * 5, "event-0d4f5a7c"),
            ("Go", "event-0d4f5a7c"),
        ],
    )
    def test_slug_is_derived_from_the_title(self, title: str, slug: str) -> None:
        assert derived_slug(title, SESSION_ID) == slug
        assert event(title=title).slug == slug if len(title.strip()) > 2 else True

    def test_slug_entered_is_kept(self) -> None:
        with_slug = event(slug="my-show")
        assert (with_slug.slug, with_slug.slug_is_derived) == ("my-show", False)

    @given(st.text(max_size=80), st.uuids().map(str))
    @example("-" * 60, SESSION_ID)
    def test_derived_slug_is_always_valid(self, title: str, session_id: str) -> None:
        slug = derived_slug(title, session_id)
        assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", slug)
        assert "--" not in slug
        assert errors_of(EVENT, valid_section(EVENT, slug=slug)) == []
