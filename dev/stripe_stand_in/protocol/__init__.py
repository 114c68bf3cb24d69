"""How Stripe's HTTP API behaves, whatever the resource."""
