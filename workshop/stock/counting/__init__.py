"""Counting a shelf while work goes on."""
