"""The time clock: who is here and since when, its pages, and the hours of a day."""
