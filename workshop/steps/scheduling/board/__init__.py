"""The job control board."""
