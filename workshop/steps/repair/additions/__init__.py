"""Additional work."""
