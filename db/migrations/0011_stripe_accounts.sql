-- A tenant can have several Stripe accounts: one for each of Stripe's modes, and new generations of
-- it after the earlier ones were ended. None is deleted.

-- The mode of existing rows is unknown until Stripe is asked.
ALTER TABLE stripe_accounts
    ADD COLUMN livemode boolean,
    ADD COLUMN generation integer NOT NULL DEFAULT 1,
    ADD COLUMN payments jsonb,
    ADD COLUMN ended_at timestamptz,
    ADD COLUMN end_reason text;

COMMENT ON COLUMN stripe_accounts.livemode IS 'Stripe''s mode; null until Stripe has returned the account once';
COMMENT ON COLUMN stripe_accounts.generation IS 'Counts the accounts of the tenant in this mode, from 1';
COMMENT ON COLUMN stripe_accounts.payments IS 'The status of the account as of its last fetch';
COMMENT ON COLUMN stripe_accounts.ended_at IS 'When the tenant stopped to use the account; null for a current one';

-- Workers of the earlier release rely on a unique tenant in stripe_accounts, so it keeps its key, and
-- holds the first account of each tenant. The others are in this table. Queries of stripe_accounts
-- return the rows of both, under the policies of stripe_accounts.
CREATE TABLE further_stripe_accounts (
    PRIMARY KEY (account_id)
) INHERITS (stripe_accounts);

CREATE UNIQUE INDEX further_stripe_accounts_by_tenant
    ON further_stripe_accounts (tenant, livemode, generation);

ALTER TABLE further_stripe_accounts ENABLE ROW LEVEL SECURITY;
GRANT INSERT ON further_stripe_accounts TO wizard_worker;
CREATE POLICY worker ON further_stripe_accounts FOR INSERT TO wizard_worker WITH CHECK (true);

GRANT UPDATE (livemode, payments, ended_at, end_reason) ON stripe_accounts TO wizard_worker;
