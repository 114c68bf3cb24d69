-- The issuers whose ids of users and organizations are stored as in their tokens. Rows of other tables
-- belong to these people: ids of another issuer must not be taken for theirs.

CREATE TABLE token_issuers (
    issuer text PRIMARY KEY CHECK (issuer <> ''),
    added_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE token_issuers IS 'Issuers whose ids have no prefix; written when the API starts';

ALTER TABLE token_issuers ENABLE ROW LEVEL SECURITY;

-- Adds the issuers if they may have ids without a prefix: there are none yet, or one of them is known.
-- Returns the known ones. A function, so that the API cannot write anything else.
CREATE FUNCTION wizard_add_issuers(issuers text[]) RETURNS text[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    DECLARE
        known text[];
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('token_issuers', 0));
        known := ARRAY(SELECT t.issuer FROM public.token_issuers AS t ORDER BY t.added_at, t.issuer);
        IF known = '{}' OR known && issuers THEN
            INSERT INTO public.token_issuers (issuer)
            SELECT unnest(issuers) ON CONFLICT DO NOTHING;
            RETURN known || issuers;
        END IF;
        RETURN known;
    END
    $$;

REVOKE EXECUTE ON FUNCTION wizard_add_issuers(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wizard_add_issuers(text[]) TO wizard_api;
