-- The names of a tenant's members, and who has which session open.

CREATE TABLE members (
    tenant text NOT NULL,
    user_id text NOT NULL CHECK (user_id <> ''),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, user_id)
);

COMMENT ON TABLE members IS 'Names from tokens, for the other members; deleted with the last session of the tenant';

-- Not logged: it is worth nothing after a crash, and is written when a session is opened or closed.
CREATE UNLOGGED TABLE session_presence (
    session_id uuid NOT NULL,
    tenant text NOT NULL,
    user_id text NOT NULL CHECK (user_id <> ''),
    process uuid NOT NULL,
    since timestamptz NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (session_id, tenant, user_id, process)
);

COMMENT ON COLUMN session_presence.process IS 'The API process that serves the stream';
COMMENT ON COLUMN session_presence.seen_at IS 'Renewed by the process; without that, the row is dead';

CREATE INDEX session_presence_by_process ON session_presence (process);

ALTER TABLE members ENABLE ROW LEVEL SECURITY;
ALTER TABLE session_presence ENABLE ROW LEVEL SECURITY;

-- Everyone in the tenant reads; each user writes only for themselves.
GRANT SELECT, INSERT, UPDATE (name, updated_at) ON members TO wizard_api;
CREATE POLICY of_tenant ON members FOR SELECT TO wizard_api
    USING (tenant = (SELECT wizard_tenant()));
CREATE POLICY add_self ON members FOR INSERT TO wizard_api
    WITH CHECK (tenant = (SELECT wizard_tenant()) AND user_id = (SELECT wizard_user_id()));
CREATE POLICY rename_self ON members FOR UPDATE TO wizard_api
    USING (tenant = (SELECT wizard_tenant()) AND user_id = (SELECT wizard_user_id()))
    WITH CHECK (tenant = (SELECT wizard_tenant()) AND user_id = (SELECT wizard_user_id()));

GRANT SELECT, INSERT, DELETE, UPDATE (seen_at) ON session_presence TO wizard_api;
CREATE POLICY of_tenant ON session_presence FOR SELECT TO wizard_api
    USING (tenant = (SELECT wizard_tenant()));
CREATE POLICY add_self ON session_presence FOR INSERT TO wizard_api
    WITH CHECK (tenant = (SELECT wizard_tenant()) AND user_id = (SELECT wizard_user_id()));
CREATE POLICY renew_self ON session_presence FOR UPDATE TO wizard_api
    USING (tenant = (SELECT wizard_tenant()) AND user_id = (SELECT wizard_user_id()))
    WITH CHECK (tenant = (SELECT wizard_tenant()) AND user_id = (SELECT wizard_user_id()));
CREATE POLICY remove_self ON session_presence FOR DELETE TO wizard_api
    USING (tenant = (SELECT wizard_tenant()) AND user_id = (SELECT wizard_user_id()));

CREATE FUNCTION wizard_announce_presence() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$
    BEGIN
        PERFORM pg_notify(
            'wizard_sessions', coalesce(NEW.session_id, OLD.session_id) || ' presence'
        );
        RETURN NULL;
    END
    $$;

CREATE TRIGGER announce AFTER INSERT OR DELETE ON session_presence
    FOR EACH ROW EXECUTE FUNCTION wizard_announce_presence();

-- A process renews or ends all of its rows by one statement. They belong to several tenants, whose claims it
-- does not have at that time: a function, and not a policy. It returns ids only, of the sessions that
-- the process serves: so the process learns which of its rows are lost, and of changes whose
-- announcement is lost. Rows that no process renews are deleted, whoever wrote them.
CREATE FUNCTION wizard_renew_presence(of_process uuid, dead_after_seconds double precision)
    RETURNS TABLE (session_id uuid, tenant text, user_id text, is_own boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    BEGIN
        UPDATE public.session_presence AS p SET seen_at = now() WHERE p.process = of_process;
        DELETE FROM public.session_presence AS p
        USING (
            SELECT d.ctid AS row FROM public.session_presence AS d
            WHERE d.seen_at < now() - make_interval(secs => dead_after_seconds)
            FOR UPDATE SKIP LOCKED
        ) AS dead
        WHERE p.ctid = dead.row;
        RETURN QUERY
            SELECT p.session_id, p.tenant, p.user_id, bool_or(p.process = of_process)
            FROM public.session_presence AS p
            WHERE p.session_id IN (
                SELECT own.session_id FROM public.session_presence AS own
                WHERE own.process = of_process
            )
            GROUP BY p.session_id, p.tenant, p.user_id;
    END
    $$;

CREATE FUNCTION wizard_end_presence(of_process uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
        DELETE FROM public.session_presence AS p WHERE p.process = of_process
    $$;

-- Whatever deletes a session: a request, or retention.
CREATE FUNCTION wizard_forget_members() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    BEGIN
        DELETE FROM public.session_presence AS p WHERE p.session_id = OLD.session_id;
        DELETE FROM public.members AS m
        WHERE m.tenant = OLD.tenant
            AND NOT EXISTS (
                SELECT FROM public.wizard_sessions AS s WHERE s.tenant = OLD.tenant
            );
        RETURN NULL;
    END
    $$;

CREATE TRIGGER forget_members AFTER DELETE ON wizard_sessions
    FOR EACH ROW EXECUTE FUNCTION wizard_forget_members();

REVOKE EXECUTE ON FUNCTION
    wizard_announce_presence(),
    wizard_renew_presence(uuid, double precision),
    wizard_end_presence(uuid),
    wizard_forget_members()
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    wizard_renew_presence(uuid, double precision), wizard_end_presence(uuid)
    TO wizard_api;
