-- The outbox: what owners are told of their sessions, from when it became true until it is delivered.

CREATE TABLE outbox (
    id text PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES wizard_sessions ON DELETE CASCADE,
    user_id text NOT NULL CHECK (user_id <> ''),
    organization_id text CHECK (organization_id <> ''),
    kind text NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    redrive_at timestamptz NOT NULL DEFAULT now() + interval '1 minute',
    attempts integer NOT NULL DEFAULT 0,
    last_error text,
    delivered_at timestamptz,
    given_up_at timestamptz,
    CONSTRAINT outbox_one_end_check CHECK (delivered_at IS NULL OR given_up_at IS NULL)
);

COMMENT ON COLUMN outbox.id IS 'The header webhook-id: of one action of a session, the same at every attempt';
COMMENT ON COLUMN outbox.payload IS 'The body that is sent: {type, timestamp, data}';
COMMENT ON COLUMN outbox.redrive_at IS 'When its delivery is started once more, should it not be running';
COMMENT ON COLUMN outbox.last_error IS 'Of the last attempt: a status or the kind of error, no body';

CREATE INDEX outbox_of_session ON outbox (session_id);
CREATE INDEX outbox_to_deliver ON outbox (redrive_at)
    WHERE delivered_at IS NULL AND given_up_at IS NULL;

-- As for the other tables: a writer that is late brings nothing of an erased session back.
CREATE TRIGGER leave_out_erased BEFORE INSERT ON outbox
    FOR EACH ROW EXECUTE FUNCTION wizard_leave_out_erased();

ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;

-- For the worker alone. How a delivery ended stays; only what has ended can be deleted.
GRANT SELECT, INSERT, DELETE ON outbox TO wizard_worker;
GRANT UPDATE (redrive_at, attempts, last_error, delivered_at, given_up_at) ON outbox
    TO wizard_worker;
CREATE POLICY worker_reads ON outbox FOR SELECT TO wizard_worker USING (true);
CREATE POLICY worker_announces ON outbox FOR INSERT TO wizard_worker WITH CHECK (true);
CREATE POLICY worker_stamps ON outbox FOR UPDATE TO wizard_worker
    USING (delivered_at IS NULL AND given_up_at IS NULL) WITH CHECK (true);
CREATE POLICY worker_forgets ON outbox FOR DELETE TO wizard_worker
    USING (delivered_at IS NOT NULL OR given_up_at IS NOT NULL);
