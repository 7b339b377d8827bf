"""The sections of the walk-around sheet: each is saved by itself."""
