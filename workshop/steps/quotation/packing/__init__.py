"""Which signed lines are one piece of work."""
