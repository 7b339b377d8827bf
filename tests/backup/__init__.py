"""Backups and restores, on both engines."""
