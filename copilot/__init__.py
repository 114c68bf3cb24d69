"""The assistant: its tools, what it understands, suggests and says. Imports the domain alone."""
