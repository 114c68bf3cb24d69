-- Stripe's last answer to a worker, which the API shows in /readyz. It is about the API key, so it has
-- no tenant.

CREATE TABLE stripe_answer (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    answer text NOT NULL
        CHECK (answer IN ('ok', 'unauthorized', 'unavailable', 'not_configured')),
    since timestamptz NOT NULL DEFAULT now()
);

COMMENT ON COLUMN stripe_answer.is_only IS 'The table has one row at most';
COMMENT ON COLUMN stripe_answer.since IS 'When a worker first got this answer after another one';

ALTER TABLE stripe_answer ENABLE ROW LEVEL SECURITY;

GRANT SELECT (answer, since) ON stripe_answer TO wizard_api;
CREATE POLICY readiness ON stripe_answer FOR SELECT TO wizard_api USING (true);

GRANT SELECT, INSERT ON stripe_answer TO wizard_worker;
GRANT UPDATE (answer, since) ON stripe_answer TO wizard_worker;
CREATE POLICY worker ON stripe_answer TO wizard_worker USING (true);
