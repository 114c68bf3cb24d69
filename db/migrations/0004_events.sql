-- Events: a draft reserves the id and the address, publishing makes it the real thing.

CREATE TABLE events (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL UNIQUE,
    user_id text NOT NULL CHECK (user_id <> ''),
    organization_id text CHECK (organization_id <> ''),
    tenant text NOT NULL GENERATED ALWAYS AS (
        CASE
            WHEN organization_id IS NULL THEN 'user:' || user_id
            ELSE 'organization:' || organization_id
        END
    ) STORED,
    slug text NOT NULL UNIQUE,
    slug_is_derived boolean NOT NULL,
    title text NOT NULL,
    type text NOT NULL,
    summary text,
    description text,
    visibility text NOT NULL CHECK (visibility IN ('public', 'unlisted', 'private')),
    language text,
    tags text[] NOT NULL,
    event_date date NOT NULL,
    start_time time NOT NULL,
    end_date date NOT NULL,
    end_time time,
    timezone text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz,
    dress_code text,
    age_restriction text,
    organizer jsonb NOT NULL,
    venue_mode text NOT NULL,
    venue_data jsonb NOT NULL,
    currency text NOT NULL,
    total_capacity bigint,
    refund_policy jsonb,
    ticket_tiers jsonb NOT NULL,
    sponsor_data jsonb NOT NULL,
    stripe_account_id text,
    status text NOT NULL CHECK (status IN ('draft', 'published')),
    published_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT events_published_at_check
        CHECK ((status = 'published') = (published_at IS NOT NULL))
);

COMMENT ON COLUMN events.start_time IS 'Local to timezone; starts_at is the instant';
COMMENT ON COLUMN events.ticket_tiers IS 'Prices are in minor units of currency';

CREATE INDEX events_published_by_tenant
    ON events (tenant, published_at DESC, id DESC) WHERE status = 'published';

ALTER TABLE events ENABLE ROW LEVEL SECURITY;

GRANT SELECT ON events TO wizard_api;
CREATE POLICY of_tenant ON events FOR SELECT TO wizard_api
    USING (tenant = (SELECT wizard_tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE ON events TO wizard_worker;
CREATE POLICY worker_reads ON events FOR SELECT TO wizard_worker USING (true);
CREATE POLICY worker_reserves ON events FOR INSERT TO wizard_worker WITH CHECK (status = 'draft');
CREATE POLICY worker_publishes ON events FOR UPDATE TO wizard_worker
    USING (status = 'draft') WITH CHECK (true);
CREATE POLICY worker_releases ON events FOR DELETE TO wizard_worker USING (status = 'draft');

-- For anyone, by address: a function and not a policy, because a policy would let a caller list
-- every tenant's events, the unlisted ones included.
CREATE FUNCTION wizard_public_event(wanted_slug text) RETURNS SETOF events
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
        SELECT e.*
        FROM public.events AS e
        WHERE e.slug = wanted_slug
          AND e.status = 'published'
          AND e.visibility IN ('public', 'unlisted')
    $$;

-- Addresses are unique over all tenants; of another tenant's event nothing but that is told.
CREATE FUNCTION wizard_slug_is_taken(wanted_slug text, except_session uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
        SELECT EXISTS (
            SELECT FROM public.events AS e
            WHERE e.slug = wanted_slug AND e.session_id IS DISTINCT FROM except_session
        )
    $$;

REVOKE EXECUTE ON FUNCTION wizard_public_event(text), wizard_slug_is_taken(text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wizard_public_event(text) TO wizard_api;
GRANT EXECUTE ON FUNCTION wizard_slug_is_taken(text, uuid) TO wizard_api, wizard_worker;
