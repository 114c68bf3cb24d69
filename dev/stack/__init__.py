"""The embedded stack: its processes, ports, state and commands."""
