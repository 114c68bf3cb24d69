"""The assistant over HTTP: AG-UI runs, their turns, and the agent that answers."""
