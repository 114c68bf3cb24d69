-- Events of Stripe arrive in any order: of several fetches of a charge, the newest counts.
ALTER TABLE ticket_orders ADD COLUMN charge_checked_at timestamptz;
