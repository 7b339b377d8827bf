"""Shared phones of the floor: paired once, then opened by a name and a PIN."""
