"""The context of the assistant."""

import pytest

from copilot.context import checks_digest
from domain.stages import Stage
from domain.validation.check_codes import Check, Severity


def check(**fields: object) -> Check:
    found = {
        "code": "cover_missing",
        "stage": Stage.SPONSORS_MEDIA,
        "pointer": "/media/cover",
        "message": "Add a cover picture.",
        "severity": Severity.WARN,
    }
    return Check.model_validate({**found, **fields})


TERMS = check(code="terms_not_accepted", stage=Stage.REVIEW_PUBLISH, pointer="", severity="block")


def test_a_digest_does_not_depend_on_order_or_texts() -> None:
    one = checks_digest(3, [check(), TERMS])
    assert one == checks_digest(3, [TERMS, check(message="Ein Bild fehlt.")])


@pytest.mark.parametrize(
    ("revision", "checks"),
    [
        (4, [check(), TERMS]),
        (3, [check()]),
        (3, [check(pointer="/media"), TERMS]),
        (3, [check(severity="block"), TERMS]),
        (3, []),
    ],
)
def test_another_revision_or_check_has_another_digest(revision: int, checks: list[Check]) -> None:
    assert checks_digest(revision, checks) != checks_digest(3, [check(), TERMS])
