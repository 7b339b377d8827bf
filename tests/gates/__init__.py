"""Moments before a gate, and presses that try to pass it without the fact."""
