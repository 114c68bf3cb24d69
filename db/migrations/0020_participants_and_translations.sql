-- Participants, opening hours and translations of events. A constant default does not rewrite the table.
ALTER TABLE events
    ADD COLUMN external_url text,
    ADD COLUMN performers jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN organizers jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN opening_hours jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN translations jsonb NOT NULL DEFAULT '[]';

COMMENT ON COLUMN events.organizers IS 'Co-organizers, besides organizer';
COMMENT ON COLUMN events.opening_hours IS 'Local to timezone';
