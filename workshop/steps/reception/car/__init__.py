"""The drawn car and its damage."""
