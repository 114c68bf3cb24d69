"""Orders and sales: messages to their processes, and what Postgres has of them."""
