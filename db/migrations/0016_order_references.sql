-- A stored Stripe event also names the order and the payment of the changed object.

COMMENT ON COLUMN stripe_events.payload IS
    'The changed object, {reference: {type, id, order_id, payment_intent}}, or empty; nothing else of the event';
