-- name: event_get
SELECT to_jsonb(e) FROM events AS e WHERE e.tenant = $1 AND e.id = $2 AND e.status = 'published'

-- name: event_list
SELECT to_jsonb(e)
FROM events AS e
WHERE e.tenant = $1
  AND e.status = 'published'
  AND (e.published_at, e.id) < (coalesce($2::timestamptz, 'infinity'), $3::uuid)
ORDER BY e.published_at DESC, e.id DESC
LIMIT $4

-- name: event_summaries
SELECT to_jsonb(listed)
FROM (
    SELECT
        e.id,
        e.session_id,
        e.slug,
        e.title,
        e.type,
        e.summary,
        e.visibility,
        e.language,
        e.event_date,
        e.start_time,
        e.end_date,
        e.end_time,
        e.timezone,
        e.starts_at,
        e.ends_at,
        e.venue_mode,
        e.currency,
        e.sales,
        e.status,
        e.published_at
    FROM events AS e
    WHERE e.tenant = $1
      AND e.status = 'published'
      AND (e.published_at, e.id) < (coalesce($2::timestamptz, 'infinity'), $3::uuid)
    ORDER BY e.published_at DESC, e.id DESC
    LIMIT $4
) AS listed

-- name: event_public
SELECT to_jsonb(e) FROM wizard_public_event($1) AS e

-- name: event_of_session
SELECT to_jsonb(e) FROM events AS e WHERE e.session_id = $1

-- name: events_with_payment_links
SELECT to_jsonb(e)
FROM events AS e
WHERE e.status = 'published' AND (
    jsonb_path_exists(e.ticket_tiers, '$[*].paymentLink')
    OR e.id IN (SELECT i.event_id FROM event_inventory AS i WHERE i.sold_by_links IS NOT NULL)
)
ORDER BY e.stripe_account_id, e.published_at, e.id

-- name: event_reserve
-- Changes nothing if the session's event is already published.
INSERT INTO events (
    id, session_id, user_id, organization_id, slug, slug_is_derived, title, type, summary,
    description, visibility, language, tags, event_date, start_time, end_date, end_time, timezone,
    starts_at, ends_at, dress_code, age_restriction, external_url, performers, organizers,
    opening_hours, translations, organizer, venue_mode, venue_data, currency, total_capacity,
    refund_policy, promotion_codes, automatic_tax, ticket_tiers, sponsor_data, stripe_account_id,
    status
)
SELECT
    id, session_id, user_id, organization_id, slug, slug_is_derived, title, type, summary,
    description, visibility, language, tags, event_date, start_time, end_date, end_time, timezone,
    starts_at, ends_at, dress_code, age_restriction, external_url, performers, organizers,
    opening_hours, translations, organizer, venue_mode, venue_data, currency, total_capacity,
    refund_policy, promotion_codes, automatic_tax, ticket_tiers, sponsor_data, stripe_account_id,
    'draft'
FROM jsonb_populate_record(NULL::events, $1)
ON CONFLICT (session_id) DO UPDATE SET
    slug = excluded.slug,
    slug_is_derived = excluded.slug_is_derived,
    title = excluded.title,
    type = excluded.type,
    summary = excluded.summary,
    description = excluded.description,
    visibility = excluded.visibility,
    language = excluded.language,
    tags = excluded.tags,
    event_date = excluded.event_date,
    start_time = excluded.start_time,
    end_date = excluded.end_date,
    end_time = excluded.end_time,
    timezone = excluded.timezone,
    starts_at = excluded.starts_at,
    ends_at = excluded.ends_at,
    dress_code = excluded.dress_code,
    age_restriction = excluded.age_restriction,
    external_url = excluded.external_url,
    performers = excluded.performers,
    organizers = excluded.organizers,
    opening_hours = excluded.opening_hours,
    translations = excluded.translations,
    organizer = excluded.organizer,
    venue_mode = excluded.venue_mode,
    venue_data = excluded.venue_data,
    currency = excluded.currency,
    total_capacity = excluded.total_capacity,
    refund_policy = excluded.refund_policy,
    promotion_codes = excluded.promotion_codes,
    automatic_tax = excluded.automatic_tax,
    ticket_tiers = excluded.ticket_tiers,
    sponsor_data = excluded.sponsor_data,
    stripe_account_id = excluded.stripe_account_id
WHERE events.status = 'draft'

-- name: event_publish
UPDATE events SET status = 'published', published_at = $2,
    ticket_tiers = coalesce($3, ticket_tiers)
WHERE session_id = $1 AND status = 'draft'

-- name: event_release
DELETE FROM events WHERE session_id = $1 AND status = 'draft'

-- name: slug_is_taken
SELECT wizard_slug_is_taken($1, $2)

-- name: slug_lock
-- Held until the transaction ends; 7005 keeps these locks apart from others.
SELECT pg_advisory_xact_lock(7005, hashtext($1))

-- name: slug_owners
SELECT slug, session_id FROM events WHERE slug = ANY ($1)
