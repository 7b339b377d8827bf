"""Two technicians on one job: who helps, for which share, and how the board shows it."""
