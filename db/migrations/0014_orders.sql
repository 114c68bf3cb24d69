-- Selling: the tickets of each event that are sold and held, and the orders.

ALTER TABLE events ADD COLUMN sales text NOT NULL DEFAULT 'on';
ALTER TABLE events ADD CONSTRAINT events_sales_check
    CHECK (sales IN ('on', 'paused', 'closed')) NOT VALID;

COMMENT ON COLUMN events.sales IS 'The organizer''s switch; closed is final';

CREATE TABLE event_inventory (
    event_id uuid NOT NULL REFERENCES events ON DELETE CASCADE,
    tier_id text NOT NULL,
    quantity bigint CHECK (quantity >= 0),
    sold bigint NOT NULL DEFAULT 0 CHECK (sold >= 0),
    held bigint NOT NULL DEFAULT 0 CHECK (held >= 0),
    amount bigint NOT NULL DEFAULT 0,
    refunded bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (event_id, tier_id)
);

COMMENT ON COLUMN event_inventory.tier_id IS 'Empty for the whole event';
COMMENT ON COLUMN event_inventory.quantity IS 'Null if the tier is bounded by the event alone';
COMMENT ON COLUMN event_inventory.held IS 'Tickets of orders that are held, open or processing';
COMMENT ON COLUMN event_inventory.sold IS 'Tickets of orders that are paid or disputed';
COMMENT ON COLUMN event_inventory.amount IS 'Paid for all orders, refunds included, in minor units';

CREATE TABLE ticket_orders (
    id uuid PRIMARY KEY,
    event_id uuid NOT NULL REFERENCES events ON DELETE CASCADE,
    session_id uuid NOT NULL,
    tenant text NOT NULL,
    items jsonb NOT NULL,
    amount_total bigint NOT NULL CHECK (amount_total >= 0),
    currency text NOT NULL,
    application_fee bigint NOT NULL DEFAULT 0,
    amount_refunded bigint NOT NULL DEFAULT 0,
    state text NOT NULL CHECK (state IN (
        'held', 'open', 'processing', 'paid', 'expired', 'cancelled', 'refunded', 'disputed'
    )),
    reason text,
    stripe_account_id text NOT NULL,
    checkout_session_id text,
    checkout_url text,
    payment_intent_id text,
    holder text,
    fingerprint text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    paid_at timestamptz,
    closed_at timestamptz
);

COMMENT ON TABLE ticket_orders IS 'No name and no address of a buyer: these are at Stripe';
COMMENT ON COLUMN ticket_orders.items IS '[{tier_id, name, quantity, unit_amount, amount}]';
COMMENT ON COLUMN ticket_orders.holder IS 'A keyed hash of event and address; null once closed';
COMMENT ON COLUMN ticket_orders.fingerprint IS 'A hash of the wanted items';
COMMENT ON COLUMN ticket_orders.closed_at IS 'When its tickets were sold or given back';

CREATE INDEX ticket_orders_of_event ON ticket_orders (event_id, created_at DESC, id DESC);
CREATE INDEX ticket_orders_holding ON ticket_orders (event_id, holder)
    WHERE state IN ('held', 'open', 'processing');
CREATE UNIQUE INDEX ticket_orders_by_checkout ON ticket_orders (checkout_session_id);
CREATE UNIQUE INDEX ticket_orders_by_payment ON ticket_orders (payment_intent_id);

ALTER TABLE event_inventory ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_orders ENABLE ROW LEVEL SECURITY;

GRANT SELECT ON event_inventory, ticket_orders TO wizard_api;
CREATE POLICY of_tenant ON event_inventory FOR SELECT TO wizard_api
    USING (EXISTS (
        SELECT FROM events AS e
        WHERE e.id = event_id AND e.tenant = (SELECT wizard_tenant())
    ));
CREATE POLICY of_tenant ON ticket_orders FOR SELECT TO wizard_api
    USING (tenant = (SELECT wizard_tenant()));

GRANT SELECT, INSERT, UPDATE ON event_inventory TO wizard_worker;
CREATE POLICY worker ON event_inventory TO wizard_worker USING (true) WITH CHECK (true);

-- A hold whose checkout never came to be is no order.
GRANT SELECT, INSERT, UPDATE, DELETE ON ticket_orders TO wizard_worker;
CREATE POLICY worker_reads ON ticket_orders FOR SELECT TO wizard_worker USING (true);
CREATE POLICY worker_holds ON ticket_orders FOR INSERT TO wizard_worker WITH CHECK (true);
CREATE POLICY worker_settles ON ticket_orders FOR UPDATE TO wizard_worker
    USING (true) WITH CHECK (true);
CREATE POLICY worker_withdraws ON ticket_orders FOR DELETE TO wizard_worker
    USING (state = 'held');

-- For anyone who has the order's id, which cannot be guessed.
CREATE FUNCTION wizard_public_order(wanted_order uuid) RETURNS SETOF ticket_orders
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
        SELECT o.* FROM public.ticket_orders AS o WHERE o.id = wanted_order
    $$;

-- For anyone: the inventory of an event that anyone may see.
CREATE FUNCTION wizard_public_inventory(wanted_event uuid) RETURNS SETOF event_inventory
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
        SELECT i.*
        FROM public.event_inventory AS i
        JOIN public.events AS e ON e.id = i.event_id
        WHERE i.event_id = wanted_event
          AND e.status = 'published'
          AND e.visibility IN ('public', 'unlisted')
    $$;

-- Whether nothing can be sold through the account of an event any more. Of the account nothing but
-- that is returned.
CREATE FUNCTION wizard_has_lost_account(wanted_event uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
        SELECT EXISTS (
            SELECT
            FROM public.events AS e
            JOIN public.stripe_accounts AS a ON a.account_id = e.stripe_account_id
            WHERE e.id = wanted_event
              AND (a.ended_at IS NOT NULL OR a.payments ->> 'status' = 'disconnected')
        )
    $$;

-- A function and not a policy: the worker changes nothing else of a published event. Returns the
-- switch as it is then; null if the tenant has no such event.
CREATE FUNCTION wizard_set_sales(wanted_event uuid, of_tenant text, wanted text) RETURNS text
    LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
        UPDATE public.events AS e
        SET sales = CASE e.sales WHEN 'closed' THEN e.sales ELSE wanted END
        WHERE e.id = wanted_event AND e.tenant = of_tenant AND e.status = 'published'
        RETURNING e.sales
    $$;

REVOKE EXECUTE ON FUNCTION
    wizard_public_order(uuid),
    wizard_public_inventory(uuid),
    wizard_has_lost_account(uuid),
    wizard_set_sales(uuid, text, text)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wizard_public_order(uuid), wizard_public_inventory(uuid) TO wizard_api;
GRANT EXECUTE ON FUNCTION wizard_has_lost_account(uuid) TO wizard_api, wizard_worker;
GRANT EXECUTE ON FUNCTION wizard_set_sales(uuid, text, text) TO wizard_worker;
