-- Changes nothing where the session's event is published already.
INSERT INTO events (
    id, session_id, user_id, organization_id, slug, slug_is_derived, title, type, summary,
    description, visibility, language, tags, event_date, start_time, end_date, end_time, timezone,
    starts_at, ends_at, dress_code, age_restriction, organizer, venue_mode, venue_data, currency,
    total_capacity, refund_policy, ticket_tiers, sponsor_data, stripe_account_id, status
)
SELECT
    id, session_id, user_id, organization_id, slug, slug_is_derived, title, type, summary,
    description, visibility, language, tags, event_date, start_time, end_date, end_time, timezone,
    starts_at, ends_at, dress_code, age_restriction, organizer, venue_mode, venue_data, currency,
    total_capacity, refund_policy, ticket_tiers, sponsor_data, stripe_account_id, 'draft'
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
    organizer = excluded.organizer,
    venue_mode = excluded.venue_mode,
    venue_data = excluded.venue_data,
    currency = excluded.currency,
    total_capacity = excluded.total_capacity,
    refund_policy = excluded.refund_policy,
    ticket_tiers = excluded.ticket_tiers,
    sponsor_data = excluded.sponsor_data,
    stripe_account_id = excluded.stripe_account_id
WHERE events.status = 'draft'
