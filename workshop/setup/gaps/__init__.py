"""What a shop still needs for the steps of its day."""
