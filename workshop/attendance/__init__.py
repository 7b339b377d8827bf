"""The time clock: who is here, and since when."""
