"""What became of each concern of the customer: a job, a finding, or a recorded no."""
