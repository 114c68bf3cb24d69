"""Saves of a stage: kept and refused patches, terms, ids of tiers."""

import json
from copy import deepcopy
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import InvalidRequest, PayloadTooLarge, WizardError
from domain.json_values import JsonObject
from domain.schemas import INPUT_SCHEMAS
from domain.schemas.base import fields_by_alias
from domain.schemas.review import TERMS_VERSION
from domain.stages import STAGES, Section, Stage
from domain.validation.drafts import MAX_SECTION_BYTES, Draft, apply_patch, check_patch, size_of
from tests.unit.domain.samples import NOW, assessment_of, errors_of

ORGANIZER, EVENT, TICKET = Stage.ORGANIZER_SETUP, Stage.EVENT_SETUP, Stage.TICKET_SETUP


def save(stage: Stage, current: Any, patch: Any, issued: int = 0) -> Draft:
    return apply_patch(stage, current, patch, now=NOW, tiers_issued=issued)


def draft_of(data: JsonObject, issued: int) -> Draft:
    return Draft(data, issued, size_of(data))


def refused(stage: Stage, patch: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRequest) as raised:
        save(stage, {}, patch)
    with pytest.raises(InvalidRequest):
        check_patch(stage, patch)
    assert all(error.stage is stage and error.message for error in raised.value.errors)
    return [(error.pointer, error.code) for error in raised.value.errors]


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


