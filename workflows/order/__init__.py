"""The parts of the order workflow."""
