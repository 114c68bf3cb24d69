-- Written by python -m db.snapshot from db/migrations; do not edit.

CREATE SCHEMA auth;

CREATE FUNCTION auth.uid() RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog'
    AS $_$
                SELECT CASE WHEN claim.sub ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
                    THEN claim.sub::uuid END
                FROM (
                    SELECT nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
                        AS sub
                ) AS claim
            $_$;

CREATE FUNCTION public.wizard_add_issuers(issuers text[]) RETURNS text[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
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

CREATE FUNCTION public.wizard_announce_name() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
    BEGIN
        PERFORM pg_notify('wizard_sessions', p.session_id || ' presence')
        FROM public.session_presence AS p
        WHERE p.tenant = NEW.tenant AND p.user_id = NEW.user_id;
        RETURN NULL;
    END
    $$;

CREATE FUNCTION public.wizard_announce_presence() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
    BEGIN
        PERFORM pg_notify(
            'wizard_sessions', coalesce(NEW.session_id, OLD.session_id) || ' presence'
        );
        RETURN NULL;
    END
    $$;

CREATE FUNCTION public.wizard_announce_session() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
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

CREATE FUNCTION public.wizard_claims() RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
        SELECT nullif(current_setting('request.jwt.claims', true), '')::jsonb
    $$;

CREATE FUNCTION public.wizard_delete_files() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    BEGIN
        INSERT INTO public.media_deletions (hash, width) VALUES (OLD.hash, OLD.width)
        ON CONFLICT (hash, width) DO NOTHING;
        RETURN NULL;
    END
    $$;

CREATE FUNCTION public.wizard_empty_stripe_payloads(processed_before timestamp with time zone, at_most integer) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
        WITH emptied AS (
            UPDATE public.stripe_events SET payload = '{}'
            WHERE id IN (
                SELECT e.id FROM public.stripe_events AS e
                WHERE e.payload <> '{}'
                    AND (e.processed_at < processed_before OR e.payload - 'reference' <> '{}')
                LIMIT at_most
                FOR UPDATE SKIP LOCKED
            )
            RETURNING 1
        )
        SELECT count(*) FROM emptied
    $$;

CREATE FUNCTION public.wizard_end_presence(of_process uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
        DELETE FROM public.session_presence AS p WHERE p.process = of_process
    $$;

CREATE FUNCTION public.wizard_erase_pictures() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    BEGIN
        PERFORM public.wizard_erase_pictures_of((to_jsonb(OLD) ->> TG_ARGV[0])::uuid);
        RETURN NULL;
    END
    $$;

CREATE FUNCTION public.wizard_erase_pictures_of(owner uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
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

CREATE FUNCTION public.wizard_erase_session(erased_session uuid, of_tenant_hash text, by_actor_hash text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
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

CREATE FUNCTION public.wizard_forget_members() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
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

CREATE FUNCTION public.wizard_forget_orders(over_for_seconds double precision, at_most integer) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
        WITH over AS MATERIALIZED (
            SELECT i.event_id
            FROM public.event_inventory AS i
            JOIN public.events AS e ON e.id = i.event_id
            WHERE i.tier_id = '' AND i.forgotten_at IS NULL
                AND coalesce(e.ends_at, e.starts_at) < now() - make_interval(secs => over_for_seconds)
                AND NOT EXISTS (
                    SELECT
                    FROM public.ticket_orders AS o
                    WHERE o.event_id = i.event_id AND o.state IN ('held', 'open', 'processing')
                )
            LIMIT at_most
            FOR UPDATE OF i SKIP LOCKED
        ), deleted AS (
            DELETE FROM public.ticket_orders AS o USING over WHERE o.event_id = over.event_id
        ), marked AS (
            UPDATE public.event_inventory AS i
            SET forgotten_at = now()
            FROM over
            WHERE i.event_id = over.event_id AND i.tier_id = ''
            RETURNING 1
        )
        SELECT count(*) FROM marked
    $$;

CREATE FUNCTION public.wizard_forget_threads() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    BEGIN
        DELETE FROM public.copilot_threads AS t WHERE t.session_id = NEW.session_id;
        RETURN NULL;
    END
    $$;

CREATE FUNCTION public.wizard_forget_unused_pictures(unused_for_seconds double precision, at_most integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
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

CREATE FUNCTION public.wizard_has_lost_account(wanted_event uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
        SELECT EXISTS (
            SELECT
            FROM public.events AS e
            JOIN public.stripe_accounts AS a ON a.account_id = e.stripe_account_id
            WHERE e.id = wanted_event
              AND (a.ended_at IS NOT NULL OR a.payments ->> 'status' = 'disconnected')
        )
    $$;

CREATE FUNCTION public.wizard_is_erased(wanted_session uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
        SELECT EXISTS (SELECT FROM public.erasures AS e WHERE e.session_id = wanted_session)
    $$;

CREATE FUNCTION public.wizard_leave_out_erased() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared(hashtextextended(NEW.session_id::text, 6));
        IF EXISTS (SELECT FROM public.erasures AS e WHERE e.session_id = NEW.session_id) THEN
            RETURN NULL;
        END IF;
        RETURN NEW;
    END
    $$;

CREATE FUNCTION public.wizard_move_to_orders(wanted_event uuid, prices jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $_$
        UPDATE public.events AS e
        SET ticket_tiers = (
            SELECT jsonb_agg(
                CASE
                    WHEN prices ? (t.tier ->> 'id') THEN
                        (t.tier - 'paymentLink')
                        || jsonb_build_object('priceId', prices -> (t.tier ->> 'id'))
                    ELSE t.tier
                END
                ORDER BY t.number
            )
            FROM jsonb_array_elements(e.ticket_tiers) WITH ORDINALITY AS t (tier, number)
        )
        WHERE e.id = wanted_event AND e.status = 'published'
            AND jsonb_path_exists(e.ticket_tiers, '$[*].paymentLink')
    $_$;

CREATE FUNCTION public.wizard_organization_id() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public'
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

CREATE FUNCTION public.wizard_pictures_in(organizer jsonb, sponsor jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog'
    AS $$
        SELECT coalesce(array_agg(DISTINCT found.part[1]), '{}')
        FROM regexp_matches(
            organizer::text || sponsor::text, '/media/([0-9a-f]{64})-[0-9]+[.]webp', 'g'
        ) AS found (part)
    $$;

CREATE TABLE public.events (
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    user_id text NOT NULL,
    organization_id text,
    tenant text GENERATED ALWAYS AS (
CASE
    WHEN (organization_id IS NULL) THEN ('user:'::text || user_id)
    ELSE ('organization:'::text || organization_id)
END) STORED NOT NULL,
    slug text NOT NULL,
    slug_is_derived boolean NOT NULL,
    title text NOT NULL,
    type text NOT NULL,
    summary text,
    description text,
    visibility text NOT NULL,
    language text,
    tags text[] NOT NULL,
    event_date date NOT NULL,
    start_time time without time zone NOT NULL,
    end_date date NOT NULL,
    end_time time without time zone,
    timezone text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone,
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
    status text NOT NULL,
    published_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    promotion_codes boolean DEFAULT false NOT NULL,
    automatic_tax boolean DEFAULT false NOT NULL,
    sales text DEFAULT 'on'::text NOT NULL,
    external_url text,
    performers jsonb DEFAULT '[]'::jsonb NOT NULL,
    organizers jsonb DEFAULT '[]'::jsonb NOT NULL,
    opening_hours jsonb DEFAULT '[]'::jsonb NOT NULL,
    translations jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT events_organization_id_check CHECK ((organization_id <> ''::text)),
    CONSTRAINT events_published_at_check CHECK (((status = 'published'::text) = (published_at IS NOT NULL))),
    CONSTRAINT events_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'published'::text]))),
    CONSTRAINT events_user_id_check CHECK ((user_id <> ''::text)),
    CONSTRAINT events_visibility_check CHECK ((visibility = ANY (ARRAY['public'::text, 'unlisted'::text, 'private'::text])))
);

COMMENT ON COLUMN public.events.start_time IS 'Local to timezone; starts_at is the instant';

COMMENT ON COLUMN public.events.ticket_tiers IS 'Prices are in minor units of currency';

COMMENT ON COLUMN public.events.sales IS 'The organizer''s switch; closed is final';

COMMENT ON COLUMN public.events.organizers IS 'Co-organizers, besides organizer';

COMMENT ON COLUMN public.events.opening_hours IS 'Local to timezone';

CREATE FUNCTION public.wizard_public_event(wanted_slug text) RETURNS SETOF public.events
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
        SELECT e.*
        FROM public.events AS e
        WHERE e.slug = wanted_slug
          AND e.status = 'published'
          AND e.visibility IN ('public', 'unlisted')
    $$;

CREATE TABLE public.event_inventory (
    event_id uuid NOT NULL,
    tier_id text NOT NULL,
    quantity bigint,
    sold bigint DEFAULT 0 NOT NULL,
    held bigint DEFAULT 0 NOT NULL,
    amount bigint DEFAULT 0 NOT NULL,
    refunded bigint DEFAULT 0 NOT NULL,
    sold_by_links bigint,
    forgotten_at timestamp with time zone,
    CONSTRAINT event_inventory_held_check CHECK ((held >= 0)),
    CONSTRAINT event_inventory_quantity_check CHECK ((quantity >= 0)),
    CONSTRAINT event_inventory_sold_by_links_check CHECK ((sold_by_links >= 0)),
    CONSTRAINT event_inventory_sold_check CHECK ((sold >= 0))
);

COMMENT ON COLUMN public.event_inventory.tier_id IS 'Empty for the whole event';

COMMENT ON COLUMN public.event_inventory.quantity IS 'Null if the tier is bounded by the event alone';

COMMENT ON COLUMN public.event_inventory.sold IS 'Tickets of orders that are paid or disputed';

COMMENT ON COLUMN public.event_inventory.held IS 'Tickets of orders that are held, open or processing';

COMMENT ON COLUMN public.event_inventory.amount IS 'Paid for all orders, refunds included, in minor units';

COMMENT ON COLUMN public.event_inventory.sold_by_links IS 'Tickets that payment links sold, included in sold; null if the event never had links';

COMMENT ON COLUMN public.event_inventory.forgotten_at IS 'When the orders of the event were deleted; on the row of the whole event';

CREATE FUNCTION public.wizard_public_inventory(wanted_event uuid) RETURNS SETOF public.event_inventory
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
        SELECT i.*
        FROM public.event_inventory AS i
        JOIN public.events AS e ON e.id = i.event_id
        WHERE i.event_id = wanted_event
          AND e.status = 'published'
          AND e.visibility IN ('public', 'unlisted')
    $$;

CREATE TABLE public.ticket_orders (
    id uuid NOT NULL,
    event_id uuid NOT NULL,
    session_id uuid NOT NULL,
    tenant text NOT NULL,
    items jsonb NOT NULL,
    amount_total bigint NOT NULL,
    currency text NOT NULL,
    application_fee bigint DEFAULT 0 NOT NULL,
    amount_refunded bigint DEFAULT 0 NOT NULL,
    state text NOT NULL,
    reason text,
    stripe_account_id text NOT NULL,
    checkout_session_id text,
    checkout_url text,
    payment_intent_id text,
    holder text,
    fingerprint text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    paid_at timestamp with time zone,
    closed_at timestamp with time zone,
    charge_checked_at timestamp with time zone,
    CONSTRAINT ticket_orders_amount_total_check CHECK ((amount_total >= 0)),
    CONSTRAINT ticket_orders_state_check CHECK ((state = ANY (ARRAY['held'::text, 'open'::text, 'processing'::text, 'paid'::text, 'expired'::text, 'cancelled'::text, 'refunded'::text, 'disputed'::text])))
);

COMMENT ON TABLE public.ticket_orders IS 'No name and no address of a buyer: these are at Stripe';

COMMENT ON COLUMN public.ticket_orders.items IS '[{tier_id, name, quantity, unit_amount, amount}]';

COMMENT ON COLUMN public.ticket_orders.holder IS 'A keyed hash of event and address; null once closed';

COMMENT ON COLUMN public.ticket_orders.fingerprint IS 'A hash of the wanted items';

COMMENT ON COLUMN public.ticket_orders.closed_at IS 'When its tickets were sold or given back';

CREATE FUNCTION public.wizard_public_order(wanted_order uuid) RETURNS SETOF public.ticket_orders
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
        SELECT o.* FROM public.ticket_orders AS o WHERE o.id = wanted_order
    $$;

CREATE FUNCTION public.wizard_reference_event_pictures() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    BEGIN
        PERFORM public.wizard_reference_pictures(
            NEW.id, NEW.tenant, public.wizard_pictures_in(NEW.organizer, NEW.sponsor_data)
        );
        RETURN NULL;
    END
    $$;

CREATE FUNCTION public.wizard_reference_pictures(owner uuid, of_tenant text, used text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
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

CREATE FUNCTION public.wizard_reference_session_pictures() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    BEGIN
        PERFORM public.wizard_reference_pictures(
            NEW.session_id, NEW.tenant,
            public.wizard_pictures_in(NEW.organizer_data, NEW.sponsor_data)
        );
        RETURN NULL;
    END
    $$;

CREATE FUNCTION public.wizard_renew_presence(of_process uuid, dead_after_seconds double precision) RETURNS TABLE(session_id uuid, tenant text, user_id text, is_own boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
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

CREATE FUNCTION public.wizard_revisions(wanted uuid[]) RETURNS TABLE(session_id uuid, revision bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
        SELECT s.session_id, s.revision
        FROM public.wizard_sessions AS s
        WHERE s.session_id = ANY (wanted)
    $$;

CREATE FUNCTION public.wizard_set_sales(wanted_event uuid, of_tenant text, wanted text) RETURNS text
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
        UPDATE public.events AS e
        SET sales = CASE e.sales WHEN 'closed' THEN e.sales ELSE wanted END
        WHERE e.id = wanted_event AND e.tenant = of_tenant AND e.status = 'published'
        RETURNING e.sales
    $$;

CREATE FUNCTION public.wizard_slug_is_taken(wanted_slug text, except_session uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
        SELECT EXISTS (
            SELECT FROM public.events AS e
            WHERE e.slug = wanted_slug AND e.session_id IS DISTINCT FROM except_session
        )
    $$;

CREATE FUNCTION public.wizard_tenant() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
        SELECT coalesce('organization:' || wizard_organization_id(), 'user:' || wizard_user_id())
    $$;

CREATE FUNCTION public.wizard_thread_exists(wanted_thread uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
        SELECT EXISTS (
            SELECT FROM public.copilot_threads AS t WHERE t.thread_id = wanted_thread
        )
    $$;

CREATE FUNCTION public.wizard_user_id() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
        SELECT wizard_claims() ->> 'sub'
    $$;

CREATE TABLE public.copilot_threads (
    thread_id uuid NOT NULL,
    session_id uuid NOT NULL,
    tenant text NOT NULL,
    user_id text NOT NULL,
    messages text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT copilot_threads_messages_check CHECK ((octet_length(messages) <= 2097152)),
    CONSTRAINT copilot_threads_user_id_check CHECK ((user_id <> ''::text))
);

COMMENT ON TABLE public.copilot_threads IS 'What a person and the assistant said; erased with the session';

COMMENT ON COLUMN public.copilot_threads.thread_id IS 'Chosen by the client';

CREATE TABLE public.erasures (
    session_id uuid NOT NULL,
    tenant_hash text NOT NULL,
    actor_hash text NOT NULL,
    erased_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT erasures_actor_hash_check CHECK ((actor_hash ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT erasures_tenant_hash_check CHECK ((tenant_hash ~ '^[0-9a-f]{64}$'::text))
);

COMMENT ON COLUMN public.erasures.tenant_hash IS 'SHA-256 of what wizard_sessions.tenant was';

COMMENT ON COLUMN public.erasures.actor_hash IS 'SHA-256 of the id of the user who asked, or of retention';

CREATE TABLE public.stripe_accounts (
    tenant text NOT NULL,
    account_id text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    livemode boolean,
    generation integer DEFAULT 1 NOT NULL,
    payments jsonb,
    ended_at timestamp with time zone,
    end_reason text
);

COMMENT ON COLUMN public.stripe_accounts.tenant IS 'As in wizard_sessions: user:… or organization:…';

COMMENT ON COLUMN public.stripe_accounts.livemode IS 'Stripe''s mode; null until Stripe has returned the account once';

COMMENT ON COLUMN public.stripe_accounts.generation IS 'Counts the accounts of the tenant in this mode, from 1';

COMMENT ON COLUMN public.stripe_accounts.payments IS 'The status of the account as of its last fetch';

COMMENT ON COLUMN public.stripe_accounts.ended_at IS 'When the tenant stopped to use the account; null for a current one';

CREATE TABLE public.further_stripe_accounts (
    NOT NULL account_id
)
INHERITS (public.stripe_accounts);

CREATE TABLE public.wizard_actions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    session_id uuid NOT NULL,
    revision bigint NOT NULL,
    user_id text NOT NULL,
    organization_id text,
    tenant text GENERATED ALWAYS AS (
CASE
    WHEN (organization_id IS NULL) THEN ('user:'::text || user_id)
    ELSE ('organization:'::text || organization_id)
END) STORED NOT NULL,
    actor_id text,
    action_name text NOT NULL,
    stage text,
    idempotency_key text,
    payload jsonb,
    result jsonb,
    error_message text,
    created_at timestamp with time zone NOT NULL,
    part bigint DEFAULT 0 NOT NULL,
    execution_time_ms integer,
    CONSTRAINT wizard_actions_organization_id_check CHECK ((organization_id <> ''::text)),
    CONSTRAINT wizard_actions_revision_check CHECK ((revision >= 1)),
    CONSTRAINT wizard_actions_user_id_check CHECK ((user_id <> ''::text))
);

COMMENT ON COLUMN public.wizard_actions.user_id IS 'The owner of the session; who acted is actor_id';

COMMENT ON COLUMN public.wizard_actions.payload IS 'Section -> the whole data that the action wrote';

COMMENT ON COLUMN public.wizard_actions.result IS '{"detail": remark}; what failed is in error_message';

COMMENT ON COLUMN public.wizard_actions.part IS 'Counts the actions of one change, from 0';

COMMENT ON COLUMN public.wizard_actions.execution_time_ms IS 'How long the API waited for the session; null if no request waited, or if the worker wrote the row';

CREATE TABLE public.further_wizard_actions (
    NOT NULL session_id,
    NOT NULL revision,
    NOT NULL part,
    CONSTRAINT further_wizard_actions_part_check CHECK ((part >= 1))
)
INHERITS (public.wizard_actions);

CREATE TABLE public.media (
    tenant text NOT NULL,
    hash text NOT NULL,
    bytes bigint NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT media_bytes_check CHECK ((bytes > 0)),
    CONSTRAINT media_hash_check CHECK ((hash ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT media_height_check CHECK ((height > 0)),
    CONSTRAINT media_tenant_check CHECK ((tenant <> ''::text)),
    CONSTRAINT media_width_check CHECK ((width > 0))
);

COMMENT ON COLUMN public.media.hash IS 'SHA-256 of all files of the picture, in hexadecimal';

COMMENT ON COLUMN public.media.bytes IS 'Of all files; counted for every tenant that has the picture';

COMMENT ON COLUMN public.media.width IS 'Of the widest file, in pixels';

COMMENT ON COLUMN public.media.created_at IS 'The last upload';

CREATE TABLE public.media_deletions (
    hash text NOT NULL,
    width integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON COLUMN public.media_deletions.width IS 'Of the widest file, in pixels';

CREATE TABLE public.media_references (
    used_by uuid NOT NULL,
    hash text NOT NULL,
    tenant text NOT NULL,
    released_at timestamp with time zone
);

COMMENT ON COLUMN public.media_references.used_by IS 'The id of a session or of an event';

COMMENT ON COLUMN public.media_references.tenant IS 'Of the session or the event. A picture that this tenant has not uploaded is not kept by it';

COMMENT ON COLUMN public.media_references.released_at IS 'When the picture was removed from the session or the event; null while it is used';

CREATE TABLE public.members (
    tenant text NOT NULL,
    user_id text NOT NULL,
    name text NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT members_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT members_user_id_check CHECK ((user_id <> ''::text))
);

COMMENT ON TABLE public.members IS 'Names from tokens, for the other members; deleted with the last session of the tenant';

CREATE TABLE public.outbox (
    id text NOT NULL,
    session_id uuid NOT NULL,
    user_id text NOT NULL,
    organization_id text,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    redrive_at timestamp with time zone DEFAULT (now() + '00:01:00'::interval) NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text,
    delivered_at timestamp with time zone,
    given_up_at timestamp with time zone,
    CONSTRAINT outbox_one_end_check CHECK (((delivered_at IS NULL) OR (given_up_at IS NULL))),
    CONSTRAINT outbox_organization_id_check CHECK ((organization_id <> ''::text)),
    CONSTRAINT outbox_user_id_check CHECK ((user_id <> ''::text))
);

COMMENT ON COLUMN public.outbox.id IS 'The header webhook-id: of one action of a session, the same at every attempt';

COMMENT ON COLUMN public.outbox.payload IS 'The body that is sent: {type, timestamp, data}';

COMMENT ON COLUMN public.outbox.redrive_at IS 'When its delivery is started once more, should it not be running';

COMMENT ON COLUMN public.outbox.last_error IS 'Of the last attempt: a status or the kind of error, no body';

CREATE TABLE public.schema_migrations (
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE UNLOGGED TABLE public.session_presence (
    session_id uuid NOT NULL,
    tenant text NOT NULL,
    user_id text NOT NULL,
    process uuid NOT NULL,
    since timestamp with time zone NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT session_presence_user_id_check CHECK ((user_id <> ''::text))
);

COMMENT ON COLUMN public.session_presence.process IS 'The API process that serves the stream';

COMMENT ON COLUMN public.session_presence.seen_at IS 'Renewed by the process; without that, the row is dead';

CREATE TABLE public.stripe_answer (
    is_only boolean DEFAULT true NOT NULL,
    answer text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT stripe_answer_answer_check CHECK ((answer = ANY (ARRAY['ok'::text, 'unauthorized'::text, 'unavailable'::text, 'not_configured'::text]))),
    CONSTRAINT stripe_answer_is_only_check CHECK (is_only)
);

COMMENT ON COLUMN public.stripe_answer.is_only IS 'The table has one row at most';

COMMENT ON COLUMN public.stripe_answer.since IS 'When a worker first got this answer after another one';

CREATE TABLE public.stripe_events (
    id text NOT NULL,
    type text NOT NULL,
    account_id text,
    livemode boolean NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    processed_at timestamp with time zone,
    outcome text,
    error text
);

COMMENT ON COLUMN public.stripe_events.account_id IS 'The connected account; null for the platform itself';

COMMENT ON COLUMN public.stripe_events.payload IS 'The changed object, {reference: {type, id, order_id, payment_intent}}, or empty; nothing else of the event';

COMMENT ON COLUMN public.stripe_events.outcome IS 'What processing did; unknown types are kept as ignored';

COMMENT ON COLUMN public.stripe_events.error IS 'Why the last attempt to process it failed';

CREATE TABLE public.token_issuers (
    issuer text NOT NULL,
    added_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT token_issuers_issuer_check CHECK ((issuer <> ''::text))
);

COMMENT ON TABLE public.token_issuers IS 'Issuers whose ids have no prefix; written when the API starts';

CREATE TABLE public.wizard_sessions (
    session_id uuid NOT NULL,
    user_id text NOT NULL,
    organization_id text,
    tenant text GENERATED ALWAYS AS (
CASE
    WHEN (organization_id IS NULL) THEN ('user:'::text || user_id)
    ELSE ('organization:'::text || organization_id)
END) STORED NOT NULL,
    status text NOT NULL,
    is_active boolean GENERATED ALWAYS AS ((status = 'in_progress'::text)) STORED NOT NULL,
    current_stage text NOT NULL,
    completed_stages text[] NOT NULL,
    completion_percentage integer NOT NULL,
    completion_details jsonb NOT NULL,
    organizer_data jsonb NOT NULL,
    event_data jsonb NOT NULL,
    venue_data jsonb NOT NULL,
    ticket_data jsonb NOT NULL,
    sponsor_data jsonb NOT NULL,
    review_data jsonb NOT NULL,
    payment_data jsonb NOT NULL,
    validation jsonb NOT NULL,
    publication jsonb NOT NULL,
    stripe_account_id text,
    event_id uuid,
    revision bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT wizard_sessions_completion_percentage_check CHECK (((completion_percentage >= 0) AND (completion_percentage <= 100))),
    CONSTRAINT wizard_sessions_organization_id_check CHECK ((organization_id <> ''::text)),
    CONSTRAINT wizard_sessions_revision_check CHECK ((revision >= 0)),
    CONSTRAINT wizard_sessions_status_check CHECK ((status = ANY (ARRAY['in_progress'::text, 'completed'::text, 'abandoned'::text, 'expired'::text]))),
    CONSTRAINT wizard_sessions_user_id_check CHECK ((user_id <> ''::text))
);

COMMENT ON COLUMN public.wizard_sessions.completion_details IS 'Stage -> per cent';

COMMENT ON COLUMN public.wizard_sessions.validation IS 'Stage -> {valid, errors}';

COMMENT ON COLUMN public.wizard_sessions.event_id IS 'No foreign key: the read model may be ahead of, or behind, the event.';

CREATE VIEW public.wizard_stage_funnel WITH (security_invoker='true') AS
 WITH stages("position", stage) AS (
         VALUES (1,'organizerSetup'::text), (2,'eventSetup'::text), (3,'venueSetup'::text), (4,'ticketSetup'::text), (5,'sponsorsMedia'::text), (6,'reviewPublish'::text)
        ), ways AS (
         SELECT session.session_id,
            stage."position",
            stage.stage,
                CASE
                    WHEN (stage."position" = 1) THEN session.created_at
                    ELSE min(action.created_at) FILTER (WHERE ((action.action_name = 'publish_event'::text) OR ((action.action_name = 'complete_stage'::text) AND (target."position" >= (stage."position" - 1))) OR ((action.action_name = 'move_to_stage'::text) AND (target."position" >= stage."position"))))
                END AS reached_at,
            min(action.created_at) FILTER (WHERE ((action.action_name = 'publish_event'::text) OR ((stage."position" < 6) AND (((action.action_name = 'complete_stage'::text) AND (target."position" = stage."position")) OR ((action.action_name = 'move_to_stage'::text) AND (target."position" > stage."position")))))) AS completed_at
           FROM (((public.wizard_sessions session
             CROSS JOIN stages stage)
             LEFT JOIN public.wizard_actions action ON (((action.session_id = session.session_id) AND (action.action_name = ANY (ARRAY['complete_stage'::text, 'move_to_stage'::text, 'publish_event'::text])))))
             LEFT JOIN stages target ON ((target.stage = action.stage)))
          GROUP BY session.session_id, session.created_at, stage."position", stage.stage
        )
 SELECT "position",
    stage,
    count(*) AS started,
    count(reached_at) AS reached,
    count(completed_at) AS completed,
    percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY ((GREATEST(EXTRACT(epoch FROM (completed_at - reached_at)), (0)::numeric))::double precision)) FILTER (WHERE (completed_at IS NOT NULL)) AS median_seconds
   FROM ways
  GROUP BY "position", stage
  ORDER BY "position";

COMMENT ON COLUMN public.wizard_stage_funnel.started IS 'Sessions that were started, the same for every stage';

COMMENT ON COLUMN public.wizard_stage_funnel.reached IS 'Sessions that came to the stage, whatever became of them';

COMMENT ON COLUMN public.wizard_stage_funnel.completed IS 'Sessions that went on from it for the first time; from the last one by publishing';

COMMENT ON COLUMN public.wizard_stage_funnel.median_seconds IS 'From reaching it to completing it';

ALTER TABLE ONLY public.further_stripe_accounts ALTER COLUMN created_at SET DEFAULT now();

ALTER TABLE ONLY public.further_stripe_accounts ALTER COLUMN generation SET DEFAULT 1;

ALTER TABLE ONLY public.further_wizard_actions ALTER COLUMN id SET DEFAULT gen_random_uuid();

ALTER TABLE ONLY public.further_wizard_actions ALTER COLUMN part SET DEFAULT 0;

ALTER TABLE ONLY public.copilot_threads
    ADD CONSTRAINT copilot_threads_pkey PRIMARY KEY (thread_id);

ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (session_id);

ALTER TABLE ONLY public.event_inventory
    ADD CONSTRAINT event_inventory_pkey PRIMARY KEY (event_id, tier_id);

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (id);

ALTER TABLE public.events
    ADD CONSTRAINT events_sales_check CHECK ((sales = ANY (ARRAY['on'::text, 'paused'::text, 'closed'::text]))) NOT VALID;

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_session_id_key UNIQUE (session_id);

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.further_stripe_accounts
    ADD CONSTRAINT further_stripe_accounts_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.further_wizard_actions
    ADD CONSTRAINT further_wizard_actions_pkey PRIMARY KEY (session_id, revision, part);

ALTER TABLE ONLY public.media_deletions
    ADD CONSTRAINT media_deletions_pkey PRIMARY KEY (hash, width);

ALTER TABLE ONLY public.media
    ADD CONSTRAINT media_pkey PRIMARY KEY (tenant, hash);

ALTER TABLE ONLY public.media_references
    ADD CONSTRAINT media_references_pkey PRIMARY KEY (used_by, hash);

ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_pkey PRIMARY KEY (tenant, user_id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.session_presence
    ADD CONSTRAINT session_presence_pkey PRIMARY KEY (session_id, tenant, user_id, process);

ALTER TABLE ONLY public.stripe_accounts
    ADD CONSTRAINT stripe_accounts_account_id_key UNIQUE (account_id);

ALTER TABLE ONLY public.stripe_accounts
    ADD CONSTRAINT stripe_accounts_pkey PRIMARY KEY (tenant);

ALTER TABLE ONLY public.stripe_answer
    ADD CONSTRAINT stripe_answer_pkey PRIMARY KEY (is_only);

ALTER TABLE ONLY public.stripe_events
    ADD CONSTRAINT stripe_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ticket_orders
    ADD CONSTRAINT ticket_orders_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.token_issuers
    ADD CONSTRAINT token_issuers_pkey PRIMARY KEY (issuer);

ALTER TABLE ONLY public.wizard_actions
    ADD CONSTRAINT wizard_actions_pkey PRIMARY KEY (session_id, revision);

ALTER TABLE ONLY public.wizard_sessions
    ADD CONSTRAINT wizard_sessions_pkey PRIMARY KEY (session_id);

CREATE INDEX copilot_threads_by_session ON public.copilot_threads USING btree (session_id, tenant, user_id, updated_at);

CREATE INDEX events_by_account ON public.events USING btree (stripe_account_id) WHERE (stripe_account_id IS NOT NULL);

CREATE INDEX events_published_by_tenant ON public.events USING btree (tenant, published_at DESC, id DESC) WHERE (status = 'published'::text);

CREATE UNIQUE INDEX further_stripe_accounts_by_tenant ON public.further_stripe_accounts USING btree (tenant, livemode, generation);

CREATE INDEX further_wizard_actions_by_key ON public.further_wizard_actions USING btree (idempotency_key) WHERE (idempotency_key IS NOT NULL);

CREATE INDEX media_by_hash ON public.media USING btree (hash);

CREATE INDEX media_references_by_picture ON public.media_references USING btree (tenant, hash);

CREATE INDEX media_references_released ON public.media_references USING btree (released_at) WHERE (released_at IS NOT NULL);

CREATE INDEX outbox_of_session ON public.outbox USING btree (session_id);

CREATE INDEX outbox_to_deliver ON public.outbox USING btree (redrive_at) WHERE ((delivered_at IS NULL) AND (given_up_at IS NULL));

CREATE INDEX session_presence_by_process ON public.session_presence USING btree (process);

CREATE INDEX stripe_events_to_process ON public.stripe_events USING btree (received_at) WHERE (processed_at IS NULL);

CREATE UNIQUE INDEX ticket_orders_by_checkout ON public.ticket_orders USING btree (checkout_session_id);

CREATE UNIQUE INDEX ticket_orders_by_payment ON public.ticket_orders USING btree (payment_intent_id);

CREATE INDEX ticket_orders_holding ON public.ticket_orders USING btree (event_id, holder) WHERE (state = ANY (ARRAY['held'::text, 'open'::text, 'processing'::text]));

CREATE INDEX ticket_orders_of_event ON public.ticket_orders USING btree (event_id, created_at DESC, id DESC);

CREATE INDEX wizard_actions_by_key ON public.wizard_actions USING btree (idempotency_key) WHERE (idempotency_key IS NOT NULL);

CREATE INDEX wizard_sessions_by_account ON public.wizard_sessions USING btree (stripe_account_id) WHERE (stripe_account_id IS NOT NULL);

CREATE INDEX wizard_sessions_by_status_and_stage ON public.wizard_sessions USING btree (status, current_stage);

CREATE INDEX wizard_sessions_by_tenant ON public.wizard_sessions USING btree (tenant, created_at DESC, session_id DESC);

CREATE INDEX wizard_sessions_by_tenant_and_status ON public.wizard_sessions USING btree (tenant, status, created_at DESC, session_id DESC);

CREATE INDEX wizard_sessions_to_expire ON public.wizard_sessions USING btree (expires_at) WHERE (status = 'in_progress'::text);

CREATE TRIGGER announce AFTER INSERT OR UPDATE OF name ON public.members FOR EACH ROW EXECUTE FUNCTION public.wizard_announce_name();

CREATE TRIGGER announce AFTER INSERT OR DELETE ON public.session_presence FOR EACH ROW EXECUTE FUNCTION public.wizard_announce_presence();

CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON public.wizard_sessions FOR EACH ROW EXECUTE FUNCTION public.wizard_announce_session();

CREATE TRIGGER change_pictures AFTER UPDATE ON public.events FOR EACH ROW WHEN (((old.organizer IS DISTINCT FROM new.organizer) OR (old.sponsor_data IS DISTINCT FROM new.sponsor_data))) EXECUTE FUNCTION public.wizard_reference_event_pictures();

CREATE TRIGGER change_pictures AFTER UPDATE ON public.wizard_sessions FOR EACH ROW WHEN (((old.organizer_data IS DISTINCT FROM new.organizer_data) OR (old.sponsor_data IS DISTINCT FROM new.sponsor_data))) EXECUTE FUNCTION public.wizard_reference_session_pictures();

CREATE TRIGGER delete_files AFTER DELETE ON public.media FOR EACH ROW EXECUTE FUNCTION public.wizard_delete_files();

CREATE TRIGGER erase_pictures AFTER DELETE ON public.events FOR EACH ROW EXECUTE FUNCTION public.wizard_erase_pictures('id');

CREATE TRIGGER erase_pictures AFTER DELETE ON public.wizard_sessions FOR EACH ROW EXECUTE FUNCTION public.wizard_erase_pictures('session_id');

CREATE TRIGGER forget_members AFTER DELETE ON public.wizard_sessions FOR EACH ROW EXECUTE FUNCTION public.wizard_forget_members();

CREATE TRIGGER forget_threads AFTER INSERT ON public.erasures FOR EACH ROW EXECUTE FUNCTION public.wizard_forget_threads();

CREATE TRIGGER leave_out_erased BEFORE INSERT ON public.copilot_threads FOR EACH ROW EXECUTE FUNCTION public.wizard_leave_out_erased();

CREATE TRIGGER leave_out_erased BEFORE INSERT ON public.events FOR EACH ROW EXECUTE FUNCTION public.wizard_leave_out_erased();

CREATE TRIGGER leave_out_erased BEFORE INSERT ON public.further_wizard_actions FOR EACH ROW EXECUTE FUNCTION public.wizard_leave_out_erased();

CREATE TRIGGER leave_out_erased BEFORE INSERT ON public.outbox FOR EACH ROW EXECUTE FUNCTION public.wizard_leave_out_erased();

CREATE TRIGGER leave_out_erased BEFORE INSERT ON public.wizard_actions FOR EACH ROW EXECUTE FUNCTION public.wizard_leave_out_erased();

CREATE TRIGGER leave_out_erased BEFORE INSERT ON public.wizard_sessions FOR EACH ROW EXECUTE FUNCTION public.wizard_leave_out_erased();

CREATE TRIGGER reference_pictures AFTER INSERT ON public.events FOR EACH ROW WHEN ((((new.organizer)::text ~~ '%/media/%'::text) OR ((new.sponsor_data)::text ~~ '%/media/%'::text))) EXECUTE FUNCTION public.wizard_reference_event_pictures();

CREATE TRIGGER reference_pictures AFTER INSERT ON public.wizard_sessions FOR EACH ROW WHEN ((((new.organizer_data)::text ~~ '%/media/%'::text) OR ((new.sponsor_data)::text ~~ '%/media/%'::text))) EXECUTE FUNCTION public.wizard_reference_session_pictures();

ALTER TABLE ONLY public.event_inventory
    ADD CONSTRAINT event_inventory_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.events(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.further_wizard_actions
    ADD CONSTRAINT further_wizard_actions_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.wizard_sessions(session_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.wizard_sessions(session_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.ticket_orders
    ADD CONSTRAINT ticket_orders_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.events(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.wizard_actions
    ADD CONSTRAINT wizard_actions_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.wizard_sessions(session_id) ON DELETE CASCADE;

CREATE POLICY add_own ON public.copilot_threads FOR INSERT TO wizard_api WITH CHECK (((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant)) AND (user_id = ( SELECT public.wizard_user_id() AS wizard_user_id))));

CREATE POLICY add_self ON public.members FOR INSERT TO wizard_api WITH CHECK (((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant)) AND (user_id = ( SELECT public.wizard_user_id() AS wizard_user_id))));

CREATE POLICY add_self ON public.session_presence FOR INSERT TO wizard_api WITH CHECK (((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant)) AND (user_id = ( SELECT public.wizard_user_id() AS wizard_user_id))));

CREATE POLICY applied_migrations ON public.schema_migrations FOR SELECT TO wizard_worker, wizard_api USING (true);

CREATE POLICY change_own ON public.copilot_threads FOR UPDATE TO wizard_api USING (((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant)) AND (user_id = ( SELECT public.wizard_user_id() AS wizard_user_id)))) WITH CHECK (((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant)) AND (user_id = ( SELECT public.wizard_user_id() AS wizard_user_id))));

ALTER TABLE public.copilot_threads ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.erasures ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.event_inventory ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.events ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.further_stripe_accounts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.further_wizard_actions ENABLE ROW LEVEL SECURITY;

CREATE POLICY inbox ON public.stripe_events TO wizard_inbox USING ((CURRENT_USER = 'wizard_inbox'::name)) WITH CHECK ((CURRENT_USER = 'wizard_inbox'::name));

ALTER TABLE public.media ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.media_deletions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.media_references ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.members ENABLE ROW LEVEL SECURITY;

CREATE POLICY of_tenant ON public.erasures FOR SELECT TO wizard_api USING ((tenant_hash = ( SELECT encode(sha256(convert_to(public.wizard_tenant(), 'UTF8'::name)), 'hex'::text) AS encode)));

CREATE POLICY of_tenant ON public.event_inventory FOR SELECT TO wizard_api USING ((EXISTS ( SELECT
   FROM public.events e
  WHERE ((e.id = event_inventory.event_id) AND (e.tenant = ( SELECT public.wizard_tenant() AS wizard_tenant))))));

CREATE POLICY of_tenant ON public.events FOR SELECT TO wizard_api USING ((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant)));

CREATE POLICY of_tenant ON public.media TO wizard_api USING ((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant))) WITH CHECK ((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant)));

CREATE POLICY of_tenant ON public.members FOR SELECT TO wizard_api USING ((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant)));

CREATE POLICY of_tenant ON public.session_presence FOR SELECT TO wizard_api USING ((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant)));

CREATE POLICY of_tenant ON public.stripe_accounts FOR SELECT TO wizard_api USING ((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant)));

CREATE POLICY of_tenant ON public.ticket_orders FOR SELECT TO wizard_api USING ((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant)));

CREATE POLICY of_tenant ON public.wizard_actions FOR SELECT TO wizard_api USING ((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant)));

CREATE POLICY of_tenant ON public.wizard_sessions FOR SELECT TO wizard_api USING ((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant)));

CREATE POLICY operator ON public.wizard_actions FOR SELECT TO wizard_operator USING ((CURRENT_USER = 'wizard_operator'::name));

CREATE POLICY operator ON public.wizard_sessions FOR SELECT TO wizard_operator USING ((CURRENT_USER = 'wizard_operator'::name));

ALTER TABLE public.outbox ENABLE ROW LEVEL SECURITY;

CREATE POLICY projection ON public.further_wizard_actions FOR INSERT TO wizard_projector WITH CHECK ((CURRENT_USER = 'wizard_projector'::name));

CREATE POLICY projection ON public.wizard_actions TO wizard_projector USING ((CURRENT_USER = 'wizard_projector'::name)) WITH CHECK ((CURRENT_USER = 'wizard_projector'::name));

CREATE POLICY projection ON public.wizard_sessions TO wizard_projector USING ((CURRENT_USER = 'wizard_projector'::name)) WITH CHECK ((CURRENT_USER = 'wizard_projector'::name));

CREATE POLICY read_own ON public.copilot_threads FOR SELECT TO wizard_api USING (((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant)) AND (user_id = ( SELECT public.wizard_user_id() AS wizard_user_id))));

CREATE POLICY readiness ON public.stripe_answer FOR SELECT TO wizard_api USING (true);

CREATE POLICY remove_own ON public.copilot_threads FOR DELETE TO wizard_api USING (((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant)) AND (user_id = ( SELECT public.wizard_user_id() AS wizard_user_id))));

CREATE POLICY remove_self ON public.session_presence FOR DELETE TO wizard_api USING (((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant)) AND (user_id = ( SELECT public.wizard_user_id() AS wizard_user_id))));

CREATE POLICY rename_self ON public.members FOR UPDATE TO wizard_api USING (((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant)) AND (user_id = ( SELECT public.wizard_user_id() AS wizard_user_id)))) WITH CHECK (((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant)) AND (user_id = ( SELECT public.wizard_user_id() AS wizard_user_id))));

