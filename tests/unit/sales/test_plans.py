"""The plans of sales cover what the sale must withstand, and can be published."""

from collections.abc import Sequence

from tests.sales.plans import (
    BUYERS,
    SAMPLE,
    SAMPLE_SEEDS,
    Asking,
    Deed,
    Delivery,
    SalePlan,
    plan_of,
)

SEEDS = range(300)
PLANS = [plan_of(seed) for seed in SEEDS]
SAMPLES = [plan_of(seed, buyers=SAMPLE) for seed in SAMPLE_SEEDS]
"""As ``tests/sales/test_sample.py`` plays them."""


def test_a_seed_has_one_plan() -> None:
    assert plan_of(7) == plan_of(7)
    assert plan_of(7) != plan_of(8)


def test_every_plan_can_be_published() -> None:
    for plan in PLANS:
        assert_can_be_published(plan)
        assert 1 <= len(plan.tiers) <= 4
        assert [buyer.number for buyer in plan.buyers] == list(range(BUYERS))


def test_every_sample_can_be_published() -> None:
    for plan in SAMPLES:
        assert_can_be_published(plan)


def assert_can_be_published(plan: SalePlan) -> None:
    limited = sum(tier.quantity or 0 for tier in plan.tiers)
    assert limited <= plan.capacity <= plan.hall
    assert all(tier.quantity is None or tier.quantity >= 1 for tier in plan.tiers)


def test_all_deeds_and_deliveries_occur() -> None:
    assert_all_occur(PLANS)
    assert {len(plan.tiers) for plan in PLANS} == {1, 2, 3, 4}


def test_all_deeds_and_deliveries_occur_in_the_samples() -> None:
    assert_all_occur(SAMPLES)


def assert_all_occur(plans: Sequence[SalePlan]) -> None:
    buyers = [buyer for plan in plans for buyer in plan.buyers]
    waves = [wave for plan in plans for wave in plan.waves]
    assert {buyer.deed for buyer in buyers} == set(Deed)
    assert {buyer.asking for buyer in buyers} == set(Asking)
    assert {wave.delivery for wave in waves} == set(Delivery)
    assert {wave.pauses for wave in waves} == {True, False}


def test_most_events_have_fewer_places_than_wishes() -> None:
    scarce = sum(is_scarce(plan) for plan in PLANS)
    assert scarce > 0.9 * len(PLANS)


def test_every_sample_has_fewer_places_than_wishes() -> None:
    assert all(is_scarce(plan) for plan in SAMPLES)


def is_scarce(plan: SalePlan) -> bool:
    wanted = sum(count for buyer in plan.buyers for _, count in buyer.wish.tickets)
    return wanted > plan.capacity


def test_excluded_deeds_do_not_occur() -> None:
    plan = plan_of(1, deeds=[Deed.PAY], deliveries=[Delivery.PROMPT])
    assert {buyer.deed for buyer in plan.buyers} == {Deed.PAY}
    assert {wave.delivery for wave in plan.waves} == {Delivery.PROMPT}
