-- Which sessions and events use which pictures, so that unused ones are deleted with their files.

CREATE TABLE media_references (
    used_by uuid NOT NULL,
    hash text NOT NULL,
    tenant text NOT NULL,
    released_at timestamptz,
    PRIMARY KEY (used_by, hash)
);

COMMENT ON COLUMN media_references.used_by IS 'The id of a session or of an event';
COMMENT ON COLUMN media_references.tenant IS
    'Of the session or the event. A picture that this tenant has not uploaded is not kept by it';
COMMENT ON COLUMN media_references.released_at IS
    'When the picture was removed from the session or the event; null while it is used';

CREATE INDEX media_references_by_picture ON media_references (tenant, hash);
CREATE INDEX media_references_released ON media_references (released_at)
    WHERE released_at IS NOT NULL;

-- The files of deleted pictures, until the worker has deleted them too.
CREATE TABLE media_deletions (
    hash text NOT NULL,
    width integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (hash, width)
);

COMMENT ON COLUMN media_deletions.width IS 'Of the widest file, in pixels';

-- Triggers write the references in the transaction that changes a session or an event, whichever
-- process makes it, the rebuild included. No role has privileges to write them.
ALTER TABLE media_references ENABLE ROW LEVEL SECURITY;
ALTER TABLE media_deletions ENABLE ROW LEVEL SECURITY;

GRANT SELECT ON media_references TO wizard_worker;
CREATE POLICY worker_reads ON media_references FOR SELECT TO wizard_worker USING (true);
GRANT SELECT, DELETE ON media_deletions TO wizard_worker;
CREATE POLICY worker_completes ON media_deletions TO wizard_worker USING (true);

