"""The plan against what happens, minute by minute, and the forecast of every car."""
