"""Messages to the sessions' workflows, and what the API keeps of their views."""
