"""The plans of sales cover what the sale must withstand, and can be published."""

from collections import Counter

from tests.sales.plans import BUYERS, Asking, Deed, Delivery, plan_of

SEEDS = range(300)


def test_a_seed_has_one_plan() -> None:
    assert plan_of(7) == plan_of(7)
    assert plan_of(7) != plan_of(8)


def test_every_plan_can_be_published() -> None:
    for seed in SEEDS:
        plan = plan_of(seed)
        limited = sum(tier.quantity or 0 for tier in plan.tiers)
        assert 1 <= len(plan.tiers) <= 4
        assert limited <= plan.capacity <= plan.hall
        assert all(tier.quantity is None or tier.quantity >= 1 for tier in plan.tiers)
        assert [buyer.number for buyer in plan.buyers] == list(range(BUYERS))


def test_all_deeds_and_deliveries_occur() -> None:
    plans = [plan_of(seed) for seed in SEEDS]
    buyers = [buyer for plan in plans for buyer in plan.buyers]
    assert {buyer.deed for buyer in buyers} == set(Deed)
    assert {buyer.asking for buyer in buyers} == set(Asking)
    assert {wave.delivery for plan in plans for wave in plan.waves} == set(Delivery)
    assert {len(plan.tiers) for plan in plans} == {1, 2, 3, 4}
    assert {wave.pauses for plan in plans for wave in plan.waves} == {True, False}


def test_most_events_have_fewer_places_than_wishes() -> None:
    scarce = Counter(
        sum(count for buyer in plan.buyers for _, count in buyer.wish.tickets) > plan.capacity
        for plan in map(plan_of, SEEDS)
    )
    assert scarce[True] > 0.9 * len(SEEDS)


def test_excluded_deeds_do_not_occur() -> None:
    plan = plan_of(1, deeds=[Deed.PAY], deliveries=[Delivery.PROMPT])
    assert {buyer.deed for buyer in plan.buyers} == {Deed.PAY}
    assert {wave.delivery for wave in plan.waves} == {Delivery.PROMPT}