CREATE POLICY renew_self ON public.session_presence FOR UPDATE TO wizard_api USING (((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant)) AND (user_id = ( SELECT public.wizard_user_id() AS wizard_user_id)))) WITH CHECK (((tenant = ( SELECT public.wizard_tenant() AS wizard_tenant)) AND (user_id = ( SELECT public.wizard_user_id() AS wizard_user_id))));

ALTER TABLE public.schema_migrations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.session_presence ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.stripe_accounts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.stripe_answer ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.stripe_events ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ticket_orders ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.token_issuers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.wizard_actions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.wizard_sessions ENABLE ROW LEVEL SECURITY;

CREATE POLICY worker ON public.event_inventory TO wizard_worker USING (true) WITH CHECK (true);

CREATE POLICY worker ON public.further_stripe_accounts FOR INSERT TO wizard_worker WITH CHECK (true);

CREATE POLICY worker ON public.further_wizard_actions FOR INSERT TO wizard_worker WITH CHECK (true);

CREATE POLICY worker ON public.media TO wizard_worker USING (true);

CREATE POLICY worker ON public.stripe_accounts TO wizard_worker USING (true) WITH CHECK (true);

CREATE POLICY worker ON public.stripe_answer TO wizard_worker USING (true);

CREATE POLICY worker ON public.stripe_events TO wizard_worker USING (true) WITH CHECK (true);

