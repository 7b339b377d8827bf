"""The reception at the car: the same record as at the desk, one thing a screen, on a phone."""
