"""How every process reaches Temporal, and how payloads, failures and attributes travel."""
