"""A few of the schedules that ``make explore`` plays: those without time-outs."""

from typing import Final

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.explore.opening import theatre_in_process
from tests.explore.playing import Cast
from tests.explore.report import failure
from tests.explore.schedules import Schedule
from tests.explore.settling import LONGEST_RUN_SECONDS
from tests.support.postgres import Database
from tests.support.stand_in import StandIn

ENDINGS: Final = {
    "publish:check_payment_account.1.1=fails+offer_tier.2.1=lost": "published",
    "publish:reserve_event.1.1=twice+publish_event.1.1=lost": "published",
    "publish:publish_event.1.1=lost_away+release_event.1.1=lost": "published",
    "publish:offer_tier.1.1=refused+retire_catalogue.1.1=lost": "failed",
    "publish:publish_event.1.1=away+retire_catalogue.1.1=refused": "failed",
    "order:hold_tickets.1.1=lost+open_checkout.1.1=refused": "paid",
    "order:hold_tickets.1.1=killed": "paid",
    "order:open_checkout.1.1=lost_away+confirm_order.1.1=twice": "paid",
    "debit:payment_processing.1.1=lost+look_at_checkout.2.1=refused": "paid",
    "cancel:expire_checkout.1.1=lost+release_order.1.1=twice": "cancelled",
    "leave:expire_checkout.1.1=away": "expired",
    "publish:offer_tier.1.1=save": "published",
    "publish:publish_event.1.1=abandon.after": "published",
    "publish:reserve_event.1.1=expire": "published",
    "publish:publish_event.1.1=away+retire_catalogue.1.1=abandon": "failed",
    "order:open_checkout.1.1=cancel+open_checkout.1.1=killed": "cancelled",
    "order:open_checkout.1.1=order_again.after": "paid",
    "cancel:expire_checkout.1.1=paid": "paid",
}
"""The state in which each schedule ends."""


@pytest.mark.timeout(2 * LONGEST_RUN_SECONDS)
async def test_faults_and_messages_keep_the_rules(
    temporal: WorkflowEnvironment, database: Database, stand_in: StandIn
) -> None:
    schedules = [Schedule.parse(text) for text in ENDINGS]
    async with theatre_in_process(temporal, database, stand_in) as theatre:
        results = await Cast(theatre).play_all(schedules)

    assert [failure(result) for result in results if result.breaches] == []
    assert [str(result.schedule) for result in results if result.has_missed] == []
    assert {str(result.schedule): result.ended for result in results} == ENDINGS
