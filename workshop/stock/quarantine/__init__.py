"""Pieces that came back defective: off the shelf, until the supplier or the shop decides."""