CREATE POLICY worker ON public.wizard_actions TO wizard_worker USING (true) WITH CHECK (true);

CREATE POLICY worker ON public.wizard_sessions TO wizard_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_announces ON public.outbox FOR INSERT TO wizard_worker WITH CHECK (true);

CREATE POLICY worker_completes ON public.media_deletions TO wizard_worker USING (true);

CREATE POLICY worker_forgets ON public.outbox FOR DELETE TO wizard_worker USING (((delivered_at IS NOT NULL) OR (given_up_at IS NOT NULL)));

CREATE POLICY worker_holds ON public.ticket_orders FOR INSERT TO wizard_worker WITH CHECK (true);

CREATE POLICY worker_publishes ON public.events FOR UPDATE TO wizard_worker USING ((status = 'draft'::text)) WITH CHECK (true);

CREATE POLICY worker_reads ON public.events FOR SELECT TO wizard_worker USING (true);

CREATE POLICY worker_reads ON public.media_references FOR SELECT TO wizard_worker USING (true);

CREATE POLICY worker_reads ON public.outbox FOR SELECT TO wizard_worker USING (true);

CREATE POLICY worker_reads ON public.ticket_orders FOR SELECT TO wizard_worker USING (true);

CREATE POLICY worker_releases ON public.events FOR DELETE TO wizard_worker USING ((status = 'draft'::text));

