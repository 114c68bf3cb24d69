"""A scenario in each file: its ``run`` measures it on a stack and returns the figures."""
