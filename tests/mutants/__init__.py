"""Small faults that somebody could make, to see that some test notices each."""
