WITH old AS MATERIALIZED (
    SELECT o.id FROM outbox AS o
    WHERE coalesce(o.delivered_at, o.given_up_at) < now() - make_interval(secs => $1)
    LIMIT $2
), forgotten AS (
    DELETE FROM outbox USING old WHERE outbox.id = old.id RETURNING 1
)
SELECT count(*) FROM forgotten
