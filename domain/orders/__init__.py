"""Orders of tickets: what is on sale, what is left, and the decisions of an order's process."""