class TestKeptValues:
    def test_a_patch_is_merged(self) -> None:
        current = {"name": "Ada", "phone": "+12125550100"}
        draft = save(ORGANIZER, current, {"name": "Ada L.", "phone": None, "bio": "Hello"})
        assert draft.data == {"name": "Ada L.", "bio": "Hello"}

    def test_strings_are_trimmed_and_composed(self) -> None:
        data = save(EVENT, {}, {"title": "  E\u0301te\u0301 \n", "tags": [" one ", "two"]}).data
        assert data == {"title": "Été", "tags": ["one", "two"]}

    def test_text_is_trimmed_of_invisible_characters(self) -> None:
        patch = {"title": "\u200bSpring Show\u2060\u00a0", "summary": "\u3164", "tags": ["\ufefft"]}
        assert save(EVENT, {}, patch).data == {"title": "Spring Show", "summary": "", "tags": ["t"]}

    @pytest.mark.parametrize(
        ("stage", "typed", "stored"),
        [
            (TICKET, {"currency": "USD"}, {"currency": "usd"}),
            (ORGANIZER, {"phone": "+33 6 12 34 56 78"}, {"phone": "+33612345678"}),
            (ORGANIZER, {"phone": "+44 (0)20 7183 8750"}, {"phone": "+442071838750"}),
            (
                ORGANIZER,
                {"phone": "\u202a+1 212\u2011555\u20110100\u202c"},
                {"phone": "+12125550100"},
            ),
            (ORGANIZER, {"phone": "+39 06 1234567"}, {"phone": "+39061234567"}),
            (ORGANIZER, {"phone": "+33\u00a06\u202f12 34 56 78"}, {"phone": "+33612345678"}),
            (ORGANIZER, {"phone": "\uff0b\uff13\uff13 612345678"}, {"phone": "+33612345678"}),
            (TICKET, {"currency": "\uff35\uff33\uff24"}, {"currency": "usd"}),
            (EVENT, {"startTime": "19:30:00"}, {"startTime": "19:30"}),
            (EVENT, {"startTime": "9:05"}, {"startTime": "09:05"}),
            (EVENT, {"endTime": "\uff11\uff19\uff1a\uff13\uff10"}, {"endTime": "19:30"}),
            (EVENT, {"date": "\uff12\uff10\uff13\uff11-05-09"}, {"date": "2031-05-09"}),
            (EVENT, {"timezone": "europe/berlin"}, {"timezone": "Europe/Berlin"}),
            (EVENT, {"timezone": "America/New York"}, {"timezone": "America/New_York"}),
            (EVENT, {"language": "de_AT"}, {"language": "de-AT"}),
            (EVENT, {"language": "DE-at"}, {"language": "DE-at"}),
            (
                EVENT,
                {"translations": [{"language": "zh_Hant"}]},
                {"translations": [{"language": "zh-Hant"}]},
            ),
            (
                EVENT,
                {"openingHours": [{"opens": "9:00", "closes": "18:00:00"}]},
                {"openingHours": [{"opens": "09:00", "closes": "18:00"}]},
            ),
            (
                TICKET,
                {"tiers": [{"id": "tier-1", "saleEnd": "2031-05-09 18:00:00z"}]},
                {"tiers": [{"id": "tier-1", "saleEnd": "2031-05-09T18:00:00Z"}]},
            ),
            (
                Stage.VENUE_SETUP,
                {"address": {"country": "\uff24\uff25"}},
                {"address": {"country": "DE"}},
            ),
            (TICKET, {"totalCapacity": 1000.0}, {"totalCapacity": 1000}),
            (TICKET, {"refundPolicy": {"days": 7.0}}, {"refundPolicy": {"days": 7}}),
            (Stage.VENUE_SETUP, {"address": {"country": "xk"}}, {"address": {"country": "XK"}}),
            (Stage.VENUE_SETUP, {"geo": {"lat": 40.0}}, {"geo": {"lat": 40.0}}),
            (Stage.SPONSORS_MEDIA, {"hashtag": "\uff03été"}, {"hashtag": "#été"}),
        ],
    )
    def test_valid_value_is_stored_in_its_canonical_form(
        self, stage: Stage, typed: Any, stored: Any
    ) -> None:
        assert repr(save(stage, {}, typed).data) == repr(stored)

    @pytest.mark.parametrize(
        ("network", "typed", "stored"),
        [
            ("instagram", "instagram.com/acme", "https://instagram.com/acme"),
            ("instagram", "Instagram.com/Acme?igsh=1", "https://instagram.com/Acme?igsh=1"),
            ("instagram", "@acme", "@acme"),
            ("instagram", "acme", "acme"),
            ("instagram", "\uff20acme", "@acme"),
            ("tiktok", "www.tiktok.com/@acme", "https://www.tiktok.com/@acme"),
            ("x", "http://x.com/ada", "https://x.com/ada"),
            ("youtube", "channel/UC1", "https://www.youtube.com/channel/UC1"),
            ("linkedin", "in/ada-x", "https://www.linkedin.com/in/ada-x"),
            ("linkedin", "/company/acme/", "https://www.linkedin.com/company/acme/"),
            ("linkedin", "fr.linkedin.com/in/ada", "https://fr.linkedin.com/in/ada"),
            ("facebook", "m.facebook.com/acme", "https://m.facebook.com/acme"),
            ("pinterest", "pinterest.co.uk/acme", "https://pinterest.co.uk/acme"),
            ("x", "in/ada-x", "in/ada-x"),
            ("x", "https://x.com/ada", "https://x.com/ada"),
        ],
    )
    def test_profile_is_stored_as_a_handle_or_a_url(
        self, network: str, typed: str, stored: str
    ) -> None:
        data = save(ORGANIZER, {}, {"socials": {network: typed}}).data
        assert data == {"socials": {network: stored}}
        assert save(ORGANIZER, data, data).data == data

    def test_canonical_form_reaches_the_entries_of_a_list(self) -> None:
        [tier] = save(TICKET, {}, {"tiers": [{"name": "A", "unit_amount": 1000.0}]}).data["tiers"]
        assert repr(tier["unit_amount"]) == "1000"

    @pytest.mark.parametrize(
        "patch",
        [
            {"currency": "Dollar"},
            {"totalCapacity": 10.5},
            {"currency": 5},
            {"tiers": [{"unit_amount": "1000.0"}, 3.0, None]},
        ],
    )
    def test_value_not_valid_stays_as_it_was_typed(self, patch: Any) -> None:
        data = save(TICKET, {}, patch).data
        assert data.get("currency") == patch.get("currency")
        assert repr(data.get("totalCapacity")) == repr(patch.get("totalCapacity"))
        assert [tier for tier in data.get("tiers", []) if not isinstance(tier, dict)] == [
            tier for tier in patch.get("tiers", []) if not isinstance(tier, dict)
        ]

    @pytest.mark.parametrize(
        "patch",
        [
            {"title": 5},
            {"title": ""},
            {"title": "x"},
            {"date": "tomorrow"},
            {"startTime": {"hour": 5}},
            {"startTime": "19:30:15"},
            {"startTime": "24:00"},
            {"startTime": "7:3"},
            {"timezone": "Berlin"},
            {"language": "de_"},
            {"date": "2031-5-9"},
            {"tags": "one"},
            {"tags": [1, None]},
            {"slug": "NOT A SLUG"},
            {"title": "bell \x07"},
        ],
    )
    def test_values_not_valid_yet_are_kept(self, patch: Any) -> None:
        assert save(EVENT, {"summary": "kept"}, patch).data == {"summary": "kept", **patch}

    def test_the_current_draft_is_not_changed(self) -> None:
        current = {"tiers": [{"id": "tier-1", "name": "A"}], "currency": "eur"}
        patch = {"tiers": [{"name": " a "}, {}], "currency": None}
        before = deepcopy((current, patch))
        save(TICKET, current, patch, 1)
        assert (current, patch) == before


