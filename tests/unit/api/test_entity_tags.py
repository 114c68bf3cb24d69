"""Which entity tags an If-None-Match names (RFC 9110, section 13.1.2)."""

import pytest

from api.entity_tags import KnownTags, content_tag, revision_tag

TAG = '"3"'

MATCHING = {
    "the tag": ['"3"'],
    "a weak tag": ['W/"3"'],
    "any": ["*"],
    "any, with spaces": ["  * "],
    "first of a list": ['"3", "4"'],
    "last of a list": ['"x", W/"2","3"'],
    "empty entries": [', ,"2",, "3",'],
    "a comma within a tag": ['"a,b", "3"'],
    "other characters": ['"sha256:+/=!~", "\xfc", "", "3"'],
    "several lines": ['"1", "2"', '"3"'],
}
FOREIGN = {
    "no header": [],
    "empty": [""],
    "another tag": ['"4"'],
    "a longer tag": ['"33"'],
    "leading zero": ['"03"'],
    "no quotes": ["3"],
    "lower-case weak": ['w/"3"'],
    "no comma": ['"2" "3"'],
    "half a quote": ['"3'],
    "within another tag": ['"x"3"y"'],
    "any within a list": ['*, "4"'],
    "a space within a tag": ['"a b", "3"'],
    "long": ['"' + "3" * 10_000 + '"'],
}


@pytest.mark.parametrize("lines", MATCHING.values(), ids=MATCHING.keys())
def test_a_named_tag_is_known(lines: list[str]) -> None:
    assert KnownTags.of(lines).include(TAG)


@pytest.mark.parametrize("lines", FOREIGN.values(), ids=FOREIGN.keys())
def test_another_tag_is_not_known(lines: list[str]) -> None:
    assert not KnownTags.of(lines).include(TAG)


def test_a_weak_tag_of_ours_is_compared_weakly() -> None:
    assert KnownTags.of(['"3"']).include('W/"3"')


def test_equal_content_has_the_same_tag_and_other_content_another() -> None:
    assert content_tag(b"{}") == content_tag(b"{}")
    assert content_tag(b"{}") != content_tag(b"[]")
    assert KnownTags.of([content_tag(b"{}")]).include(content_tag(b"{}"))
    assert revision_tag(3) == TAG
