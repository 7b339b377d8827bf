"""A list of appointments."""
