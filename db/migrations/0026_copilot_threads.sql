-- Conversations with the assistant. Each belongs to one person and one session.

CREATE TABLE copilot_threads (
    thread_id uuid PRIMARY KEY,
    session_id uuid NOT NULL,
    tenant text NOT NULL,
    user_id text NOT NULL CHECK (user_id <> ''),
    -- JSON, but no jsonb: a text that people typed may have characters that jsonb refuses.
    messages text NOT NULL CHECK (octet_length(messages) <= 2097152),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE copilot_threads IS 'What a person and the assistant said; erased with the session';
COMMENT ON COLUMN copilot_threads.thread_id IS 'Chosen by the client';

CREATE INDEX copilot_threads_by_session
    ON copilot_threads (session_id, tenant, user_id, updated_at);

ALTER TABLE copilot_threads ENABLE ROW LEVEL SECURITY;

-- Other members of the tenant share the session, and not what a person says to the assistant.
GRANT SELECT, INSERT, DELETE, UPDATE (messages, updated_at) ON copilot_threads TO wizard_api;
CREATE POLICY read_own ON copilot_threads FOR SELECT TO wizard_api
    USING (tenant = (SELECT wizard_tenant()) AND user_id = (SELECT wizard_user_id()));
CREATE POLICY add_own ON copilot_threads FOR INSERT TO wizard_api
    WITH CHECK (tenant = (SELECT wizard_tenant()) AND user_id = (SELECT wizard_user_id()));
CREATE POLICY change_own ON copilot_threads FOR UPDATE TO wizard_api
    USING (tenant = (SELECT wizard_tenant()) AND user_id = (SELECT wizard_user_id()))
    WITH CHECK (tenant = (SELECT wizard_tenant()) AND user_id = (SELECT wizard_user_id()));
CREATE POLICY remove_own ON copilot_threads FOR DELETE TO wizard_api
    USING (tenant = (SELECT wizard_tenant()) AND user_id = (SELECT wizard_user_id()));

-- The id of another person's thread is not free, and nothing else is told about it.
CREATE FUNCTION wizard_thread_exists(wanted_thread uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
        SELECT EXISTS (
            SELECT FROM public.copilot_threads AS t WHERE t.thread_id = wanted_thread
        )
    $$;

-- A run that is late finds the session erased, and its thread is left out.
CREATE TRIGGER leave_out_erased BEFORE INSERT ON copilot_threads
    FOR EACH ROW EXECUTE FUNCTION wizard_leave_out_erased();

-- With the stub and not with the session's row: a session may be erased before its row is written.
CREATE FUNCTION wizard_forget_threads() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    BEGIN
        DELETE FROM public.copilot_threads AS t WHERE t.session_id = NEW.session_id;
        RETURN NULL;
    END
    $$;

CREATE TRIGGER forget_threads AFTER INSERT ON erasures
    FOR EACH ROW EXECUTE FUNCTION wizard_forget_threads();

REVOKE EXECUTE ON FUNCTION wizard_thread_exists(uuid), wizard_forget_threads() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wizard_thread_exists(uuid) TO wizard_api;
