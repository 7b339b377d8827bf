"""Clocks that somebody forgot to stop: ended by rule, marked, put right with a reason."""
