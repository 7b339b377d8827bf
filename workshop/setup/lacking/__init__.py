"""What a shop lacks for the steps of its day."""
