SELECT e.id
FROM stripe_events AS e
WHERE e.processed_at IS NULL AND e.received_at < now() - make_interval(secs => $1)
ORDER BY e.error IS NOT NULL, e.received_at
LIMIT $2
