WITH forgotten AS (
    DELETE FROM outbox
    WHERE id IN (
        SELECT o.id FROM outbox AS o
        WHERE coalesce(o.delivered_at, o.given_up_at) < now() - make_interval(secs => $1)
        LIMIT $2
    )
    RETURNING 1
)
SELECT count(*) FROM forgotten
