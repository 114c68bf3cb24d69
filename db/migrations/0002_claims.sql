-- Who is asking: the token's claims, set for one transaction as PostgREST does.

CREATE FUNCTION wizard_claims() RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path = pg_catalog
    AS $$
        SELECT nullif(current_setting('request.jwt.claims', true), '')::jsonb
    $$;

CREATE FUNCTION wizard_user_id() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, public
    AS $$
        SELECT wizard_claims() ->> 'sub'
    $$;

-- The first organization claim that is there. One that is no string gives the empty string, which
-- no row has: a malformed claim must not turn into the user's own, personal, tenant.
CREATE FUNCTION wizard_organization_id() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, public
    AS $$
        SELECT CASE jsonb_typeof(claim.value) WHEN 'string' THEN claim.value #>> '{}' ELSE '' END
        FROM (
            SELECT coalesce(
                nullif(wizard_claims() #> '{app_metadata,organization_id}', 'null'),
                nullif(wizard_claims() -> 'org_id', 'null'),
                nullif(wizard_claims() #> '{o,id}', 'null')
            ) AS value
        ) AS claim
        WHERE claim.value IS NOT NULL
    $$;

-- The tenant as the tables' generated column spells it. Null, and so equal to no row's, where there
-- are no claims.
CREATE FUNCTION wizard_tenant() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, public
    AS $$
        SELECT coalesce('organization:' || wizard_organization_id(), 'user:' || wizard_user_id())
    $$;

REVOKE EXECUTE ON FUNCTION
    wizard_claims(), wizard_user_id(), wizard_organization_id(), wizard_tenant()
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    wizard_claims(), wizard_user_id(), wizard_organization_id(), wizard_tenant()
    TO wizard_api;

-- Supabase brings auth.uid(); elsewhere SQL written for it gets the same. Ids that are no UUIDs,
-- as other issuers have them, give null.
DO $$
BEGIN
    IF to_regprocedure('auth.uid()') IS NULL THEN
        CREATE SCHEMA IF NOT EXISTS auth;
        CREATE FUNCTION auth.uid() RETURNS uuid
            LANGUAGE sql STABLE
            SET search_path = pg_catalog
            AS $uid$
                SELECT CASE WHEN claim.sub ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
                    THEN claim.sub::uuid END
                FROM (
                    SELECT nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
                        AS sub
                ) AS claim
            $uid$;
        GRANT USAGE ON SCHEMA auth TO wizard_api;
    END IF;
END
$$;
