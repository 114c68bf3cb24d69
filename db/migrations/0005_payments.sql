-- Stripe: which account a tenant sells through, and the inbox of Stripe's webhooks.

CREATE TABLE stripe_accounts (
    tenant text PRIMARY KEY,
    account_id text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON COLUMN stripe_accounts.tenant IS 'As in wizard_sessions: user:… or organization:…';

CREATE TABLE stripe_events (
    id text PRIMARY KEY,
    type text NOT NULL,
    account_id text,
    livemode boolean NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    processed_at timestamptz,
    outcome text,
    error text
);

COMMENT ON COLUMN stripe_events.account_id IS 'The connected account; null for the platform itself';
COMMENT ON COLUMN stripe_events.outcome IS 'What processing did; unknown types are kept as ignored';
COMMENT ON COLUMN stripe_events.error IS 'Why the last attempt to process it failed';

CREATE INDEX stripe_events_to_process ON stripe_events (received_at) WHERE processed_at IS NULL;

ALTER TABLE stripe_accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE stripe_events ENABLE ROW LEVEL SECURITY;

GRANT SELECT ON stripe_accounts TO wizard_api;
CREATE POLICY of_tenant ON stripe_accounts FOR SELECT TO wizard_api
    USING (tenant = (SELECT wizard_tenant()));

GRANT SELECT, INSERT ON stripe_accounts TO wizard_worker;
CREATE POLICY worker ON stripe_accounts TO wizard_worker USING (true) WITH CHECK (true);

-- Webhooks come without a tenant. The gateway takes on this role to put one into the inbox, and
-- sees of the inbox only whether an id is there.
DO $$
BEGIN
    CREATE ROLE wizard_inbox NOLOGIN NOINHERIT;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- a migration of another database on this server was faster
END
$$;
GRANT wizard_inbox TO wizard_api;
GRANT USAGE ON SCHEMA public TO wizard_inbox;
GRANT SELECT (id), INSERT ON stripe_events TO wizard_inbox;
CREATE POLICY inbox ON stripe_events TO wizard_inbox
    USING (current_user = 'wizard_inbox') WITH CHECK (current_user = 'wizard_inbox');

GRANT SELECT ON stripe_events TO wizard_worker;
GRANT UPDATE (processed_at, outcome, error) ON stripe_events TO wizard_worker;
CREATE POLICY worker ON stripe_events TO wizard_worker USING (true) WITH CHECK (true);
