"""The plan of a run: derived from its seed alone, and bearable for the stack."""

from dev.stack.supervisor import DEATHS_ALLOWED
from tests.chaos.plan import (
    DATA,
    LINKS,
    LOG,
    OF_PROCESSES,
    PROCESSES,
    Action,
    FaultKind,
    JourneyKind,
    deaths_within,
    faults_of,
    journey_of,
)

SEEDS = range(1, 40)
MINUTES = 3


def test_a_seed_has_one_plan() -> None:
    assert faults_of(7, 120) == faults_of(7, 120)
    assert journey_of(7, 3, 2) == journey_of(7, 3, 2)
    assert faults_of(7, 120) != faults_of(8, 120)
    assert journey_of(7, 3, 2) != journey_of(8, 3, 2)


def test_a_longer_run_begins_with_the_same_faults() -> None:
    shorter, longer = faults_of(7, 60), faults_of(7, 120)
    assert [(fault.at, fault.kind, fault.target) for fault in shorter] == [
        (fault.at, fault.kind, fault.target) for fault in longer[: len(shorter)]
    ]


def test_each_fault_occurs_in_a_long_run() -> None:
    planned = {(fault.kind, fault.target) for fault in faults_of(1, 60 * MINUTES)}
    of_links = set(FaultKind) - {*OF_PROCESSES, FaultKind.FULL_DISK, FaultKind.LOSE_ANSWERS}
    assert planned == {
        *((kind, process) for kind in OF_PROCESSES for process in PROCESSES),
        *((kind, link) for kind in of_links for link in LINKS),
        *((FaultKind.FULL_DISK, part) for part in (DATA, LOG)),
        (FaultKind.LOSE_ANSWERS, "stripe"),
    }


def test_all_faults_end_within_the_run() -> None:
    for seed in SEEDS:
        assert all(fault.at + fault.seconds <= 60 for fault in faults_of(seed, 60))


def test_the_stack_does_not_give_up_a_component() -> None:
    for seed in SEEDS:
        faults = faults_of(seed, 60 * MINUTES)
        for last in faults:
            assert deaths_within(faults, last.component, last.at) < DEATHS_ALLOWED


def test_all_kinds_of_journeys_begin_at_once() -> None:
    assert {journey_of(1, client, 0).kind for client in range(len(JourneyKind))} == set(JourneyKind)


def test_journeys_have_all_operations() -> None:
    planned = {
        step.action
        for seed in SEEDS
        for client in range(8)
        for step in journey_of(seed, client, 1).steps
    }
    assert planned == set(Action)


def test_saved_texts_are_unique() -> None:
    for seed in SEEDS:
        texts = [
            text
            for client in range(8)
            for step in journey_of(seed, client, 0).steps
            if step.action is Action.SAVE
            for text in (step.data or {}).values()
        ]
        assert len(texts) == len(set(texts))
