"""The three levels of checks, and what is done again."""
