-- Three roles that own nothing. Operators give LOGIN and a password to wizard_api and wizard_worker;
-- wizard_projector never logs in. Roles belong to the server, so they may be there already.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['wizard_projector', 'wizard_api', 'wizard_worker'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', wanted);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- a migration of another database on this server was faster
        END;
    END LOOP;
END
$$;

-- The gateway reads as itself and writes only after SET ROLE: what it may write must not leak into
-- what it may read, so membership gives it nothing by itself.
ALTER ROLE wizard_api NOINHERIT;
GRANT wizard_projector TO wizard_api;

GRANT USAGE ON SCHEMA public TO wizard_projector, wizard_api, wizard_worker;
