-- The read model of the sessions, and their audit trail.

CREATE TABLE wizard_sessions (
    session_id uuid PRIMARY KEY,
    user_id text NOT NULL CHECK (user_id <> ''),
    organization_id text CHECK (organization_id <> ''),
    tenant text NOT NULL GENERATED ALWAYS AS (
        CASE
            WHEN organization_id IS NULL THEN 'user:' || user_id
            ELSE 'organization:' || organization_id
        END
    ) STORED,
    status text NOT NULL
        CHECK (status IN ('in_progress', 'completed', 'abandoned', 'expired')),
    is_active boolean NOT NULL GENERATED ALWAYS AS (status = 'in_progress') STORED,
    current_stage text NOT NULL,
    completed_stages text[] NOT NULL,
    completion_percentage integer NOT NULL CHECK (completion_percentage BETWEEN 0 AND 100),
    completion_details jsonb NOT NULL,
    organizer_data jsonb NOT NULL,
    event_data jsonb NOT NULL,
    venue_data jsonb NOT NULL,
    ticket_data jsonb NOT NULL,
    sponsor_data jsonb NOT NULL,
    review_data jsonb NOT NULL,
    payment_data jsonb NOT NULL,
    validation jsonb NOT NULL,
    publication jsonb NOT NULL,
    stripe_account_id text,
    event_id uuid,
    revision bigint NOT NULL CHECK (revision >= 0),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

COMMENT ON COLUMN wizard_sessions.event_id IS
    'No foreign key: the read model may be ahead of, or behind, the event.';
COMMENT ON COLUMN wizard_sessions.validation IS 'Stage -> {valid, errors}';
COMMENT ON COLUMN wizard_sessions.completion_details IS 'Stage -> per cent';

CREATE INDEX wizard_sessions_by_tenant
    ON wizard_sessions (tenant, created_at DESC, session_id DESC);
CREATE INDEX wizard_sessions_by_tenant_and_status
    ON wizard_sessions (tenant, status, created_at DESC, session_id DESC);
CREATE INDEX wizard_sessions_to_expire
    ON wizard_sessions (expires_at) WHERE status = 'in_progress';

CREATE TABLE wizard_actions (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    session_id uuid NOT NULL REFERENCES wizard_sessions ON DELETE CASCADE,
    revision bigint NOT NULL CHECK (revision >= 1),
    user_id text NOT NULL CHECK (user_id <> ''),
    organization_id text CHECK (organization_id <> ''),
    tenant text NOT NULL GENERATED ALWAYS AS (
        CASE
            WHEN organization_id IS NULL THEN 'user:' || user_id
            ELSE 'organization:' || organization_id
        END
    ) STORED,
    actor_id text,
    action_name text NOT NULL,
    stage text,
    idempotency_key text,
    payload jsonb,
    result jsonb,
    error_message text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (session_id, revision)
);

COMMENT ON COLUMN wizard_actions.user_id IS 'The owner of the session; who acted is actor_id';
COMMENT ON COLUMN wizard_actions.payload IS 'Section -> the whole data that the action wrote';
COMMENT ON COLUMN wizard_actions.result IS '{"detail": remark}; what failed is in error_message';

ALTER TABLE wizard_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE wizard_actions ENABLE ROW LEVEL SECURITY;

-- The gateway reads what belongs to the token's tenant.
GRANT SELECT ON wizard_sessions, wizard_actions TO wizard_api;
CREATE POLICY of_tenant ON wizard_sessions FOR SELECT TO wizard_api
    USING (tenant = (SELECT wizard_tenant()));
CREATE POLICY of_tenant ON wizard_actions FOR SELECT TO wizard_api
    USING (tenant = (SELECT wizard_tenant()));

-- The live projection adds and advances rows, and sees of them only what that takes: keys and
-- revisions. The policies ask for the role itself, so that they open nothing to a member of it.
GRANT SELECT (session_id, revision) ON wizard_sessions TO wizard_projector;
GRANT INSERT ON wizard_sessions TO wizard_projector;
GRANT UPDATE (
    status, current_stage, completed_stages, completion_percentage, completion_details,
    organizer_data, event_data, venue_data, ticket_data, sponsor_data, review_data, payment_data,
    validation, publication, stripe_account_id, event_id, revision, updated_at, expires_at
) ON wizard_sessions TO wizard_projector;
GRANT SELECT (session_id, revision) ON wizard_actions TO wizard_projector;
GRANT INSERT ON wizard_actions TO wizard_projector;
CREATE POLICY projection ON wizard_sessions TO wizard_projector
    USING (current_user = 'wizard_projector') WITH CHECK (current_user = 'wizard_projector');
CREATE POLICY projection ON wizard_actions TO wizard_projector
    USING (current_user = 'wizard_projector') WITH CHECK (current_user = 'wizard_projector');

-- The worker writes for every tenant.
GRANT SELECT, INSERT, UPDATE ON wizard_sessions TO wizard_worker;
GRANT SELECT, INSERT ON wizard_actions TO wizard_worker;
CREATE POLICY worker ON wizard_sessions TO wizard_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON wizard_actions TO wizard_worker USING (true) WITH CHECK (true);
