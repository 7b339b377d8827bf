"""The made-up shop: its story, and the people who work in it."""
