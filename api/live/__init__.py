"""Live views: what changes reaches the open streams of this process."""
