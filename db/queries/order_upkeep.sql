-- name: inventory_page
-- Events in order of id, and whether the inventory differs from the sum of its orders. One statement
-- sees one state of both, because every change of an order changes both in one transaction.
WITH page AS MATERIALIZED (
    SELECT i.event_id
    FROM event_inventory AS i
    WHERE i.tier_id = '' AND i.forgotten_at IS NULL AND i.event_id > $1
    ORDER BY i.event_id
    LIMIT $2
), items AS (
    SELECT
        o.event_id,
        item.tier_id,
        item.quantity,
        item.amount,
        o.state IN ('paid', 'disputed') AS is_sold,
        o.state IN ('held', 'open', 'processing') AS is_held,
        o.paid_at IS NOT NULL AS is_paid
    FROM page
    JOIN ticket_orders AS o USING (event_id)
    CROSS JOIN jsonb_to_recordset(o.items) AS item (tier_id text, quantity bigint, amount bigint)
), sums AS (
    SELECT
        event_id,
        coalesce(tier_id, '') AS tier_id,
        coalesce(sum(quantity) FILTER (WHERE is_sold), 0) AS sold,
        coalesce(sum(quantity) FILTER (WHERE is_held), 0) AS held,
        coalesce(sum(amount) FILTER (WHERE is_paid), 0) AS amount
    FROM items
    GROUP BY GROUPING SETS ((event_id, tier_id), (event_id))
), inventory AS (
    SELECT i.* FROM page JOIN event_inventory AS i USING (event_id)
), different AS (
    SELECT coalesce(i.event_id, s.event_id) AS event_id
    FROM inventory AS i
    FULL JOIN sums AS s ON s.event_id = i.event_id AND s.tier_id = i.tier_id
    WHERE (i.sold - coalesce(i.sold_by_links, 0), i.held, i.amount)
        IS DISTINCT FROM (coalesce(s.sold, 0), coalesce(s.held, 0), coalesce(s.amount, 0))
    UNION
    SELECT i.event_id
    FROM inventory AS i
    LEFT JOIN (
        SELECT o.event_id, sum(o.amount_refunded) AS refunded
        FROM page
        JOIN ticket_orders AS o USING (event_id)
        WHERE o.paid_at IS NOT NULL
        GROUP BY o.event_id
    ) AS refunds USING (event_id)
    WHERE i.tier_id = '' AND i.refunded <> coalesce(refunds.refunded, 0)
)
SELECT page.event_id, different.event_id IS NOT NULL AS is_different
FROM page
LEFT JOIN different USING (event_id)
ORDER BY page.event_id

-- name: orders_of_event
SELECT to_jsonb(o) FROM ticket_orders AS o WHERE o.event_id = $1

-- name: inventory_set
UPDATE event_inventory AS i SET
    sold = s.sold + coalesce(i.sold_by_links, 0),
    held = s.held,
    amount = s.amount,
    refunded = s.refunded
FROM jsonb_to_recordset($2)
    AS s (tier_id text, sold bigint, held bigint, amount bigint, refunded bigint)
WHERE i.event_id = $1 AND i.tier_id = s.tier_id

-- name: inventory_count_links
-- Replaces the earlier count of the same links.
UPDATE event_inventory AS i SET
    sold = i.sold - coalesce(i.sold_by_links, 0) + l.sold,
    sold_by_links = l.sold
FROM jsonb_to_recordset($2) AS l (tier_id text, sold bigint)
WHERE i.event_id = $1 AND i.tier_id = l.tier_id

-- name: inventory_is_forgotten
SELECT EXISTS (
    SELECT
    FROM event_inventory AS i
    WHERE i.event_id = $1 AND i.tier_id = '' AND i.forgotten_at IS NOT NULL
)

-- name: event_move_to_orders
SELECT wizard_move_to_orders($1, $2)

-- name: orders_forget
SELECT wizard_forget_orders($1, $2)

-- name: orders_holding_page
-- Of all events, by id.
SELECT to_jsonb(o)
FROM ticket_orders AS o
WHERE o.state IN ('held', 'open', 'processing')
    AND o.created_at < now() - make_interval(secs => $1)
    AND o.id > $2
ORDER BY o.id
LIMIT $3

-- name: orders_known
SELECT o.id FROM ticket_orders AS o WHERE o.id = ANY ($1)
