"""The identity desk: what somebody says of a car and its people, beside what is on record."""
