-- Several actions of one change, how long a change took, and the indexes by which operators find the
-- sessions of a Stripe account and the changes of a request.

-- While these are built, only writers of the read model wait, and no one waits for them: saving
-- continues.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX wizard_sessions_by_account ON wizard_sessions (stripe_account_id)
    WHERE stripe_account_id IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX wizard_actions_by_key ON wizard_actions (idempotency_key)
    WHERE idempotency_key IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX events_by_account ON events (stripe_account_id)
    WHERE stripe_account_id IS NOT NULL;

-- A constant default does not rewrite the table.
ALTER TABLE wizard_actions
    ADD COLUMN part bigint NOT NULL DEFAULT 0,
    ADD COLUMN execution_time_ms integer;

COMMENT ON COLUMN wizard_actions.part IS 'Counts the actions of one change, from 0';
COMMENT ON COLUMN wizard_actions.execution_time_ms IS
    'How long the API waited for the session; null if no request waited, or if the worker wrote the row';

-- The earlier release relies on the key (session_id, revision) of wizard_actions, so that table keeps
-- it, and holds the first action of each change. The others are in this table. Queries of
-- wizard_actions return the rows of both, under the policies of wizard_actions.
CREATE TABLE further_wizard_actions (
    PRIMARY KEY (session_id, revision, part),
    FOREIGN KEY (session_id) REFERENCES wizard_sessions ON DELETE CASCADE,
    CHECK (part >= 1)
) INHERITS (wizard_actions);

CREATE INDEX further_wizard_actions_by_key ON further_wizard_actions (idempotency_key)
    WHERE idempotency_key IS NOT NULL;

CREATE TRIGGER leave_out_erased BEFORE INSERT ON further_wizard_actions
    FOR EACH ROW EXECUTE FUNCTION wizard_leave_out_erased();

ALTER TABLE further_wizard_actions ENABLE ROW LEVEL SECURITY;
GRANT INSERT ON further_wizard_actions TO wizard_projector, wizard_worker;
CREATE POLICY projection ON further_wizard_actions FOR INSERT TO wizard_projector
    WITH CHECK (current_user = 'wizard_projector');
CREATE POLICY worker ON further_wizard_actions FOR INSERT TO wizard_worker WITH CHECK (true);
