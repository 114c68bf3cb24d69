"""The parts of the session workflow."""
