"""Roles: what they may do, own ones, and what follows for a person."""
