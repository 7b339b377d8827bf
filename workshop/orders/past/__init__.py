"""A car's past: what its visits left behind, and those of before the shop used this program."""
