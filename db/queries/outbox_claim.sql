-- Claimed, so that redrives at once start different ones, and those that are being delivered for
-- hours do not stand in the way of the others. Materialized, because what is locked and limited
-- must not be looked for again for each row that is updated.
WITH stranded AS MATERIALIZED (
    SELECT o.id FROM outbox AS o
    WHERE o.delivered_at IS NULL AND o.given_up_at IS NULL AND o.redrive_at <= now()
    ORDER BY o.redrive_at
    LIMIT $1
    FOR UPDATE SKIP LOCKED
)
UPDATE outbox SET redrive_at = now() + interval '1 hour'
FROM stranded
WHERE outbox.id = stranded.id
RETURNING outbox.id