class TestRefusedPatches:
    @pytest.mark.parametrize("patch", [None, [], "x", 5, True])
    def test_patch_that_is_not_an_object_is_refused(self, patch: Any) -> None:
        assert refused(ORGANIZER, patch) == [("", "invalid_type")]

    @pytest.mark.parametrize(
        ("stage", "patch", "pointer"),
        [
            (ORGANIZER, {"nickname": "x"}, "/nickname"),
            (ORGANIZER, {"nickname": None}, "/nickname"),
            (ORGANIZER, {"a/b~c": 1}, "/a~1b~0c"),
            (ORGANIZER, {"logo": {"src": "x"}}, "/logo/src"),
            (ORGANIZER, {"socials": {"myspace": "x"}}, "/socials/myspace"),
            (EVENT, {"start_time": "10:00"}, "/start_time"),
            (Stage.VENUE_SETUP, {"address": {"zip": "1"}}, "/address/zip"),
            (TICKET, {"tiers": [{"name": "A"}, {"price": 1}]}, "/tiers/1/price"),
            (TICKET, {"refundPolicy": {"kinds": "none"}}, "/refundPolicy/kinds"),
            (Stage.SPONSORS_MEDIA, {"media": {"gallery": [{"x": 1}]}}, "/media/gallery/0/x"),
            (
                Stage.SPONSORS_MEDIA,
                {"media": {"cover": {"focal": {"z": 1}}}},
                "/media/cover/focal/z",
            ),
            (Stage.REVIEW_PUBLISH, {"payment": {}}, "/payment"),
        ],
    )
    def test_unknown_field_is_refused(self, stage: Stage, patch: Any, pointer: str) -> None:
        assert refused(stage, patch) == [(pointer, "unknown_field")]

    def test_every_unknown_field_is_named(self) -> None:
        assert refused(ORGANIZER, {"a": 1, "b": 2}) == [
            ("/a", "unknown_field"),
            ("/b", "unknown_field"),
        ]

    @pytest.mark.parametrize("text", ["a\0b", "\ud800", "x\udfff"])
    def test_text_that_cannot_be_stored(self, text: str) -> None:
        assert refused(ORGANIZER, {"name": text}) == [("/name", "invalid_character")]
        assert refused(EVENT, {"tags": ["fine", text]}) == [("/tags/1", "invalid_character")]

    @pytest.mark.parametrize("key", ["a\0b", "\ud800"])
    def test_names_that_cannot_be_stored(self, key: str) -> None:
        [(pointer, code)] = refused(ORGANIZER, {key: 1})
        assert code == "invalid_character"
        assert pointer.encode("utf-8")
        assert "\0" not in pointer

    @pytest.mark.parametrize("number", [2**53, -(2**53), 10**400, 1e300, inf, -inf, nan])
    def test_numbers_that_json_does_not_carry_exactly(self, number: float) -> None:
        tiers = [{"unit_amount": number}]
        assert refused(TICKET, {"tiers": tiers}) == [
            ("/tiers/0/unit_amount", "number_out_of_range")
        ]

    def test_the_largest_exact_numbers_are_kept(self) -> None:
        for number in (2**53 - 1, -(2**53) + 1):
            assert save(TICKET, {}, {"totalCapacity": number}).data == {"totalCapacity": number}

    def test_nesting_over_16_levels_is_refused(self) -> None:
        assert save(ORGANIZER, {}, {"name": nested(15)}).data
        [(_, code)] = refused(ORGANIZER, {"name": nested(16)})
        assert code == "too_deep"

    def test_very_deep_nesting_is_no_recursion_error(self) -> None:
        [(_, code)] = refused(ORGANIZER, {"name": nested(5_000)})
        assert code == "too_deep"

    def test_section_over_96_kib_is_refused(self) -> None:
        assert save(EVENT, {}, {"description": "x" * (MAX_SECTION_BYTES - 18)})
        with pytest.raises(PayloadTooLarge):
            save(EVENT, {}, {"description": "x" * (MAX_SECTION_BYTES - 17)})

    def test_refused_size_is_reported_at_the_largest_field(self) -> None:
        with pytest.raises(PayloadTooLarge) as raised:
            save(EVENT, {"description": "x" * MAX_SECTION_BYTES}, {"summary": "Hi"})
        [error] = raised.value.errors
        assert (error.pointer, error.code) == ("/description", "too_many_bytes")
        assert error.message.startswith("Description")

    def test_section_size_counts_earlier_data_in_bytes(self) -> None:
        half = "é" * (MAX_SECTION_BYTES // 4)
        current = save(EVENT, {}, {"description": half}).data
        with pytest.raises(PayloadTooLarge):
            save(EVENT, current, {"summary": half})

    def test_size_is_that_of_compact_json(self) -> None:
        assert size_of({"a": [1, "é"]}) == len('{"a":[1,"é"]}'.encode())


class TestTerms:
    REVIEW = Stage.REVIEW_PUBLISH

    def test_terms_accepted_store_version_and_time(self) -> None:
        data = save(self.REVIEW, {}, {"acceptTerms": True}).data
        assert data == {"acceptedTerms": {"version": TERMS_VERSION, "at": NOW.isoformat()}}
        sections = {Section.REVIEW: data}
        assert assessment_of(sections).stages[self.REVIEW].valid

    def test_terms_withdrawn_are_removed(self) -> None:
        accepted = save(self.REVIEW, {}, {"acceptTerms": True}).data
        assert save(self.REVIEW, accepted, {"acceptTerms": False}).data == {}

    def test_an_empty_patch_keeps_it(self) -> None:
        accepted = save(self.REVIEW, {}, {"acceptTerms": True}).data
        assert save(self.REVIEW, accepted, {}).data == accepted

    @pytest.mark.parametrize("value", [None, "true", 1, {}, []])
    def test_accept_terms_must_be_a_boolean(self, value: Any) -> None:
        assert refused(self.REVIEW, {"acceptTerms": value}) == [("/acceptTerms", "invalid_type")]

    @pytest.mark.parametrize("value", [None, {"version": "x", "at": "y"}])
    def test_accepted_terms_from_a_client_are_refused(self, value: Any) -> None:
        assert refused(self.REVIEW, {"acceptedTerms": value}) == [
            ("/acceptedTerms", "server_owned")
        ]


class TestTierIds:
    def ids(self, draft: Draft) -> list[str]:
        return [tier["id"] for tier in draft.data["tiers"]]

    def first(self, *names: str) -> Draft:
        return save(TICKET, {}, {"tiers": [{"name": name} for name in names]})

    def again(self, draft: Draft, *tiers: Any) -> Draft:
        return save(TICKET, draft.data, {"tiers": list(tiers)}, draft.tiers_issued)

    def test_new_tiers_are_numbered(self) -> None:
        draft = self.first("A", "B")
        assert self.ids(draft) == ["tier-1", "tier-2"]
        assert draft.tiers_issued == 2

    def test_tier_with_the_same_name_keeps_its_id_at_any_place(self) -> None:
        draft = self.again(self.first("A", "B"), {"name": "b"}, {"name": "a"})
        assert self.ids(draft) == ["tier-2", "tier-1"]
        assert draft.tiers_issued == 2

    @pytest.mark.parametrize("name", ["VIP\u200b", "\uff36IP", "v\u0131p", " V\u00adIP"])
    def test_tier_whose_name_is_read_the_same_keeps_its_id(self, name: str) -> None:
        draft = self.again(self.first("A", "VIP"), {"name": name}, {"name": "New"})
        assert self.ids(draft) == ["tier-2", "tier-3"]

    def test_a_renamed_tier_keeps_the_id_of_its_place(self) -> None:
        draft = self.again(self.first("A", "B"), {"name": "A"}, {"name": "Balcony"})
        assert self.ids(draft) == ["tier-1", "tier-2"]

    def test_place_of_a_moved_tier_is_not_reused(self) -> None:
        draft = self.again(self.first("A", "B"), {"name": "New"}, {"name": "A"}, {"name": "B"})
        assert self.ids(draft) == ["tier-3", "tier-1", "tier-2"]

    def test_tier_id_sent_back_is_kept(self) -> None:
        draft = self.again(self.first("A", "B"), {"name": "B", "id": "tier-1"}, {"name": "C"})
        assert self.ids(draft) == ["tier-1", "tier-2"]

    def test_the_id_of_a_deleted_tier_is_not_reissued(self) -> None:
        draft = self.again(self.first("A", "B"), {"name": "A"})
        draft = self.again(draft, {"name": "A"}, {"name": "C"})
        assert self.ids(draft) == ["tier-1", "tier-3"]

    def test_tier_ids_after_deleting_all_are_not_reissued(self) -> None:
        draft = save(TICKET, self.first("A", "B").data, {"tiers": None}, 2)
        assert self.ids(self.again(draft, {"name": "A"})) == ["tier-3"]

    def test_saves_of_other_fields_keep_the_ids(self) -> None:
        first = self.first("A")
        draft = save(TICKET, first.data, {"currency": "eur"}, first.tiers_issued)
        assert draft == draft_of({**first.data, "currency": "eur"}, 1)

    @pytest.mark.parametrize(
        ("tiers", "error"),
        [
            ([{"id": "vip"}], ("/tiers/0/id", "invalid_format")),
            ([{"id": 5}], ("/tiers/0/id", "invalid_type")),
            ([{"id": "tier-1"}, {"id": "tier-1"}], ("/tiers/1/id", "not_unique")),
            ([{"id": "tier-7"}], ("/tiers/0/id", "unknown_id")),
        ],
    )
    def test_tier_id_not_valid_is_kept_and_reported(self, tiers: Any, error: Any) -> None:
        draft = self.again(self.first("A"), *tiers)
        assert [tier["id"] for tier in draft.data["tiers"]] == [tier["id"] for tier in tiers]
        assert error in errors_of(TICKET, draft.data, tiers_issued=draft.tiers_issued)

    def test_tier_id_made_up_by_a_client_is_not_issued(self) -> None:
        draft = self.again(self.first("A"), {"id": "tier-2", "name": "X"}, {"name": "Y"})
        assert self.ids(draft) == ["tier-2", "tier-3"]

    @pytest.mark.parametrize("tiers", ["x", {"name": "A"}, 5])
    def test_tiers_that_are_not_a_list_are_kept(self, tiers: Any) -> None:
        assert save(TICKET, {}, {"tiers": tiers}) == draft_of({"tiers": tiers}, 0)

    def test_entries_that_are_not_objects_are_kept(self) -> None:
        draft = save(TICKET, {}, {"tiers": [None, 3, {"name": "A"}]})
        assert draft.data["tiers"][:2] == [None, 3]
        assert draft.data["tiers"][2]["id"] == "tier-1"

    @given(st.lists(st.lists(st.sampled_from("ABCDEF"), max_size=5), min_size=1, max_size=6))
    @settings(max_examples=50)
    def test_ids_are_unique_and_a_name_keeps_its_id(self, saves: list[list[str]]) -> None:
        draft = draft_of({}, 0)
        for names in saves:
            before = {tier["name"]: tier["id"] for tier in draft.data.get("tiers", [])}
            draft = self.again(draft, *[{"name": name} for name in dict.fromkeys(names)])
            after = {tier["name"]: tier["id"] for tier in draft.data["tiers"]}
            assert len(set(after.values())) == len(after)
            for name in before.keys() & after.keys():
                assert before[name] == after[name]
            assert all(
                int(tier_id.removeprefix("tier-")) <= draft.tiers_issued
                for tier_id in after.values()
            )


TOP_LEVEL = {name for model in INPUT_SCHEMAS.values() for name in fields_by_alias(model)}
NESTED = {
    "id",
    "unit_amount",
    "saleStart",
    "kind",
    "lat",
    "lng",
    "line1",
    "country",
    "cover",
    "alt",
}
NAMES = st.sampled_from(sorted(TOP_LEVEL | NESTED | {"unknown"}))
VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["physical", "hybrid", "2031-05-09", "19:30", "usd", "zzz", "\0", "9999-12-31"]
    )
)
ANY_JSON = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=25,
)


