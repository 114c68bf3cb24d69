SELECT jsonb_build_object(
    'id', e.id, 'type', e.type, 'account_id', e.account_id, 'livemode', e.livemode,
    'processed', e.processed_at IS NOT NULL
)
FROM stripe_events AS e
WHERE e.id = $1
