"""The HTTP gateway: who calls, what they ask for, and how the answer looks."""
