-- name: order_get
SELECT to_jsonb(o) FROM ticket_orders AS o WHERE o.id = $1

-- name: order_by_payment
SELECT to_jsonb(o) FROM ticket_orders AS o WHERE o.payment_intent_id = $1

-- name: order_event
-- A published event, and whether its Stripe account is lost.
SELECT jsonb_build_object('event', to_jsonb(e), 'account_lost', wizard_has_lost_account(e.id))
FROM events AS e
WHERE e.id = $1 AND e.status = 'published'

-- name: inventory_lock
-- The row of the whole event is the lock of all its inventory and orders.
SELECT true FROM event_inventory AS i WHERE i.event_id = $1 AND i.tier_id = '' FOR UPDATE

-- name: inventory_create
INSERT INTO event_inventory (event_id, tier_id, quantity)
SELECT $1, s.tier_id, s.quantity
FROM jsonb_to_recordset($2) AS s (tier_id text, quantity bigint)
ON CONFLICT (event_id, tier_id) DO NOTHING

-- name: inventory_get
SELECT to_jsonb(i) FROM event_inventory AS i WHERE i.event_id = $1

-- name: inventory_change
UPDATE event_inventory AS i SET
    sold = i.sold + c.sold,
    held = i.held + c.held,
    amount = i.amount + c.amount,
    refunded = i.refunded + c.refunded
FROM jsonb_to_recordset($2)
    AS c (tier_id text, sold bigint, held bigint, amount bigint, refunded bigint)
WHERE i.event_id = $1 AND i.tier_id = c.tier_id

-- name: order_before_hold
-- All that a hold depends on, once the inventory is locked.
SELECT jsonb_build_object(
    'order', (SELECT to_jsonb(o) FROM ticket_orders AS o WHERE o.id = $2),
    'sales', (SELECT e.sales FROM events AS e WHERE e.id = $1),
    'stocks', (SELECT jsonb_agg(to_jsonb(i)) FROM event_inventory AS i WHERE i.event_id = $1),
    'holds', (
        SELECT count(*)
        FROM ticket_orders AS o
        WHERE o.event_id = $1 AND o.holder = $3 AND o.state IN ('held', 'open', 'processing')
    )
)

-- name: order_put
INSERT INTO ticket_orders (
    id, event_id, session_id, tenant, items, amount_total, currency, application_fee,
    amount_refunded, state, reason, stripe_account_id, checkout_session_id, checkout_url,
    payment_intent_id, holder, fingerprint, created_at, expires_at, paid_at, closed_at,
    charge_checked_at
)
SELECT
    id, event_id, session_id, tenant, items, amount_total, currency, application_fee,
    amount_refunded, state, reason, stripe_account_id, checkout_session_id, checkout_url,
    payment_intent_id, holder, fingerprint, created_at, expires_at, paid_at, closed_at,
    charge_checked_at
FROM jsonb_populate_record(NULL::ticket_orders, $1)
ON CONFLICT (id) DO UPDATE SET
    items = excluded.items,
    amount_total = excluded.amount_total,
    amount_refunded = excluded.amount_refunded,
    state = excluded.state,
    reason = excluded.reason,
    checkout_session_id = excluded.checkout_session_id,
    checkout_url = excluded.checkout_url,
    payment_intent_id = excluded.payment_intent_id,
    holder = excluded.holder,
    expires_at = excluded.expires_at,
    paid_at = excluded.paid_at,
    closed_at = excluded.closed_at,
    charge_checked_at = excluded.charge_checked_at

-- name: order_notice
-- What the notifications of an order depend on.
SELECT jsonb_build_object(
    'event', to_jsonb(e),
    'stocks', (SELECT jsonb_agg(to_jsonb(i)) FROM event_inventory AS i WHERE i.event_id = e.id)
)
FROM events AS e
WHERE e.id = $1

-- name: order_delete
DELETE FROM ticket_orders WHERE id = $1 AND state = 'held'

-- name: orders_holding
-- Of an event, by id.
SELECT o.id
FROM ticket_orders AS o
WHERE o.event_id = $1
    AND o.state IN ('held', 'open', 'processing')
    AND o.id > coalesce($2, '00000000-0000-0000-0000-000000000000'::uuid)
ORDER BY o.id
LIMIT $3

-- name: sales_set
SELECT wizard_set_sales($1, $2, $3)

-- name: order_public
SELECT to_jsonb(o) FROM wizard_public_order($1) AS o

-- name: inventory_public
SELECT to_jsonb(i) FROM wizard_public_inventory($1) AS i

-- name: account_is_lost
SELECT wizard_has_lost_account($1)

-- name: inventory_of_tenant
SELECT to_jsonb(i)
FROM event_inventory AS i
JOIN events AS e ON e.id = i.event_id
WHERE e.tenant = $1 AND i.event_id = $2

-- name: order_list
SELECT to_jsonb(o)
FROM ticket_orders AS o
WHERE o.tenant = $1
  AND o.event_id = $2
  AND (o.created_at, o.id) < (coalesce($3::timestamptz, 'infinity'), $4::uuid)
ORDER BY o.created_at DESC, o.id DESC
LIMIT $5
