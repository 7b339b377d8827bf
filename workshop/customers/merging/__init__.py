"""Joining two records of one customer or one car, and taking it back."""
