"""Derived ids: stable, secret where others may know what they are derived from, and canonical."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import ids

SECRET = "a-secret-of-at-least-32-characters"
OTHER = "another-secret-of-32-characters-or-more"
ID = "7d8f5e0c-5f0c-4c9e-9b6e-0f6a7f1f2c3d"
HEX = ID.replace("-", "")


def test_keyed_id_depends_on_each_of_its_parts() -> None:
    derived = {
        ids.session_id_for_key(secret, tenant, key)
        for secret in (SECRET, OTHER)
        for tenant in ("user:ada", "user:eve")
        for key in ("create-1", "create-2")
    }
    derived |= {ids.successor_of(secret, ID) for secret in (SECRET, OTHER)}
    assert len(derived) == 10
    assert all(ids.canonical_id(found) == found for found in derived)


def test_keyed_id_is_the_same_in_every_process() -> None:
    assert ids.session_id_for_key(SECRET, "user:ada", "create-1") == (
        "6cd5af23-8d3d-5586-bbbe-337ad07443cd"
    )
    assert ids.successor_of(SECRET, ID) == "67629ee6-e93b-5f5b-99b5-375f57770219"


def test_keyed_ids_of_two_kinds_never_meet() -> None:
    assert ids.session_id_for_key(SECRET, "user:ada", ID) != ids.successor_of(SECRET, ID)
    assert ids.successor_of(SECRET, ids.successor_of(SECRET, ID)) != ids.successor_of(SECRET, ID)


def test_ids_of_the_system_are_no_idempotency_keys() -> None:
    made = [ids.terms_update_id(3), ids.idle_update_id(3)]
    assert all(" " in name for name in made)
    assert all(one != other for one, other in permutations(made, 2))


@pytest.mark.parametrize(
    "spelled",
    [ID, ID.upper(), ID.replace("-", ""), f"{{{ID}}}", f"urn:uuid:{ID}", f"urn:uuid:{{{ID}}}"],
)
def test_spellings_of_a_uuid_have_one_canonical_form(spelled: str) -> None:
    assert ids.canonical_id(spelled) == ID


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "not-a-uuid",
        f"{ID}0",
        f"{'-' * 100}{ID}",
        ID[:-1],
        ID.replace("7", "\uff17"),
        ID.replace("5", "\u0665"),
        f"0x{HEX[2:]}",
        f"+{HEX[1:]}",
        f"-+{HEX[1:]}",
        f" {HEX[1:]}",
        f"{HEX[1:]}\n",
        f"{HEX[:7]}_{HEX[8:]}",
        f"{HEX[:4]}urn:{HEX[4:]}",
        f"{HEX[:4]}uuid:{HEX[4:]}",
    ],
)
def test_other_texts_are_no_uuid(text: str) -> None:
    assert ids.canonical_id(text) is None


@given(
    st.text("0x+_ -{}", max_size=3),
    st.text("0123456789abcdefABCDEF", min_size=32, max_size=32),
    st.integers(29, 36),
)
def test_a_canonical_id_has_the_digits_of_the_text(start: str, digits: str, length: int) -> None:
    text = (start + digits)[:length]

    canonical = ids.canonical_id(text)

    if canonical is not None:
        assert canonical.replace("-", "") == text.lower().strip("{}").replace("-", "")
        assert ids.canonical_id(canonical) == canonical
