"""The mileages of a car, and putting right one that was mistyped."""