-- Pictures are found by their path wherever it is in the data, absolute addresses included.
CREATE FUNCTION wizard_pictures_in(organizer jsonb, sponsor jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog
    AS $$
        SELECT coalesce(array_agg(DISTINCT found.part[1]), '{}')
        FROM regexp_matches(
            organizer::text || sponsor::text, '/media/([0-9a-f]{64})-[0-9]+[.]webp', 'g'
        ) AS found (part)
    $$;

CREATE FUNCTION wizard_reference_pictures(owner uuid, of_tenant text, used text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    BEGIN
        -- The sweep leaves out pictures with a lock, so it deletes none that is used from now on.
        PERFORM FROM public.media AS m
        WHERE m.tenant = of_tenant AND m.hash = ANY (used)
        FOR KEY SHARE;
        INSERT INTO public.media_references AS r (used_by, hash, tenant)
        SELECT owner, wanted.hash, of_tenant FROM unnest(used) AS wanted (hash)
        ON CONFLICT (used_by, hash) DO UPDATE SET released_at = NULL
        WHERE r.released_at IS NOT NULL;
        UPDATE public.media_references AS r SET released_at = now()
        WHERE r.used_by = owner AND r.released_at IS NULL AND r.hash <> ALL (used);
    END
    $$;

CREATE FUNCTION wizard_reference_session_pictures() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    BEGIN
        PERFORM public.wizard_reference_pictures(
            NEW.session_id, NEW.tenant,
            public.wizard_pictures_in(NEW.organizer_data, NEW.sponsor_data)
        );
        RETURN NULL;
    END
    $$;

CREATE FUNCTION wizard_reference_event_pictures() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    BEGIN
        PERFORM public.wizard_reference_pictures(
            NEW.id, NEW.tenant, public.wizard_pictures_in(NEW.organizer, NEW.sponsor_data)
        );
        RETURN NULL;
    END
    $$;

-- The pictures that nothing uses any more are deleted at once, without the days of grace that a
-- removed picture has: what is erased leaves nothing behind.
CREATE FUNCTION wizard_erase_pictures_of(owner uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    DECLARE
        of_tenant text;
        released text[];
    BEGIN
        WITH deleted AS (
            DELETE FROM public.media_references AS r WHERE r.used_by = owner
            RETURNING r.tenant, r.hash
        )
        SELECT min(d.tenant), array_agg(d.hash) INTO of_tenant, released FROM deleted AS d;
        -- Locked by a statement of its own: the next one sees what was committed meanwhile.
        PERFORM FROM public.media AS m
        WHERE m.tenant = of_tenant AND m.hash = ANY (released)
        ORDER BY m.hash
        FOR UPDATE;
        DELETE FROM public.media AS m
        WHERE m.tenant = of_tenant AND m.hash = ANY (released) AND NOT EXISTS (
            SELECT FROM public.media_references AS r
            WHERE r.tenant = m.tenant AND r.hash = m.hash AND r.released_at IS NULL
        );
    END
    $$;

CREATE FUNCTION wizard_erase_pictures() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    BEGIN
        PERFORM public.wizard_erase_pictures_of((to_jsonb(OLD) ->> TG_ARGV[0])::uuid);
        RETURN NULL;
    END
    $$;

CREATE FUNCTION wizard_delete_files() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    BEGIN
        INSERT INTO public.media_deletions (hash, width) VALUES (OLD.hash, OLD.width)
        ON CONFLICT (hash, width) DO NOTHING;
        RETURN NULL;
    END
    $$;

-- Deletes pictures that were uploaded, and removed from the last session or event, at least this long
-- ago. Returns how many.
CREATE FUNCTION wizard_forget_unused_pictures(unused_for_seconds double precision, at_most integer)
    RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    DECLARE
        long_ago CONSTANT timestamptz := now() - make_interval(secs => unused_for_seconds);
        found public.media[];
        forgotten bigint;
    BEGIN
        DELETE FROM public.media_references AS r WHERE r.released_at < long_ago;
        found := ARRAY(
            SELECT m FROM public.media AS m
            WHERE m.created_at < long_ago AND NOT EXISTS (
                SELECT FROM public.media_references AS r
                WHERE r.tenant = m.tenant AND r.hash = m.hash
            )
            LIMIT at_most
            FOR UPDATE SKIP LOCKED
        );
        -- By a statement of its own, which sees what was committed before the lock.
        DELETE FROM public.media AS m USING unnest(found) AS f
        WHERE m.tenant = f.tenant AND m.hash = f.hash AND m.created_at < long_ago AND NOT EXISTS (
            SELECT FROM public.media_references AS r
            WHERE r.tenant = m.tenant AND r.hash = m.hash
        );
        GET DIAGNOSTICS forgotten = ROW_COUNT;
        RETURN forgotten;
    END
    $$;

-- Data that has not changed, which is that of most saves, costs a comparison.
CREATE TRIGGER reference_pictures AFTER INSERT ON wizard_sessions
    FOR EACH ROW
    WHEN (NEW.organizer_data::text LIKE '%/media/%' OR NEW.sponsor_data::text LIKE '%/media/%')
    EXECUTE FUNCTION wizard_reference_session_pictures();
CREATE TRIGGER change_pictures AFTER UPDATE ON wizard_sessions
    FOR EACH ROW
    WHEN (
        OLD.organizer_data IS DISTINCT FROM NEW.organizer_data
        OR OLD.sponsor_data IS DISTINCT FROM NEW.sponsor_data
    )
    EXECUTE FUNCTION wizard_reference_session_pictures();
CREATE TRIGGER erase_pictures AFTER DELETE ON wizard_sessions
    FOR EACH ROW EXECUTE FUNCTION wizard_erase_pictures('session_id');

CREATE TRIGGER reference_pictures AFTER INSERT ON events
    FOR EACH ROW
    WHEN (NEW.organizer::text LIKE '%/media/%' OR NEW.sponsor_data::text LIKE '%/media/%')
    EXECUTE FUNCTION wizard_reference_event_pictures();
CREATE TRIGGER change_pictures AFTER UPDATE ON events
    FOR EACH ROW
    WHEN (
        OLD.organizer IS DISTINCT FROM NEW.organizer
        OR OLD.sponsor_data IS DISTINCT FROM NEW.sponsor_data
    )
    EXECUTE FUNCTION wizard_reference_event_pictures();
CREATE TRIGGER erase_pictures AFTER DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION wizard_erase_pictures('id');

CREATE TRIGGER delete_files AFTER DELETE ON media
    FOR EACH ROW EXECUTE FUNCTION wizard_delete_files();

REVOKE EXECUTE ON FUNCTION
    wizard_pictures_in(jsonb, jsonb),
    wizard_reference_pictures(uuid, text, text[]),
    wizard_reference_session_pictures(),
    wizard_reference_event_pictures(),
    wizard_erase_pictures_of(uuid),
    wizard_erase_pictures(),
    wizard_delete_files(),
    wizard_forget_unused_pictures(double precision, integer)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wizard_forget_unused_pictures(double precision, integer) TO wizard_worker;
