"""The end of a day: nothing unfinished leaves it without a disposition."""
