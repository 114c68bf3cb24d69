-- Upkeep of orders: sales by payment links of earlier releases, and retention.

ALTER TABLE event_inventory ADD COLUMN sold_by_links bigint CHECK (sold_by_links >= 0);
ALTER TABLE event_inventory ADD COLUMN forgotten_at timestamptz;

COMMENT ON COLUMN event_inventory.sold_by_links IS
    'Tickets that payment links sold, included in sold; null if the event never had links';
COMMENT ON COLUMN event_inventory.forgotten_at IS
    'When the orders of the event were deleted; on the row of the whole event';

-- A function and not a policy: the worker changes nothing else of a published event. The tiers get
-- their prices at Stripe, by tier id, in place of their payment links.
CREATE FUNCTION wizard_move_to_orders(wanted_event uuid, prices jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
        UPDATE public.events AS e
        SET ticket_tiers = (
            SELECT jsonb_agg(
                CASE
                    WHEN prices ? (t.tier ->> 'id') THEN
                        (t.tier - 'paymentLink')
                        || jsonb_build_object('priceId', prices -> (t.tier ->> 'id'))
                    ELSE t.tier
                END
                ORDER BY t.number
            )
            FROM jsonb_array_elements(e.ticket_tiers) WITH ORDINALITY AS t (tier, number)
        )
        WHERE e.id = wanted_event AND e.status = 'published'
            AND jsonb_path_exists(e.ticket_tiers, '$[*].paymentLink')
    $$;

-- Deletes the orders of events that have been over for so long, except of events with an order whose
-- outcome is not known yet. The inventory keeps their sums. Returns the number of events.
CREATE FUNCTION wizard_forget_orders(over_for_seconds double precision, at_most integer)
    RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
        WITH over AS MATERIALIZED (
            SELECT i.event_id
            FROM public.event_inventory AS i
            JOIN public.events AS e ON e.id = i.event_id
            WHERE i.tier_id = '' AND i.forgotten_at IS NULL
                AND coalesce(e.ends_at, e.starts_at) < now() - make_interval(secs => over_for_seconds)
                AND NOT EXISTS (
                    SELECT
                    FROM public.ticket_orders AS o
                    WHERE o.event_id = i.event_id AND o.state IN ('held', 'open', 'processing')
                )
            LIMIT at_most
            FOR UPDATE OF i SKIP LOCKED
        ), deleted AS (
            DELETE FROM public.ticket_orders AS o USING over WHERE o.event_id = over.event_id
        ), marked AS (
            UPDATE public.event_inventory AS i
            SET forgotten_at = now()
            FROM over
            WHERE i.event_id = over.event_id AND i.tier_id = ''
            RETURNING 1
        )
        SELECT count(*) FROM marked
    $$;

REVOKE EXECUTE ON FUNCTION
    wizard_move_to_orders(uuid, jsonb), wizard_forget_orders(double precision, integer)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    wizard_move_to_orders(uuid, jsonb), wizard_forget_orders(double precision, integer)
    TO wizard_worker;
