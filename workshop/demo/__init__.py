"""A living day for trying the whole program: a made-up shop and people who work in it."""
