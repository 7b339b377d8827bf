"""Cards that a person has fixed where they stand, against re-planning."""
