-- A Stripe event keeps only what processing uses. Earlier releases stored the whole payload, with the
-- names and e-mail addresses of buyers.

COMMENT ON COLUMN stripe_events.payload IS
    'The changed object, {reference: {type, id}}, or empty; nothing else of the event';

-- Retention empties payloads page by page, so that no statement locks many rows, and so that rows are
-- included which an API of the earlier release stores during the upgrade. If processed_before is
-- null, payloads of this release are kept.
CREATE OR REPLACE FUNCTION wizard_empty_stripe_payloads(
    processed_before timestamptz, at_most integer
) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog
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
