"""A list of who works here."""
