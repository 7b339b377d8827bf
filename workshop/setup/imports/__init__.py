"""Bringing along what an old system knows: files are read, checked, taken over, taken back."""
