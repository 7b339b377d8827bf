"""Goods that come in: of known parts and of new ones, and what was wrong with a receipt."""
