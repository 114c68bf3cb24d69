-- Erasure: what is left of a session that was erased, and what keeps it from coming back.

CREATE TABLE erasures (
    session_id uuid PRIMARY KEY,
    tenant_hash text NOT NULL CHECK (tenant_hash ~ '^[0-9a-f]{64}$'),
    actor_hash text NOT NULL CHECK (actor_hash ~ '^[0-9a-f]{64}$'),
    erased_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON COLUMN erasures.tenant_hash IS 'SHA-256 of what wizard_sessions.tenant was';
COMMENT ON COLUMN erasures.actor_hash IS 'SHA-256 of the id of the user who asked, or of retention';

ALTER TABLE erasures ENABLE ROW LEVEL SECURITY;

GRANT SELECT ON erasures TO wizard_api;
CREATE POLICY of_tenant ON erasures FOR SELECT TO wizard_api
    USING (
        tenant_hash = (SELECT encode(sha256(convert_to(wizard_tenant(), 'UTF8')), 'hex'))
    );

-- Whose it was is not told: the id of an erased session is free to nobody.
CREATE FUNCTION wizard_is_erased(wanted_session uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
        SELECT EXISTS (SELECT FROM public.erasures AS e WHERE e.session_id = wanted_session)
    $$;

-- A writer that is late finds the session erased and its row is left out. The lock is what makes
-- the two wait for each other: without it, a writer that began before would insert afterwards.
CREATE FUNCTION wizard_leave_out_erased() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared(hashtextextended(NEW.session_id::text, 6));
        IF EXISTS (SELECT FROM public.erasures AS e WHERE e.session_id = NEW.session_id) THEN
            RETURN NULL;
        END IF;
        RETURN NEW;
    END
    $$;

CREATE TRIGGER leave_out_erased BEFORE INSERT ON wizard_sessions
    FOR EACH ROW EXECUTE FUNCTION wizard_leave_out_erased();
CREATE TRIGGER leave_out_erased BEFORE INSERT ON wizard_actions
    FOR EACH ROW EXECUTE FUNCTION wizard_leave_out_erased();
CREATE TRIGGER leave_out_erased BEFORE INSERT ON events
    FOR EACH ROW EXECUTE FUNCTION wizard_leave_out_erased();

-- Functions and not grants: so the worker can erase a session as a whole, with its stub, and
-- neither delete single rows nor touch a published event in any other way.
CREATE FUNCTION wizard_erase_session(
    erased_session uuid, of_tenant_hash text, by_actor_hash text
) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    BEGIN
        -- The row before the lock: the order in which the projection takes the two.
        PERFORM FROM public.wizard_sessions AS s WHERE s.session_id = erased_session FOR UPDATE;
        PERFORM pg_advisory_xact_lock(hashtextextended(erased_session::text, 6));
        INSERT INTO public.erasures (session_id, tenant_hash, actor_hash)
        VALUES (erased_session, of_tenant_hash, by_actor_hash)
        ON CONFLICT (session_id) DO NOTHING;
        DELETE FROM public.wizard_sessions AS s WHERE s.session_id = erased_session;
        DELETE FROM public.events AS e WHERE e.session_id = erased_session AND e.status = 'draft';
        UPDATE public.events AS e SET
            organizer = e.organizer - ARRAY['email', 'phone'],
            sponsor_data = e.sponsor_data - 'pressContact'
        WHERE e.session_id = erased_session;
    END
    $$;

-- The row stays, so that an event which Stripe delivers once more is not processed again.
CREATE FUNCTION wizard_empty_stripe_payloads(
    processed_before timestamptz, at_most integer
) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
        WITH emptied AS (
            UPDATE public.stripe_events SET payload = '{}'
            WHERE id IN (
                SELECT e.id FROM public.stripe_events AS e
                WHERE e.processed_at < processed_before AND e.payload <> '{}'
                LIMIT at_most
                FOR UPDATE SKIP LOCKED
            )
            RETURNING 1
        )
        SELECT count(*) FROM emptied
    $$;

REVOKE EXECUTE ON FUNCTION
    wizard_is_erased(uuid),
    wizard_leave_out_erased(),
    wizard_erase_session(uuid, text, text),
    wizard_empty_stripe_payloads(timestamptz, integer)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wizard_is_erased(uuid) TO wizard_api;
GRANT EXECUTE ON FUNCTION
    wizard_erase_session(uuid, text, text),
    wizard_empty_stripe_payloads(timestamptz, integer)
    TO wizard_worker;
