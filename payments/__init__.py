"""All use of Stripe's API: the only package that imports its SDK."""
