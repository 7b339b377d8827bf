"""Parts are found by what somebody types."""
