"""What the system asks of Stripe, and what comes back: the only package that knows the SDK."""
