"""The shelf of defective pieces: claims from suppliers, and their end."""
