"""The HTTP API: who calls, what they ask for, and how the answer looks."""
