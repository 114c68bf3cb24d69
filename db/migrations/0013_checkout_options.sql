-- What the organizer chose for the checkout of the event's tickets. A constant default does not rewrite
-- the table.
ALTER TABLE events
    ADD COLUMN promotion_codes boolean NOT NULL DEFAULT false,
    ADD COLUMN automatic_tax boolean NOT NULL DEFAULT false;
