-- Announces changes of sessions to the processes of the API, which serve them as streams. Everyone who
-- may connect to the database can listen, so a message has the id and the revision only.
CREATE FUNCTION wizard_announce_session() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            PERFORM pg_notify('wizard_sessions', OLD.session_id || ' ' || OLD.revision);
        ELSE
            PERFORM pg_notify('wizard_sessions', NEW.session_id || ' ' || NEW.revision);
        END IF;
        RETURN NULL;
    END
    $$;

CREATE TRIGGER announce AFTER INSERT OR UPDATE OR DELETE ON wizard_sessions
    FOR EACH ROW EXECUTE FUNCTION wizard_announce_session();

-- Announcements may be lost, so the API compares the revisions of all sessions that it streams. They
-- belong to several tenants, whose claims the API does not have at that time: a function, which returns
-- nothing else, and not a grant.
CREATE FUNCTION wizard_revisions(wanted uuid[])
    RETURNS TABLE (session_id uuid, revision bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
        SELECT s.session_id, s.revision
        FROM public.wizard_sessions AS s
        WHERE s.session_id = ANY (wanted)
    $$;

REVOKE EXECUTE ON FUNCTION wizard_announce_session(), wizard_revisions(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wizard_revisions(uuid[]) TO wizard_api;
