"""What leaves the house as a file: every list as it is filtered, and what is kept of a person."""
