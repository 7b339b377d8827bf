"""Backups: what goes into one, how it is made and looked at, how long it is kept, and where."""
