"""What waits for one person now: read from the facts, never stored."""
