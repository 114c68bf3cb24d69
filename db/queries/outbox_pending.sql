SELECT o.payload
FROM outbox AS o
WHERE o.id = $1 AND o.delivered_at IS NULL AND o.given_up_at IS NULL
