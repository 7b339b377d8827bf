"""A job gets its technician, bay and time."""
