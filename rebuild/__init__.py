"""Rebuilding the read model from the histories that Temporal keeps."""
