-- A name is stored after its person has opened a session: those who see the person get the name.
CREATE FUNCTION wizard_announce_name() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$
    BEGIN
        PERFORM pg_notify('wizard_sessions', p.session_id || ' presence')
        FROM public.session_presence AS p
        WHERE p.tenant = NEW.tenant AND p.user_id = NEW.user_id;
        RETURN NULL;
    END
    $$;

CREATE TRIGGER announce AFTER INSERT OR UPDATE OF name ON members
    FOR EACH ROW EXECUTE FUNCTION wizard_announce_name();

REVOKE EXECUTE ON FUNCTION wizard_announce_name() FROM PUBLIC;
