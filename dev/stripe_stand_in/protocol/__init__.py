"""The rules of Stripe's HTTP API that hold for all resources."""