@given(st.sampled_from(STAGES), ANY_JSON, ANY_JSON)
@settings(max_examples=300, deadline=None)
def test_arbitrary_json_is_kept_or_refused(stage: Stage, first: Any, second: Any) -> None:
    data: Any = {}
    issued = 0
    for patch in (first, second):
        before = deepcopy((data, patch))
        try:
            draft = save(stage, data, patch, issued)
        except WizardError as refusal:
            refused_fields = [error.model_dump_json() for error in refusal.errors]
        else:
            refused_fields = []
        assert repr((data, patch)) == repr(before)
        if refused_fields:
            continue
        data, issued = draft.data, draft.tiers_issued
        assert json.loads(json.dumps(data)) == data
        unassessed = deepcopy(data)
        assessment = assessment_of({stage.section: data})
        assert data == unassessed
        assert 0 <= assessment.stages[stage].completion <= 100
        assert (not assessment.stages[stage].errors) == assessment.stages[stage].valid


@given(st.sampled_from(STAGES[:5]), st.dictionaries(NAMES, ANY_JSON, max_size=5))
@settings(max_examples=100, deadline=None)
def test_saving_the_same_again_changes_nothing(stage: Stage, patch: Any) -> None:
    try:
        first_draft = save(stage, {}, patch)
    except WizardError:
        return
    assert save(stage, first_draft.data, patch, first_draft.tiers_issued) == first_draft
