"""The page of the backups, and the timer that makes them."""
