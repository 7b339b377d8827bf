"""The program as it is really run: a process of its own, and people who talk to it."""
