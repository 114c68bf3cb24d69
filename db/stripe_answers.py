"""Stripe's last answer to the workers. They write it, and the API shows it in ``/readyz``."""

from dataclasses import dataclass
from datetime import datetime

from db.pool import Connection, Pool
from db.sql import sql
from db.transactions import write_in_transaction
from domain.values.payments import StripeAnswer


@dataclass(frozen=True)
class KnownAnswer:
    """``since``: when a worker first got this answer after another one."""

    answer: StripeAnswer
    since: datetime


class StripeAnswers:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def get(self) -> KnownAnswer | None:
        """None until a worker has an answer."""

        async def read(connection: Connection) -> KnownAnswer | None:
            row = await connection.fetchrow(sql("stripe_answer_get"))
            return KnownAnswer(StripeAnswer(row["answer"]), row["since"]) if row else None

        return await write_in_transaction(self._pool, read)

    async def put(self, answer: StripeAnswer) -> None:
        async def write(connection: Connection) -> None:
            await connection.execute(sql("stripe_answer_set"), answer.value)

        await write_in_transaction(self._pool, write)