CREATE POLICY worker_reserves ON public.events FOR INSERT TO wizard_worker WITH CHECK ((status = 'draft'::text));

CREATE POLICY worker_settles ON public.ticket_orders FOR UPDATE TO wizard_worker USING (true) WITH CHECK (true);

CREATE POLICY worker_stamps ON public.outbox FOR UPDATE TO wizard_worker USING (((delivered_at IS NULL) AND (given_up_at IS NULL))) WITH CHECK (true);

CREATE POLICY worker_withdraws ON public.ticket_orders FOR DELETE TO wizard_worker USING ((state = 'held'::text));

GRANT USAGE ON SCHEMA auth TO wizard_api;

GRANT USAGE ON SCHEMA public TO wizard_projector;
GRANT USAGE ON SCHEMA public TO wizard_api;
GRANT USAGE ON SCHEMA public TO wizard_worker;
GRANT USAGE ON SCHEMA public TO wizard_inbox;
GRANT USAGE ON SCHEMA public TO wizard_operator;

REVOKE ALL ON FUNCTION public.wizard_add_issuers(issuers text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_add_issuers(issuers text[]) TO wizard_api;

REVOKE ALL ON FUNCTION public.wizard_announce_name() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.wizard_announce_presence() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.wizard_announce_session() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.wizard_claims() FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_claims() TO wizard_api;

REVOKE ALL ON FUNCTION public.wizard_delete_files() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.wizard_empty_stripe_payloads(processed_before timestamp with time zone, at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_empty_stripe_payloads(processed_before timestamp with time zone, at_most integer) TO wizard_worker;

REVOKE ALL ON FUNCTION public.wizard_end_presence(of_process uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_end_presence(of_process uuid) TO wizard_api;

REVOKE ALL ON FUNCTION public.wizard_erase_pictures() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.wizard_erase_pictures_of(owner uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.wizard_erase_session(erased_session uuid, of_tenant_hash text, by_actor_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_erase_session(erased_session uuid, of_tenant_hash text, by_actor_hash text) TO wizard_worker;

REVOKE ALL ON FUNCTION public.wizard_forget_members() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.wizard_forget_orders(over_for_seconds double precision, at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_forget_orders(over_for_seconds double precision, at_most integer) TO wizard_worker;

REVOKE ALL ON FUNCTION public.wizard_forget_threads() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.wizard_forget_unused_pictures(unused_for_seconds double precision, at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_forget_unused_pictures(unused_for_seconds double precision, at_most integer) TO wizard_worker;

REVOKE ALL ON FUNCTION public.wizard_has_lost_account(wanted_event uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_has_lost_account(wanted_event uuid) TO wizard_api;
GRANT ALL ON FUNCTION public.wizard_has_lost_account(wanted_event uuid) TO wizard_worker;

REVOKE ALL ON FUNCTION public.wizard_is_erased(wanted_session uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_is_erased(wanted_session uuid) TO wizard_api;

REVOKE ALL ON FUNCTION public.wizard_leave_out_erased() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.wizard_move_to_orders(wanted_event uuid, prices jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_move_to_orders(wanted_event uuid, prices jsonb) TO wizard_worker;

REVOKE ALL ON FUNCTION public.wizard_organization_id() FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_organization_id() TO wizard_api;

REVOKE ALL ON FUNCTION public.wizard_pictures_in(organizer jsonb, sponsor jsonb) FROM PUBLIC;

GRANT SELECT ON TABLE public.events TO wizard_api;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.events TO wizard_worker;

REVOKE ALL ON FUNCTION public.wizard_public_event(wanted_slug text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_public_event(wanted_slug text) TO wizard_api;

GRANT SELECT ON TABLE public.event_inventory TO wizard_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.event_inventory TO wizard_worker;

REVOKE ALL ON FUNCTION public.wizard_public_inventory(wanted_event uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_public_inventory(wanted_event uuid) TO wizard_api;

GRANT SELECT ON TABLE public.ticket_orders TO wizard_api;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ticket_orders TO wizard_worker;

REVOKE ALL ON FUNCTION public.wizard_public_order(wanted_order uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_public_order(wanted_order uuid) TO wizard_api;

REVOKE ALL ON FUNCTION public.wizard_reference_event_pictures() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.wizard_reference_pictures(owner uuid, of_tenant text, used text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.wizard_reference_session_pictures() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.wizard_renew_presence(of_process uuid, dead_after_seconds double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_renew_presence(of_process uuid, dead_after_seconds double precision) TO wizard_api;

REVOKE ALL ON FUNCTION public.wizard_revisions(wanted uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_revisions(wanted uuid[]) TO wizard_api;

REVOKE ALL ON FUNCTION public.wizard_set_sales(wanted_event uuid, of_tenant text, wanted text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_set_sales(wanted_event uuid, of_tenant text, wanted text) TO wizard_worker;

REVOKE ALL ON FUNCTION public.wizard_slug_is_taken(wanted_slug text, except_session uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_slug_is_taken(wanted_slug text, except_session uuid) TO wizard_api;
GRANT ALL ON FUNCTION public.wizard_slug_is_taken(wanted_slug text, except_session uuid) TO wizard_worker;

REVOKE ALL ON FUNCTION public.wizard_tenant() FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_tenant() TO wizard_api;

REVOKE ALL ON FUNCTION public.wizard_thread_exists(wanted_thread uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_thread_exists(wanted_thread uuid) TO wizard_api;

REVOKE ALL ON FUNCTION public.wizard_user_id() FROM PUBLIC;
GRANT ALL ON FUNCTION public.wizard_user_id() TO wizard_api;

GRANT SELECT,INSERT,DELETE ON TABLE public.copilot_threads TO wizard_api;

GRANT UPDATE(messages) ON TABLE public.copilot_threads TO wizard_api;

GRANT UPDATE(updated_at) ON TABLE public.copilot_threads TO wizard_api;

GRANT SELECT ON TABLE public.erasures TO wizard_api;

GRANT SELECT ON TABLE public.stripe_accounts TO wizard_api;
GRANT SELECT,INSERT ON TABLE public.stripe_accounts TO wizard_worker;

GRANT UPDATE(livemode) ON TABLE public.stripe_accounts TO wizard_worker;

GRANT UPDATE(payments) ON TABLE public.stripe_accounts TO wizard_worker;

GRANT UPDATE(ended_at) ON TABLE public.stripe_accounts TO wizard_worker;

GRANT UPDATE(end_reason) ON TABLE public.stripe_accounts TO wizard_worker;

GRANT INSERT ON TABLE public.further_stripe_accounts TO wizard_worker;

GRANT SELECT ON TABLE public.wizard_actions TO wizard_api;
GRANT INSERT ON TABLE public.wizard_actions TO wizard_projector;
GRANT SELECT,INSERT ON TABLE public.wizard_actions TO wizard_worker;

GRANT SELECT(session_id) ON TABLE public.wizard_actions TO wizard_projector;
GRANT SELECT(session_id) ON TABLE public.wizard_actions TO wizard_operator;

GRANT SELECT(revision) ON TABLE public.wizard_actions TO wizard_projector;

GRANT SELECT(action_name) ON TABLE public.wizard_actions TO wizard_operator;

GRANT SELECT(stage) ON TABLE public.wizard_actions TO wizard_operator;

GRANT SELECT(created_at) ON TABLE public.wizard_actions TO wizard_operator;

GRANT INSERT ON TABLE public.further_wizard_actions TO wizard_projector;
GRANT INSERT ON TABLE public.further_wizard_actions TO wizard_worker;

GRANT SELECT,INSERT ON TABLE public.media TO wizard_api;
GRANT SELECT,DELETE ON TABLE public.media TO wizard_worker;

GRANT UPDATE(created_at) ON TABLE public.media TO wizard_api;

GRANT SELECT,DELETE ON TABLE public.media_deletions TO wizard_worker;

GRANT SELECT ON TABLE public.media_references TO wizard_worker;

GRANT SELECT,INSERT ON TABLE public.members TO wizard_api;

GRANT UPDATE(name) ON TABLE public.members TO wizard_api;

GRANT UPDATE(updated_at) ON TABLE public.members TO wizard_api;

GRANT SELECT,INSERT,DELETE ON TABLE public.outbox TO wizard_worker;

GRANT UPDATE(redrive_at) ON TABLE public.outbox TO wizard_worker;

GRANT UPDATE(attempts) ON TABLE public.outbox TO wizard_worker;

GRANT UPDATE(last_error) ON TABLE public.outbox TO wizard_worker;

GRANT UPDATE(delivered_at) ON TABLE public.outbox TO wizard_worker;

GRANT UPDATE(given_up_at) ON TABLE public.outbox TO wizard_worker;

GRANT SELECT(name) ON TABLE public.schema_migrations TO wizard_api;
GRANT SELECT(name) ON TABLE public.schema_migrations TO wizard_worker;

GRANT SELECT,INSERT,DELETE ON TABLE public.session_presence TO wizard_api;

GRANT UPDATE(seen_at) ON TABLE public.session_presence TO wizard_api;

GRANT SELECT,INSERT ON TABLE public.stripe_answer TO wizard_worker;

GRANT SELECT(answer) ON TABLE public.stripe_answer TO wizard_api;
GRANT UPDATE(answer) ON TABLE public.stripe_answer TO wizard_worker;

GRANT SELECT(since) ON TABLE public.stripe_answer TO wizard_api;
GRANT UPDATE(since) ON TABLE public.stripe_answer TO wizard_worker;

GRANT INSERT ON TABLE public.stripe_events TO wizard_inbox;
GRANT SELECT ON TABLE public.stripe_events TO wizard_worker;

GRANT SELECT(id) ON TABLE public.stripe_events TO wizard_inbox;

GRANT UPDATE(processed_at) ON TABLE public.stripe_events TO wizard_worker;

GRANT UPDATE(outcome) ON TABLE public.stripe_events TO wizard_worker;

GRANT UPDATE(error) ON TABLE public.stripe_events TO wizard_worker;

GRANT SELECT ON TABLE public.wizard_sessions TO wizard_api;
GRANT INSERT ON TABLE public.wizard_sessions TO wizard_projector;
GRANT SELECT,INSERT,UPDATE ON TABLE public.wizard_sessions TO wizard_worker;

GRANT SELECT(session_id) ON TABLE public.wizard_sessions TO wizard_projector;
GRANT SELECT(session_id) ON TABLE public.wizard_sessions TO wizard_operator;

GRANT UPDATE(status) ON TABLE public.wizard_sessions TO wizard_projector;

GRANT UPDATE(current_stage) ON TABLE public.wizard_sessions TO wizard_projector;

GRANT UPDATE(completed_stages) ON TABLE public.wizard_sessions TO wizard_projector;

GRANT UPDATE(completion_percentage) ON TABLE public.wizard_sessions TO wizard_projector;

GRANT UPDATE(completion_details) ON TABLE public.wizard_sessions TO wizard_projector;

GRANT UPDATE(organizer_data) ON TABLE public.wizard_sessions TO wizard_projector;

GRANT UPDATE(event_data) ON TABLE public.wizard_sessions TO wizard_projector;

GRANT UPDATE(venue_data) ON TABLE public.wizard_sessions TO wizard_projector;

GRANT UPDATE(ticket_data) ON TABLE public.wizard_sessions TO wizard_projector;

GRANT UPDATE(sponsor_data) ON TABLE public.wizard_sessions TO wizard_projector;

GRANT UPDATE(review_data) ON TABLE public.wizard_sessions TO wizard_projector;

GRANT UPDATE(payment_data) ON TABLE public.wizard_sessions TO wizard_projector;

GRANT UPDATE(validation) ON TABLE public.wizard_sessions TO wizard_projector;

GRANT UPDATE(publication) ON TABLE public.wizard_sessions TO wizard_projector;

GRANT UPDATE(stripe_account_id) ON TABLE public.wizard_sessions TO wizard_projector;

GRANT UPDATE(event_id) ON TABLE public.wizard_sessions TO wizard_projector;

GRANT SELECT(revision),UPDATE(revision) ON TABLE public.wizard_sessions TO wizard_projector;

GRANT SELECT(created_at) ON TABLE public.wizard_sessions TO wizard_operator;

GRANT UPDATE(updated_at) ON TABLE public.wizard_sessions TO wizard_projector;

GRANT UPDATE(expires_at) ON TABLE public.wizard_sessions TO wizard_projector;

GRANT SELECT ON TABLE public.wizard_stage_funnel TO wizard_operator;
